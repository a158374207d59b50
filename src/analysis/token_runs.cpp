#include "analysis/token_runs.h"

#include <algorithm>
#include <set>

namespace pe {

std::vector<TokenRun> token_runs(std::span<const double> ids, Index axes, Index tokens) {
  const auto id = [&](Index axis, Index token) { return ids[static_cast<std::size_t>(axis * tokens + token)]; };
  const auto different = [&](Index axis, Index first, Index last) {
    std::set<double> values;
    for (Index token = first; token < last; ++token) values.insert(id(axis, token));
    return static_cast<Index>(values.size());
  };
  std::vector<TokenRun> runs;
  for (Index first = 0, last = 0; first < tokens; first = last) {
    double largest = id(0, first);
    const auto take = [&](Index token) {
      for (Index axis = 0; axis < axes; ++axis) largest = std::max(largest, id(axis, token));
    };
    const auto is_behind = [&](Index token) {
      for (Index axis = 0; axis < axes; ++axis) {
        if (id(axis, token) <= largest) return false;
      }
      return true;
    };
    take(first);
    for (last = first + 1; last < tokens && !is_behind(last); ++last) take(last);
    if (last == first + 1 && !runs.empty() && runs.back().sizes.empty()) {
      runs.back().last = last;
      continue;
    }
    runs.push_back({first, last, {}, {}});
    for (Index axis = 0; last > first + 1 && axis < axes; ++axis) runs.back().sizes.push_back(different(axis, first, last));
  }
  return runs;
}

}  // namespace pe
