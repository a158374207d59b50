#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// A tensor as the header of a .safetensors file has it.
struct SafetensorsEntry {
  std::string name, dtype;
  std::vector<Index> shape;
  Index begin = 0, end = 0;   ///< bytes from the end of the header

  /// The name as a message shows it: a file may have one of any length.
  std::string shown() const;
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;   ///< in no order; their names differ
  std::string description;                 ///< of the run, as JSON text; empty where there is none
};

/// Reads the JSON text. What is not as the layout says, or is there twice, throws Error (malformed); where the tensors lie, and whether their
/// bytes are enough, is not looked at.
SafetensorsHeader parse_safetensors_header(std::string_view text);

}  // namespace pe
