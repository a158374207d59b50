#pragma once
#include <string>
#include <vector>

#include "core/stream.h"

namespace pe {

/// The numbers of a block as text: each is the shortest decimal that reads back as the stored value (what a binary format would hold),
/// whatever the locale. Infinities are "inf", "-inf", not-a-number is "nan".
class BlockText {
 public:
  BlockText(Block& block, Dtype dtype);

  std::size_t size() const { return values_.size(); }

  /// The stored value of number i; infinite when it is too large for the type.
  double value(std::size_t i) const;

  void append(std::string& text, std::size_t i) const;

 private:
  Dtype dtype_;
  std::span<const double> values_;
  std::vector<std::byte> elements_;   ///< of 64-bit integers, which `double` may not hold
};

}  // namespace pe
