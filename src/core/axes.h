#pragma once
#include <string>
#include <vector>

#include "core/frequencies.h"
#include "core/scheme.h"
#include "core/sinusoid.h"

namespace pe {

/// Limits that schemes share: beyond them no table is meant.
inline constexpr double kMaxDim = 1 << 20;
inline constexpr double kMinBase = 1e-6, kMaxBase = 1e18;
inline constexpr double kMaxLength = 1e12;
inline constexpr double kMaxPosition = 1e15;   ///< doubles still tell neighbouring eighths of a position apart

inline constexpr double kMaxFrequency = 1e15;  ///< radians or turns per position, of those a user gives

/// The positions of a 1-D scheme: start + i * step for i < length, or a file's.
struct PositionConfig {
  Index length = 512;
  double start = 0, step = 1;
  ArrayPtr positions;
};

template <class Config>
std::vector<Option> position_options() {
  return {option<Config>("length", &PositionConfig::length, "positions", {.low = 1, .high = kMaxLength, .headline = true, .unless = {"positions"}}),
          option<Config>("start", &PositionConfig::start, "first position", {.low = -kMaxPosition, .high = kMaxPosition, .unless = {"positions"}}),
          option<Config>("step", &PositionConfig::step, "from one position to the next",
                         {.low = -kMaxPosition, .high = kMaxPosition, .unless = {"positions"}}),
          option<Config>("positions", &PositionConfig::positions, "a 1-D table of positions, whole or not")};
}

/// Frequencies that fall from 1 with the power of a base; see `frequency_ladder`.
struct LadderConfig {
  double base = 10000;
  std::string spacing = "geometric";
};

/// Of an option --base.
inline constexpr const char* kBaseHelp = "frequencies fall from 1 to about 1 / base";
inline const OptionRules kBaseRules{.low = kMinBase, .high = kMaxBase, .aliases = {"theta", "temperature"}, .headline = true};

template <class Config>
std::vector<Option> ladder_options() {
  return {option<Config>("base", &LadderConfig::base, kBaseHelp, kBaseRules),
          option<Config>("spacing", &LadderConfig::spacing, "frequencies base^(-i/n), or base^(-i/(n-1)) with both ends", {.choices = kSpacings})};
}

/// The positions that a config asks for. Throws Error when a file's are not one row of finite numbers.
Positions positions(const PositionConfig& config);

/// The tensor pos_embed [prefix + N, 1] of the positions themselves.
Tensor position_tensor(const TableConfig& config, Positions positions);

/// How a scheme computes its sines and cosines to be stored as --dtype under --compute.
Arithmetic arithmetic(const CommonConfig& config);

/// A grid of cells and the coordinates on it, for schemes of 2 and 3 dimensions. Per axis, in grid order:
/// coordinate = (cell + start) * scale * base_size / size / interpolation_scale, without the middle factor when there is no base size.
struct GridConfig {
  Grid grid;
  std::vector<double> start{0}, scale{1}, interpolation_scale{1};   ///< one value, or one per axis
  OptionalNumber base_size;
};

inline constexpr const char* kGridHelp = "cells: height x width, or one number for a square";

template <class Config>
std::vector<Option> grid_options(const char* grid_help = kGridHelp) {
  return {option<Config>("grid", &GridConfig::grid, grid_help, {.low = 1, .high = kMaxLength, .headline = true}),
          option<Config>("start", &GridConfig::start, "coordinate of the first cell, before scaling", {.low = -kMaxPosition, .high = kMaxPosition}),
          option<Config>("scale", &GridConfig::scale, "multiplies the coordinates", {.low = -kMaxPosition, .high = kMaxPosition}),
          option<Config>("base-size", &GridConfig::base_size, "multiplies the coordinates by this / the size of the axis",
                         {.low = 1e-6, .high = kMaxPosition}),
          option<Config>("interpolation-scale", &GridConfig::interpolation_scale, "divides the coordinates", {.low = 1e-6, .high = kMaxPosition})};
}

/// Throws Error unless the grid of that option has two axes.
void require_plane(const std::string& option, const Grid& grid);

/// Coordinates of axis number `axis` of a grid. Throws Error when a list has neither one value nor one per axis.
Positions grid_positions(const std::string& scheme, const GridConfig& config, std::size_t axis);

/// The cells of an axis from -1 to 1, both ends included: linspace(-1, 1, size). One cell is at -1.
Positions positions_to_ends(Index size);

/// The centres of the cells of an axis whose `whole` cells reach from -1 to 1: (cell + 0.5) / whole * 2 - 1.
Positions positions_of_centres(Index size, Index whole);

/// `text` as a permutation of `letters`: for each of its letters, which one of `letters` it is. Throws Error naming `option`.
std::vector<std::size_t> permutation(const std::string& scheme, const std::string& option, const std::string& text, const std::string& letters);

/// What `--odd-dim` may be, and what each word does when `dim` does not divide.
inline const std::vector<std::string> kOddDims{"refuse", "zero", "truncate"};
inline constexpr const char* kOddDimHelp =
    "a dim that does not divide: refuse; zero: the next lower one that does, padded with zero columns; truncate: the next higher one, cut";

/// Throws Error naming the nearest multiples of `divisor` when `dim` is none.
void require_multiple(const std::string& scheme, const std::string& option, Index dim, Index divisor);

/// The columns to lay out for a table of `dim`: dim itself when `divisor` divides it, else the neighbour that `odd_dim` allows.
/// Throws Error naming the nearest dims that divide when it allows none.
Index laid_out_dim(const std::string& scheme, Index dim, Index divisor, const std::string& odd_dim);

/// The first `dim` columns, or all of them and zero columns behind.
std::vector<WaveColumn> fit_columns(std::vector<WaveColumn> columns, Index dim);

}  // namespace pe
