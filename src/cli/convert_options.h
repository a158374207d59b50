#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/output.h"
#include "cli/rotary_conversion.h"
#include "core/dtype.h"

namespace pe {

/// What the user says to `convert`, output apart.
struct ConvertOptions {
  std::vector<std::string> inputs;               ///< FILE[:TENSOR], ...
  std::optional<Dtype> dtype;
  std::string layout, target;                    ///< known words, or empty
  RotaryRequest rotary;
  std::vector<std::string> renames, permutes;
  OptionalIndex rotary_dim;
  OptionalNumber base;
};

void add_convert_options(Arguments& arguments, ConvertOptions& options);

/// Throws Error for options that have nothing to do beside the others, or not without them.
void check_options(const ConvertOptions& options, const OutputOptions& output);

}  // namespace pe
