#include "analysis/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/blocks.h"

namespace pe {
namespace {

constexpr double kFewestBins = 8, kMostBins = 120;

template <class Visit>
void for_each_finite(const Tensor& tensor, Visit visit) {
  for_each_row(tensor, 0, tensor.rows(), [&](Index, std::span<const double> values) {
    for (const double value : values) {
      if (std::isfinite(value)) visit(value);
    }
  });
}

void lay_bins(Histogram& histogram, bool whole) {
  const auto [low, high] = histogram.range;
  double bins = std::clamp(std::round(2 * std::cbrt(static_cast<double>(histogram.count))), kFewestBins, kMostBins);
  if (whole || low == high) {
    histogram.width = std::ceil((high - low + 1) / bins);
    histogram.first = low - 0.5;
    bins = std::ceil((high - low + 1) / histogram.width);
  } else {
    histogram.width = high / bins - low / bins;   // the difference itself may be too large for a double
    histogram.first = low;
  }
  histogram.bins.resize(static_cast<std::size_t>(bins));
}

}  // namespace

Histogram histogram_of(const Tensor& tensor) {
  Histogram histogram;
  histogram.range = {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  double sum = 0;
  for_each_finite(tensor, [&](double value) {
    ++histogram.count;
    sum += value;
    histogram.range = {std::min(histogram.range.low, value), std::max(histogram.range.high, value)};
  });
  histogram.not_finite = tensor.rows() * tensor.row_width() - histogram.count;
  if (histogram.count == 0) return histogram;

  const auto count = static_cast<double>(histogram.count);
  histogram.mean = sum / count;
  lay_bins(histogram, is_integer(tensor.dtype));
  double squares = 0, fourths = 0;
  for_each_finite(tensor, [&](double value) {
    const double square = (value - histogram.mean) * (value - histogram.mean);
    squares += square;
    fourths += square * square;
    const double bin = value / histogram.width - histogram.first / histogram.width, last = static_cast<double>(histogram.bins.size() - 1);
    ++histogram.bins[static_cast<std::size_t>(std::clamp(bin, 0.0, last))];
  });
  histogram.deviation = std::sqrt(squares / count);
  histogram.kurtosis = squares == 0 ? 0 : fourths * count / (squares * squares);
  return histogram;
}

}  // namespace pe
