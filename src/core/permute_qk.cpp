#include "core/permute_qk.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/rearrange.h"
#include "core/rotary_layout.h"

namespace pe {
namespace {

/// The heads near `heads` that divide `rows` into heads of an even size.
std::string dividing_heads(Index rows, Index heads) {
  Index below = std::min(heads, rows / 2), above = heads + 1;
  while (below > 0 && (rows % below != 0 || rows / below % 2 != 0)) --below;
  while (above <= rows / 2 && (rows % above != 0 || rows / above % 2 != 0)) ++above;
  std::string text = below > 0 ? std::to_string(below) : "";
  if (above <= rows / 2) text += (text.empty() ? "" : ", ") + std::to_string(above);
  return text.empty() ? "" : "; nearest: " + text;
}

}  // namespace

Tensor permute_qk(const Tensor& projection, Index heads, const std::string& from, const std::string& to, std::optional<Index> rotary_dim) {
  if (projection.axes.empty()) throw Error(fmt::format("{} is a scalar, not a projection", projection.name));
  const bool is_bias = projection.axes.size() == 1;
  const Index rows = projection.axes[is_bias ? 0 : projection.axes.size() - 2].size;
  if (rows == 0 || rows % heads != 0 || rows / heads % 2 != 0) {
    throw Error(fmt::format("{} is {}: its {} rows are not {} heads of an even size{}", projection.name, shape_text(projection), rows, heads,
                            dividing_heads(rows, heads)));
  }
  const Index head_dim = rows / heads, rotated = rotary_dim.value_or(head_dim);
  if (rotated % 2 != 0 || rotated > head_dim) {
    throw Error(fmt::format("{} of the {} columns of a head of {} cannot rotate: an even number of them can", rotated, head_dim, projection.name));
  }
  const std::vector<Index> order = pairing_order(from, to, rotated / 2);
  std::vector<Index> taken;
  for (Index row = 0; row < rows; ++row) {
    const Index in_head = row % head_dim;
    taken.push_back(in_head < rotated ? row - in_head + order[static_cast<std::size_t>(in_head)] : row);
  }
  return is_bias ? gather_columns(projection, std::move(taken)) : gather_rows(projection, std::move(taken));
}

}  // namespace pe
