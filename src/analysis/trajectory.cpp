#include "analysis/trajectory.h"

#include <cmath>

#include "analysis/blocks.h"

namespace pe {
namespace {

double distance(const Trajectory& curve, std::size_t a, std::size_t b) {
  double squares = 0;
  for (std::size_t d = 0; d < curve.dimensions; ++d) squares += std::pow(curve.point(a)[d] - curve.point(b)[d], 2);
  return std::sqrt(squares);
}

// The smallest lag at which every later point lies nearly on the one so many points before, after the curve has been elsewhere.
std::optional<Index> smallest_period(const Trajectory& curve) {
  constexpr double kNear = 0.75, kFar = 1.5;   // mean steps
  const std::size_t count = curve.count();
  double length = 0;
  for (std::size_t i = 1; i < count; ++i) length += distance(curve, i - 1, i);
  const double step = length / static_cast<double>(count - 1);
  bool was_elsewhere = false;
  for (std::size_t lag = 1; lag < count; ++lag) {
    const double from_start = distance(curve, 0, lag);
    was_elsewhere = was_elsewhere || from_start > kFar * step;
    if (!was_elsewhere || from_start > kNear * step) continue;
    std::size_t i = 0;
    while (i + lag < count && distance(curve, i, i + lag) <= kNear * step) ++i;
    if (i + lag == count) return static_cast<Index>(lag);
  }
  return std::nullopt;
}

}  // namespace

Trajectory trajectory_of(const Tensor& tensor, std::span<const Index> columns, Index first, Index last, Index most) {
  Trajectory curve;
  curve.stride = (last - first + most - 1) / most;
  curve.dimensions = columns.size();
  for_each_row(tensor, first, last, [&](Index row, std::span<const double> values) {
    if ((row - first) % curve.stride != 0) return;
    for (const Index column : columns) curve.points.push_back(values[static_cast<std::size_t>(column * components(tensor.dtype))]);
  });
  if (const std::optional<Index> lag = smallest_period(curve)) curve.comes_back_after = *lag * curve.stride;
  return curve;
}

}  // namespace pe
