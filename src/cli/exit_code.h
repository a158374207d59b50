#pragma once
#include "core/error.h"

namespace pe {

/// What the program returns to the shell.
enum class ExitCode { done = 0, different = 1, usage = 2, io = 3, malformed = 4, interrupted = 130 };

constexpr ExitCode exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage: return ExitCode::usage;
    case ErrorKind::io: return ExitCode::io;
    case ErrorKind::malformed: return ExitCode::malformed;
    case ErrorKind::interrupted: return ExitCode::interrupted;
  }
  return ExitCode::usage;
}

}  // namespace pe
