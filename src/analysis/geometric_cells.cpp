#include "analysis/geometric_cells.h"

#include <algorithm>
#include <cassert>

namespace pe {
namespace {

using Values = std::vector<double>;

/// The curve through a point per old cell, as weights of the points.
class Curve {
 public:
  explicit Curve(Values places) : x_(std::move(places)) {}
  virtual ~Curve() = default;

  Index size() const { return static_cast<Index>(x_.size()); }

  /// The weight of each point in the curve's value at `place`, inside the ends or at them.
  Values weights(double place) const {
    Values weights(x_.size());
    if (x_.size() == 1) return {1.0};
    const auto after = static_cast<std::size_t>(std::upper_bound(x_.begin(), x_.end(), place) - x_.begin());
    const std::size_t k = std::min(std::max<std::size_t>(after, 1), x_.size() - 1) - 1;   // between points k and k + 1
    const double part = (place - x_[k]) / (x_[k + 1] - x_[k]);
    weights[k] = 1 - part;
    weights[k + 1] = part;
    bend(weights, k, part);
    return weights;
  }

 protected:
  /// Adds what the curve is more than the straight line between points k and k + 1.
  virtual void bend(Values&, std::size_t, double) const {}

  double gap(std::size_t k) const { return x_[k + 1] - x_[k]; }

  Values x_;
};

/// The cubic spline whose third derivative does not jump at the second and the last but one point. Its value between points k and k + 1, a
/// gap of h, at parts t = 1 - s and s of the way: t y_k + s y_k+1 + ((t^3 - t) M_k + (s^3 - s) M_k+1) h^2 / 6, M the second derivatives.
class Spline : public Curve {
 public:
  explicit Spline(Values places) : Curve(std::move(places)) {
    assert(size() >= 4);
    eliminate();
    for (std::size_t point = 0; point < x_.size(); ++point) second_.push_back(second_derivatives(point));
  }

 private:
  void bend(Values& weights, std::size_t k, double part) const override {
    const double t = 1 - part, unit = gap(k) * gap(k) / 6;
    const double left = (t * t * t - t) * unit, right = (part * part * part - part) * unit;
    for (std::size_t point = 0; point < weights.size(); ++point) weights[point] += left * second_[point][k] + right * second_[point][k + 1];
  }

  // Row i of 1 .. m-2: h_i-1 M_i-1 + 2 (h_i-1 + h_i) M_i + h_i M_i+1 = 6 ((y_i+1 - y_i) / h_i - (y_i - y_i-1) / h_i-1). The ends follow from
  // not-a-knot, M_0 = ((h_0 + h_1) M_1 - h_0 M_2) / h_1 and its mirror image, put into the first and the last row.
  void eliminate() {
    const std::size_t last = x_.size() - 2;
    lower_.resize(x_.size());
    pivot_.resize(x_.size());
    upper_.resize(x_.size());
    for (std::size_t i = 1; i <= last; ++i) {
      const double before = gap(i - 1), behind = gap(i);
      lower_[i] = i == last ? before - behind * behind / before : before;
      upper_[i] = i == 1 ? behind - before * before / behind : behind;
      pivot_[i] = 2 * (before + behind);
      if (i == 1) pivot_[i] += before * (before + behind) / behind;
      if (i == last) pivot_[i] += behind * (before + behind) / before;
      if (i > 1) {
        lower_[i] /= pivot_[i - 1];
        pivot_[i] -= lower_[i] * upper_[i - 1];
      }
    }
  }

  /// Those of the spline through 1 at `point` and 0 at all others.
  Values second_derivatives(std::size_t point) const {
    const std::size_t last = x_.size() - 2;
    const auto y = [&](std::size_t i) { return i == point ? 1.0 : 0.0; };
    Values m(x_.size());
    for (std::size_t i = 1; i <= last; ++i) {
      m[i] = 6 * ((y(i + 1) - y(i)) / gap(i) - (y(i) - y(i - 1)) / gap(i - 1));
      if (i > 1) m[i] -= lower_[i] * m[i - 1];
    }
    m[last] /= pivot_[last];
    for (std::size_t i = last; i-- > 1;) m[i] = (m[i] - upper_[i] * m[i + 1]) / pivot_[i];
    m[0] = ((gap(0) + gap(1)) * m[1] - gap(0) * m[2]) / gap(1);
    m[last + 1] = ((gap(last - 1) + gap(last)) * m[last] - gap(last) * m[last - 1]) / gap(last - 1);
    return m;
  }

  Values lower_, pivot_, upper_;   ///< of the rows, lower triangle and diagonal after elimination
  std::vector<Values> second_;     ///< [point, place]
};

/// (q^count - 1) / (q - 1) = 1 + q + .. + q^(count-1)
double geometric_sum(double ratio, Index count) {
  double sum = 0, power = 1;
  for (Index i = 0; i < count; ++i, power *= ratio) sum += power;
  return sum;
}

AxisWeights sampled(const Curve& curve, double farthest, Index new_side) {
  AxisWeights weights(curve.size());
  for (Index u = 1 - new_side; u < new_side; ++u) weights.append(0, curve.weights(std::clamp(static_cast<double>(u), -farthest, farthest)));
  return weights;
}

}  // namespace

double geometric_ratio(Index old_side, Index new_side) {
  double low = 1.01, high = 1.5, ratio = low;
  while (high - low > 1e-6) {
    ratio = (low + high) / 2;
    (geometric_sum(ratio, old_side - 1) > static_cast<double>(new_side - 1) ? high : low) = ratio;
  }
  return ratio;   // the last one tried, as there
}

std::vector<double> geometric_places(Index side, double ratio) {
  Values places;
  for (Index u = 1 - side; u < side; ++u) places.push_back(u < 0 ? -geometric_sum(ratio, -u) : geometric_sum(ratio, u));
  return places;
}

AxisWeights geometric_weights(Index old_side, Index new_side, const std::string& curve) {
  const Values places = geometric_places(old_side, geometric_ratio(old_side, new_side));
  return curve == "spline" ? sampled(Spline(places), places.back(), new_side) : sampled(Curve(places), places.back(), new_side);
}

}  // namespace pe
