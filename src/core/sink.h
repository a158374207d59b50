#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "core/tensor.h"

namespace pe {

/// Where a format puts its bytes: a file, a pipe, memory.
class Sink {
 public:
  virtual ~Sink() = default;

  /// Appends. Throws Error (io, interrupted).
  virtual void write(std::span<const std::byte> bytes) = 0;

  /// Announces that so many bytes follow: a file can make room at once, or throw Error (io) before anything is computed.
  virtual void reserve(Index bytes) { static_cast<void>(bytes); }

  /// Whether `patch` works: true for what is not sent away at once.
  virtual bool can_patch() const = 0;

  /// Replaces bytes that were written before, from `offset` on.
  virtual void patch(Index offset, std::span<const std::byte> bytes) = 0;

  void write(std::string_view text) { write(std::as_bytes(std::span(text))); }
};

}  // namespace pe
