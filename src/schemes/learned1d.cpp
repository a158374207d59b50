// learned1d: a free vector per position, as it stands before training: one draw of [prefix + N, dim].
// Dosovitskiy et al. 2021, arXiv:2010.11929, section 3.1 (ViT); Devlin et al. 2019, arXiv:1810.04805 (BERT).

#include <fmt/format.h>

#include "core/axes.h"
#include "core/drawing.h"
#include "core/error.h"
#include "core/scheme.h"

namespace pe {
namespace {

struct Learned1d : TableConfig, InitConfig {
  Learned1d() { prefix_tokens = 1; }
  Index length = 196, dim = 768;
  Grid grid;
};

Tables tables(const Learned1d& config) {
  const bool is_grid = !config.grid.sizes.empty();
  Index cells = is_grid ? 1 : config.length;
  for (const Index size : config.grid.sizes) cells = checked_product(cells, size, "the grid is too large");
  Tensor table;
  table.name = "pos_embed";
  table.axes = {{"token", config.prefix_tokens + cells, Places{0, 1, config.prefix_tokens}}, {"channel", config.dim}};
  table.dtype = stored_dtype(config);
  if (is_grid) table.grid = TokenGrid{config.grid.sizes, config.grid.sizes.size() == 2 ? "hw" : "thw", config.prefix_tokens};
  return {initialised(config, {std::move(table)}), fmt::format("{}-{}", config.dim, is_grid ? config.grid.text() : std::to_string(config.length))};
}

}  // namespace

Scheme learned1d() {
  using C = Learned1d;
  std::vector<Option> options{
      option<C>("dim", &C::dim, "columns", {.low = 1, .high = kMaxDim, .headline = true}),
      option<C>("length", &C::length, "positions", {.low = 1, .high = kMaxLength, .headline = true, .unless = {"grid"}}),
      option<C>("grid", &C::grid, "positions as the cells of a grid, row by row", {.low = 1, .high = kMaxLength, .headline = true}),
      option<C>("prefix-tokens", &C::prefix_tokens, "rows before the first (class token, registers), drawn like the rest", {.low = 0, .high = 1e6})};
  append(options, init_options<C>());
  return describe<C>(
      {"learned1d", "absolute", "a learned vector per position, as initialised",
       {"normal: PE[p, i] = std * z, z from the standard normal distribution", "trunc-normal: the same, cut to A <= PE[p, i] <= B",
        "uniform: PE[p, i] = low + (high - low) u, 0 <= u < 1"},
       {"Dosovitskiy et al. 2021, An Image is Worth 16x16 Words, section 3.1, arXiv:2010.11929",
        "Devlin et al. 2019, BERT: Pre-training of Deep Bidirectional Transformers, arXiv:1810.04805"},
       {"compute"}},
      std::move(options),
      {{"vit", "torch.randn of class token and patches (lucidrains/vit-pytorch)", {}},
       {"timm", "truncated normal of std 0.02 (pytorch-image-models trunc_normal_)", {{"init", "trunc-normal"}, {"std", "0.02"}}},
       {"vit-jax", "normal of std 0.02 (google-research/vision_transformer AddPositionEmbs; JAX draws other numbers)", {{"std", "0.02"}}},
       {"bert", "512 positions, normal of std 0.02, no class row (BertEmbeddings)", {{"length", "512"}, {"prefix-tokens", "0"}, {"std", "0.02"}}},
       {"zeros", "zeros, no class row", {{"init", "zeros"}, {"prefix-tokens", "0"}}}},
      {"table", "similarity", "histogram"}, tables);
}

}  // namespace pe
