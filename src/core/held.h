#pragma once
#include <functional>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// The same tensors, filled with the values that `make` gives for each of them, whole and in C order. `make` is called once, when
/// any of the tensors is first used, and what it gives is held from then on: for values that come in a sequence, such as random
/// numbers, and for small tables whose rows are needed again and again.
/// Throws Error when the machine has not the memory for all of them.
std::vector<Tensor> held_tensors(std::vector<Tensor> tensors, std::function<std::vector<std::vector<double>>()> make);

}  // namespace pe
