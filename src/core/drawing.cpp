#include "core/drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.h"
#include "core/held.h"

namespace pe {
namespace {

std::vector<double> draw(Random& random, const InitConfig& config, Index count) {
  if (config.init == "uniform") return random.uniform(count, config.low, config.high);
  if (config.init == "trunc-normal") return random.truncated_normal(count, config.std, config.trunc.low, config.trunc.high);
  return random.normal(count, config.std);
}

/// The same range with its ends rounded to f32 outwards, for numbers that are f32 from the start.
Range outwards(Range range) {
  return {std::min(range.low, static_cast<double>(static_cast<float>(range.low))),
          std::max(range.high, static_cast<double>(static_cast<float>(range.high)))};
}

std::optional<Range> range(const InitConfig& config) {
  if (config.init == "normal") return std::nullopt;
  if (config.init == "uniform") return outwards({config.low, config.high});
  return outwards(config.trunc);
}

void check(const InitConfig& config, Dtype dtype) {
  constexpr double kFarthest = 9;   // deviations; no generator reaches them
  if (config.init == "normal" && kFarthest * config.std > largest(dtype)) {
    throw Error(fmt::format("--std {} draws numbers that are too large for --dtype {}", config.std, name(dtype)));
  }
  if (config.init == "uniform" && config.low > config.high) throw Error(fmt::format("--low {} is more than --high {}", config.low, config.high));
  if (config.init != "trunc-normal") return;
  const double scale = config.std * std::numbers::sqrt2;
  const double chance = 0.5 * (std::erf(config.trunc.high / scale) - std::erf(config.trunc.low / scale));
  if (chance < 0x1p-20) {   // f32 uniform numbers have 24 bits
    throw Error(fmt::format("--trunc {}:{} holds next to nothing of a normal of --std {}", config.trunc.low, config.trunc.high, config.std));
  }
}

}  // namespace

std::unique_ptr<Random> make_random(const SeedConfig& config) {
  constexpr Index kNumpyLargest = 0xffffffff;
  if (config.rng == "numpy" && config.seed > kNumpyLargest) {
    throw Error(fmt::format("--seed {} is more than numpy's largest, {}", config.seed, kNumpyLargest));
  }
  return make_random(config.rng, static_cast<std::uint64_t>(config.seed));
}

std::vector<Tensor> initialised(const InitConfig& config, std::vector<Tensor> tensors) {
  if (config.init == "zeros" || config.init == "constant") {
    const double value = config.init == "zeros" ? 0 : config.value;
    for (Tensor& tensor : tensors) {
      tensor.range = Range{value, value};
      tensor.fill = [value](Index, std::span<double> out) { std::fill(out.begin(), out.end(), value); };
    }
    return tensors;
  }
  check(config, tensors.front().dtype);
  std::vector<Index> counts;
  for (Tensor& tensor : tensors) {
    check_size(tensor);
    counts.push_back(tensor.elements());
    tensor.range = range(config);
  }
  const std::shared_ptr<Random> random = make_random(config);
  return held_tensors(std::move(tensors), [config, counts, random] {
    std::vector<std::vector<double>> values;
    for (const Index count : counts) values.push_back(draw(*random, config, count));
    return values;
  });
}

}  // namespace pe
