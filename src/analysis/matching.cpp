#include "analysis/matching.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

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
/// The same with orders of columns that have no name.
constexpr std::array<Stage, 6> kStagesByContents{axis_stage, overlap_stage, width_stage, row_stage, scale_stage, contents_stage};
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

/// NaN counts as 0.
std::vector<double> sorted_magnitudes(const Tensor& tensor, Index row) {
  std::vector<double> magnitudes = row_of(tensor, row);
  for (double& value : magnitudes) value = std::isnan(value) ? 0 : std::abs(value);
  std::sort(magnitudes.begin(), magnitudes.end());
  return magnitudes;
}

/// Searches depth first, with a fixed number of rearrangements at a time.
class Search {
 public:
  /// The options allow more than `given`, the user's own tolerance.
  Search(Pair start, std::span<const Stage> stages, const MatchOptions& options, const Tolerance& given, bool is_near)
      : start_(std::move(start)), stages_(stages), options_(options), given_(given), is_near_(is_near) {}

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
    if (stage == stages_.size()) {
      if (steps == 0) try_pair(pair);
      return;
    }
    descend(pair, stage + 1, steps);
    const bool is_again = stage == kColumnsAgain && !has_column_order_;
    if (steps == 0 || is_again) return;
    const std::size_t before = matches_.size();
    for (const Rearrangement& step : stages_[stage](pair, options_.grid)) {
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

  /// An order of columns and their signs leave the sorted magnitudes of a row as they are, and values that are pairwise near stay so when both
  /// rows are sorted: rows for which that is not so need not be tried.
  bool may_match(const Pair& pair) const {
    if (!has_same_shape(pair)) return false;
    const Tolerance allowed = tolerance();
    if (!can_sample(pair, allowed)) return true;
    const Dtype type = coarser(pair.a.dtype, pair.b.dtype);
    const double units = allowed.ulps ? static_cast<double>(*allowed.ulps) + 1 : 0;   // the one for rounding to the type
    const double relative = 1e-9 + allowed.relative.value_or(0) + epsilon(type) * units;
    const double absolute = allowed.absolute.value_or(0) + units * (type == Dtype::f16 ? 0x1p-24 : 0x1p-126);   // below the normal numbers
    for (const Index row : {pair.a.rows() / 2, pair.a.rows() - 1}) {
      const std::vector<double> of_a = sorted_magnitudes(pair.a, row), of_b = sorted_magnitudes(pair.b, row);
      for (std::size_t i = 0; i < of_a.size(); ++i) {
        if (std::abs(of_a[i] - of_b[i]) > absolute + relative * of_b[i]) return false;
      }
    }
    return true;
  }

  /// Of complex elements a tolerance means the distance in the plane, not that of their parts.
  static bool can_sample(const Pair& pair, const Tolerance& allowed) { return components(pair.a.dtype) == 1 || allowed.is_exact(); }

  void try_pair(const Pair& pair) {
    const Tolerance allowed = tolerance();
    for (const Index row : can_sample(pair, allowed) ? sampled_rows(pair.a.rows()) : std::vector<Index>()) {
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
  std::span<const Stage> stages_;
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
  std::vector<Match> matches = Search({a, b}, kStages, allowed, options.tolerance, false).find();
  if (matches.empty()) matches = Search({a, b}, kStagesByContents, allowed, options.tolerance, false).find();
  if (!matches.empty() || (is_integer(a.dtype) && is_integer(b.dtype))) return matches;
  allowed.tolerance.absolute = std::max(allowed.tolerance.absolute.value_or(0), kNear * largest_value(a));
  if (are_so_already()) return {};
  return Search({a, b}, kStages, allowed, options.tolerance, true).find();
}

}  // namespace pe
