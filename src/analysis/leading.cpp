#include "analysis/leading.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/text.h"

namespace pe {

std::size_t leading_axes(const Tensor& tensor) {
  const std::size_t count = tensor.axes.size();
  if (count < 3) return 0;
  const std::string &before_last = tensor.axes[count - 2].name, &last = tensor.axes[count - 1].name;
  if (before_last == "h" && last == "w") return count - 3;
  return tensor.grid || before_last == "token" || before_last == "position" ? count - 2 : 0;
}

bool has_leading_blocks(const Tensor& tensor) {
  const auto end = tensor.axes.begin() + static_cast<std::ptrdiff_t>(leading_axes(tensor));
  return std::any_of(tensor.axes.begin(), end, [](const Axis& axis) { return axis.size > 1; });
}

Tensor leading_block(const Tensor& tensor, const std::vector<Index>& at) {
  const std::size_t leading = leading_axes(tensor);
  if (!at.empty() && has_leading_blocks(tensor) && at.size() != leading) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < leading; ++i) names.push_back(tensor.axes[i].name);
    throw Error(fmt::format("--draw-at: the tables of {} are numbered by {}", tensor.name, join(names, ", ")));
  }
  Index number = 0;
  for (std::size_t i = 0; i < leading; ++i) {
    const Axis& axis = tensor.axes[i];
    const Index index = at.size() == leading ? at[i] : 0;
    if (index >= axis.size) {
      throw Error(fmt::format("--draw-at: {} {} is not there; {} has {}, numbered from 0", axis.name, index, tensor.name, axis.size));
    }
    number = number * axis.size + index;
  }
  Tensor block = tensor;
  block.axes.erase(block.axes.begin(), block.axes.begin() + static_cast<std::ptrdiff_t>(leading));
  block.fill = [fill = tensor.fill, first = number * block.rows()](Index row, std::span<double> out) { fill(first + row, out); };
  return block;
}

std::string leading_text(const Tensor& tensor, const std::vector<Index>& at) {
  std::vector<std::string> parts;
  const std::size_t leading = leading_axes(tensor);
  for (std::size_t i = 0; i < leading; ++i) {
    const std::string& name = tensor.axes[i].name;
    const char* colon = name.find(' ') == std::string::npos ? "" : ":";   // a file's "axis 0"
    if (tensor.axes[i].size > 1) parts.push_back(fmt::format("{}{} {}", name, colon, at.size() == leading ? at[i] : 0));
  }
  return join(parts, ", ");
}

}  // namespace pe
