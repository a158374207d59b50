#include "core/column_runs.h"

#include <algorithm>

namespace pe {
namespace {

/// Whether a run goes on with a column.
bool continues_with(const ColumnRun& run, const WaveColumn& column, Index at) {
  const bool same = column.wave == run.from.wave && column.axis == run.from.axis &&
      column.frequency == run.from.frequency + static_cast<std::size_t>(run.count);
  return same && (run.count == 1 || at == run.first + run.count * run.stride);
}

/// The run that the column goes on, or none. Repeated columns (c0 c0 c1 c1 ...) belong to two runs that grow together, so the older of
/// the latest two of the same function and axis goes first.
ColumnRun* run_before(std::vector<ColumnRun>& runs, const WaveColumn& column, Index at) {
  ColumnRun* found = nullptr;
  int asked = 0;
  for (auto run = runs.rbegin(); run != runs.rend() && asked < 2; ++run) {
    if (run->from.wave != column.wave || run->from.axis != column.axis) continue;
    ++asked;
    if (continues_with(*run, column, at)) found = &*run;
  }
  return found;
}

/// Makes one run of two that take every other column, the second behind the first.
void join_alternating(std::vector<ColumnRun>& runs) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    ColumnRun& run = runs[i];
    if (run.stride != 2) continue;
    const auto other = std::find_if(runs.begin(), runs.end(), [&](const ColumnRun& r) {
      return r.stride == 2 && r.first == run.first + 1 && r.count == run.count && !r.between;
    });
    if (other == runs.end()) continue;
    run.between = other->from;
    runs.erase(other);
  }
}

}  // namespace

std::vector<ColumnRun> runs_of(const std::vector<WaveColumn>& columns) {
  std::vector<ColumnRun> runs;
  for (Index at = 0; at < static_cast<Index>(columns.size()); ++at) {
    const WaveColumn& column = columns[static_cast<std::size_t>(at)];
    if (column.wave == Wave::zero || column.wave == Wave::coordinate) continue;
    if (ColumnRun* const run = run_before(runs, column, at); run != nullptr) {
      if (run->count == 1) run->stride = at - run->first;
      ++run->count;
    } else {
      runs.push_back({column, at});
      runs.back().count = 1;
    }
  }
  join_alternating(runs);
  return runs;
}

}  // namespace pe
