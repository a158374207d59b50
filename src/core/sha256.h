#pragma once
#include <nettle/sha2.h>

#include <cstddef>
#include <span>
#include <string>

namespace pe {

/// SHA-256 of bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();
  void update(std::span<const std::byte> bytes);
  std::string hex();   ///< 64 digits; ends the sum

 private:
  sha256_ctx context_;
};

}  // namespace pe
