// fourier: sines and cosines of coordinates times a few frequencies, most of them with the coordinates themselves beside.
// Mildenhall et al. 2020, arXiv:2003.08934, equation 4 (NeRF); Jaegle et al. 2021, arXiv:2103.03206, section 3.2 (Perceiver);
// Tancik et al. 2020, arXiv:2006.10739, section 6: random frequencies, as Kirillov et al. 2023, arXiv:2304.02643 (SAM) use them.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/arrays.h"
#include "core/axes.h"
#include "core/channel_first.h"
#include "core/drawing.h"
#include "core/error.h"
#include "core/frequencies.h"
#include "core/held.h"
#include "core/scheme.h"
#include "core/sinusoid.h"

namespace pe {
namespace {

struct Fourier : TableConfig, SeedConfig {
  Grid grid{{14, 14}};
  OptionalIndex length;
  ArrayPtr positions;
  std::string axes;
  std::string spacing = "octaves";
  // octaves, linear
  Index bands = 10;
  bool pi = false;
  std::vector<double> max_freq;
  std::string layout = "bands";
  bool no_coords = false;
  // random
  OptionalIndex dim;
  ArrayPtr matrix;
  double std = 1;
};

constexpr Index kMaxOctaves = 60, kMaxWidth = 1 << 24;
constexpr Index kRandomDim = 256;   ///< without --dim and --matrix: SAM's

/// The columns of a table [N, A] or [N], one axis each.
std::vector<WaveAxis> axes_of_positions(const Array& array) {
  const bool is_table = array.shape.size() == 2, is_list = array.shape.size() == 1;
  if (!(is_table || is_list) || array.values.empty()) refuse_shape("--positions", array, "[positions, axes] or [positions]");
  check_values("--positions", array, kMaxPosition);
  const auto count = static_cast<std::size_t>(array.shape[0]), width = array.values.size() / count;
  std::vector<WaveAxis> axes;
  for (std::size_t a = 0; a < width; ++a) {
    std::vector<double> list(count);
    for (std::size_t i = 0; i < count; ++i) list[i] = array.values[i * width + a];
    axes.push_back({fmt::format("x{}", a), {}, {0, 1, array.shape[0], std::move(list), 1}});
  }
  return axes;
}

/// The coordinates that the options ask for, and whose columns come first.
struct Coordinates {
  std::vector<WaveAxis> axes;        ///< without frequencies
  std::vector<std::size_t> order;
  std::string label;
  std::optional<TokenGrid> grid;
};

Coordinates coordinates(const Fourier& config) {
  Coordinates made;
  std::string letters;
  if (config.positions) {
    made.axes = axes_of_positions(*config.positions);
    made.label = std::to_string(config.positions->shape[0]);
  } else if (config.length) {
    made.axes = {{"position", {}, positions_to_ends(*config.length)}};
    made.label = std::to_string(*config.length);
  } else {
    letters = config.grid.sizes.size() == 3 ? "thw" : "hw";
    for (std::size_t a = 0; a < letters.size(); ++a) made.axes.push_back({std::string(1, letters[a]), {}, positions_to_ends(config.grid.sizes[a])});
    made.label = config.grid.text();
    made.grid = TokenGrid{config.grid.sizes, letters, config.prefix_tokens};
  }
  if (!config.axes.empty()) {
    made.order = permutation("fourier", "axes", config.axes, letters);
  } else {
    for (std::size_t a = 0; a < made.axes.size(); ++a) made.order.push_back(a);
  }
  return made;
}

/// R of axis `a`, the fastest frequency being R/2 * pi: given once, or per axis, or the size of the axis.
double max_frequency(const Fourier& config, const std::vector<WaveAxis>& axes, std::size_t a) {
  if (config.max_freq.size() == 1) return config.max_freq.front();
  if (config.max_freq.size() == axes.size()) return config.max_freq[a];
  if (!config.max_freq.empty()) {
    throw Error(fmt::format("fourier: --max-freq has {} values; needs 1, or one per axis ({})", config.max_freq.size(), axes.size()));
  }
  if (config.positions) throw Error("fourier: --positions have no size to take the fastest frequency from; add --max-freq R");
  return static_cast<double>(axes[a].positions.count);
}

/// Octaves 1, 2, 4, ..., or 1 to R/2 in equal steps; times pi with --pi.
std::vector<Real> frequencies(const Fourier& config, const std::vector<WaveAxis>& axes, std::size_t a) {
  std::vector<Real> made;
  if (config.spacing == "octaves") {
    if (config.bands > kMaxOctaves) {
      throw Error(fmt::format("fourier: --bands {} with --spacing octaves ends at 2^{}; at most {}", config.bands, config.bands - 1, kMaxOctaves));
    }
    made = power_ladder(2, config.bands);
  } else {
    const Real rise = Real(max_frequency(config, axes, a) / 2) - Real(1), steps = static_cast<double>(std::max<Index>(config.bands - 1, 1));
    for (Index k = 0; k < config.bands; ++k) made.push_back(Real(1) + Real(static_cast<double>(k)) * rise / steps);
  }
  for (Real& frequency : made) frequency = config.pi ? frequency * Real::two_pi() / Real(2) : frequency;
  return made;
}

/// The orders of `--layout`, as its help says them.
std::vector<WaveColumn> columns(const Fourier& config, const std::vector<std::size_t>& order) {
  const Wave waves[] = {Wave::sin, Wave::cos};
  const auto bands = static_cast<std::size_t>(config.bands);
  const bool with_coords = !config.no_coords, is_concat = config.layout == "concat";
  std::vector<WaveColumn> columns;
  const auto add = [&](Wave wave, std::size_t axis, std::size_t k) { columns.push_back({wave, axis, k}); };
  for (std::size_t i = 0; with_coords && !is_concat && i < order.size(); ++i) add(Wave::coordinate, order[i], 0);
  if (config.layout == "bands") {
    for (std::size_t k = 0; k < bands; ++k) {
      for (const Wave wave : waves) {
        for (const std::size_t axis : order) add(wave, axis, k);
      }
    }
  } else if (config.layout == "grouped-bands") {
    for (const Wave wave : waves) {
      for (std::size_t k = 0; k < bands; ++k) {
        for (const std::size_t axis : order) add(wave, axis, k);
      }
    }
  } else if (is_concat) {
    for (const std::size_t axis : order) {
      append(columns, wave_columns("concat", {axis}, config.bands, false));
      if (with_coords) add(Wave::coordinate, axis, 0);
    }
  } else {
    append(columns, wave_columns("grouped", order, config.bands, false));
  }
  return columns;
}

Tables banded_tables(const Fourier& config) {
  Coordinates at = coordinates(config);
  const Index width = static_cast<Index>(at.axes.size()) * (2 * config.bands + (config.no_coords ? 0 : 1));
  if (width > kMaxWidth) {
    throw Error(fmt::format("fourier: {} axes with --bands {} make {} columns; at most {}", at.axes.size(), config.bands, width, kMaxWidth));
  }
  WaveTable table;
  table.columns = columns(config, at.order);
  for (std::size_t a = 0; a < at.axes.size(); ++a) at.axes[a].frequencies = frequencies(config, at.axes, a);
  table.axes = std::move(at.axes);
  table.aligned = config.positions != nullptr;
  table.prefix = config.prefix_tokens;
  table.arithmetic = arithmetic(config);
  Tensor tensor = wave_tensor("pos_embed", "token", std::move(table), stored_dtype(config));
  tensor.grid = std::move(at.grid);
  return {{std::move(tensor)}, fmt::format("{}-{}", width, at.label)};
}

/// The matrix [2, C/2] of --matrix, or a drawn one.
std::vector<double> matrix(const Fourier& config) {
  if (config.dim) require_multiple("fourier", "dim", *config.dim, 2);
  if (!config.matrix) return make_random(config)->normal(config.dim.value_or(kRandomDim), config.std);
  const Array& array = *config.matrix;
  const bool fits = array.shape.size() == 2 && array.shape[0] == 2 && array.shape[1] > 0 &&
      config.dim.value_or(2 * array.shape[1]) == 2 * array.shape[1];
  if (!fits) refuse_shape("--matrix", array, fmt::format("[2, {}], the rows of x and y", config.dim ? std::to_string(*config.dim / 2) : "dim/2"));
  check_values("--matrix", array, kMaxFrequency);
  return array.values;
}

/// Channel i of [C, H, W] turns by 2 pi (x m0 + y m1), m the column i of the matrix; first the sines of all, then the cosines.
Tables random_tables(const Fourier& config) {
  const std::vector<Index>& sizes = config.grid.sizes;
  require_plane("grid", config.grid);
  const auto values = std::make_shared<const std::vector<double>>(matrix(config));
  const auto n = static_cast<Index>(values->size()) / 2;
  const Index width = sizes[1];
  const auto open = [=, in = arithmetic(config), down = positions_of_centres(sizes[0], sizes[0]),
                     along = positions_of_centres(width, width)](Index, Index channel) -> ChannelRow {
    const auto i = static_cast<std::size_t>(channel % n), half = static_cast<std::size_t>(n);
    WaveTable table;
    table.axes = {{"h", {Real::two_pi() * Real((*values)[half + i])}, down}, {"w", {Real::two_pi() * Real((*values)[i])}, along}};
    table.summed = true;
    table.columns = {{channel < n ? Wave::sin : Wave::cos, 0, 0}};
    table.arithmetic = in;
    const Tensor cells = wave_tensor("channel", "cell", std::move(table), Dtype::f64);
    return [cells, width](Index h, std::span<double> row) { cells.fill(h * width, row); };
  };
  Tensor drawn = held_tensor("matrix", {{"axis", 2}, {"channel", n}}, stored_dtype(config), *values);
  Tensor table = channel_first_tensor("pos_embed", {{}, 2 * n, sizes[0], width, open}, stored_dtype(config));
  table.range = Range{-1, 1};
  return {{std::move(table), std::move(drawn)}, fmt::format("{}-{}", 2 * n, config.grid.text()), {}, "h"};
}

Tables tables(const Fourier& config) { return config.spacing == "random" ? random_tables(config) : banded_tables(config); }

}  // namespace

Scheme fourier() {
  using C = Fourier;
  const std::vector<std::string> bands{"octaves", "linear"};
  const auto banded = [&](OptionRules rules) { return only_with(std::move(rules), "spacing", bands); };
  const auto random = [](OptionRules rules) { return only_with(std::move(rules), "spacing", {"random"}); };
  std::vector<Option> options{
      option<C>("grid", &C::grid, "cells of 2 or 3 axes, each a linspace(-1, 1, size)",
                {.low = 1, .high = kMaxLength, .headline = true, .unless = {"length", "positions"}}),
      option<C>("length", &C::length, "one axis instead, linspace(-1, 1, N)",
                banded({.low = 1, .high = kMaxLength, .headline = true, .unless = {"positions"}})),
      option<C>("positions", &C::positions, "coordinates instead, [positions, axes]", banded({})),
      option<C>("axes", &C::axes, "whose columns come first: hw is the row, then the column; with frames thw",
                banded({.unless = {"length", "positions"}})),
      option<C>("spacing", &C::spacing, "frequencies 1, 2, 4, ...; or 1 to R/2 in equal steps; or a random vector each",
                {.choices = {"octaves", "linear", "random"}}),
      option<C>("bands", &C::bands, "frequencies per axis", banded({.low = 1, .high = kMaxDim, .headline = true})),
      option<C>("pi", &C::pi, "multiplies the frequencies by pi", banded({})),
      option<C>("max-freq", &C::max_freq, "R, one or one per axis; default the size of the axis",
                only_with({.low = 1e-6, .high = kMaxFrequency}, "spacing", {"linear"})),
      option<C>("layout", &C::layout,
                "bands: per band the sines of all axes, then the cosines; grouped-bands: so all sines, then all cosines; grouped: the sines axis by "
                "axis, then the cosines; concat: per axis sines, cosines, coordinate",
                banded({.choices = {"bands", "grouped-bands", "grouped", "concat"}})),
      option<C>("no-coords", &C::no_coords, "without the coordinates", banded({})),
      option<C>("dim", &C::dim, "channels; default those of --matrix, else 256", random({.low = 1, .high = kMaxDim, .headline = true})),
      option<C>("matrix", &C::matrix, "[2, dim/2], the frequencies of x and of y", random({})),
      option<C>("std", &C::std, "of the frequencies drawn", random({.low = 1e-9, .high = 1e9, .unless = {"matrix"}})),
  };
  append(options, only_with(table_options<C>(), "spacing", bands));
  append(options, seed_options<C>(random({.unless = {"matrix"}})));
  return describe<C>(
      {"fourier", "absolute", "coordinates, with their sines and cosines",
       {"x = linspace(-1, 1, size) per axis; w_k = 2^k (octaves) or 1 + k (R/2 - 1) / (L-1) (linear), k = 0..L-1, L bands; times pi with --pi",
        "bands: PE = coordinates | sin(x w_0) of all axes | cos(x w_0) of all axes | sin(x w_1) ...",
        "random: PE[i, h, w] = sin(2 pi (x m[0,i] + y m[1,i])), the cosines behind, x = 2(w + 0.5)/W - 1, y = 2(h + 0.5)/H - 1"},
       {"Mildenhall et al. 2020, NeRF: Representing Scenes as Neural Radiance Fields for View Synthesis, arXiv:2003.08934",
        "Tancik et al. 2020, Fourier Features Let Networks Learn High Frequency Functions in Low Dimensional Domains, arXiv:2006.10739",
        "Jaegle et al. 2021, Perceiver: General Perception with Iterative Attention, arXiv:2103.03206",
        "Kirillov et al. 2023, Segment Anything, arXiv:2304.02643"}},
      std::move(options),
      {{"nerf", "10 octaves, band by band (bmild/nerf Embedder)", {}},
       {"perceiver", "64 frequencies up to half the size, times pi (huggingface/transformers generate_fourier_features)",
        {{"spacing", "linear"}, {"bands", "64"}, {"pi", ""}, {"layout", "grouped"}}},
       {"perceiver-pytorch", "6 frequencies up to 5 pi, axis by axis, coordinates last (lucidrains/perceiver-pytorch fourier_encode)",
        {{"spacing", "linear"}, {"bands", "6"}, {"pi", ""}, {"max-freq", "10"}, {"layout", "concat"}}},
       {"timm", "64 frequencies up to 112 pi, band by band (pytorch-image-models FourierEmbed)",
        {{"spacing", "linear"}, {"bands", "64"}, {"pi", ""}, {"max-freq", "224"}, {"layout", "grouped-bands"}}},
       {"sam", "random frequencies of standard deviation 1, channels first (segment-anything PositionEmbeddingRandom)", {{"spacing", "random"}}}},
      {"table", "channels", "spectrum"}, tables);
}

}  // namespace pe
