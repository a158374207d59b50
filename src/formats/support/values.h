#pragma once
#include <functional>
#include <string>

#include "formats/format.h"

namespace pe {

/// Hands the stored bytes of a tensor to `consume`, in order. Returns their sha256 when the document asks for digests, else "".
std::string write_values(const Document& document, const Tensor& tensor, Dtype stored,
                         const std::function<void(std::span<const std::byte>)>& consume);

/// The sha256 of the stored values when the document asks for digests, else "": for formats that write them as text.
std::string digest_values(const Document& document, const Tensor& tensor, Dtype stored);

/// What the description says of one tensor: name, axes, shape, stored type, range, grid, columns and, unless empty, sha256.
nlohmann::ordered_json describe_tensor(const Tensor& tensor, Dtype stored, const std::string& sha256);

/// The description of a run with what is said of each of its tensors, stored as `stored` says; `digests` are theirs, in order.
nlohmann::ordered_json describe_document(const Document& document, Dtype (*stored)(Dtype), const std::vector<std::string>& digests);

/// The inverse of describe_tensor, for a table that has been read: gives the tensor the name, axes, type and grid of its description. What the description does
/// not say, or says of another shape or stored type, stays as it is.
void apply_description(Tensor& tensor, const nlohmann::ordered_json& described);

/// A description of a run is text of a few kilobytes; a larger one in a file is somebody else's, and not read.
constexpr Index kMaxDescription = 16 << 20;

/// The bytes of so many elements of `unit` bytes. Throws Error (malformed), in the name of the format, when those or their numbers take more
/// than 2^63, also where a size of 0 leaves no values: strides and numbers of rows are products of the other sizes.
Index bytes_of_shape(std::string_view format, const std::vector<Index>& shape, Index unit);

/// A tensor whose values lie in `bytes` as elements of `stored`, C order. Big-endian elements are `swapped`, Fortran order is `transposed`.
struct StoredArray {
  Bytes bytes;
  std::vector<Index> shape;
  Dtype stored = Dtype::f32;
  bool swapped = false;
  bool transposed = false;
};
Tensor stored_tensor(std::string name, StoredArray array);

}  // namespace pe
