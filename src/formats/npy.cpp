// .npy: one array.
//
//   "\x93NUMPY"  6 bytes
//   version      2 bytes: major, minor
//   length       little-endian, of the header text: 2 bytes in version 1, 4 in versions 2 and 3
//   header       a Python dict literal with the keys descr, fortran_order, shape; latin-1 (UTF-8 in version 3), padded with spaces
//                and closed by a newline so that the values start at a multiple of 64
//   values       as many elements as the shape says, nothing behind
//
// numpy.org/devdocs/reference/generated/numpy.lib.format.html. The header text is written byte for byte as numpy does.

#include "formats/support/npy.h"

#include "formats/format.h"
#include "formats/support/values.h"

namespace pe {
namespace {

std::vector<std::string> write(const Document& document, Sink& sink) {
  const Tensor& tensor = document.tensors.front();
  const Dtype stored = npy_stored(tensor.dtype);
  const std::string header = npy_header(tensor.shape(), stored);
  sink.reserve(static_cast<Index>(header.size()) + tensor.elements() * static_cast<Index>(size_of(stored)));
  sink.write(header);
  return {write_values(document, tensor, stored, [&](std::span<const std::byte> bytes) { sink.write(bytes); })};
}

Contents read(const Bytes& bytes) { return one_table(read_npy(bytes, "table")); }

}  // namespace

Format npy() { return {"npy", "one array, for numpy", {".npy"}, false, npy_stored, write, read}; }

}  // namespace pe
