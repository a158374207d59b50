#pragma once
#include <string>
#include <vector>

#include "core/tensor.h"
#include "figures/figure.h"

namespace pe {

/// 2 pi / frequency in positions, to three digits: "39.7", "6283".
std::string wavelength_text(double frequency);

/// What is known of a column in few words, "sin w · λ 39.7"; "" when nothing is. The axis is named where columns depend on several.
std::string column_detail(const Column& column, bool with_axis);

/// Whether columns of the table depend on different axes.
bool has_several_axes(const std::vector<Column>& columns);

/// What is known of the tensor's columns, one entry each; empty when nothing is.
std::vector<Column> known_columns(const Tensor& tensor);

/// The columns that --columns names, checked. Throws Error naming one that is not among the `count` of the tensor, or when they are
/// more than the `most` that a figure draws.
std::vector<Index> asked_columns(const Tensor& tensor, Index count, const FigureStyle& style, const std::string& figure, std::size_t most);

/// About `count` columns with waves that can be followed over `length` positions: of one function and one axis, their wavelengths
/// evenly spread on a logarithmic scale from a sixth of the length to twice the length, as far as the table has them. All columns
/// of a narrow table, and evenly spaced ones where no frequencies are known.
std::vector<Index> readable_columns(const Tensor& tensor, double length, std::size_t count);

}  // namespace pe
