// swin: the bias of a query and a key in a window comes from a learned table with one row per relative position.
// Liu et al. 2021, arXiv:2103.14030, equation 4.

#include <fmt/format.h>

#include "core/error.h"
#include "core/random.h"
#include "core/scheme.h"
#include "core/window.h"

namespace pe {
namespace {

struct Swin : CommonConfig {
  Grid window{{7, 7}};
  OptionalIndex heads;
  ArrayPtr table;
  Index seed = 0;
  std::string rng = "torch";
  bool class_token = false;
  Index repeat = 1;
  bool squeeze = false;
};

constexpr Index kDrawnHeads = 3;        // of Swin-T's first stage
constexpr double kStd = 0.02, kCut = 2;   // nn.init.trunc_normal_(table, std=.02) cuts at -2 and 2
constexpr double kMaxDrawn = 1 << 28;     // drawn numbers are held in memory

BiasTable drawn_table(const Swin& config, Index rows) {
  const Index heads = config.heads.value_or(config.squeeze ? 1 : kDrawnHeads);
  const Index count = checked_product(rows, heads, "swin: the table is too large");
  if (static_cast<double>(count) > kMaxDrawn) throw Error(fmt::format("swin: --window {} with {} heads draws {} numbers; at most {} are", config.window.text(), heads, count, kMaxDrawn));
  return {rows, heads, make_random(config.rng, static_cast<std::uint64_t>(config.seed))->truncated_normal(count, kStd, -kCut, kCut)};
}

BiasTable read_table(const Swin& config, Index rows) {
  if (!config.squeeze) return bias_table("swin: --table", *config.table, rows, config.heads);
  check_array("swin: --table", *config.table, {rows}, "one head's biases");
  return {rows, 1, config.table->values};
}

/// Leaves the axis of the one head out.
void squeeze(Tensor& tensor, std::size_t head_axis) { tensor.axes.erase(tensor.axes.begin() + static_cast<std::ptrdiff_t>(head_axis)); }

Tables tables(const Swin& config) {
  Window window = window_of("swin: --window", config.window);
  window.class_token = config.class_token;
  if (config.squeeze && config.heads.value_or(1) != 1) throw Error(fmt::format("swin: --heads {} does not go with --squeeze, which leaves out the axis of one head", *config.heads));
  const BiasTable table = config.table ? read_table(config, window.table_rows()) : drawn_table(config, window.table_rows());

  Tensor biases = held_tensor("relative_position_bias_table", {{"offset", table.rows}, {"head", table.heads}}, stored_dtype(config), table.values);
  biases.range = range_of(table.values);
  biases.uncut = true;
  Tensor bias = window_bias(window, table, config.repeat, stored_dtype(config));
  if (config.squeeze) {
    squeeze(biases, 1);
    squeeze(bias, 0);
  }
  return {{window_index(window), std::move(biases), std::move(bias)}, fmt::format("{}-{}", table.heads, config.window.text())};
}

}  // namespace

Scheme swin() {
  using C = Swin;
  return describe<C>(
      {"swin", "relative", "a learned bias per relative position in a window, and the index that gathers it",
       {"window H x W, N = H*W cells row by row; dh, dw = row and column of the query minus those of the key",
        "relative_position_index[query, key] = (dh + H-1) * (2W-1) + dw + W-1",
        "relative_position_bias[head, query, key] = relative_position_bias_table[index[query, key], head]",
        "class token: it comes first; class to any key is row T = (2H-1)(2W-1), any query to class T+1, class to class T+2",
        "repeat r: each key of the bias r times in place, [heads, N, N*r]"},
       {"Liu et al. 2021, Swin Transformer, arXiv:2103.14030", "Bao et al. 2021, BEiT, arXiv:2106.08254", "Wang et al. 2021, Uformer, arXiv:2106.03106"},
       {"compute"}},
      {option<C>("window", &C::window, "cells: height x width, or one number for a square", {.high = kMaxWindow, .headline = true}),
       option<C>("heads", &C::heads, "attention heads; without it those of --table, or of Swin-T's first stage", {.low = 1, .high = kMaxHeads, .headline = true}),
       option<C>("table", &C::table, "a trained table [relative positions, heads]"),
       option<C>("seed", &C::seed, "of the truncated normal (standard deviation 0.02) that fills the table", {.low = 0, .unless = {"table"}}),
       option<C>("rng", &C::rng, "whose generator draws the table", {.choices = kGenerators, .unless = {"table"}}),
       option<C>("class-token", &C::class_token, "a class token before the cells, with three rows of its own behind the table"),
       option<C>("repeat", &C::repeat, "keys per cell of the bias", {.low = 1, .high = 1e6}),
       option<C>("squeeze", &C::squeeze, "leaves out the axis of the one head: table [T], bias [N, N]")},
      {{"swin", "a bias table per head (microsoft/Swin-Transformer WindowAttention)", {}},
       {"beit", "with a class token (microsoft/unilm BEiT, timm)", {{"class-token", ""}}},
       {"uformer", "as swin; --repeat says how many keys a cell has (Uformer WindowAttention)", {}},
       {"seed", "one head without an axis for it", {{"squeeze", ""}}}},
      {"table"}, tables);
}

}  // namespace pe
