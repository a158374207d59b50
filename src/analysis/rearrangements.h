#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// Two tables that are compared, A and B.
struct Pair {
  Tensor a, b;
};

/// Something people trip over: one thing that is done to one table of a pair, or to both, and that may make them equal.
struct Rearrangement {
  std::string name;      ///< one word for programs
  std::string action;    ///< what is done, as the end of "equal when ..."
  std::string meaning;   ///< what it says about where the tables come from; may be empty
  std::function<std::optional<Pair>(const Pair&)> apply;   ///< empty where the table is too large for it
  bool is_rounded = false;   ///< the values are computed anew, so that they are equal up to rounding
};

/// The rearrangements of one kind that suit a pair, the likely ones first. `grid` holds the sizes of the grid whose cells are the rows, where the
/// user gave them; else those that the tables know count, or every H x W that has as many cells as there are rows.
using Stage = std::vector<Rearrangement> (*)(const Pair& pair, const std::vector<Index>& grid);

/// axes of size 1, other shapes with as many elements, other orders of axes, complex elements as columns
std::vector<Rearrangement> axis_stage(const Pair& pair, const std::vector<Index>& grid);
/// rows that one table has more: prefix tokens, a later first position
std::vector<Rearrangement> overlap_stage(const Pair& pair, const std::vector<Index>& grid);
/// columns that one table has more: each angle twice, cosines and sines joined, padding
std::vector<Rearrangement> width_stage(const Pair& pair, const std::vector<Index>& grid);
/// cells of a grid column by column, rows from the last to the first
std::vector<Rearrangement> row_stage(const Pair& pair, const std::vector<Index>& grid);
/// a constant factor
std::vector<Rearrangement> scale_stage(const Pair& pair, const std::vector<Index>& grid);
/// pairs and halves, blocks of sines and cosines and of axes
std::vector<Rearrangement> column_stage(const Pair& pair, const std::vector<Index>& grid);
/// any order of columns, found by comparing what they hold in some rows; the pair has one shape
std::vector<Rearrangement> contents_stage(const Pair& pair, const std::vector<Index>& grid);
/// sines of the other sign
std::vector<Rearrangement> sign_stage(const Pair& pair, const std::vector<Index>& grid);

/// One row of a tensor.
std::vector<double> row_of(const Tensor& tensor, Index row);

}  // namespace pe
