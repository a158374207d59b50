// rope-mixed: every angle of a head turns with both coordinates of a cell, x fx + y fy, with frequencies drawn once for each layer and
// head and then learned. Heo et al. 2024, arXiv:2403.13298, section 3.2 (RoPE-Mixed); naver-ai/rope-vit init_random_2d_freqs.

#include <fmt/format.h>


#include "core/arrays.h"
#include "core/axes.h"
#include "core/drawing.h"
#include "core/error.h"
#include "core/frequencies.h"
#include "core/rotary.h"

namespace pe {
namespace {

struct RopeMixed : CommonConfig, SeedConfig {
  Grid grid{{14, 14}};
  Index head_dim = 64, heads = 12, depth = 12;
  double base = 10;
  std::string layout = "complex";
  bool no_rotate = false;
  ArrayPtr freqs;
  Index prefix_tokens = 0;
};

constexpr Index kMaxFrequencies = 1 << 22;

/// freqs[0] turn with the column x, freqs[1] with the row y; each is [depth, heads, head_dim/2].
using Freqs = std::array<std::vector<Real>, 2>;

/// The angle of a whole turn times `turns`, which is in [0, 1).
SinCos sincos_of_turns(double turns) {
  const std::array<std::uint64_t, 4> limbs = Real(turns).fixed_point();
  return sincos(Phase{{limbs[0], limbs[1], limbs[2]}});
}

/// Per layer and head an angle a = 2 pi u; g_i = base^(-4i/D): x is g cos(a), then -g sin(a), y is g sin(a), then g cos(a).
Freqs drawn_freqs(const RopeMixed& config) {
  const Index pairs = config.depth * config.heads;
  std::vector<double> turns(static_cast<std::size_t>(pairs));
  if (!config.no_rotate) turns = make_random(config)->uniform(pairs, 0, 1);
  const std::vector<Real> magnitudes = frequency_ladder(config.base, config.head_dim / 4, "geometric");
  Freqs freqs;
  const auto add = [&](std::vector<Real>& list, double factor) {
    for (const Real& g : magnitudes) list.push_back(g * Real(factor));
  };
  for (const double u : turns) {
    const auto [sine, cosine] = sincos_of_turns(u);
    add(freqs[0], cosine);
    add(freqs[0], 0 - sine);   // not -sine: no negative zeros
    add(freqs[1], sine);
    add(freqs[1], cosine);
  }
  return freqs;
}

Freqs read_freqs(const RopeMixed& config) {
  const Array& array = *config.freqs;
  const Index half = config.head_dim / 2;
  const std::vector<Index> shape{2, config.depth, config.heads, half}, flat{2, config.depth, config.heads * half};
  if (array.shape != shape && array.shape != flat) {
    refuse_shape("--freqs", array, fmt::format("{} or {} for --depth {} --heads {} --head-dim {}", list_text(shape), list_text(flat), config.depth,
                                               config.heads, config.head_dim));
  }
  check_values("--freqs", array, kMaxFrequency);
  Freqs freqs;
  const std::size_t count = array.values.size() / 2;
  for (std::size_t i = 0; i < array.values.size(); ++i) freqs[i / count].push_back(array.values[i]);
  return freqs;
}

/// The angles of one layer and head, which are number `block`.
RotaryTable head_table(const RopeMixed& config, const Freqs& freqs, std::size_t block) {
  const auto half = static_cast<std::size_t>(config.head_dim / 2);
  const auto part = [&](const std::vector<Real>& all) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(block * half);
    return std::vector<Real>(first, first + static_cast<std::ptrdiff_t>(half));
  };
  const auto cells = [](Index count) {
    Positions made;
    made.count = count;
    return made;
  };
  RotaryTable table;
  table.waves.axes = {{"h", part(freqs[1]), cells(config.grid.sizes[0])}, {"w", part(freqs[0]), cells(config.grid.sizes[1])}};
  table.waves.summed = true;
  table.waves.prefix = config.prefix_tokens;
  table.waves.arithmetic = arithmetic(config);
  for (std::size_t k = 0; k < half; ++k) table.angles.push_back({0, k});
  table.layout = config.layout;
  table.row_name = "token";
  return table;
}

Tensor freqs_tensor(const RopeMixed& config, const Freqs& freqs) {
  std::vector<double> values;
  for (const std::vector<Real>& axis : freqs) {
    for (const Real& frequency : axis) values.push_back(as_used(static_cast<double>(frequency), arithmetic(config)));
  }
  return ranged_tensor("freqs", {{"axis", 2}, {"layer", config.depth}, {"head", config.heads}, {"angle", config.head_dim / 2}}, stored_dtype(config),
                     std::move(values));
}

void check(const RopeMixed& config) {
  require_plane("grid", config.grid);
  require_multiple("rope-mixed", "head-dim", config.head_dim, 4);
  const Index count = checked_product(checked_product(config.depth, config.heads, "rope-mixed: depth x heads"), config.head_dim,
                                      "rope-mixed: frequencies");
  if (count > kMaxFrequencies) {
    throw Error(fmt::format("rope-mixed: --depth {} x --heads {} x --head-dim {} are {} frequencies; at most {}", config.depth, config.heads,
                            config.head_dim, count, kMaxFrequencies));
  }
}

Tables tables(const RopeMixed& config) {
  check(config);
  const Freqs freqs = config.freqs ? read_freqs(config) : drawn_freqs(config);
  std::vector<std::vector<Tensor>> by_head;
  for (Index block = 0; block < config.depth * config.heads; ++block) {
    by_head.push_back(rotary_tensors("rope-mixed", head_table(config, freqs, static_cast<std::size_t>(block)), config));
  }
  Tables made;
  for (std::size_t i = 0; i < by_head.front().size(); ++i) {
    std::vector<Tensor> stack;
    for (const std::vector<Tensor>& tensors : by_head) stack.push_back(tensors[i]);
    made.tensors.push_back(stacked_tensor(stack.front().name, {{"layer", config.depth}, {"head", config.heads}}, stack));
    made.tensors.back().grid = TokenGrid{config.grid.sizes, "hw", config.prefix_tokens};
  }
  made.tensors.push_back(freqs_tensor(config, freqs));
  made.label = fmt::format("{}-{}x{}-{}", config.head_dim, config.depth, config.heads, config.grid.text());
  made.row_axis = "token";
  made.facts.push_back({"to rotate", how_to_rotate(config.layout, config.head_dim / 2, config.head_dim)});
  made.facts.push_back({"angles", std::string("angle j of a layer and head is column * freqs[0, layer, head, j] + row * freqs[1, layer, head, j]")});
  return made;
}

}  // namespace

Scheme rope_mixed() {
  using C = RopeMixed;
  std::vector<Option> options{
      option<C>("head-dim", &C::head_dim, "columns of a head, all of which rotate", {.low = 4, .high = kMaxHeadDim, .headline = true}),
      option<C>("heads", &C::heads, "heads of a layer", {.low = 1, .high = 1e6, .headline = true}),
      option<C>("depth", &C::depth, "layers", {.low = 1, .high = 1e6, .headline = true}),
      option<C>("grid", &C::grid, kGridHelp, {.low = 1, .high = kMaxLength, .headline = true}),
      option<C>("base", &C::base, "magnitudes g fall from 1 to about 1 / base",
                {.low = kMinBase, .high = kMaxBase, .aliases = {"theta", "temperature"}, .headline = true, .unless = {"freqs"}}),
      option<C>("layout", &C::layout, kRotaryLayoutHelp, {.choices = kRotaryLayouts, .headline = true}),
      option<C>("no-rotate", &C::no_rotate, "all directions a are 0: half of the angles turn with the column, half with the row",
                {.unless = {"freqs"}}),
      option<C>("freqs", &C::freqs, "trained frequencies [2, depth, heads, head-dim/2] or [2, depth, heads * head-dim/2], those of the column first"),
      option<C>("prefix-tokens", &C::prefix_tokens, kRotaryPrefixHelp, {.low = 0, .high = 1e6}),
  };
  append(options, seed_options<C>({.unless = {"freqs", "no-rotate"}}));
  return describe<C>(
      {"rope-mixed", "rotary", "rotations by learned mixtures of row and column, drawn as at initialisation or read",
       {"angle j of layer l and head m at column x and row y: x freqs[0, l, m, j] + y freqs[1, l, m, j], j < D/2",
        "freqs[0, l, m] = g cos(a) | -g sin(a), freqs[1, l, m] = g sin(a) | g cos(a), g_i = base^(-4i/D), i < D/4",
        "a = 2 pi u, u drawn layer by layer, head by head"},
       {"Heo et al. 2024, Rotary Position Embedding for Vision Transformer, arXiv:2403.13298"}},
      std::move(options), {{"rope-vit", "base 10, complex (naver-ai/rope-vit init_random_2d_freqs and compute_mixed_cis)", {}}},
      {"table", "channels", "similarity"}, tables);
}

}  // namespace pe
