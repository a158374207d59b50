#include "figures/draw/ticks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pe {
namespace {

// Fixed notation from here to there; beyond, labels would be wider than the axis they stand on.
constexpr double kSmallestStep = 1e-4, kLargestValue = 1e6;

void replace(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
}

std::string scientific(double value) {
  std::string text = fmt::format("{:.3g}", value);
  replace(text, "e+0", "e");
  replace(text, "e+", "e");
  replace(text, "e-0", "e-");
  return text;
}

int decimals(double step) {
  int count = 0;
  // 1e-9: a step such as 0.1 + 0.2 must not ask for 17 decimals.
  for (double scaled = step; count < 6 && std::abs(scaled - std::round(scaled)) > 1e-9 * scaled; scaled *= 10) ++count;
  return count;
}

}  // namespace

double round_step(double step, bool whole) {
  double power = std::pow(10, std::floor(std::log10(step)));
  if (whole) power = std::max(power, 1.0);
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    const bool allowed = !whole || factor != 2.5 || power >= 10;
    if (allowed && factor * power >= step * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

std::string number_text(double value, double step) {
  if (std::abs(value) < 1e-6 * step) value = 0;
  const bool fixed = step >= kSmallestStep && std::abs(value) < kLargestValue;
  std::string text = fixed || value == 0 ? fmt::format("{:.{}f}", value, fixed ? decimals(step) : 0) : scientific(value);
  replace(text, "-", "−");
  return text;
}

std::vector<Tick> index_ticks(Index count, double pixels_per_index, double spacing) {
  const auto step = static_cast<Index>(round_step(std::max(1.0, spacing / pixels_per_index), true));
  std::vector<Tick> ticks;
  for (Index i = 0; i < count; i += step) ticks.push_back({(static_cast<double>(i) + 0.5) * pixels_per_index, fmt::format("{}", i)});
  return ticks;
}

std::vector<Tick> range_ticks(Range range, double length, double spacing) {
  const double span = range.high - range.low;
  // At most six steps: more numbers are not read off a colour.
  const double step = round_step(span * std::max(spacing / length, 1.0 / 6), false);
  const auto at = [&](double value) { return (range.high - value) / span * length; };
  // An end that is no multiple of the step gets three digits of the span.
  const auto end_text = [&](double value) {
    const double steps = value / step;
    const bool round = std::abs(steps - std::round(steps)) < 1e-6;
    return number_text(value, round ? step : std::min(step, std::pow(10, std::floor(std::log10(span)) - 2)));
  };
  std::vector<Tick> ticks{{length, end_text(range.low)}, {0, end_text(range.high)}};
  const double first = std::ceil(range.low / step);
  for (int i = 0; i <= 6; ++i) {
    const double value = (first + i) * step, y = at(value);
    if (y >= spacing && y <= length - spacing) ticks.push_back({y, number_text(value, step)});
  }
  return ticks;
}

}  // namespace pe
