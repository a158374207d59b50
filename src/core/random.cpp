// The generators of PyTorch (aten/src/ATen/native/cpu/DistributionTemplates.h, core/TransformationHelper.h) and of numpy
// (numpy/random/src/legacy/legacy-distributions.c). Both turn the same Mersenne Twister, seeded with one word.

#include "core/random.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "core/clones.h"
#include "core/elementary.h"
#include "core/memory.h"
#include "core/twister.h"

namespace pe {
namespace {

using Values = std::vector<double>;

double round_to_f32(double x) { return static_cast<double>(static_cast<float>(x)); }

/// The chance of a normal of mean 0 to be less than x.
double normal_below(double x, double std) { return 0.5 * std::erfc(-x / std * (1 / std::numbers::sqrt2)); }

/// The uniform numbers between which the inverse of the normal distribution, inverse_erf, gives what lies in low..high.
Range probabilities(double std, double low, double high) { return {2 * normal_below(low, std) - 1, 2 * normal_below(high, std) - 1}; }

/// Two independent normals from two uniforms (Box and Muller 1958): r cos t and r sin t, r^2 = -2 ln(1 - u), t = 2 pi v.
std::array<double, 2> box_muller(double u, double v) {
  double sin = 0, cos = 1;
  plain_sincos(2 * std::numbers::pi * v, sin, cos);
  const double r = std::sqrt(-2 * plain_log(1 - u));
  return {r * cos, r * sin};
}

constexpr Index kHalf = 8, kBlock = 2 * kHalf;

/// Replaces each block of 16 uniform f32 numbers by normals, pairing the first 8 with the last 8. Every step is rounded to f32.
PE_CLONES void box_muller_blocks(Index blocks, double std, double* values) {
  const float two_pi = static_cast<float>(2 * std::numbers::pi), scale = static_cast<float>(std);
  for (Index block = 0; block < blocks; ++block, values += kBlock) {
    for (Index j = 0; j < kHalf; ++j) {
      const float angle = two_pi * static_cast<float>(values[kHalf + j]);
      const float log = static_cast<float>(plain_log(1 - values[j]));
      const float r = std::sqrt(-2 * log);
      double sin = 0, cos = 1;
      plain_sincos(static_cast<double>(angle), sin, cos);
      values[j] = static_cast<double>(r * static_cast<float>(cos) * scale);
      values[kHalf + j] = static_cast<double>(r * static_cast<float>(sin) * scale);
    }
  }
}

class TorchRandom : public Random {
 public:
  explicit TorchRandom(std::uint64_t seed) : twister_(static_cast<std::uint32_t>(seed)) {}

  Values uniform(Index count, double low, double high) override {
    Values values = zeros(count);
    const double first = round_to_f32(low), width = round_to_f32(round_to_f32(high) - first);
    draw(values);
    for (double& value : values) value = round_to_f32(value * width + first);   // a fused multiply-add: rounded once
    return values;
  }

  Values normal(Index count, double std) override {
    Values values = zeros(count);
    if (count < kBlock) {
      for (double& value : values) value = round_to_f32(next_normal() * std);
      return values;
    }
    draw(values);
    box_muller_blocks(count / kBlock, std, values.data());
    if (count % kBlock != 0) {   // the last 16 are drawn anew, also those of them that were done
      draw(std::span(values).last(kBlock));
      box_muller_blocks(1, std, values.data() + count - kBlock);
    }
    return values;
  }

  Values truncated_normal(Index count, double std, double low, double high) override {
    const Range inside = probabilities(std, low, high);
    Values values = uniform(count, inside.low, inside.high);
    const double scale = round_to_f32(std * std::numbers::sqrt2);
    for (double& value : values) value = std::clamp(round_to_f32(round_to_f32(inverse_erf(value)) * scale), round_to_f32(low), round_to_f32(high));
    return values;
  }

 private:
  /// The low 24 bits of each word as a number in [0, 1).
  void draw(std::span<double> values) {
    while (!values.empty()) {
      const auto words = twister_.take(values.size());
      for (std::size_t i = 0; i < words.size(); ++i) values[i] = static_cast<double>(static_cast<int>(words[i] & 0xffffff)) * 0x1p-24;
      values = values.subspan(words.size());
    }
  }

  /// The low 53 bits of two words, the first the higher.
  double next_wide() {
    const std::uint64_t high = twister_(), bits = (high << 32 | twister_()) & ((std::uint64_t{1} << 53) - 1);
    return static_cast<double>(bits) * 0x1p-53;
  }

  /// For tables of less than 16 values: in double, in pairs whose second number is kept for the next, also beyond the table.
  double next_normal() {
    if (spare_) return *std::exchange(spare_, std::nullopt);
    const double v = next_wide(), u = next_wide();
    const auto [first, second] = box_muller(u, v);
    spare_ = second;
    return first;
  }

  Twister twister_;
  std::optional<double> spare_;
};

class NumpyRandom : public Random {
 public:
  explicit NumpyRandom(std::uint64_t seed) : twister_(static_cast<std::uint32_t>(seed)) {}

  Values uniform(Index count, double low, double high) override {
    Values values = zeros(count);
    for (double& value : values) value = low + (high - low) * next();
    return values;
  }

  Values normal(Index count, double std) override {
    Values values = zeros(count);
    for (double& value : values) value = std * next_normal();
    return values;
  }

  Values truncated_normal(Index count, double std, double low, double high) override {
    const Range inside = probabilities(std, low, high);
    Values values = uniform(count, inside.low, inside.high);
    for (double& value : values) value = std::clamp(inverse_erf(value) * std * std::numbers::sqrt2, low, high);
    return values;
  }

 private:
  /// 53 bits of two words, the first the higher, as a number in [0, 1).
  double next() {
    const std::uint64_t high = twister_() >> 5, low = twister_() >> 6;
    return static_cast<double>(high << 26 | low) * 0x1p-53;
  }

  /// The polar method (Marsaglia and Bray 1964): a point of the unit disc gives two normals; the second one is given first.
  double next_normal() {
    if (spare_) return *std::exchange(spare_, std::nullopt);
    double x = 0, y = 0, square = 0;
    do {
      x = 2 * next() - 1;
      y = 2 * next() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    const double factor = std::sqrt(-2 * plain_log(square) / square);
    spare_ = factor * x;
    return factor * y;
  }

  Twister twister_;
  std::optional<double> spare_;
};

}  // namespace

std::unique_ptr<Random> make_random(const std::string& generator, std::uint64_t seed) {
  if (generator == "numpy") return std::make_unique<NumpyRandom>(seed);
  return std::make_unique<TorchRandom>(seed);
}

}  // namespace pe
