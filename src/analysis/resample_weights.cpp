#include "analysis/resample_weights.h"

#include <algorithm>
#include <cmath>

namespace pe {
namespace {

struct Kernel {
  std::function<double(double)> at;
  double radius = 0;   ///< it is 0 from there on, in cells
};

Kernel kernel_of(const EvenRule& rule) {
  if (rule.filter == "cubic") return {[a = rule.cubic_a](double x) { return cubic_kernel(x, a); }, 2};
  return {[](double x) { return std::max(0.0, 1 - std::fabs(x)); }, 1};
}

/// (i + 0.5) o / (n + offset): where the middle of a new cell lies, in old cells from the outer edge of the first.
double middle(Index cell, Index old_size, Index new_size, const EvenRule& rule) {
  return (static_cast<double>(cell) + 0.5) * static_cast<double>(old_size) / (static_cast<double>(new_size) + rule.offset);
}

/// i (o - 1) / (n - 1): exact where it is whole, so that the last cell is the old one. (scipy's zoom multiplies by a rounded quotient, may come
/// out behind the last cell and then writes 0.)
double aligned_place(Index cell, Index old_size, Index new_size) {
  return new_size == 1 ? 0 : static_cast<double>(cell) * static_cast<double>(old_size - 1) / static_cast<double>(new_size - 1);
}

void append_interpolated(AxisWeights& weights, double place, const Kernel& kernel) {
  const Index last_cell = weights.old_size() - 1;
  const auto inside = [&](Index j) { return std::clamp<Index>(j, 0, last_cell); };
  const auto base = static_cast<Index>(std::floor(place));
  const Index first = inside(base - 1);
  std::vector<double> sums(static_cast<std::size_t>(inside(base + 2) - first + 1));
  for (Index j = base - 1; j <= base + 2; ++j) sums[static_cast<std::size_t>(inside(j) - first)] += kernel.at(static_cast<double>(j) - place);
  weights.append(first, sums);
}

void append_antialiased(AxisWeights& weights, double centre, double stretch, const Kernel& kernel) {
  const double reach = stretch * kernel.radius;
  const Index first = std::max<Index>(0, static_cast<Index>(std::floor(centre - reach)));
  const Index last = std::min(weights.old_size() - 1, static_cast<Index>(std::ceil(centre + reach)));
  std::vector<double> parts;
  double sum = 0;
  for (Index j = first; j <= last; ++j) sum += parts.emplace_back(kernel.at((static_cast<double>(j) + 0.5 - centre) / stretch));
  for (double& part : parts) part /= sum;
  weights.append(first, parts);
}

}  // namespace

AxisWeights::Cell AxisWeights::operator[](Index cell) const {
  const auto i = static_cast<std::size_t>(cell);
  return {first_[i], std::span(weights_).subspan(start_[i], start_[i + 1] - start_[i])};
}

void AxisWeights::append(Index first, std::span<const double> weights) {
  while (weights.size() > 1 && weights.front() == 0) {
    weights = weights.subspan(1);
    ++first;
  }
  while (weights.size() > 1 && weights.back() == 0) weights = weights.first(weights.size() - 1);
  first_.push_back(first);
  weights_.insert(weights_.end(), weights.begin(), weights.end());
  start_.push_back(weights_.size());
}

double cubic_kernel(double x, double a) {
  x = std::fabs(x);
  if (x <= 1) return (1 - x) * (1 + x - (a + 2) * x * x);   // the factors make it exactly 0 at 1, whatever a
  return x < 2 ? a * (x - 1) * (x - 2) * (x - 2) : 0;
}

AxisWeights even_weights(Index old_size, Index new_size, const EvenRule& rule) {
  AxisWeights weights(old_size);
  const Kernel kernel = kernel_of(rule);
  const bool aligned = rule.corners == "aligned";
  const double stretch = std::max(1.0, static_cast<double>(old_size) / (static_cast<double>(new_size) + rule.offset));
  for (Index i = 0; i < new_size; ++i) {
    const double centre = middle(i, old_size, new_size, rule);
    const double place = aligned ? aligned_place(i, old_size, new_size) : centre - 0.5;
    if (rule.filter == "nearest") {
      weights.append(static_cast<Index>(std::floor(aligned ? place + 0.5 : centre)), std::vector{1.0});
    } else if (rule.antialias) {
      append_antialiased(weights, centre, stretch, kernel);
    } else {
      append_interpolated(weights, place, kernel);
    }
  }
  return weights;
}

}  // namespace pe
