#pragma once
#include <optional>
#include <string>

#include "core/scheme.h"
#include "core/window.h"

namespace pe {

/// The rows of a table that is to be resampled: how many a block has, and what its description says of them.
struct KnownRows {
  Index count = 0;
  std::optional<TokenGrid> grid;
};

/// What the user says of the rows.
struct SaidRows {
  Grid from;
  OptionalIndex prefix_tokens;
  std::string flatten = "hw";
};

/// The grid that the rows of an absolute table have: the user's, else the described one, else a square where the prefix is said and the rest
/// is one. Empty when it would have to be guessed.
Grid absolute_grid(const SaidRows& said, const KnownRows& known);

/// The window of a bias table: the user's, else that of the described offsets. Empty when it would have to be guessed.
Grid bias_window(const SaidRows& said, const KnownRows& known);

/// Throws Error that says what would fit, unless the rows are the prefix and the cells of absolute_grid, as the description, if any, says too.
void check_absolute(const SaidRows& said, const KnownRows& known);

/// Throws Error that says what would fit, unless the rows are the offsets of bias_window, which is at most kMaxWindow on a side, with or
/// without the rows of a class token.
void check_bias(const SaidRows& said, const KnownRows& known);

/// The window as one of attention. Throws Error naming `option` where it is more than kMaxWindow on a side.
Window window_within_limits(const std::string& option, const Grid& grid);

}  // namespace pe
