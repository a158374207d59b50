// rope2d: of the D/2 angles of a head, half turn with the row h of a grid cell and half with its column w, n = D/4 frequencies each.
// Heo et al. 2024, arXiv:2403.13298 (axial RoPE-ViT); Su, kexue.fm/archives/8397 and 10040; the other conventions are named after
// their models.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/axes.h"
#include "core/error.h"
#include "core/frequencies.h"
#include "core/rotary.h"

namespace pe {
namespace {

struct Rope2d : TableConfig {
  Grid grid{{14, 14}};
  Index head_dim = 64;
  std::string layout = "complex";
  std::string axes = "wh";
  std::string arrange = "blocks";
  std::string frequencies = "geometric";
  double base = 100;
  bool shared = false;
  double max_freq = 224;
  OptionalNumber min_period, max_period;
  std::string coordinates = "cells";
  OptionalNumber base_size;
  std::string normalize = "separate";
  std::string flatten = "hw";
  Index merge = 1;
};

constexpr const char* kLetters = "hw";

/// first, first * ratio, ... with the last of n the given one; one alone is the first.
std::vector<Real> geometric_between(const Real& first, const Real& last, Index n) {
  const Real ratio = n > 1 ? exp(log(last / first) / Real(static_cast<double>(n - 1))) : Real(1);
  std::vector<Real> numbers;
  Real number = first;
  for (Index i = 0; i < n; ++i, number = number * ratio) numbers.push_back(number);
  return numbers;
}

/// The n frequencies of the axis that comes first (turn 0) or second (turn 1).
std::vector<Real> axis_frequencies(const Rope2d& config, Index n, std::size_t turn) {
  if (config.frequencies == "bands") {   // pi * 2^(i (log2(R) - 1) / (n - 1)): from pi to pi R/2
    const Real pi = Real::two_pi() / Real(2);
    return geometric_between(pi, pi * Real(config.max_freq) / Real(2), n);
  }
  if (config.frequencies == "dealt" && !config.shared) {
    const std::vector<Real> all = frequency_ladder(config.base, 2 * n, "geometric");
    std::vector<Real> dealt;
    for (std::size_t j = turn; j < all.size(); j += 2) dealt.push_back(all[j]);
    return dealt;
  }
  if (config.min_period) return geometric_between(Real::two_pi() / Real(*config.min_period), Real::two_pi() / Real(*config.max_period), n);
  std::vector<Real> ladder = frequency_ladder(config.base, n, "geometric");
  for (Real& frequency : ladder) {
    if (config.frequencies == "periods") frequency = frequency * Real::two_pi();
  }
  return ladder;
}

/// The coordinates of the cells along one axis of the grid.
Positions coordinates(const Rope2d& config, std::size_t axis) {
  const std::vector<Index>& sizes = config.grid.sizes;
  const Index size = sizes[axis];
  if (config.coordinates == "ends") return positions_to_ends(size);
  if (config.coordinates == "centers") {
    const auto [smaller, larger] = std::minmax(sizes[0], sizes[1]);
    return positions_of_centres(size, config.normalize == "separate" ? size : config.normalize == "max" ? larger : smaller);
  }
  Positions made;
  made.count = size;
  if (config.base_size) made.scale = Real(*config.base_size) / Real(static_cast<double>(size));
  return made;
}

void check(const Rope2d& config) {
  require_plane("grid", config.grid);
  require_multiple("rope2d", "head-dim", config.head_dim, 4);
  if (config.min_period.has_value() != config.max_period.has_value()) throw Error("rope2d: --min-period and --max-period go together");
  for (const Index size : config.grid.sizes) {
    if (size % config.merge == 0) continue;
    throw Error(fmt::format("rope2d: --merge {} does not divide --grid {}; {} is not a multiple of it", config.merge, config.grid.text(), size));
  }
  if (config.merge > 1 && config.flatten != kLetters) throw Error(fmt::format("rope2d: --flatten {} does not go with --merge", config.flatten));
}

/// Rows in merge order: blocks of merge x merge cells row by row, and the cells of a block row by row.
void order_by_blocks(WaveTable& waves, const std::vector<Index>& sizes, Index merge) {
  const Index per_block = merge * merge, blocks_across = sizes[1] / merge;
  waves.aligned = true;
  waves.aligned_rows = checked_product(sizes[0], sizes[1], "the grid is too large");
  const auto in_order = [&](std::size_t axis, auto cell) {
    const Positions& line = waves.axes[axis].positions;
    waves.axes[axis].position_of_row = [cell, first = line.first](Index row) { return first + static_cast<double>(cell(row)); };
  };
  in_order(0, [=](Index row) { return row / per_block / blocks_across * merge + row % per_block / merge; });
  in_order(1, [=](Index row) { return row / per_block % blocks_across * merge + row % merge; });
}

/// Axis by axis, or in turn; `order` says whose come first.
std::vector<Angle> arranged(const Rope2d& config, const std::vector<std::size_t>& order, Index n) {
  std::vector<Angle> angles;
  for (std::size_t i = 0; i < static_cast<std::size_t>(2 * n); ++i) {
    const auto count = static_cast<std::size_t>(n);
    angles.push_back(config.arrange == "blocks" ? Angle{order[i / count], i % count} : Angle{order[i % 2], i / 2});
  }
  return angles;
}

Tables tables(const Rope2d& config) {
  check(config);
  const Index n = config.head_dim / 4;
  const std::vector<std::size_t> order = permutation("rope2d", "axes", config.axes, config.flatten);
  RotaryTable table;
  for (const std::size_t axis : permutation("rope2d", "flatten", config.flatten, kLetters)) {
    const std::string name(1, kLetters[axis]);
    table.waves.axes.push_back({name, axis_frequencies(config, n, name[0] == config.axes[0] ? 0 : 1), coordinates(config, axis)});
  }
  if (config.merge > 1) order_by_blocks(table.waves, config.grid.sizes, config.merge);
  table.waves.prefix = config.prefix_tokens;
  table.waves.arithmetic = arithmetic(config);
  table.angles = arranged(config, order, n);
  table.layout = config.layout;
  table.row_name = "token";

  Tables made = rotary_tables("rope2d", table, config, config.head_dim);
  made.label = fmt::format("{}-{}", config.head_dim, config.grid.text());
  for (Tensor& tensor : made.tensors) {
    if (tensor.axes.size() > 1 && config.merge == 1) tensor.grid = TokenGrid{config.grid.sizes, config.flatten, config.prefix_tokens};
  }
  return made;
}

}  // namespace

Scheme rope2d() {
  using C = Rope2d;
  const OptionRules period{.low = 1e-6, .high = 1e12, .when = "frequencies", .when_is = {"periods"}};
  std::vector<Option> options{
      option<C>("head-dim", &C::head_dim, "columns of a head, all of which rotate", {.low = 4, .high = kMaxHeadDim, .headline = true}),
      option<C>("grid", &C::grid, kGridHelp, {.low = 1, .high = kMaxLength, .headline = true}),
      option<C>("layout", &C::layout, kRotaryLayoutHelp, {.choices = kRotaryLayouts, .headline = true}),
      option<C>("axes", &C::axes, "whose angles come first: wh is the column w, then the row h", {.choices = {"wh", "hw"}}),
      option<C>("arrange", &C::arrange, "all angles of one axis, then those of the other, or one of each in turn",
                {.choices = {"blocks", "alternate"}}),
      option<C>("frequencies", &C::frequencies,
                "geometric: base^(-4i/D); dealt: of base^(-2j/D) the first axis takes even j, the second odd j; bands: pi to pi R/2; "
                "periods: 2pi/base^(4i/D)",
                {.choices = {"geometric", "dealt", "bands", "periods"}}),
      option<C>("base", &C::base, "frequencies fall from the first to about a base-th of it",
                {.low = kMinBase, .high = kMaxBase, .aliases = {"theta", "temperature"}, .headline = true, .unless = {"min-period", "max-period"},
                 .when = "frequencies", .when_is = {"geometric", "dealt", "periods"}}),
      option<C>("shared", &C::shared, "both axes have the frequencies base^(-4i/D)", {.when = "frequencies", .when_is = {"dealt"}}),
      option<C>("max-freq", &C::max_freq, "R of the bands", {.low = 1e-6, .high = 1e12, .when = "frequencies", .when_is = {"bands"}}),
      option<C>("min-period", &C::min_period, "periods go from this ...", period),
      option<C>("max-period", &C::max_period, "... to this, both ends, in place of a base", period),
      option<C>("coordinates", &C::coordinates, "cells: 0, 1, ...; ends: -1 to 1, both ends; centers: (cell + 0.5)/s*2 - 1",
                {.choices = {"cells", "ends", "centers"}}),
      option<C>("base-size", &C::base_size, "multiplies the coordinates by this / the size of the axis",
                {.low = 1e-6, .high = 1e12, .when = "coordinates", .when_is = {"cells"}}),
      option<C>("normalize", &C::normalize, "s of the centers: the axis' own size, or of both axes the larger or the smaller one",
                {.choices = {"separate", "max", "min"}, .when = "coordinates", .when_is = {"centers"}}),
      option<C>("flatten", &C::flatten, "order of the cells, slowest first: hw is row by row", {.choices = {"hw", "wh"}}),
      option<C>("merge", &C::merge, "rows go by blocks of this many cells squared; 1: row by row", {.low = 1, .high = 1e6}),
      option<C>("prefix-tokens", &C::prefix_tokens, kRotaryPrefixHelp, {.low = 0, .high = 1e6}),
  };
  return describe<C>(
      {"rope2d", "rotary", "cosines and sines that rotate pairs of columns of q and k by the row and the column of a grid cell",
       {"D = head-dim, angles x v_i and y u_i of the coordinates x of column w and y of row h, i < D/4",
        "geometric: u_i = v_i = base^(-4i/D);   dealt: base^(-4i/D) and base^(-(4i+2)/D)",
        "bands: pi * 2^(i (log2(R) - 1)/(D/4 - 1));   periods: 2 pi / base^(4i/D), or 2 pi / (a (b/a)^(i/(D/4 - 1)))",
        "blocks: x v_0, x v_1 ... y u_0, y u_1 ...;   alternate: y u_0, x v_0, y u_1, x v_1 ..."},
       {"Heo et al. 2024, Rotary Position Embedding for Vision Transformer, arXiv:2403.13298",
        "Su 2021-2024, kexue.fm/archives/8397, 10040 and 10352",
        "Fang et al. 2023, EVA-02: A Visual Representation for Neon Genesis, arXiv:2303.11331",
        "Simeoni et al. 2025, DINOv3, arXiv:2508.10104",
        "Agrawal et al. 2024, Pixtral 12B, arXiv:2410.07073",
        "Wang et al. 2024, Qwen2-VL, arXiv:2409.12191"}},
      std::move(options),
      {{"rope-vit", "w block first, base 100, complex (naver-ai/rope-vit compute_axial_cis)", {}},
       {"roformer", "the angles of 1-D rope in turn: even ones with the row, odd ones with the column (kexue.fm 10040; --shared: 8397)",
        {{"base", "10000"}, {"layout", "interleaved"}, {"axes", "hw"}, {"arrange", "alternate"}, {"frequencies", "dealt"}}},
       {"eva02", "h block first, each angle twice (EVA-02 VisionRotaryEmbeddingFast; coordinates of another grid: --base-size)",
        {{"base", "10000"}, {"layout", "interleaved"}, {"axes", "hw"}}},
       {"timm", "as eva02 with bands of frequencies on -1..1 (timm RotaryEmbeddingCat)",
        {{"layout", "interleaved"}, {"axes", "hw"}, {"frequencies", "bands"}, {"coordinates", "ends"}}},
       {"dinov3", "h block first, periods on cell centers in -1..1 (DINOv3 RopePositionEmbedding)",
        {{"layout", "half"}, {"axes", "hw"}, {"frequencies", "periods"}, {"coordinates", "centers"}}},
       {"pixtral", "the frequencies of 1-D rope dealt to h, then w (PixtralRotaryEmbedding; mistral-inference: --layout complex)",
        {{"base", "10000"}, {"layout", "half"}, {"axes", "hw"}, {"frequencies", "dealt"}}},
       {"qwen2-vl", "h block first, rows in blocks of 2x2 cells (Qwen2-VL's vision tower)",
        {{"base", "10000"}, {"layout", "half"}, {"axes", "hw"}, {"merge", "2"}}}},
      {"table", "channels", "similarity"}, tables);
}

}  // namespace pe
