#include "analysis/old_grid.h"

#include <fmt/format.h>

#include <cmath>

#include "core/axes.h"
#include "core/error.h"
#include "core/text.h"

namespace pe {
namespace {

constexpr Index kUsualPrefix = 16;   ///< rows before the cells that a hint may suppose

/// The side of a square of so many cells; 0 when it is none.
Index square_side(Index cells) {
  if (cells < 1) return 0;
  const auto side = static_cast<Index>(std::llround(std::sqrt(static_cast<double>(cells))));
  return side * side == cells ? side : 0;
}

Grid square(Index side) { return side > 0 ? Grid{{side, side}} : Grid{}; }

/// The square window whose bias table has so many rows; empty when there is none.
Grid square_window(Index rows) {
  for (const bool class_token : {false, true}) {
    const Index side = square_side(class_token ? rows - (Window{1, 1, true}.table_rows() - 1) : rows);
    if (side % 2 == 1) return square((side + 1) / 2);
  }
  return {};
}

std::string prefix_text(Index prefix) { return fmt::format("{} prefix token{}", prefix, prefix == 1 ? "" : "s"); }

/// "; with --from 14x14 --prefix-tokens 1 it would fit", or nothing.
std::string absolute_hint(const SaidRows& said, Index rows) {
  if (said.from.sizes.size() == 2 && !said.prefix_tokens) {
    const Index rest = rows - said.from.sizes[0] * said.from.sizes[1];
    if (rest > 0 && rest <= kUsualPrefix) return fmt::format("; with --prefix-tokens {} they would fit", rest);
  }
  const Index first = said.prefix_tokens.value_or(0), last = said.prefix_tokens.value_or(kUsualPrefix);
  for (Index prefix = first; prefix <= last; ++prefix) {
    const Index side = square_side(rows - prefix);
    if (side < 2) continue;
    return fmt::format("; --from {} {}would fit", square(side).text(), prefix > 0 ? fmt::format("--prefix-tokens {} ", prefix) : "");
  }
  return "";
}

std::string bias_hint(Index rows) {
  const Grid window = square_window(rows);
  if (window.sizes.empty() || window.sizes[0] < 2) return "";
  return fmt::format("; as a bias table (--like swin, beit, beit-timm) --from {} would fit", window.text());
}

void require_described(const SaidRows& said, const TokenGrid& described) {
  const Grid grid{described.sizes};
  if (grid.sizes.size() != 2) throw Error(fmt::format("the table's description says a grid {}; grids of two axes are resampled", grid.text()));
  if (!said.from.sizes.empty() && said.from.sizes != grid.sizes) {
    throw Error(fmt::format("--from {}: the table's own description says its grid is {}", said.from.text(), grid.text()));
  }
  if (said.prefix_tokens.value_or(described.prefix) != described.prefix) {
    throw Error(fmt::format("--prefix-tokens {}: the table's own description says {}", *said.prefix_tokens, prefix_text(described.prefix)));
  }
  if (said.flatten != described.order) {
    throw Error(fmt::format("--flatten {}: the table's own description says {}", said.flatten, described.order));
  }
}

}  // namespace

Grid absolute_grid(const SaidRows& said, const KnownRows& known) {
  if (!said.from.sizes.empty()) return said.from;
  if (known.grid) return {known.grid->sizes};
  return said.prefix_tokens ? square(square_side(known.count - *said.prefix_tokens)) : Grid{};
}

Grid bias_window(const SaidRows& said, const KnownRows& known) {
  if (!said.from.sizes.empty() || !known.grid) return said.from;
  Grid window;
  for (const Index offsets : known.grid->sizes) window.sizes.push_back((offsets + 1) / 2);
  return window;
}

void check_absolute(const SaidRows& said, const KnownRows& known) {
  const Index rows = known.count;
  if (known.grid) require_described(said, *known.grid);
  if (said.prefix_tokens.value_or(0) >= rows) {
    throw Error(fmt::format("--prefix-tokens {} leaves no row for a cell: the table has {}", *said.prefix_tokens, rows));
  }
  const Grid grid = absolute_grid(said, known);
  if (grid.sizes.empty()) {
    throw Error(fmt::format("which grid are the {} rows now? --from HxW, and --prefix-tokens K for rows before the cells{}{}", rows,
                            absolute_hint(said, rows), bias_hint(rows)));
  }
  require_plane("from", grid);
  const Index cells = checked_product(grid.sizes[0], grid.sizes[1], "--from"), prefix = said.prefix_tokens.value_or(0);
  if (rows - prefix == cells) return;
  throw Error(fmt::format("--from {} has {} cells, with {} {} rows; the table has {}{}{}", grid.text(), cells, prefix_text(prefix),
                          cells + prefix, rows, absolute_hint(said, rows), bias_hint(rows)));
}

void check_bias(const SaidRows& said, const KnownRows& known) {
  const Index rows = known.count;
  const Grid grid = bias_window(said, known), fits = square_window(rows);
  const std::string hint = fits.sizes.empty() ? "" : fmt::format("; --from {} would fit", fits.text());
  if (grid.sizes.empty()) throw Error(fmt::format("which window are the {} rows of this bias table for? --from HxW{}", rows, hint));
  Window window = window_within_limits("from", grid);
  if (known.grid && known.grid->sizes != std::vector<Index>{2 * window.height - 1, 2 * window.width - 1}) {
    throw Error(fmt::format("--from {}: the table's own description says a grid of {} offsets", grid.text(), Grid{known.grid->sizes}.text()));
  }
  window.class_token = rows != window.offsets();
  if (rows == window.table_rows()) return;
  throw Error(fmt::format("--from {}: the bias table of such a window has {} rows, or {} with those of a class token; this one has {}{}", grid.text(),
                          window.offsets(), window.table_rows(), rows, hint));
}

Window window_within_limits(const std::string& option, const Grid& grid) {
  const Window window = window_of(option, grid);
  for (const Index side : {window.height, window.width}) {
    if (static_cast<double>(side) <= kMaxWindow) continue;
    throw Error(fmt::format("--{} {}: a window has at most {} cells on a side", option, grid.text(), kMaxWindow));
  }
  return window;
}

}  // namespace pe
