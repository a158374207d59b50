// decay: how far the similarity of a rotated query and key falls with their distance, from the frequencies of a rotary or sinusoidal
// table. Su et al. 2021, arXiv:2104.09864 (RoFormer), section 3.4.3.

#include "analysis/decay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "analysis/spectrum.h"
#include "figures/draw/chart.h"
#include "figures/draw/row_axis.h"

namespace pe {
namespace {

constexpr Index kMostBlocks = 720, kOverlaidBlocks = 144;   // one per point of the plot's width; fewer of lines that cross
constexpr std::size_t kMostBands = 3;                       // that can be told apart

std::string unsuited(const Tensor& tensor) {
  const std::vector<Spectrum> all = spectra(tensor);
  if (all.empty()) return fmt::format("decay needs columns with known frequencies; {} has none", tensor.name);
  if (all.size() > 1 || all.front().axes.size() > 1) return fmt::format("decay draws one coordinate; the columns of {} turn with several", tensor.name);
  if (length_along(tensor, all.front().axes.front()) == 0) return fmt::format("decay needs equally spaced positions; those of {} are not", tensor.name);
  return {};
}

// How far the similarity at a single distance lies from the mean of its block, at most.
double farthest_from_mean(const Decay& decay) {
  double most = 0;
  for (std::size_t i = 0; i < decay.mean.size(); ++i) most = std::max({most, decay.spread[i].high - decay.mean[i], decay.mean[i] - decay.spread[i].low});
  return most;
}

Series random_band(const Decay& decay, const std::string& label, Color color) {
  Series band{label, label.empty() ? "" : "± standard deviation", color, decay.distance, decay.mean};
  for (std::size_t i = 0; i < decay.mean.size(); ++i) band.spread.push_back({decay.mean[i] - decay.deviation[i], decay.mean[i] + decay.deviation[i]});
  band.width = 0;
  return band;
}

// A table's similarities, and what is to be said of them.
struct Fall {
  std::string label, more;
  Decay decay;
  double step = 1, farthest = 0;
  std::size_t frequencies = 0;
};

double step_of(const Tensor& tensor) { return std::abs(row_numbers(tensor).places.step); }

double farthest_of(const Tensor& tensor) { return length_along(tensor, spectra(tensor).front().axes.front()) - step_of(tensor); }

Fall fall_of(const Overlay& table, Index most_blocks) {
  const Spectrum spectrum = spectra(table.tensor).front();
  std::vector<double> frequencies;
  for (const double wavelength : spectrum.wavelength) frequencies.push_back(2 * std::numbers::pi / wavelength);
  const double step = step_of(table.tensor), farthest = farthest_of(table.tensor);
  return {table.label, table.more, rotary_decay(frequencies, farthest, step, most_blocks), step, farthest, frequencies.size()};
}

// Blocks of one size over the longest distance of all tables.
std::vector<Fall> falls_of(const std::vector<Overlay>& tables) {
  double longest = 0;
  for (const Overlay& table : tables) longest = std::max(longest, farthest_of(table.tensor));
  const Index most = tables.size() == 1 ? kMostBlocks : kOverlaidBlocks;
  std::vector<Fall> falls;
  for (const Overlay& table : tables) {
    const double part = longest > 0 ? farthest_of(table.tensor) / longest : 1;
    falls.push_back(fall_of(table, std::max<Index>(1, std::lround(std::ceil(static_cast<double>(most) * part)))));
  }
  return falls;
}

// Of one table the line of all ones over the band of random vectors in a colour of its own; of several each its line, and its band while
// bands can be told apart.
void add_series(const std::vector<Fall>& falls, const FigureStyle& style, Chart& chart) {
  if (falls.size() == 1) {
    chart.series = {random_band(falls[0].decay, "random q = k", series_color(1, style)),
                    {"all ones", "", series_color(0, style), falls[0].decay.distance, falls[0].decay.mean}};
    return;
  }
  const bool has_bands = falls.size() <= kMostBands;
  for (std::size_t i = 0; has_bands && i < falls.size(); ++i) chart.series.push_back(random_band(falls[i].decay, "", series_color(i, style)));
  for (std::size_t i = 0; i < falls.size(); ++i) {
    chart.series.push_back({falls[i].label, "", series_color(i, style), falls[i].decay.distance, falls[i].decay.mean});
  }
  chart.notes.push_back(has_bands ? "lines: all ones; bands: random q = k, which has the same mean, ± standard deviation"
                                  : "lines: all ones, and the mean of random q = k");
}

std::vector<std::string> notes_of(const std::vector<Fall>& falls) {
  double farthest = 0;
  for (const Fall& fall : falls) farthest = std::max(farthest, farthest_from_mean(fall.decay));
  std::vector<TableNote> notes;
  for (const Fall& fall : falls) {
    const bool is_mean = fall.decay.block > fall.step;
    if (is_mean) {
      notes.push_back({fmt::format("a point is the mean over {:g} positions of distance; single ones lie up to {:.2f} from it",
                                   fall.decay.block, farthest), fall.label});
    }
    if (!fall.more.empty()) notes.push_back({"also " + fall.more, fall.label});
    notes.push_back({fmt::format("{} frequencies; without the table's attention factor, if it has one", fall.frequencies), fall.label});
  }
  return merged_notes(notes, falls.size());
}

Canvas paint(const Tensor& tensor, const FigureRequest& request) {
  const std::vector<Fall> falls = falls_of(request.with_overlays(tensor));
  Range range{0, 1}, distances{0, 0};
  for (const Fall& fall : falls) {
    for (std::size_t i = 0; i < fall.decay.mean.size(); ++i) range.low = std::min(range.low, fall.decay.mean[i] - fall.decay.deviation[i]);
    distances.high = std::max({distances.high, fall.farthest, fall.step});
  }
  Chart chart{{"distance (positions)", distances}, {"mean of q·k / |q||k| after rotation", padded(range)}, {}};
  add_series(falls, request.style, chart);
  for (std::string& note : notes_of(falls)) chart.notes.push_back(std::move(note));
  return draw_chart(chart, request);
}

}  // namespace

Figure decay_figure() { return {"decay", "similarity of rotated queries and keys over their distance", unsuited, paint, {.overlays = true}}; }

}  // namespace pe
