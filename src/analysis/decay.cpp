#include "analysis/decay.h"

#include <algorithm>
#include <cmath>

namespace pe {
namespace {

constexpr Index kLookedAt = 16;   // distances of a block

struct Moments {
  double mean = 0, squares = 0;
};

Moments cosines(const std::vector<double>& frequencies, double distance) {
  Moments moments;
  for (const double frequency : frequencies) {
    const double cosine = std::cos(distance * frequency);
    moments.mean += cosine;
    moments.squares += cosine * cosine;
  }
  const auto count = static_cast<double>(frequencies.size());
  return {moments.mean / count, moments.squares / count};
}

// The mean of cos(d w) over `count` distances d from `first` on, `step` apart, and over the frequencies w:
// sin(count h) / (count sin h) times the cosine at their middle, h = w step / 2. Few samples of a fast wave would be off by chance.
double mean_cosine(const std::vector<double>& frequencies, double first, double step, Index count) {
  const auto n = static_cast<double>(count);
  double sum = 0;
  for (const double frequency : frequencies) {
    const double half = frequency * step / 2, sine = std::sin(half);
    const bool is_still = count == 1 || std::abs(sine) < 1e-9;   // whole turns: every distance has the same cosine
    sum += is_still ? std::cos(first * frequency) : std::sin(n * half) / (n * sine) * std::cos((first + (n - 1) / 2 * step) * frequency);
  }
  return sum / static_cast<double>(frequencies.size());
}

}  // namespace

Decay rotary_decay(const std::vector<double>& frequencies, double farthest, double step, Index most) {
  const auto distances = static_cast<Index>(std::floor(farthest / step)) + 1;
  const Index per_block = (distances + most - 1) / most;
  const auto count = static_cast<double>(frequencies.size());
  Decay decay;
  decay.block = static_cast<double>(per_block) * step;
  for (Index first = 0, size = 1; first < distances; first += size, size = std::min(per_block, distances - first)) {
    const Index looks = std::min(size, kLookedAt);
    double variance = 0;
    Range spread{1, -1};
    for (Index i = 0; i < looks; ++i) {
      const Moments moments = cosines(frequencies, static_cast<double>(first + i * size / looks) * step);
      variance += std::max(0.0, moments.squares - moments.mean * moments.mean) / (count + 1);
      spread = {std::min(spread.low, moments.mean), std::max(spread.high, moments.mean)};
    }
    decay.distance.push_back((static_cast<double>(first) + static_cast<double>(size - 1) / 2) * step);
    decay.mean.push_back(mean_cosine(frequencies, static_cast<double>(first) * step, step, size));
    decay.spread.push_back(spread);
    decay.deviation.push_back(std::sqrt(variance / static_cast<double>(looks)));
  }
  return decay;
}

}  // namespace pe
