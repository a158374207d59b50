#include "figures/draw/ticks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

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

// "10⁴"
std::string power_text(int exponent) {
  static constexpr std::array<std::string_view, 10> kSuperscripts{"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = exponent < 0 ? "10⁻" : "10";
  for (const char digit : std::to_string(std::abs(exponent))) text += kSuperscripts[static_cast<std::size_t>(digit - '0')];
  return text;
}

// A tick at every factor * 10^exponent inside the range, those of `labelled` factors with their numbers.
std::vector<Tick> factor_ticks(Range range, double length, const std::vector<int>& labelled) {
  std::vector<Tick> ticks;
  const double span = std::log(range.high / range.low);
  for (int exponent = static_cast<int>(std::floor(std::log10(range.low))); std::pow(10, exponent) <= range.high; ++exponent) {
    for (int factor = 1; factor < 10; ++factor) {
      const double value = factor * std::pow(10, exponent);
      if (value < range.low || value > range.high) continue;
      const bool has_label = std::find(labelled.begin(), labelled.end(), factor) != labelled.end();
      ticks.push_back({std::log(value / range.low) / span * length, has_label ? fmt::format("{:g}", value) : ""});
    }
  }
  return ticks;
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

std::string short_text(double value) {
  if (value == 0) return "0";
  const double last_digit = std::pow(10, std::floor(std::log10(std::abs(value))) - 2);
  std::string text = number_text(value, std::min(last_digit, 1.0));
  const bool has_zeros = text.find('.') != std::string::npos && text.find('e') == std::string::npos;
  while (has_zeros && (text.back() == '0' || text.back() == '.')) {
    const bool is_point = text.back() == '.';
    text.pop_back();
    if (is_point) break;
  }
  return text;
}

std::vector<Tick> index_ticks(Index count, double pixels_per_index, double spacing) {
  const auto step = static_cast<Index>(round_step(std::max(1.0, spacing / pixels_per_index), true));
  std::vector<Tick> ticks;
  for (Index i = 0; i < count; i += step) ticks.push_back({(static_cast<double>(i) + 0.5) * pixels_per_index, fmt::format("{}", i)});
  return ticks;
}

std::vector<Tick> range_ticks(Range range, double length, double spacing, bool whole) {
  const double span = range.high - range.low;
  // At most six steps: more numbers are not read off a colour.
  const double step = round_step(span * std::max(spacing / length, 1.0 / 6), whole);
  const auto at = [&](double value) { return (range.high - value) / span * length; };
  // An end that is no multiple of the step gets three digits of the span.
  const auto end_text = [&](double value) {
    const double steps = value / step;
    const bool round = std::abs(steps - std::round(steps)) < 1e-6;
    if (round) return number_text(value, step);
    std::string text = number_text(value, std::min(step, std::pow(10, std::floor(std::log10(span)) - 2)));
    const std::size_t least = number_text(value, step).size();
    const bool has_zeros = text.find('.') != std::string::npos && text.find('e') == std::string::npos;
    while (has_zeros && text.size() > least && (text.back() == '0' || text.back() == '.')) text.pop_back();
    return text;
  };
  std::vector<Tick> ticks{{length, end_text(range.low)}, {0, end_text(range.high)}};
  const double first = std::ceil(range.low / step);
  for (int i = 0; i <= 6; ++i) {
    const double value = (first + i) * step, y = at(value);
    if (y >= spacing && y <= length - spacing) ticks.push_back({y, number_text(value, step)});
  }
  return ticks;
}

std::vector<Tick> linear_ticks(Range range, double length, double spacing, bool whole) {
  const double span = range.high - range.low, step = round_step(span * spacing / length, whole);
  std::vector<Tick> ticks;
  for (double i = std::ceil(range.low / step - 1e-9); i * step <= range.high + 1e-9 * step; ++i) {
    ticks.push_back({(i * step - range.low) / span * length, number_text(i * step, step)});
  }
  return ticks;
}

std::vector<Tick> log_ticks(Range range, double length, double spacing) {
  constexpr double kFewDecades = 2.5;   // up to so many, plain numbers are clearer than powers
  const double decades = std::log10(range.high / range.low), per_decade = length / decades;
  if (decades < kFewDecades) return factor_ticks(range, length, per_decade > 3 * spacing ? std::vector{1, 2, 5} : std::vector{1});
  const int step = static_cast<int>(std::max(1.0, std::ceil(spacing / per_decade)));
  std::vector<Tick> ticks = step == 1 ? factor_ticks(range, length, {}) : std::vector<Tick>();
  for (int exponent = static_cast<int>(std::ceil(std::log10(range.low) - 1e-9)); std::pow(10, exponent) <= range.high; ++exponent) {
    if (exponent % step == 0) ticks.push_back({std::log10(std::pow(10, exponent) / range.low) * per_decade, power_text(exponent)});
  }
  return ticks;
}

}  // namespace pe
