#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace pe {

/// The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998): the words of std::mt19937 with the same seed, made 624 at a time by loops that
/// become vector code, which is several times as fast.
class Twister {
 public:
  explicit Twister(std::uint32_t seed);

  std::uint32_t operator()() { return take(1).front(); }

  /// The next words, at least one and at most `most`; they stay until the next call.
  std::span<const std::uint32_t> take(std::size_t most);

 private:
  static constexpr std::size_t kSize = 624;

  std::array<std::uint32_t, kSize> state_, words_;
  std::size_t next_ = kSize;
};

}  // namespace pe
