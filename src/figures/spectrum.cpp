// spectrum: the wavelength of every frequency of a table on a logarithmic axis, beside the length of the table. A frequency whose
// wavelength is longer never comes round: it tells far from near, where the short ones tell neighbours apart.

#include "analysis/spectrum.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/text.h"
#include "figures/draw/chart.h"

namespace pe {
namespace {

constexpr Index kMostDots = 144;                       // of a line, while they can be told apart
constexpr double kThinnest = 1.8, kWider = 2.4;        // points: lines behind others are wider, so that they show where lines coincide

std::string unsuited(const Tensor& tensor) {
  if (spectra(tensor).empty()) return fmt::format("spectrum needs columns with known frequencies; {} has none", tensor.name);
  return {};
}

Range range_of(const std::vector<double>& values, Range range) {
  for (const double value : values) range = {std::min(range.low, value), std::max(range.high, value)};
  return range;
}

// The axes that the table's length is known along, by length.
std::map<double, std::vector<std::string>> axes_by_length(const Tensor& tensor, const std::vector<std::string>& axes) {
  std::map<double, std::vector<std::string>> lengths;
  for (const std::string& axis : axes) {
    if (const double length = length_along(tensor, axis); length > 0) lengths[length].push_back(axis);
  }
  return lengths;
}

// A dashed line per length, with the names of the axes of a grid that have it.
std::vector<Level> levels_of(const Tensor& tensor, const std::vector<Spectrum>& all) {
  std::vector<std::string> axes;
  for (const Spectrum& spectrum : all) axes.insert(axes.end(), spectrum.axes.begin(), spectrum.axes.end());
  std::vector<Level> levels;
  for (const auto& [length, names] : axes_by_length(tensor, axes)) {
    levels.push_back({length, fmt::format("table: {:g} {}", length, tensor.grid ? "cells" : "positions"), tensor.grid ? join(names, ", ") : ""});
  }
  return levels;
}

// "33 of 64 wavelengths are longer than the table", for each length that the table has along the axes of a spectrum.
void add_notes(const Tensor& tensor, const Spectrum& spectrum, std::vector<std::string>& notes) {
  for (const auto& [length, axes] : axes_by_length(tensor, spectrum.axes)) {
    const auto longer = std::count_if(spectrum.wavelength.begin(), spectrum.wavelength.end(), [end = length](double wavelength) { return wavelength > end; });
    const std::string along = tensor.grid ? " along " + join(axes, ", ") : "";
    notes.push_back(fmt::format("{} of {} wavelengths{} are longer than the table", longer, spectrum.wavelength.size(), along));
  }
}

bool any_coincide(const std::vector<Spectrum>& all) {
  std::map<Index, std::vector<double>> seen;   // wavelengths by number
  for (const Spectrum& spectrum : all) {
    for (std::size_t i = 0; i < spectrum.index.size(); ++i) {
      std::vector<double>& others = seen[spectrum.index[i]];
      const double wavelength = spectrum.wavelength[i];
      if (std::any_of(others.begin(), others.end(), [&](double other) { return std::abs(other - wavelength) < 0.01 * wavelength; })) return true;
      others.push_back(wavelength);
    }
  }
  return false;
}

Canvas paint(const Tensor& tensor, const FigureRequest& request) {
  const std::vector<Spectrum> all = spectra(tensor);
  const bool coincide = any_coincide(all);
  Chart chart{{"frequency index", {0, 0}, false, true}, {tensor.grid ? "wavelength (cells)" : "wavelength (positions)", {}, true}, {}};
  chart.levels = levels_of(tensor, all);
  Range wavelengths{all.front().wavelength.front(), all.front().wavelength.front()};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Spectrum& spectrum = all[i];
    wavelengths = range_of(spectrum.wavelength, wavelengths);
    chart.across.range.high = std::max(chart.across.range.high, static_cast<double>(spectrum.index.back()));
    const bool has_name = all.size() > 1 || spectrum.axes.size() > 1;
    Series series{has_name ? join(spectrum.axes, ", ") : "", {}, series_color(i, request.style), {}, spectrum.wavelength};
    series.x.assign(spectrum.index.begin(), spectrum.index.end());
    series.dots = static_cast<Index>(spectrum.index.size()) <= kMostDots;
    if (coincide) series.width = kThinnest + kWider * static_cast<double>(all.size() - 1 - i);
    chart.series.push_back(std::move(series));
    add_notes(tensor, spectrum, chart.notes);
  }
  for (const Level& level : chart.levels) wavelengths = range_of({level.value}, wavelengths);
  chart.down.range = padded(wavelengths, true);
  chart.across.range = padded(chart.across.range);
  return draw_chart(chart, request);
}

}  // namespace

Figure spectrum_figure() { return {"spectrum", "the wavelength of every frequency beside the table's length", unsuited, paint}; }

}  // namespace pe
