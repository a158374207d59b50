#include "core/xpos.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/elementary.h"
#include "core/error.h"
#include "core/sinusoid.h"

namespace pe {
namespace {

/// The decay of each frequency per position.
class XposRows {
 public:
  XposRows(Positions positions, Index n, double base, double length, Index prefix, Arithmetic arithmetic)
      : positions_(std::move(positions)), centre_(std::ceil(length / 2)), base_(base), prefix_(prefix), in_f32_(arithmetic == Arithmetic::framework) {
    for (Index i = 0; i < n; ++i) {
      Real ratio = (Real(static_cast<double>(i)) / Real(static_cast<double>(n)) + Real(4) / Real(10)) / (Real(14) / Real(10));
      if (in_f32_) ratio = static_cast<double>(static_cast<float>(static_cast<double>(ratio)));
      const Real rate = in_f32_ ? log(ratio) : log(ratio) / Real(base);
      rates_.push_back(static_cast<double>(rate));
      tails_.push_back(static_cast<double>(rate - Real(rates_.back())));
    }
  }

  double value(double position, std::size_t i) const {
    double distance = position - centre_;
    if (in_f32_) distance = static_cast<double>(static_cast<float>(distance / base_));
    const double exponent = distance * rates_[i];
    const double scale = plain_exp(exponent, std::fma(distance, rates_[i], -exponent) + distance * tails_[i]);
    return in_f32_ ? static_cast<double>(static_cast<float>(scale)) : scale;
  }

  void fill(Index first_row, std::span<double> out) const {
    for (std::size_t at = 0; at < out.size(); ++first_row) {
      const bool is_prefix = first_row < prefix_;
      const double position = is_prefix ? 0 : positions_.at(first_row - prefix_);
      for (std::size_t i = 0; i < rates_.size(); ++i) out[at++] = is_prefix ? 1 : value(position, i);
    }
  }

 private:
  Positions positions_;
  double centre_, base_;
  Index prefix_;
  bool in_f32_;
  std::vector<double> rates_, tails_;
};

}  // namespace

Tensor xpos_scale(const Positions& positions, Index n, double base, double length, Index prefix, Arithmetic arithmetic, Dtype dtype) {
  const auto rows = std::make_shared<const XposRows>(positions, n, base, length, prefix, arithmetic);
  const auto [low, high] = positions.range();
  // The first frequency decays fastest: no value is farther from 1.
  const Range range{std::min(rows->value(high, 0), 1.0), std::max(rows->value(low, 0), 1.0)};
  if (range.high > largest(dtype)) {
    throw Error(fmt::format("--xpos-base {}: at position {} the scale is {:.3g}, too large for {}; use a larger base", base, low, range.high,
                            name(dtype)));
  }
  Tensor tensor;
  tensor.name = "scale";
  tensor.axes = {{"position", prefix + positions.count, row_places(positions, prefix)}, {"angle", n}};
  tensor.dtype = dtype;
  tensor.range = range;
  tensor.fill = [rows](Index first_row, std::span<double> out) { rows->fill(first_row, out); };
  return tensor;
}

}  // namespace pe
