#include "core/bias_table.h"

#include <algorithm>

namespace pe {

BiasTable bias_table(const std::string& what, const Array& array, Index rows, OptionalIndex heads) {
  const Index columns = array.shape.size() == 2 ? std::max<Index>(array.shape[1], 1) : 1;
  BiasTable table{rows, heads.value_or(columns), {}};
  check_array(what, array, {rows, table.heads}, "[relative positions, heads]");
  table.values = array.values;
  return table;
}

Range range_of(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {*low, *high};
}

Tensor bias_tensor(BiasTable table, Dtype dtype) {
  const Range range = range_of(table.values);
  Tensor tensor = held_tensor("relative_position_bias_table", {{"offset", table.rows}, {"head", table.heads}}, dtype, std::move(table.values));
  tensor.range = range;
  return tensor;
}

std::vector<double> head_values(const BiasTable& table, Index head) {
  std::vector<double> column;
  for (Index row = 0; row < table.rows; ++row) column.push_back(table.values[static_cast<std::size_t>(row * table.heads + head)]);
  return column;
}

}  // namespace pe
