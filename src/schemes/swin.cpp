// swin: the bias of a query and a key in a window comes from a learned table with one row per relative position.
// Liu et al. 2021, arXiv:2103.14030, equation 4.

#include <fmt/format.h>

#include "core/arrays.h"
#include "core/axes.h"
#include "core/drawing.h"
#include "core/error.h"
#include "core/scheme.h"
#include "core/window.h"

namespace pe {
namespace {

struct Swin : CommonConfig, SeedConfig {
  Grid window{{7, 7}};
  OptionalIndex heads;
  ArrayPtr table;
  bool class_token = false;
  Index repeat = 1;
  bool squeeze = false;
};

constexpr Index kDrawnHeads = 3;   // of Swin-T's first stage

/// nn.init.trunc_normal_(table, std=.02), which cuts at -2 and 2.
Tensor drawn_table(const Swin& config, Index rows) {
  InitConfig init;
  static_cast<SeedConfig&>(init) = config;
  init.init = "trunc-normal";
  init.std = 0.02;
  Tensor blank;
  blank.name = "relative_position_bias_table";
  blank.axes = {{"offset", rows}, {"head", config.heads.value_or(config.squeeze ? 1 : kDrawnHeads)}};
  blank.dtype = stored_dtype(config);
  Tensor table = initialised(init, {std::move(blank)}).front();
  table.range.reset();   // the cut is a hundred deviations away
  return table;
}

Tensor read_table(const Swin& config, Index rows) {
  if (!config.squeeze) return bias_tensor(bias_table("--table", *config.table, rows, config.heads), stored_dtype(config));
  check_array("--table", *config.table, {rows}, "the biases of one head");
  return bias_tensor({rows, 1, config.table->values}, stored_dtype(config));
}

Tables tables(const Swin& config) {
  Window window = window_of("window", config.window);
  window.class_token = config.class_token;
  if (config.squeeze && config.heads.value_or(1) > 1) {
    throw Error(fmt::format("swin: --heads {} does not go with --squeeze, which leaves out the axis of one head", *config.heads));
  }
  Tensor table = config.table ? read_table(config, window.table_rows()) : drawn_table(config, window.table_rows());
  Tensor bias = window_bias(window, table, config.repeat, stored_dtype(config));
  const std::string label = fmt::format("{}-{}", table.columns_count(), config.window.text());
  if (config.squeeze) {
    table.axes.pop_back();
    bias.axes.erase(bias.axes.begin());
  }
  Tables made{{window_index(window), std::move(table), std::move(bias)}, label};
  made.row_axis = "query";
  return made;
}

}  // namespace

Scheme swin() {
  using C = Swin;
  std::vector<Option> options{
      option<C>("window", &C::window, kGridHelp, {.low = 1, .high = kMaxWindow, .headline = true}),
      option<C>("heads", &C::heads, "attention heads; without it those of --table, or of Swin-T's first stage",
                {.low = 1, .high = kMaxHeads, .headline = true}),
      option<C>("table", &C::table, "a trained table [relative positions, heads]; without it one is drawn from a normal of deviation 0.02"),
      option<C>("class-token", &C::class_token, "a class token before the cells, with three rows of its own at the end of the table"),
      option<C>("repeat", &C::repeat, "keys per cell in the bias", {.low = 1, .high = 1e6}),
      option<C>("squeeze", &C::squeeze, "leaves out the axis of the one head: table [T], bias [N, N]")};
  append(options, seed_options<C>({.unless = {"table"}}));
  return describe<C>(
      {"swin", "relative", "a learned bias per relative position in a window, and the index that gathers it",
       {"window H x W, N = H*W cells row by row; dh, dw = row and column of the query minus those of the key",
        "relative_position_index[query, key] = (dh + H-1) * (2W-1) + dw + W-1",
        "relative_position_bias[head, query, key] = relative_position_bias_table[index[query, key], head]",
        "class token: it comes first; class to any key is row T = (2H-1)(2W-1), any query to class T+1, class to class T+2",
        "repeat r: each key of the bias r times in place, [heads, N, N*r]"},
       {"Liu et al. 2021, Swin Transformer, arXiv:2103.14030", "Bao et al. 2021, BEiT, arXiv:2106.08254",
        "Wang et al. 2021, Uformer, arXiv:2106.03106"},
       {"compute"}},
      std::move(options),
      {{"swin", "a bias table per head (microsoft/Swin-Transformer WindowAttention)", {}},
       {"beit", "with a class token (microsoft/unilm BEiT, timm)", {{"class-token", ""}}},
       {"uformer", "as swin; --repeat says how many keys a cell has (Uformer WindowAttention)", {}},
       {"seed", "one head without an axis for it", {{"squeeze", ""}}}},
      {"bias", "index"}, tables);
}

}  // namespace pe
