#pragma once
#include <nettle/sha2.h>

#include <cstddef>
#include <span>
#include <string>

namespace pe {

inline constexpr std::size_t kSha256Digits = 64;

/// SHA-256 of bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();
  void update(std::span<const std::byte> bytes);
  std::string hex();   ///< kSha256Digits digits; ends the sum

 private:
  sha256_ctx context_;
};

}  // namespace pe
