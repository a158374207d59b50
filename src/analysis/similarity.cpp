#include "analysis/similarity.h"

#include <Eigen/Core>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "analysis/blocks.h"

namespace pe {
namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Scaled by the largest magnitude first, so that squares neither overflow nor vanish. Returns whether all values are finite.
bool write_unit(std::span<const double> row, float* out) {
  double largest = 0;
  for (const double value : row) {
    if (!std::isfinite(value)) {
      std::fill_n(out, row.size(), std::numeric_limits<float>::quiet_NaN());
      return false;
    }
    largest = std::max(largest, std::abs(value));
  }
  const double divisor = largest == 0 ? 1 : largest;
  double squares = 0;
  for (const double value : row) squares += (value / divisor) * (value / divisor);
  const double length = largest == 0 ? 1 : std::sqrt(squares);
  for (const double value : row) *out++ = static_cast<float>(value / divisor / length);
  return true;
}

}  // namespace

UnitRows unit_rows(const Tensor& table, std::span<const Index> rows) {
  UnitRows unit{static_cast<Index>(rows.size()), table.row_width(), {}, 0};
  unit.values.resize(static_cast<std::size_t>(checked_product(unit.count, unit.width, table.name)));
  float* out = unit.values.data();
  for (std::size_t start = 0, end = 0; start < rows.size(); start = end) {
    for (end = start + 1; end < rows.size() && rows[end] == rows[end - 1] + 1;) ++end;
    for_each_row(table, rows[start], rows[end - 1] + 1, [&](Index, std::span<const double> row) {
      if (!write_unit(row, out)) ++unit.not_finite;
      out += unit.width;
    });
  }
  return unit;
}

UnitRows unit_row_means(const Tensor& table, Index per_block) {
  const Index rows = table.rows(), width = table.row_width();
  UnitRows means{(rows + per_block - 1) / per_block, width, {}, 0};
  means.values.resize(static_cast<std::size_t>(checked_product(means.count, width, table.name)));
  std::vector<float> unit(static_cast<std::size_t>(width));
  std::vector<double> sum(unit.size());
  for_each_row(table, 0, rows, [&](Index row, std::span<const double> values) {
    if (!write_unit(values, unit.data())) ++means.not_finite;
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<double>(unit[i]);
    const Index block = row / per_block, count = row + 1 - block * per_block;
    if (count < per_block && row + 1 < rows) return;
    float* out = means.values.data() + block * width;
    for (double& total : sum) *out++ = static_cast<float>(std::exchange(total, 0.0) / static_cast<double>(count));
  });
  return means;
}

void cosine_similarities(const UnitRows& unit, std::span<const Index> queries, std::span<float> out) {
  assert(out.size() == queries.size() * static_cast<std::size_t>(unit.count));
  const Eigen::Map<const Matrix> keys(unit.values.data(), unit.count, unit.width);
  Matrix chosen(static_cast<Index>(queries.size()), unit.width);
  for (std::size_t q = 0; q < queries.size(); ++q) chosen.row(static_cast<Index>(q)) = keys.row(queries[q]);
  Eigen::Map<Matrix> product(out.data(), chosen.rows(), unit.count);
  product.noalias() = chosen * keys.transpose();
  for (float& similarity : out) similarity = std::clamp(similarity, -1.0f, 1.0f);   // rounding; NaN stays NaN
}

std::vector<Index> cell_rows(const TokenGrid& grid, Index frame) {
  const std::string letters = grid.sizes.size() == 3 ? "thw" : "hw";
  assert(grid.order.size() == letters.size());
  const auto size = [&](char letter) { return grid.sizes[letters.find(letter)]; };
  const auto stride = [&](char letter) {
    Index cells = 1;
    for (std::size_t i = grid.order.size(); i-- > 0 && grid.order[i] != letter;) cells *= size(grid.order[i]);
    return cells;
  };
  const Index first = grid.prefix + (letters.size() == 3 ? frame * stride('t') : 0);
  std::vector<Index> rows;
  rows.reserve(static_cast<std::size_t>(size('h') * size('w')));
  for (Index h = 0; h < size('h'); ++h) {
    for (Index w = 0; w < size('w'); ++w) rows.push_back(first + h * stride('h') + w * stride('w'));
  }
  return rows;
}

}  // namespace pe
