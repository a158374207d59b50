#include "figures/draw/line.h"

#include <cmath>

namespace pe {
namespace {

// How much of each pixel of a rectangle a line covers. Segments of one line share it, so that joints are not drawn twice.
class Coverage {
 public:
  explicit Coverage(const PixelRect& clip) : clip_(clip), covered_(static_cast<std::size_t>(clip.width * clip.height)) {}

  // Every pixel by its middle's distance from the segment: full up to half the width less half a pixel, none half a pixel further.
  void add(Point from, Point to, double width) {
    const double dx = to.x - from.x, dy = to.y - from.y, length = std::hypot(dx, dy), reach = width / 2 + 1;
    const bool flat = std::abs(dx) >= std::abs(dy);
    // Along the longer direction pixel by pixel; in the other only as far as the line is thick there.
    const double start = flat ? std::min(from.x, to.x) : std::min(from.y, to.y), end = flat ? std::max(from.x, to.x) : std::max(from.y, to.y);
    const double slope = length == 0 ? 0 : flat ? dy / dx : dx / dy, half = reach * std::sqrt(1 + slope * slope);
    const Index low = flat ? clip_.left : clip_.top, high = low + (flat ? clip_.width : clip_.height);
    for (Index along = bound(start - reach, low, high), stop = bound(end + reach + 1, low, high); along < stop; ++along) {
      const double at = std::clamp(static_cast<double>(along) + 0.5, start, end);
      const double middle = flat ? from.y + slope * (at - from.x) : from.x + slope * (at - from.y);
      const Index side = flat ? clip_.top : clip_.left, side_end = side + (flat ? clip_.height : clip_.width);
      for (Index across = bound(middle - half, side, side_end), stop_across = bound(middle + half + 1, side, side_end); across < stop_across; ++across) {
        const Index x = flat ? along : across, y = flat ? across : along;
        const double px = static_cast<double>(x) + 0.5 - from.x, py = static_cast<double>(y) + 0.5 - from.y;
        const double t = length == 0 ? 0 : std::clamp((px * dx + py * dy) / (length * length), 0.0, 1.0);
        cover(x, y, width / 2 + 0.5 - std::hypot(px - t * dx, py - t * dy));
      }
    }
  }

  void blend(Canvas& canvas, Color color, double alpha) const {
    const float* covered = covered_.data();
    for (Index y = clip_.top; y < clip_.top + clip_.height; ++y) {
      for (Index x = clip_.left; x < clip_.left + clip_.width; ++x, ++covered) {
        if (*covered > 0) canvas.blend(x, y, color, alpha * static_cast<double>(*covered));
      }
    }
  }

 private:
  static Index bound(double at, Index low, Index high) {
    return static_cast<Index>(std::floor(std::clamp(at, static_cast<double>(low), static_cast<double>(high))));
  }

  void cover(Index x, Index y, double amount) {
    float& pixel = covered_[static_cast<std::size_t>((y - clip_.top) * clip_.width + x - clip_.left)];
    pixel = std::max(pixel, static_cast<float>(std::clamp(amount, 0.0, 1.0)));
  }

  PixelRect clip_;
  std::vector<float> covered_;
};

// The part of `clip` that a line through the points can touch.
PixelRect touched(const PixelRect& clip, std::span<const Point> points, double reach) {
  const auto right_end = static_cast<double>(clip.left + clip.width), bottom_end = static_cast<double>(clip.top + clip.height);
  double left = right_end, right = static_cast<double>(clip.left), top = bottom_end, bottom = static_cast<double>(clip.top);
  for (const Point& point : points) {
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) continue;
    left = std::min(left, point.x - reach);
    right = std::max(right, point.x + reach);
    top = std::min(top, point.y - reach);
    bottom = std::max(bottom, point.y + reach);
  }
  const auto x = static_cast<Index>(std::floor(std::max(left, static_cast<double>(clip.left))));
  const auto y = static_cast<Index>(std::floor(std::max(top, static_cast<double>(clip.top))));
  const auto x_end = static_cast<Index>(std::ceil(std::min(right, right_end))), y_end = static_cast<Index>(std::ceil(std::min(bottom, bottom_end)));
  return {x, y, std::max<Index>(0, x_end - x), std::max<Index>(0, y_end - y)};
}

}  // namespace

void draw_line(Canvas& canvas, const PixelRect& clip, std::span<const Point> points, double width, Color color, double alpha) {
  Coverage coverage(touched(clip, points, width / 2 + 1));
  const auto drawable = [](const Point& point) { return std::isfinite(point.x) && std::isfinite(point.y); };
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!drawable(points[i])) continue;
    const bool joined = i > 0 && drawable(points[i - 1]), alone = !joined && (i + 1 == points.size() || !drawable(points[i + 1]));
    if (joined || alone) coverage.add(points[joined ? i - 1 : i], points[i], width);
  }
  coverage.blend(canvas, color, alpha);
}

void draw_dot(Canvas& canvas, const PixelRect& clip, Point centre, double radius, Color color, double alpha) {
  draw_line(canvas, clip, std::span(&centre, 1), 2 * radius, color, alpha);
}

}  // namespace pe
