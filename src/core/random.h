#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// The generator of one run: the numbers a framework's generator of the same seed gives, tensor after tensor. What is drawn
/// depends on everything drawn before, so the tensors of a run are drawn from one Random, in their order.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::vector<double> uniform(Index count, double low, double high) = 0;
  virtual std::vector<double> normal(Index count, double std) = 0;
  /// A normal of mean 0 cut at `low` and `high` (absolute values), by the inverse of its distribution.
  virtual std::vector<double> truncated_normal(Index count, double std, double low, double high) = 0;
};

/// "torch": PyTorch's CPU generator for float32 tensors after torch.manual_seed(seed); "numpy": numpy.random.RandomState(seed).
std::unique_ptr<Random> make_random(const std::string& generator, std::uint64_t seed);

inline const std::vector<std::string> kGenerators{"torch", "numpy"};

}  // namespace pe
