#pragma once
#include <optional>
#include <string>
#include <vector>

#include "analysis/compare.h"
#include "core/tensor.h"

namespace pe {

/// What would make two tables equal.
struct Match {
  std::vector<std::string> names;      ///< of the rearrangements, in the order in which they are done
  std::string action;                  ///< "equal when ..."
  std::vector<std::string> meanings;   ///< what that says about the tables
  bool is_rounded = false;             ///< equal within 2 units in the last place: the values are multiplied
  std::optional<Dtype> rounded_to;     ///< set: equal when the finer of the two types is rounded to this one
  std::optional<Comparison> nearly;    ///< set: not equal, but as near as rounding brings tables
};

struct MatchOptions {
  Tolerance tolerance = {};
  std::vector<Index> grid = {};   ///< sizes of the grid whose cells are the rows; empty: unknown
  int threads = 1;
};

/// Tries rearrangements that people trip over, alone, then in pairs, where shapes differ in threes, and gives those of the smallest number
/// that make the tables equal within the tolerance; where there are none, those that make them nearly equal (within 2^-7 of the largest value),
/// unless they are so as they are. Rows are sampled before a whole table is compared; held are blocks, and small tables whose axes are turned.
/// Tables of whole numbers that a double does not hold are not rearranged.
std::vector<Match> find_matches(const Tensor& a, const Tensor& b, const MatchOptions& options);

}  // namespace pe
