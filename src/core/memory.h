#pragma once
#include <vector>

#include "core/tensor.h"

namespace pe {

/// So many zeros. Much memory is asked for in huge pages, where the system has them: making fresh small ones takes longer than what is
/// computed into them.
std::vector<double> zeros(Index count);

}  // namespace pe
