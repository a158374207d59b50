#pragma once
#include <string>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// A runtime that takes a rotary table ready made, and how it wants it (`convert --target`).
struct Target {
  /// rows [N, w]; batch [1, N, w]; flat [1, N * w]; factors: not the table, but what divides its frequencies [n].
  enum class Shape { rows, batch, flat, factors };

  std::string name = {};
  std::string one_line = {};              ///< whose, and which tensors
  Shape shape = Shape::rows;
  bool takes_batches = false;          ///< also [B, S, w]
  std::string layout = {};             ///< of kAllRotaryLayouts
  std::vector<std::string> tensors = {};   ///< the names of the layout's tensors there
  std::vector<Dtype> types = {};       ///< the first where the source has none of them
  std::string half = {}, interleaved = {};   ///< its setting when columns i and i + n of a head turn together, or 2i and 2i + 1;
                                             ///< the second is empty where that cannot be
  std::string partial = {};            ///< its setting when only the first R columns of a head rotate; {} is R
  Index width_multiple = 1;            ///< of which the columns should be a multiple ...
  std::string width_reason = {};       ///< ... for whom
  std::string reference = {};
};

const std::vector<Target>& all_targets();

/// The target of that name; throws Error with the nearest one.
const Target& find_target(const std::string& name);

}  // namespace pe
