#include "figures/draw/box.h"

#include <cmath>
#include <numbers>

namespace pe {
namespace {

constexpr double kTurn = 0.60, kTilt = 0.42;             // radians: about the vertical axis, and how far from above
constexpr double kSide = 520;                            // of the plot, points
constexpr double kRoomBeside = 84, kRoomBelow = 24;      // for numbers and names, points
constexpr double kNumberAway = 14, kNameAway = 46;       // from the edges of the box, points
constexpr Index kMostSteps = 4;                          // between numbers of an axis

using Corner = std::array<double, 3>;                    // -1..1 along x, y, z

Point projected(const Corner& c) {
  const double right = std::cos(kTurn) * c[0] + std::sin(kTurn) * c[1], away = std::cos(kTurn) * c[1] - std::sin(kTurn) * c[0];
  return {right, -(std::cos(kTilt) * c[2] + std::sin(kTilt) * away)};
}

double reach_across() { return std::cos(kTurn) + std::sin(kTurn); }
double reach_up() { return std::cos(kTilt) + std::sin(kTilt) * reach_across(); }

double from_range(Range range, double value) { return 2 * (value - range.low) / (range.high - range.low) - 1; }

// The edge of the box that carries the numbers of an axis, at a place along it, and the way out of the box from there.
struct Edge {
  Corner low, high;
  Point away;      // unit length
  Align align;
};

const std::array<Edge, 3>& edges() {
  static const std::array<Edge, 3> all = [] {
    const auto outwards = [](double x, double y) { return Point{x / std::hypot(x, y), y / std::hypot(x, y)}; };
    return std::array<Edge, 3>{{{{-1, -1, -1}, {1, -1, -1}, outwards(-0.35, 1), Align::centre},
                                {{1, -1, -1}, {1, 1, -1}, outwards(0.75, 0.66), Align::left},
                                {{-1, -1, -1}, {-1, -1, 1}, outwards(-1, 0), Align::right}}};
  }();
  return all;
}

class BoxPainter {
 public:
  BoxPainter(BoxCanvas& box, const FigureStyle& style) : box_(box), pen_(style) {}

  void paint(const Box& box) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
      for (const Tick& tick : linear_ticks(box.ranges[axis], kMostSteps, 1)) {
        const double place = 2 * tick.at / kMostSteps - 1;
        grid_lines(axis, place);
        number(axis, place, tick.label);
      }
      name(axis, box.names[axis]);
    }
    edges_behind();
  }

 private:
  Point pixel(const Corner& corner) const {
    const Point p = projected(corner);
    return {box_.middle.x + box_.unit * p.x, box_.middle.y + box_.unit * p.y};
  }

  PixelRect all() const { return {0, 0, box_.canvas.width(), box_.canvas.height()}; }

  void grid_line(const Corner& a, const Corner& b) {
    draw_line(box_.canvas, all(), std::array{pixel(a), pixel(b)}, pixels(1, pen_.style), pen_.colors.grid);
  }

  // The edges of the floor and of the two walls behind, in one line that passes some twice.
  void edges_behind() {
    std::vector<Point> path;
    for (const Corner& corner : std::array<Corner, 11>{{{-1, -1, -1}, {1, -1, -1}, {1, 1, -1}, {-1, 1, -1}, {-1, -1, -1}, {-1, -1, 1}, {-1, 1, 1},
                                                        {-1, 1, -1}, {-1, 1, 1}, {1, 1, 1}, {1, 1, -1}}}) {
      path.push_back(pixel(corner));
    }
    draw_line(box_.canvas, all(), path, pixels(0.8, pen_.style), pen_.colors.line);
  }

  // On the two faces that stand behind everything and contain the axis: the floor and a wall, or both walls.
  void grid_lines(std::size_t axis, double place) {
    if (axis == 0) {
      grid_line({place, -1, -1}, {place, 1, -1});
      grid_line({place, 1, -1}, {place, 1, 1});
    } else if (axis == 1) {
      grid_line({-1, place, -1}, {1, place, -1});
      grid_line({-1, place, -1}, {-1, place, 1});
    } else {
      grid_line({-1, -1, place}, {-1, 1, place});
      grid_line({-1, 1, place}, {1, 1, place});
    }
  }

  Point outside(std::size_t axis, double place, double away) const {
    const Edge& edge = edges()[axis];
    Corner corner;
    for (std::size_t d = 0; d < 3; ++d) corner[d] = edge.low[d] + (place + 1) / 2 * (edge.high[d] - edge.low[d]);
    const Point p = pixel(corner);
    return {p.x + edge.away.x * pixels(away, pen_.style), p.y + edge.away.y * pixels(away, pen_.style)};
  }

  void number(std::size_t axis, double place, const std::string& label) {
    const Font font = pen_.font(kNumberSize);
    draw_line(box_.canvas, all(), std::array{outside(axis, place, 0), outside(axis, place, kTickLength)}, pixels(0.8, pen_.style), pen_.colors.line);
    const Point p = outside(axis, place, axis == 2 ? kNumberAway / 2 : kNumberAway);
    draw_text(box_.canvas, p.x, std::lround(p.y + cap_height(font) / 2), label, font, pen_.colors.text, edges()[axis].align);
  }

  void name(std::size_t axis, const std::string& text) {
    const Font font = pen_.font(kNameSize);
    const Point p = outside(axis, 0, kNameAway);
    if (axis == 2) return draw_text_upwards(box_.canvas, std::lround(p.x), p.y, text, font, pen_.colors.text, Align::centre);
    const double x = axis == 0 ? p.x - text_width(text, font) / 2 : p.x;
    draw_text(box_.canvas, std::max(pixels(kPad, pen_.style), x), std::lround(p.y), text, font, pen_.colors.text, Align::left);
  }

  BoxCanvas& box_;
  Pen pen_;
};

struct Plan {
  PixelSize size;
};

}  // namespace

Point BoxCanvas::at(double x, double y, double z) const {
  const Point p = projected({from_range(ranges[0], x), from_range(ranges[1], y), from_range(ranges[2], z)});
  return {middle.x + unit * p.x, middle.y + unit * p.y};
}

double BoxCanvas::depth(double x, double y, double z) const {
  const double u = from_range(ranges[0], x), v = from_range(ranges[1], y), w = from_range(ranges[2], z);
  const double away = std::cos(kTilt) * (std::cos(kTurn) * v - std::sin(kTurn) * u) - std::sin(kTilt) * w;
  const double most = std::cos(kTilt) * reach_across() + std::sin(kTilt);
  return (away / most + 1) / 2;
}

BoxCanvas start_box(const Box& box, Frame frame, const FigureStyle& style) {
  frame.border = false;
  frame.across = frame.down = {"", {}, false, {}};
  const Index side = std::lround(pixels(kSide, style));
  auto [plan, around] = fit({{side, side}, {side, side}}, style, [](const PlotLimits& limits) { return Plan{limits.target}; },
                            [&](const Plan&) { return frame; });
  FramedCanvas framed = draw_frame(around, plan.size, style);
  const double beside = pixels(kRoomBeside, style), below = pixels(kRoomBelow, style);
  const double width = static_cast<double>(plan.size.width) - beside, height = static_cast<double>(plan.size.height) - below;
  const double unit = std::min(width / (2 * reach_across()), height / (2 * reach_up()));
  if (unit < 10) refuse_room(plan.size);
  const Point middle{static_cast<double>(framed.left) + beside * 0.75 + width / 2, static_cast<double>(framed.top) + height / 2};
  BoxCanvas canvas{std::move(framed.canvas), {framed.left, framed.top, plan.size.width, plan.size.height}, box.ranges, middle, unit};
  BoxPainter(canvas, style).paint(box);
  return canvas;
}

}  // namespace pe
