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

constexpr Index kMostBlocks = 720;   // one per point of the plot's width

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

Series random_band(const Decay& decay, const FigureStyle& style) {
  Series band{"random q = k", "± standard deviation", series_color(1, style), decay.distance, decay.mean};
  for (std::size_t i = 0; i < decay.mean.size(); ++i) band.spread.push_back({decay.mean[i] - decay.deviation[i], decay.mean[i] + decay.deviation[i]});
  band.width = 0;
  return band;
}

Canvas paint(const Tensor& tensor, const FigureRequest& request) {
  const Spectrum spectrum = spectra(tensor).front();
  std::vector<double> frequencies;
  for (const double wavelength : spectrum.wavelength) frequencies.push_back(2 * std::numbers::pi / wavelength);
  const double step = std::abs(row_numbers(tensor).places.step), farthest = length_along(tensor, spectrum.axes.front()) - step;
  const Decay decay = rotary_decay(frequencies, farthest, step, kMostBlocks);

  Range range{0, 1};
  for (std::size_t i = 0; i < decay.mean.size(); ++i) range.low = std::min(range.low, decay.mean[i] - decay.deviation[i]);
  Chart chart{{"distance (positions)", {0, std::max(farthest, step)}}, {"mean of q·k / |q||k| after rotation", padded(range)}, {}};
  chart.series = {random_band(decay, request.style), {"all ones", "", series_color(0, request.style), decay.distance, decay.mean}};
  if (decay.block > step) {
    chart.notes.push_back(fmt::format("a point is the mean over {:g} positions of distance; single ones lie up to {:.2f} from it", decay.block,
                                      farthest_from_mean(decay)));
  }
  chart.notes.push_back(fmt::format("{} frequencies; without the table's attention factor, if it has one", frequencies.size()));
  return draw_chart(chart, request);
}

}  // namespace

Figure decay_figure() { return {"decay", "similarity of rotated queries and keys over their distance", unsuited, paint}; }

}  // namespace pe
