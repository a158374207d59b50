// index: the position itself, one column.

#include <fmt/format.h>

#include "core/axes.h"
#include "core/scheme.h"
#include "core/sinusoid.h"

namespace pe {
namespace {

struct IndexTable : TableConfig, PositionConfig {};

Tables tables(const IndexTable& config) {
  WaveTable table;
  table.axes = {{"position", {}, positions(config)}};
  table.columns = {{Wave::coordinate, 0, 0}};
  table.prefix = config.prefix_tokens;
  table.arithmetic = arithmetic(config);
  const std::string label = std::to_string(table.axes[0].positions.count);
  return {{wave_tensor("pos_embed", "position", std::move(table), stored_dtype(config))}, label};
}

}  // namespace

Scheme index() {
  return describe<IndexTable>({"index", "absolute", "the position itself", {"PE[i, 0] = p_i = start + i * step"}, {}},
                              position_options<IndexTable>(), {}, {"table"}, tables);
}

}  // namespace pe
