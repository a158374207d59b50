#include "core/twister.h"

#include <algorithm>

#include "core/clones.h"

namespace pe {
namespace {

constexpr std::size_t kSize = 624, kMiddle = 397;

/// The word that follows from the high bit of one word, the low bits of the next and the word `middle` places on.
inline __attribute__((always_inline)) std::uint32_t twisted(std::uint32_t word, std::uint32_t next, std::uint32_t middle) {
  const std::uint32_t both = (word & 0x80000000) | (next & 0x7fffffff);
  return middle ^ both >> 1 ^ ((0 - (both & 1)) & 0x9908b0df);
}

PE_CLONES void twist(std::uint32_t* state) {
  constexpr std::size_t kBehind = kSize - kMiddle;
  for (std::size_t i = 0; i < kBehind; ++i) state[i] = twisted(state[i], state[i + 1], state[i + kMiddle]);
  for (std::size_t i = kBehind; i + 1 < kSize; ++i) state[i] = twisted(state[i], state[i + 1], state[i - kBehind]);
  state[kSize - 1] = twisted(state[kSize - 1], state[0], state[kMiddle - 1]);
}

PE_CLONES void temper(const std::uint32_t* state, std::uint32_t* words) {
  for (std::size_t i = 0; i < kSize; ++i) {
    std::uint32_t word = state[i];
    word ^= word >> 11;
    word ^= word << 7 & 0x9d2c5680;
    word ^= word << 15 & 0xefc60000;
    words[i] = word ^ word >> 18;
  }
}

}  // namespace

Twister::Twister(std::uint32_t seed) {
  state_[0] = seed;
  for (std::uint32_t i = 1; i < kSize; ++i) state_[i] = 1812433253u * (state_[i - 1] ^ state_[i - 1] >> 30) + i;
}

std::span<const std::uint32_t> Twister::take(std::size_t most) {
  if (next_ == kSize) {
    twist(state_.data());
    temper(state_.data(), words_.data());
    next_ = 0;
  }
  const auto taken = std::span(words_).subspan(next_, std::min(most, kSize - next_));
  next_ += taken.size();
  return taken;
}

}  // namespace pe
