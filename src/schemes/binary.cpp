// binary: the bits of the position, one column each.

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/arrays.h"
#include "core/axes.h"
#include "core/error.h"
#include "core/scheme.h"

namespace pe {
namespace {

struct Binary : TableConfig, PositionConfig {
  OptionalIndex dim;
  std::string bit_order = "msb";
};

constexpr double kMaxWhole = 0x1p53;   ///< doubles tell whole numbers apart up to here

/// The largest position. Throws Error unless all are whole and not negative.
std::uint64_t largest(const Binary& config, const Positions& positions) {
  const auto checked_whole = [&](double position) {
    if (position >= 0 && position <= kMaxWhole && position == std::floor(position)) return position;
    const std::string why = fmt::format("position {} is not a whole number in 0..2^53; only those have bits", position);
    if (config.positions) refuse_array("--positions", *config.positions, why);
    throw Error(fmt::format("--start {} --step {}: {}", config.start, config.step, why));
  };
  double most = 0;
  for (const double position : positions.list) most = std::max(most, checked_whole(position));
  if (!positions.list.empty()) return static_cast<std::uint64_t>(most);
  const double first = checked_whole(positions.first);
  if (positions.count == 1) return static_cast<std::uint64_t>(first);
  checked_whole(positions.first + positions.step);
  return static_cast<std::uint64_t>(std::max(first, checked_whole(positions.first + positions.step * static_cast<double>(positions.count - 1))));
}

Tables tables(const Binary& config) {
  const auto at = std::make_shared<const Positions>(positions(config));
  const std::uint64_t most = largest(config, *at);
  const Index bits = std::max<Index>(std::bit_width(most), 1), dim = config.dim.value_or(bits);
  if (dim < bits) throw Error(fmt::format("binary: --dim {} has too few bits for position {}; needs {}", dim, most, bits));
  const bool is_msb = config.bit_order == "msb";
  const auto place = [dim, is_msb](Index column) { return is_msb ? dim - 1 - column : column; };

  Tensor tensor;
  tensor.name = "pos_embed";
  tensor.axes = {{"position", config.prefix_tokens + at->count, row_places(*at, config.prefix_tokens)}, {"channel", dim}};
  tensor.dtype = stored_dtype(config);
  tensor.range = Range{0, 1};
  tensor.fill = [at, dim, place, prefix = config.prefix_tokens](Index row, std::span<double> out) {
    for (auto to = out.begin(); to != out.end(); ++row) {
      const Index i = row - prefix;
      const double position = i < 0 ? 0 : at->list.empty() ? at->first + at->step * static_cast<double>(i) : at->list[static_cast<std::size_t>(i)];
      const auto number = static_cast<std::uint64_t>(position);
      for (Index column = 0; column < dim; ++column) *to++ = place(column) < 64 ? static_cast<double>(number >> place(column) & 1) : 0;
    }
  };
  tensor.columns = [dim, place] {
    std::vector<Column> columns;
    for (Index column = 0; column < dim; ++column) columns.push_back({"bit", "position", place(column), 0});
    return columns;
  };
  return {{std::move(tensor)}, fmt::format("{}-{}", dim, at->count)};
}

}  // namespace

Scheme binary() {
  using C = Binary;
  std::vector<Option> options = position_options<C>();
  append(options, {
      option<C>("dim", &C::dim, "columns; default: the fewest bits that hold the largest position", {.low = 1, .high = kMaxDim, .headline = true}),
      option<C>("bit-order", &C::bit_order, "most or least significant bit first", {.choices = {"msb", "lsb"}}),
  });
  return describe<C>({"binary", "absolute", "the bits of the position",
                      {"msb: PE[i, j] = bit dim-1-j of p_i   (lsb: bit j)", "p_i are whole and not negative"}, {}, {"compute"}},
                     std::move(options), {}, {"table", "curves"}, tables);
}

}  // namespace pe
