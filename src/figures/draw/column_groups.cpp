#include "figures/draw/column_groups.h"

#include <algorithm>

#include "core/text.h"

namespace pe {
namespace {

// The longest pattern looked for: sine and cosine of three axes is 6.
constexpr std::size_t kLongestPattern = 8;

bool same_kind(const Column& a, const Column& b) { return a.function == b.function && a.axis == b.axis; }

// Where the columns from `first` on stop repeating with this period, or their frequencies start anew.
std::size_t end_of_pattern(const std::vector<Column>& columns, std::size_t first, std::size_t period) {
  std::size_t end = std::min(first + period, columns.size());
  Index direction = 0;   // of the first step from a frequency to another
  for (; end < columns.size() && same_kind(columns[end], columns[end - period]); ++end) {
    const Index step = columns[end].index - columns[end - period].index;
    const bool starts_anew = step * direction < 0, is_the_same_again = step == 0 && period > 1;
    if (starts_anew || is_the_same_again) break;
    if (direction == 0) direction = step;
  }
  return end;
}

// The different texts that `part` takes in one period, in order.
template <class Part>
std::string listed(const std::vector<Column>& columns, std::size_t first, std::size_t period, Part part) {
  std::vector<std::string> words;
  for (std::size_t i = first; i < first + period; ++i) {
    if (std::find(words.begin(), words.end(), part(columns[i])) == words.end()) words.push_back(part(columns[i]));
  }
  return join(words, ", ");
}

std::string label_of(const std::vector<Column>& columns, std::size_t first, std::size_t period) {
  const std::string functions = listed(columns, first, period, [](const Column& column) { return column.function; });
  const std::string axes = listed(columns, first, period, [](const Column& column) { return column.axis; });
  if (axes.empty()) return period == 1 ? functions : functions + " alternating";
  return period == 1 ? functions + " " + axes : functions + " alternating · " + axes;
}

}  // namespace

std::vector<ColumnGroup> column_groups(const std::vector<Column>& columns) {
  std::vector<ColumnGroup> groups;
  for (std::size_t first = 0; first < columns.size(); first = static_cast<std::size_t>(groups.back().last)) {
    std::size_t period = 1, end = end_of_pattern(columns, first, 1);
    for (std::size_t longer = 2; longer <= kLongestPattern; ++longer) {
      const std::size_t longer_end = end_of_pattern(columns, first, longer);
      if (longer_end > end && longer_end - first >= 2 * longer) {
        period = longer;
        end = longer_end;
      }
    }
    groups.push_back({static_cast<Index>(first), static_cast<Index>(end), label_of(columns, first, period)});
  }
  return groups;
}

}  // namespace pe
