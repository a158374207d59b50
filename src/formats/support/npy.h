#pragma once
#include <string>

#include "formats/format.h"

namespace pe {

/// numpy has no bf16: such values are kept, without loss, as f32.
Dtype npy_stored(Dtype dtype);

/// Everything before the values of a C-order .npy file, byte for byte as numpy writes it.
std::string npy_header(const std::vector<Index>& shape, Dtype stored);

/// Throws Error (malformed) where a .npy file of `size` bytes cannot start so: its shape needs fewer or more.
void check_npy_size(std::span<const std::byte> head, Index size);

/// The array of a .npy file, of any version, byte order and element order. Throws Error (malformed).
Tensor read_npy(const Bytes& bytes, const std::string& name);

}  // namespace pe
