#pragma once
#include <string>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// A labelled point of an axis, in pixels from the start of the plot.
struct Tick {
  double at = 0;
  std::string label;
};

/// The smallest of 1, 2, 2.5, 5, 10, 20, 25, ... times a power of ten that is at least `step`. Steps of `whole` numbers are whole.
double round_step(double step, bool whole);

/// `value` as text with a true minus sign: as many decimals as multiples of `step` need, or "2.5e−6" when that would be long.
std::string number_text(double value, double step);

/// `value` to three significant digits: "0.0854", "−4.85", "12".
std::string short_text(double value);

/// Round numbers from 0 on for the `count` indices of an axis: index i is at (i + 0.5) * pixels_per_index. Labels are at least
/// `spacing` pixels apart.
std::vector<Tick> index_ticks(Index count, double pixels_per_index, double spacing);

/// Both ends of `range` and round numbers between them, on an axis of `length` pixels that runs from high (0) down to low.
/// Round numbers closer than `spacing` to an end are left out; of `whole` numbers only whole ones.
std::vector<Tick> range_ticks(Range range, double length, double spacing, bool whole = false);

/// Round numbers inside `range` on an axis of `length` pixels from its low end (0) to its high one, at least `spacing` pixels apart;
/// of `whole` numbers only whole ones.
std::vector<Tick> linear_ticks(Range range, double length, double spacing, bool whole = false);

/// The same on a logarithmic axis of positive numbers: powers of ten, with 2 and 5 times them where there are few, and ticks without
/// labels between them.
std::vector<Tick> log_ticks(Range range, double length, double spacing);

}  // namespace pe
