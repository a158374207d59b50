#include "core/interrupt.h"

#include <atomic>

#include "core/error.h"

namespace pe {
namespace {

std::atomic<bool> requested = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may store it");

}  // namespace

void request_interrupt() noexcept { requested.store(true, std::memory_order_relaxed); }

void check_interrupt() {
  if (requested.load(std::memory_order_relaxed)) throw Error(ErrorKind::interrupted, "interrupted; nothing was written");
}

}  // namespace pe
