#pragma once
#include <optional>

#include "cli/rotary_conversion.h"
#include "cli/targets.h"

namespace pe {

/// Makes of the tensors those that a runtime takes, in a type it knows: `dtype`, or the source's where that will do. `base` is of the
/// frequencies, for a target that takes factors of them. Throws Error as convert_layout, and for what the runtime does not take.
void convert_to_target(Conversion& conversion, const RotaryRequest& request, const Target& target, std::optional<Dtype> dtype,
                       std::optional<double> base);

}  // namespace pe
