#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/scheme.h"
#include "formats/format.h"

namespace pe {

/// Tensors of a file, named by the words FILE (all of them) or FILE:TENSOR.
struct Inputs {
  std::string path;                       ///< without the tensor's name
  std::vector<Tensor> tensors;            ///< at least one; their values are read when they are filled
  nlohmann::ordered_json description;     ///< of the run that made them, without the tensors; null where nothing is known of it

  /// "rope.npz": the file's name without folders; "stdin" of standard input.
  std::string file() const;
  /// "rope"
  std::string stem() const;
  /// `words` with that name in place of the path: "rope.npz:cos".
  std::string named(const std::string& words) const;
};

/// Opens FILE[:TENSOR]. What the file's description, or STEM.meta.json beside a .npy, says of a tensor (axes, grid, a type the format
/// has not) it has again. Throws Error (io, malformed; usage when the file has no tensor of that name).
Inputs read_inputs(const std::string& words);

/// The same for one tensor. A file with several needs the name.
Inputs read_input(const std::string& words);

/// The numbers of FILE[:TENSOR], or of a list such as 1,1.5,2, for an option such as --positions. Complex ones are refused.
ArrayPtr read_array(const std::string& words);

/// The numbers of every tensor of FILE for an option such as --weights.
ArraySet read_array_set(const std::string& path);

}  // namespace pe
