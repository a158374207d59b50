// unit: the position as a part of the way from the first one to the last, one column.

#include <fmt/format.h>

#include <algorithm>

#include "core/arrays.h"
#include "core/axes.h"
#include "core/error.h"
#include "core/scheme.h"

namespace pe {
namespace {

struct Unit : TableConfig, PositionConfig {};

/// (p - first) / (last - first); the only position of a table of one is 0.
Positions units(const Unit& config) {
  Positions made = positions(config);
  if (made.list.empty()) {
    if (made.step == 0 && made.count > 1) throw Error("unit: --step 0 leaves the first and the last position in one place; needs another step");
    return {0, 1, made.count, {}, Real(1) / Real(static_cast<double>(std::max<Index>(made.count - 1, 1)))};
  }
  const double first = made.list.front(), last = made.list.back();
  if (first == last && made.count > 1) {
    refuse_array("--positions", *config.positions, fmt::format("the first and the last position are both {}", first));
  }
  for (double& position : made.list) position = made.count == 1 ? 0 : (position - first) / (last - first);
  return made;
}

Tables tables(const Unit& config) {
  Tensor tensor = position_tensor(config, units(config));
  const Positions at = positions(config);
  tensor.axes.front().places = row_places(at, config.prefix_tokens);
  return {{std::move(tensor)}, std::to_string(at.count)};
}

}  // namespace

Scheme unit() {
  return describe<Unit>({"unit", "absolute", "positions from 0 to 1",
                         {"PE[i, 0] = (p_i - p_0) / (p_(N-1) - p_0), which is i / (N-1) for equal steps; N = 1 gives 0"}, {}},
                        position_options<Unit>(), {}, {"curves", "table"}, tables);
}

}  // namespace pe
