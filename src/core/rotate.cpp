#include "core/rotate.h"

#include <bit>
#include <cstdint>

#include "core/clones.h"

namespace pe {
namespace {

/// Half of a rotation: own * cos + sign * other * sin. Says whether a result is small.
PE_CLONES bool rotate_half(Index n, const double* own, const double* other, const double* turn_sin, const double* turn_cos, double sign,
                           double* __restrict out) {
  std::int64_t small = 0;   // a difference of bits is negative where the numbers' is
  for (Index k = 0; k < n; ++k) {
    const double value = own[k] * turn_cos[k] + sign * (other[k] * turn_sin[k]);
    out[k] = value;
    small |= std::bit_cast<std::int64_t>(std::fabs(value)) - std::bit_cast<std::int64_t>(kSmall);
  }
  return small < 0;
}

}  // namespace

bool rotate(Index n, const RowView& from, const RowView& turn, double direction, Wanted wanted, double* out) {
  bool small = false;
  if (wanted != Wanted::cos) small |= rotate_half(n, from.sin, from.cos, turn.sin, turn.cos, direction, out);
  if (wanted != Wanted::sin) small |= rotate_half(n, from.cos, from.sin, turn.sin, turn.cos, -direction, out + n);
  return small;
}

}  // namespace pe
