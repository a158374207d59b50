// index: the position itself, one column.

#include "core/axes.h"
#include "core/scheme.h"

namespace pe {
namespace {

struct IndexTable : TableConfig, PositionConfig {};

Tables tables(const IndexTable& config) {
  Positions at = positions(config);
  const std::string label = std::to_string(at.count);
  return {{position_tensor(config, std::move(at))}, label};
}

}  // namespace

Scheme index() {
  return describe<IndexTable>({"index", "absolute", "the position itself", {"PE[i, 0] = p_i = start + i * step"}, {}},
                              position_options<IndexTable>(), {}, {"curves", "table"}, tables);
}

}  // namespace pe
