// swin-v2: the bias of a query and a key in a window is a small network's answer to the logarithm of their relative position.
// Liu et al. 2021, arXiv:2111.09883, section 3.3. The halves of a coordinate pair depend on the row or the column alone.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/axes.h"
#include "core/error.h"
#include "core/held.h"
#include "core/interrupt.h"
#include "core/real.h"
#include "core/scheme.h"
#include "core/window.h"

namespace pe {
namespace {

struct SwinV2 : CommonConfig {
  Grid window{{8, 8}};
  std::string coords = "normalized";
  Grid pretrained_window;
  ArraySet weights;
  OptionalIndex heads;
  std::string bias = "sigmoid";
};

/// Two layers: fc2 relu(fc1 x). weight1 [hidden, 2], weight2 [heads, hidden]; bias2 is zeros where there is none.
struct Network {
  Index hidden = 0, heads = 0;
  std::vector<double> weight1, bias1, weight2, bias2;
};

/// The coordinates of offsets -(side-1) .. side-1 along one axis.
std::vector<double> axis_coords(Index side, Index divisor, bool normalized) {
  std::vector<double> coords(static_cast<std::size_t>(2 * side - 1), 0.0);
  for (Index offset = 1; offset < side; ++offset) {
    const Real x = static_cast<double>(offset);
    const Real coord = normalized ? log(Real(1) + Real(8) * x / Real(static_cast<double>(divisor))) / log(Real(8)) : log(Real(1) + x);
    coords[static_cast<std::size_t>(side - 1 + offset)] = double(coord);
    coords[static_cast<std::size_t>(side - 1 - offset)] = -double(coord);
  }
  return coords;
}

/// The coordinates along the rows and along the columns. A side of 1 has the offset 0 only.
std::pair<std::vector<double>, std::vector<double>> window_coords(const SwinV2& config, const Window& window) {
  const bool normalized = config.coords == "normalized";
  Window divisors = window;
  if (!config.pretrained_window.sizes.empty()) divisors = window_of("pretrained-window", config.pretrained_window);
  const auto of_side = [&](Index side, Index divisor) {
    if (normalized && side > 1 && divisor == 1) {
      throw Error(fmt::format("swin-v2: --pretrained-window {} has a side of 1, which leaves nothing to divide by; use sides from 2",
                              config.pretrained_window.text()));
    }
    return axis_coords(side, divisor - 1, normalized);
  };
  return {of_side(window.height, divisors.height), of_side(window.width, divisors.width)};
}

Tensor coords_tensor(const Window& window, std::vector<double> rows, std::vector<double> columns) {
  Tensor tensor;
  tensor.name = "relative_coords_table";
  const auto offsets = [](const char* name, Index side) { return Axis{name, 2 * side - 1, Places{static_cast<double>(1 - side)}}; };
  tensor.axes = {offsets("row offset", window.height), offsets("column offset", window.width), {"coordinate", 2}};
  const double largest = std::max(rows.back(), columns.back());
  tensor.range = Range{0.0 - largest, largest};
  tensor.fill = [rows = std::move(rows), columns = std::move(columns)](Index first_row, std::span<double> out) {
    for (std::size_t i = 0; i < out.size(); i += 2) {
      const std::size_t cell = static_cast<std::size_t>(first_row) + i / 2;
      out[i] = rows[cell / columns.size()];
      out[i + 1] = columns[cell % columns.size()];
    }
  };
  return tensor;
}

constexpr const char* kWeights = "fc1.weight [hidden, 2], fc1.bias [hidden], fc2.weight [heads, hidden], and with --bias linear fc2.bias [heads]";

const Array& weight(const ArraySet& weights, const std::string& name) {
  const auto found = weights.arrays.find(name);
  if (found == weights.arrays.end()) {
    throw Error(ErrorKind::malformed, fmt::format("swin-v2: --weights {} holds no {}; needs {}", weights.source, name, kWeights));
  }
  return *found->second;
}

Network read_network(const SwinV2& config) {
  const std::string what = "swin-v2: --weights";
  const Array& weight1 = weight(config.weights, "fc1.weight");
  const Array& bias1 = weight(config.weights, "fc1.bias");
  const Array& weight2 = weight(config.weights, "fc2.weight");
  Network network;
  const auto rows = [](const Array& array) { return array.shape.empty() ? 1 : std::max<Index>(array.shape[0], 1); };
  network.hidden = rows(weight1);
  network.heads = config.heads.value_or(rows(weight2));
  check_array(what, weight1, {network.hidden, 2}, "[hidden, 2]");
  check_array(what, bias1, {network.hidden}, "[hidden]");
  check_array(what, weight2, {network.heads, network.hidden}, "[heads, hidden]");
  network.weight1 = weight1.values;
  network.bias1 = bias1.values;
  network.weight2 = weight2.values;
  network.bias2.assign(static_cast<std::size_t>(network.heads), 0.0);
  if (config.bias == "linear") {
    const Array& bias2 = weight(config.weights, "fc2.bias");
    check_array(what, bias2, {network.heads}, "[heads]");
    network.bias2 = bias2.values;
  } else if (config.weights.arrays.contains("fc2.bias")) {
    throw Error(fmt::format("{} {} holds fc2.bias, which --bias sigmoid has no place for; --like timm-cr adds it", what, config.weights.source));
  }
  return network;
}

/// fc2 relu(fc1 coords) + fc2.bias for every relative position and head; `sigmoid` makes it 16 times the sigmoid of that.
std::vector<double> network_table(const Network& network, const std::vector<double>& rows, const std::vector<double>& columns, bool sigmoid) {
  std::vector<double> table;
  const auto hidden = static_cast<std::size_t>(network.hidden);
  std::vector<double> answers(hidden);
  for (const double row : rows) {
    check_interrupt();
    for (const double column : columns) {
      for (std::size_t k = 0; k < hidden; ++k) {
        answers[k] = std::max(0.0, network.weight1[2 * k] * row + network.weight1[2 * k + 1] * column + network.bias1[k]);
      }
      for (std::size_t head = 0; head < network.bias2.size(); ++head) {
        double sum = network.bias2[head];
        for (std::size_t k = 0; k < hidden; ++k) sum += network.weight2[head * hidden + k] * answers[k];
        table.push_back(sigmoid ? 16 / (1 + std::exp(-sum)) : sum);
      }
    }
  }
  return table;
}

Tables tables(const SwinV2& config) {
  const Window window = window_of("window", config.window);
  const auto [rows, columns] = window_coords(config, window);
  Tensor coords = coords_tensor(window, rows, columns);
  coords.dtype = stored_dtype(config);
  Tables made{{std::move(coords), window_index(window)}, config.window.text()};
  made.row_axis = "query";
  if (config.weights.arrays.empty()) return made;

  const Network network = read_network(config);
  Tensor blank;
  blank.name = "table";
  blank.axes = {{"offset", window.table_rows()}, {"head", network.heads}};
  const auto make = [=, rows = rows, columns = columns, sigmoid = config.bias == "sigmoid"] {
    return std::vector<std::vector<double>>{network_table(network, rows, columns, sigmoid)};
  };
  made.tensors.push_back(window_bias(window, held_tensors({std::move(blank)}, make).front(), 1, stored_dtype(config)));
  made.label = fmt::format("{}-{}", network.heads, made.label);
  return made;
}

}  // namespace

Scheme swin_v2() {
  using C = SwinV2;
  return describe<C>(
      {"swin-v2", "relative", "logarithmic coordinates of a window's relative positions, and the bias a network makes of them",
       {"relative_coords_table[a, b] = (f(a - (H-1)), f(b - (W-1))) for a window of H x W",
        "coords normalized: f(d) = sign(d) log2(1 + 8 |d| / (side-1)) / 3, side of the window or of --pretrained-window (a side of 1: 0)",
        "coords cells:      f(d) = sign(d) ln(1 + |d|)",
        "relative_position_index as swin; g = fc2 relu(fc1 coords)",
        "relative_position_bias[head, query, key] = 16 sigmoid(g) (bias sigmoid) or g + fc2.bias (bias linear) at the pair's relative position"},
       {"Liu et al. 2021, Swin Transformer V2, arXiv:2111.09883"},
       {"compute"}},
      {option<C>("window", &C::window, kGridHelp, {.low = 1, .high = kMaxWindow, .headline = true}),
       option<C>("coords", &C::coords, "offsets over the side minus 1 in log2, or offsets in cells in ln", {.choices = {"normalized", "cells"}}),
       option<C>("pretrained-window", &C::pretrained_window, "the window whose sides divide the offsets, instead of the window itself",
                 {.low = 1, .high = kMaxWindow, .when = "coords", .when_is = {"normalized"}}),
       option<C>("weights", &C::weights, std::string("a file of ") + kWeights),
       option<C>("heads", &C::heads, "attention heads; without it those of the weights",
                 {.low = 1, .high = kMaxHeads, .headline = true, .when = "weights"}),
       option<C>("bias", &C::bias, "16 times the sigmoid of the network's answer, or the answer itself",
                 {.choices = {"sigmoid", "linear"}, .when = "weights"})},
      {{"swin", "normalized log2 coordinates, bias up to 16 (microsoft/Swin-Transformer swin_transformer_v2)", {}},
       {"timm-cr", "ln of offsets in cells, no sigmoid (timm swin_transformer_v2_cr)", {{"coords", "cells"}, {"bias", "linear"}}}},
      {"bias", "index"}, tables);
}

}  // namespace pe
