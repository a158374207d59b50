#include "core/memory.h"

#include <sys/mman.h>

#include <cstdint>

namespace pe {

std::vector<double> zeros(Index count) {
  constexpr std::uintptr_t kHugePage = std::uintptr_t{1} << 21;
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(count));
  const auto start = reinterpret_cast<std::uintptr_t>(values.data());
  const std::uintptr_t first = (start + kHugePage - 1) / kHugePage * kHugePage;
  const std::uintptr_t last = (start + values.capacity() * sizeof(double)) / kHugePage * kHugePage;
  if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);   // advice: may fail
  values.resize(static_cast<std::size_t>(count));
  return values;
}

}  // namespace pe
