#include "core/bias_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/text.h"

namespace pe {
namespace {

std::string list_text(const std::vector<Index>& shape) {
  std::vector<std::string> sizes;
  for (const Index size : shape) sizes.push_back(std::to_string(size));
  return "[" + join(sizes, ", ") + "]";
}

}  // namespace

void check_array(const std::string& what, const Array& array, const std::vector<Index>& shape, const std::string& needed) {
  if (array.shape != shape) {
    throw Error(fmt::format("{} {} has shape {}; needs {}, {}", what, array.source, list_text(array.shape), list_text(shape), needed));
  }
  for (std::size_t i = 0; i < array.values.size(); ++i) {
    if (!std::isfinite(array.values[i])) throw Error(fmt::format("{} {}: value {} is {}, not a finite number", what, array.source, i, array.values[i]));
  }
}

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

std::vector<double> head_values(const BiasTable& table, Index head) {
  std::vector<double> column;
  for (Index row = 0; row < table.rows; ++row) column.push_back(table.values[static_cast<std::size_t>(row * table.heads + head)]);
  return column;
}

}  // namespace pe
