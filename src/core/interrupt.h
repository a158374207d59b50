#pragma once

namespace pe {

/// Asks all work to stop soon. May be called from a signal handler.
void request_interrupt() noexcept;

/// Throws Error (interrupted) once somebody has asked. Long loops call it.
void check_interrupt();

}  // namespace pe
