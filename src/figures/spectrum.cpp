// spectrum: the wavelength of every frequency of a table on a logarithmic axis, beside the length of the table. A frequency whose
// wavelength is longer never comes round: it tells far from near, where the short ones tell neighbours apart.

#include "analysis/spectrum.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/text.h"
#include "figures/draw/chart.h"

namespace pe {
namespace {

constexpr Index kMostDots = 144;                       // of a line, while they can be told apart
constexpr double kThinnest = 1.8, kWider = 2.4;        // points: lines behind others are wider, so that they show where lines coincide
constexpr double kWidest = 5;                          // of many lines, points

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

std::vector<std::string> all_axes(const Tensor& tensor) {
  std::vector<std::string> axes;
  for (const Spectrum& spectrum : spectra(tensor)) axes.insert(axes.end(), spectrum.axes.begin(), spectrum.axes.end());
  return axes;
}

// What has one length: "table", "trained length"; the axes of a grid; the tables.
struct Length {
  std::vector<std::string> names, axes, tables;
};

void add_new(std::vector<std::string>& list, const std::string& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

std::map<double, Length> lengths_of(const std::vector<Overlay>& tables) {
  std::map<double, Length> lengths;
  for (const Overlay& table : tables) {
    for (const auto& [length, axes] : axes_by_length(table.tensor, all_axes(table.tensor))) {
      add_new(lengths[length].names, "table");
      for (const std::string& axis : axes) add_new(lengths[length].axes, axis);
      add_new(lengths[length].tables, table.label);
    }
    for (const Mark& mark : table.tensor.marks) {
      if (mark.of != Mark::Of::wavelength || mark.range.low != mark.range.high) continue;
      add_new(lengths[mark.range.low].names, mark.name);
      add_new(lengths[mark.range.low].tables, table.label);
    }
  }
  return lengths;
}

// A dashed line per length. It names the axes of a grid, and tables where another length has the same name and is that of the first table.
std::vector<Level> levels_of(const std::vector<Overlay>& tables) {
  const std::map<double, Length> lengths = lengths_of(tables);
  const bool has_grid = tables.front().tensor.grid.has_value();
  std::vector<Level> levels;
  for (const auto& [length, what] : lengths) {
    const bool is_one_of_several = std::any_of(lengths.begin(), lengths.end(), [&, at = length, &names = what.names](const auto& other) {
      const auto& others = other.second.names;
      return other.first != at && std::find_first_of(names.begin(), names.end(), others.begin(), others.end()) != names.end();
    });
    const bool needs_tables = is_one_of_several && what.tables.front() != tables.front().label;
    const std::vector<std::string>& detail = has_grid ? what.axes : what.tables;
    levels.push_back({length, fmt::format("{}: {:g} {}", join(what.names, ", "), length, has_grid ? "cells" : "positions"),
                      has_grid || needs_tables ? join(detail, ", ") : ""});
  }
  return levels;
}

// The ranges that the tables' parameters speak of, each once.
void add_bands(const Overlay& table, Color color, std::vector<Band>& bands) {
  for (const Mark& mark : table.tensor.marks) {
    if (!(mark.range.low < mark.range.high)) continue;
    const bool is_across = mark.of == Mark::Of::frequency;
    const std::string detail = fmt::format("{:g}–{:g}{}", mark.range.low, mark.range.high, is_across ? "" : " positions");
    const bool is_there = std::any_of(bands.begin(), bands.end(), [&](const Band& band) { return band.label == mark.name && band.detail == detail; });
    if (!is_there) bands.push_back({is_across, mark.range, mark.name, detail, color, table.label});
  }
}

// "33 of 64 wavelengths are longer than the table", for each length that the table has along the axes of a spectrum.
void add_notes(const Overlay& table, const Spectrum& spectrum, std::vector<TableNote>& notes) {
  for (const auto& [length, axes] : axes_by_length(table.tensor, spectrum.axes)) {
    const auto longer = std::count_if(spectrum.wavelength.begin(), spectrum.wavelength.end(), [end = length](double wavelength) { return wavelength > end; });
    const std::string along = table.tensor.grid ? " along " + join(axes, ", ") : "";
    notes.push_back({fmt::format("{} of {} wavelengths{} are longer than the table", longer, spectrum.wavelength.size(), along), table.label});
  }
}

// Whether lines lie on one another, at more than one frequency: the first of every geometric ladder is 1.
bool any_coincide(const std::vector<Series>& all) {
  std::map<double, std::vector<double>> seen;   // wavelengths by number
  std::set<double> shared;
  for (const Series& series : all) {
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      std::vector<double>& others = seen[series.x[i]];
      const double wavelength = series.y[i];
      const auto is_near = [&](double other) { return std::abs(other - wavelength) < 0.01 * wavelength; };
      if (std::any_of(others.begin(), others.end(), is_near)) shared.insert(series.x[i]);
      others.push_back(wavelength);
    }
  }
  return shared.size() > 1;
}

// A line per spectrum of a table.
void add_series(const Overlay& table, const FigureStyle& style, Chart& chart, std::vector<TableNote>& notes) {
  const std::vector<Spectrum> all = spectra(table.tensor);
  add_bands(table, series_color(chart.series.size(), style), chart.bands);
  for (const Spectrum& spectrum : all) {
    chart.across.range.high = std::max(chart.across.range.high, static_cast<double>(spectrum.index.back()));
    const std::string axes = all.size() > 1 || spectrum.axes.size() > 1 ? join(spectrum.axes, ", ") : "";
    const std::string label = axes.empty() || table.label.empty() ? axes + table.label : axes + " · " + table.label;
    Series series{label, {}, series_color(chart.series.size(), style), {}, spectrum.wavelength};
    series.x.assign(spectrum.index.begin(), spectrum.index.end());
    series.dots = static_cast<Index>(spectrum.index.size()) <= kMostDots;
    chart.series.push_back(std::move(series));
    add_notes(table, spectrum, notes);
  }
  if (!table.more.empty()) notes.push_back({"also " + table.more, table.label});
}

Canvas paint(const Tensor& tensor, const FigureRequest& request) {
  const std::vector<Overlay> tables = request.with_overlays(tensor);
  Chart chart{{"frequency index", {0, 0}, false, true}, {tensor.grid ? "wavelength (cells)" : "wavelength (positions)", {}, true}, {}};
  chart.levels = levels_of(tables);
  std::vector<TableNote> notes;
  for (const Overlay& table : tables) add_series(table, request.style, chart, notes);
  chart.notes = merged_notes(notes, tables.size());
  const auto count = static_cast<double>(chart.series.size());
  const double wider = any_coincide(chart.series) ? std::min(kWider, kWidest / count) : 0;
  Range wavelengths{chart.series.front().y.front(), chart.series.front().y.front()};
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    chart.series[i].width = kThinnest + wider * (count - 1 - static_cast<double>(i));
    wavelengths = range_of(chart.series[i].y, wavelengths);
  }
  for (const Level& level : chart.levels) wavelengths = range_of({level.value}, wavelengths);
  chart.down.range = padded(wavelengths, true);
  chart.across.range = padded(chart.across.range);
  return draw_chart(chart, request);
}

}  // namespace

Figure spectrum_figure() { return {"spectrum", "the wavelength of every frequency beside the table's length", unsuited, paint, {.overlays = true}}; }

}  // namespace pe
