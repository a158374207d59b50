#include "analysis/matching.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "analysis/rearrangements.h"
#include "analysis/summary.h"
#include "analysis/units.h"
#include "core/interrupt.h"
#include "core/text.h"

namespace pe {
namespace {

constexpr std::size_t kMostMatches = 3;      ///< of one rearrangement each; of several the first is enough
constexpr std::uint64_t kScaledUlps = 2;     ///< a factor is known to a unit, and the product is rounded
constexpr double kNear = 0x1p-7;             ///< of the largest value: what bf16 keeps

/// What is done at each stage, in this order. The orders of columns are taken twice: blocks, then pairs inside them.
constexpr std::array<Stage, 8> kStages{axis_stage, overlap_stage, width_stage, row_stage, scale_stage, column_stage, column_stage, sign_stage};
constexpr std::size_t kFirstOfColumns = 5, kColumnsAgain = 6;

bool has_same_shape(const Pair& pair) { return pair.a.shape() == pair.b.shape() && components(pair.a.dtype) == components(pair.b.dtype); }

/// A few rows: those of large positions differ most between columns, and a row of the prefix or of position 0 tells nothing.
std::vector<Index> sampled_rows(Index rows) {
  std::vector<Index> some;
  for (const Index row : {rows / 2, rows - 1, rows / 3, Index{1}, 3 * rows / 4, rows / 5, Index{0}}) {
    if (row < rows && std::find(some.begin(), some.end(), row) == some.end()) some.push_back(row);
  }
  return some;
}

/// Searches depth first, with a fixed number of rearrangements at a time.
class Search {
 public:
  /// The options allow more than `given`, the user's own tolerance.
  Search(Pair start, const MatchOptions& options, const Tolerance& given, bool is_near)
      : start_(std::move(start)), options_(options), given_(given), is_near_(is_near) {}

  std::vector<Match> find() {
    const Index different = count_differences();
    const Index most = different == 0 ? 2 : std::min<Index>(2 + different, 4);
    for (Index steps = 1; steps <= most && matches_.empty(); ++steps) descend(start_, 0, steps);
    return std::move(matches_);
  }

 private:
  /// In number of axes, rows, columns: each asks for a rearrangement.
  Index count_differences() const {
    const Tensor &a = start_.a, &b = start_.b;
    return (a.axes.size() != b.axes.size()) + (a.rows() != b.rows()) + (a.columns_count() != b.columns_count()) +
           (components(a.dtype) != components(b.dtype));
  }

  bool is_enough() const { return matches_.size() >= kMostMatches || (!matches_.empty() && matches_.front().names.size() > 1); }

  void descend(const Pair& pair, std::size_t stage, Index steps) {
    check_interrupt();
    if (is_enough()) return;
    if (stage == kFirstOfColumns && !may_match(pair)) return;
    if (stage == kStages.size()) {
      if (steps == 0) try_pair(pair);
      return;
    }
    descend(pair, stage + 1, steps);
    const bool is_again = stage == kColumnsAgain && !has_column_order_;
    if (steps == 0 || is_again) return;
    const std::size_t before = matches_.size();
    for (const Rearrangement& step : kStages[stage](pair, options_.grid)) {
      if (matches_.size() > before) return;   // of one kind the likeliest is named
      const std::optional<Pair> next = step.apply(pair);
      if (!next) continue;
      chosen_.push_back(&step);
      if (stage == kFirstOfColumns) has_column_order_ = true;
      descend(*next, stage + 1, steps - 1);
      if (stage == kFirstOfColumns) has_column_order_ = false;
      chosen_.pop_back();
    }
  }

  bool is_rounded() const {
    return std::any_of(chosen_.begin(), chosen_.end(), [](const Rearrangement* step) { return step->is_rounded; });
  }

  Tolerance tolerance() const {
    Tolerance allowed = options_.tolerance;
    if (is_rounded()) allowed.ulps = std::max(allowed.ulps.value_or(0), kScaledUlps);
    return allowed;
  }

  /// An order of columns and their signs leave the sum of a row's magnitudes as it is: rows with other sums need not be tried.
  bool may_match(const Pair& pair) const {
    if (!has_same_shape(pair)) return false;
    const Tolerance allowed = tolerance();
    const double unit = epsilon(coarser(pair.a.dtype, pair.b.dtype));
    for (const Index row : {pair.a.rows() / 2, pair.a.rows() - 1}) {
      double sum_a = 0, sum_b = 0;
      for (const double value : row_of(pair.a, row)) sum_a += std::abs(value);
      for (const double value : row_of(pair.b, row)) sum_b += std::abs(value);
      const double units = allowed.ulps ? static_cast<double>(*allowed.ulps) + 1 : 0;   // the one for rounding to the type
      const double relative = 1e-9 + allowed.relative.value_or(0) + unit * units;
      const double slack = relative * (sum_a + sum_b) + allowed.absolute.value_or(0) * static_cast<double>(pair.a.row_width());
      if (std::isfinite(slack) && std::abs(sum_a - sum_b) > slack) return false;
    }
    return true;
  }

  void try_pair(const Pair& pair) {
    const Tolerance allowed = tolerance();
    for (const Index row : sampled_rows(pair.a.rows())) {
      if (!are_equal(row_of(pair.a, row), row_of(pair.b, row), pair.a.dtype, pair.b.dtype, allowed)) return;
    }
    if (!are_equal(pair.a, pair.b, allowed, options_.threads)) return;
    Match match;
    std::vector<std::string> actions;
    for (const Rearrangement* step : chosen_) {
      match.names.push_back(step->name);
      actions.push_back(step->action);
      const bool is_new = std::find(match.meanings.begin(), match.meanings.end(), step->meaning) == match.meanings.end();
      if (!step->meaning.empty() && is_new) match.meanings.push_back(step->meaning);
    }
    match.action = join(actions, ", then ");
    match.is_rounded = is_rounded();
    const bool may_be_rounded = !is_near_ && !match.is_rounded && pair.a.dtype != pair.b.dtype;
    if (may_be_rounded && !are_equal(pair.a, pair.b, given_, options_.threads)) match.rounded_to = coarser(pair.a.dtype, pair.b.dtype);
    if (is_near_) match.nearly = compare(pair.a, pair.b, {}, options_.threads);
    matches_.push_back(std::move(match));
  }

  Pair start_;
  const MatchOptions& options_;
  const Tolerance& given_;
  bool is_near_;
  std::vector<const Rearrangement*> chosen_;
  bool has_column_order_ = false;
  std::vector<Match> matches_;
};

/// Whether rearranging, which passes through doubles, keeps all values.
bool fits_double(const Tensor& tensor) {
  constexpr double kMost = 0x1p53;
  if (tensor.dtype != Dtype::i64 && tensor.dtype != Dtype::u64) return true;
  const std::optional<Range> range = summarize(tensor).range;
  return !range || (range->low > -kMost && range->high < kMost);
}

double largest_value(const Tensor& tensor) {
  const std::optional<Range> range = summarize(tensor).range;
  return range ? std::max(std::abs(range->low), std::abs(range->high)) : 0;
}

}  // namespace

std::vector<Match> find_matches(const Tensor& a, const Tensor& b, const MatchOptions& options) {
  if (a.elements() == 0 || b.elements() == 0 || !fits_double(a) || !fits_double(b)) return {};
  MatchOptions allowed = options;
  const auto are_so_already = [&] { return has_same_shape({a, b}) && are_equal(a, b, allowed.tolerance, options.threads); };
  if (a.dtype != b.dtype && !allowed.tolerance.ulps) allowed.tolerance.ulps = 0;   // one may be rounded to the type of the other
  if (are_so_already()) return {};
  std::vector<Match> matches = Search({a, b}, allowed, options.tolerance, false).find();
  if (!matches.empty() || (is_integer(a.dtype) && is_integer(b.dtype))) return matches;
  allowed.tolerance.absolute = std::max(allowed.tolerance.absolute.value_or(0), kNear * largest_value(a));
  if (are_so_already()) return {};
  return Search({a, b}, allowed, options.tolerance, true).find();
}

}  // namespace pe
