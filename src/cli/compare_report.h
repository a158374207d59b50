#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/compare.h"
#include "analysis/matching.h"

namespace pe {

/// A table that is compared, and the words FILE[:TENSOR] that name it.
struct Side {
  std::string words;
  Tensor tensor;
};

/// All that is said of two tables.
struct ComparisonReport {
  Side a, b;
  Tolerance tolerance;
  std::optional<Comparison> found;      ///< empty: they have different shapes
  std::vector<Match> matches;
  std::string looks_like;               ///< what the differences look like; may be empty

  bool is_equal() const { return found && found->is_equal(); }
};

/// What differences look like that no rearrangement explains, as far as it can be established: a rounding, or an angle computed in f32. "" when
/// nothing can be said.
std::string likeness(const Side& a, const Side& b, const Comparison& found, int threads);

/// A few aligned lines.
std::string report_text(const ComparisonReport& report);

nlohmann::ordered_json report_json(const ComparisonReport& report);

}  // namespace pe
