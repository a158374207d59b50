#include "figures/draw/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.h"
#include "figures/draw/ticks.h"

namespace pe {
namespace {

double wavelength(const Column& column) { return 2 * std::numbers::pi / std::abs(column.frequency); }

// Columns like the first one that has a frequency.
std::vector<Index> columns_of_one_kind(const std::vector<Column>& columns) {
  const auto first = std::find_if(columns.begin(), columns.end(), [](const Column& column) { return column.frequency != 0; });
  std::vector<Index> same;
  for (auto column = first; column != columns.end(); ++column) {
    const bool is_same = column->function == first->function && column->axis == first->axis && column->frequency != 0;
    if (is_same) same.push_back(column - columns.begin());
  }
  return same;
}

std::vector<Index> evenly_spaced(Index columns, std::size_t count) {
  std::vector<Index> chosen;
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(static_cast<Index>(i) * columns / static_cast<Index>(count));
  return chosen;
}

}  // namespace

std::string wavelength_text(double frequency) {
  const double length = 2 * std::numbers::pi / std::abs(frequency);
  if (length < 1e6) return length < 1000 ? fmt::format("{:.3g}", length) : fmt::format("{:.0f}", length);
  return number_text(length, 1);
}

std::string column_detail(const Column& column, bool with_axis) {
  std::string text = column.function;
  if (with_axis && !column.axis.empty()) text += " " + column.axis;
  if (column.frequency != 0) text += " · λ " + wavelength_text(column.frequency);
  return text;
}

bool has_several_axes(const std::vector<Column>& columns) {
  const auto first = std::find_if(columns.begin(), columns.end(), [](const Column& column) { return !column.axis.empty(); });
  return std::any_of(columns.begin(), columns.end(), [&](const Column& column) { return !column.axis.empty() && column.axis != first->axis; });
}

std::vector<Column> known_columns(const Tensor& tensor) { return tensor.columns ? tensor.columns() : std::vector<Column>(); }

std::vector<Index> asked_columns(const Tensor& tensor, Index count, const FigureStyle& style, const std::string& figure, std::size_t most) {
  for (const Index column : style.columns) {
    if (column >= count) throw Error(fmt::format("--columns {}: {} has {} columns, numbered from 0", column, tensor.name, count));
  }
  if (style.columns.size() > most) throw Error(fmt::format("--columns names {} columns; {} draws up to {}", style.columns.size(), figure, most));
  return style.columns;
}

std::vector<Index> readable_columns(const Tensor& tensor, double length, std::size_t count) {
  const std::vector<Column> columns = known_columns(tensor);
  if (tensor.columns_count() <= static_cast<Index>(count)) return evenly_spaced(tensor.columns_count(), static_cast<std::size_t>(tensor.columns_count()));
  std::vector<Index> candidates = columns_of_one_kind(columns);
  if (candidates.empty()) return evenly_spaced(tensor.columns_count(), count);

  const auto length_of = [&](Index column) { return wavelength(columns[static_cast<std::size_t>(column)]); };
  const auto [shortest, longest] = std::minmax_element(candidates.begin(), candidates.end(), [&](Index a, Index b) { return length_of(a) < length_of(b); });
  const double low = std::clamp(length / 6, length_of(*shortest), length_of(*longest)), high = std::clamp(length * 2, low, length_of(*longest));
  std::vector<Index> chosen;
  for (std::size_t i = 0; i < count && !candidates.empty(); ++i) {
    const double wanted = low * std::pow(high / low, count == 1 ? 0 : static_cast<double>(i) / static_cast<double>(count - 1));
    const auto distance = [&](Index column) { return std::abs(std::log(length_of(column) / wanted)); };
    const auto best = std::min_element(candidates.begin(), candidates.end(), [&](Index a, Index b) { return distance(a) < distance(b); });
    chosen.push_back(*best);
    candidates.erase(best);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace pe
