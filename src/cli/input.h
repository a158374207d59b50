#pragma once
#include <string>

#include "core/scheme.h"
#include "formats/format.h"

namespace pe {

/// A tensor of a file, written FILE or FILE:TENSOR.
struct Input {
  std::string path;   ///< without the tensor's name
  Tensor tensor;
};

/// Opens FILE[:TENSOR]. A file with several tensors needs the name. Throws Error (io, malformed, usage).
Input read_input(const std::string& words);

/// The numbers of FILE[:TENSOR], or of a list such as 1,1.5,2, for an option such as --positions. Complex ones are refused.
ArrayPtr read_array(const std::string& words);

/// The numbers of every tensor of FILE for an option such as --weights.
ArraySet read_array_set(const std::string& path);

}  // namespace pe
