#include "analysis/spectrum.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

namespace pe {

std::vector<Spectrum> spectra(const Tensor& tensor) {
  const std::vector<Column> columns = tensor.columns ? tensor.columns() : std::vector<Column>();
  std::vector<std::string> axes;
  std::map<std::string, std::map<Index, double>> frequencies;   // by axis and number; sine and cosine share theirs
  for (const Column& column : columns) {
    if (column.frequency == 0) continue;
    if (!frequencies.contains(column.axis)) axes.push_back(column.axis);
    frequencies[column.axis].emplace(column.index, std::abs(column.frequency));
  }
  std::vector<Spectrum> all;
  for (const std::string& axis : axes) {
    Spectrum spectrum{{axis}, {}, {}};
    for (const auto& [index, frequency] : frequencies[axis]) {
      spectrum.index.push_back(index);
      spectrum.wavelength.push_back(2 * std::numbers::pi / frequency);
    }
    const auto same = std::find_if(all.begin(), all.end(),
                                   [&](const Spectrum& s) { return s.index == spectrum.index && s.wavelength == spectrum.wavelength; });
    if (same != all.end()) {
      same->axes.push_back(axis);
    } else {
      all.push_back(std::move(spectrum));
    }
  }
  return all;
}

double length_along(const Tensor& tensor, const std::string& axis) {
  if (tensor.grid) {
    const std::string letters = tensor.grid->sizes.size() == 3 ? "thw" : "hw";
    const std::size_t at = letters.find(axis);
    return axis.size() == 1 && at != std::string::npos ? static_cast<double>(tensor.grid->sizes[at]) : 0;
  }
  if (tensor.axes.size() < 2) return 0;
  const Axis& rows = tensor.axes[tensor.axes.size() - 2];
  if (rows.name != axis || !rows.places) return 0;
  return static_cast<double>(rows.size - rows.places->prefix) * std::abs(rows.places->step);
}

}  // namespace pe
