#include "formats/support/nested.h"

namespace pe {

std::vector<Index> nested_shape(const Tensor& tensor) {
  std::vector<Index> shape = tensor.shape();
  if (components(tensor.dtype) == 2) shape.push_back(2);
  return shape;
}

void append_brackets(std::string& text, const std::vector<Index>& shape, Index at, char bracket) {
  Index size = 1;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    size *= shape[axis];
    if (at % size == 0) text += bracket;
  }
}

}  // namespace pe
