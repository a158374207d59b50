// .bin: one array as its values alone.
//
//   values       little-endian, in C order, nothing before and nothing behind; a truth value is a byte, a complex number its real and
//                its imaginary part
//
// numpy.fromfile, torch.frombuffer, a Float32Array or fread take it as it is. What it lacks, shape and type, stands in STEM.meta.json, and
// in the list of what was written.

#include "formats/format.h"
#include "formats/support/values.h"

namespace pe {
namespace {

std::vector<std::string> write(const Document& document, Sink& sink) {
  const Tensor& tensor = document.tensors.front();
  sink.reserve(tensor.bytes());
  return {write_values(document, tensor, tensor.dtype, [&](std::span<const std::byte> bytes) { sink.write(bytes); })};
}

}  // namespace

Format bin() {
  return {"bin", "one array as raw little-endian values", {".bin"}, false, [](Dtype dtype) { return dtype; }, write, nullptr};
}

}  // namespace pe
