#include "figures/draw/side.h"

#include <cmath>

#include "figures/draw/line.h"

namespace pe {
namespace {

constexpr double kBarGap = 16, kBarWidth = 14, kLowestBar = 90;
constexpr double kLeader = 22, kLeaderGap = 3, kLeaderWidth = 2;   // the line from the plot to a label
constexpr double kDetailGap = 0.6;                                 // in font sizes

Index bar_height(const Frame& frame, Index plot_height, const Pen& pen) {
  return std::max(plot_height - frame.bar_skips_above - frame.bar_skips_below, pen.px(kLowestBar));
}

std::vector<Tick> bar_ticks(const Frame& frame, Index height, const Pen& pen) {
  return range_ticks(frame.scale->range(), static_cast<double>(height), pixels(3 * kNumberSize, pen.style), frame.scale->is_whole());
}

// How high the bar or, where it is longer, its name is.
double named_height(const Frame& frame, Index height, const Pen& pen) {
  return std::max(static_cast<double>(height), std::ceil(text_width(frame.bar_name, pen.font(kNameSize))));
}

PixelSize bar_size(const Frame& frame, Index plot_height, const Pen& pen) {
  const Index height = bar_height(frame, plot_height, pen);
  double numbers = 0;
  for (const Tick& tick : bar_ticks(frame, height, pen)) numbers = std::max(numbers, text_width(tick.label, pen.font(kNumberSize)));
  const Index name = frame.bar_name.empty() ? 0 : pen.px(kNameGap) + pen.cap(kNameSize);
  const Index width = pen.px(kBarGap) + pen.px(kBarWidth) + pen.px(kTickLength) + pen.px(kNumberGap) + std::lround(std::ceil(numbers)) + name;
  return {width, frame.bar_skips_above + std::lround(named_height(frame, height, pen))};
}

void draw_bar(Canvas& canvas, const Frame& frame, const PixelRect& plot, const Pen& pen) {
  const Range range = frame.scale->range();
  const PixelRect bar{plot.left + plot.width + pen.px(kBarGap), plot.top + frame.bar_skips_above, pen.px(kBarWidth), bar_height(frame, plot.height, pen)};
  for (Index y = 0; y < bar.height; ++y) {
    const double down = (static_cast<double>(y) + 0.5) / static_cast<double>(bar.height);
    canvas.fill(bar.left, bar.top + y, bar.width, 1, (*frame.scale)(range.high + down * (range.low - range.high)));
  }
  outline(canvas, bar, pen);
  const Font number = pen.font(kNumberSize);
  const Index ticks = bar.left + bar.width + pen.line;
  for (const Tick& tick : bar_ticks(frame, bar.height, pen)) {
    // A tick points at the middle of its line; those of the ends lie on the border.
    const double y = static_cast<double>(bar.top) + std::clamp(tick.at, 0.0, static_cast<double>(bar.height));
    const Index mark = tick.at <= 0 ? bar.top - pen.line : static_cast<Index>(y);
    canvas.fill(ticks, mark, pen.px(kTickLength), pen.line, pen.colors.line);
    draw_text(canvas, static_cast<double>(ticks + pen.px(kTickLength) + pen.px(kNumberGap)), std::lround(y + cap_height(number) / 2), tick.label,
              number, pen.colors.text, Align::left);
  }
  const double middle = static_cast<double>(bar.top) + named_height(frame, bar.height, pen) / 2;
  const Index name = plot.left + plot.width + bar_size(frame, plot.height, pen).width;
  draw_text_upwards(canvas, name, middle, frame.bar_name, pen.font(kNameSize), pen.colors.text, Align::centre);
}

double label_width(const SideLabel& label, const Pen& pen) {
  const Font font = pen.font(kNumberSize);
  const double detail = label.detail.empty() ? 0 : font.size * kDetailGap + text_width(label.detail, font);
  return text_width(label.text, font) + detail;
}

PixelSize labels_size(const Frame& frame, const Pen& pen) {
  double width = 0;
  for (const SideLabel& label : frame.side_labels) width = std::max(width, label_width(label, pen));
  return {pen.px(kLeader) + 2 * pen.px(kLeaderGap) + std::lround(std::ceil(width)),
          static_cast<Index>(frame.side_labels.size()) * pen.line_height(kNumberSize)};
}

// Heights that keep a line between neighbours and move each label as little as possible: labels that would overlap join to a block,
// which stands around the mean of the places they want. All stay inside the height.
std::vector<double> spread(const std::vector<SideLabel>& labels, double line, double height) {
  struct Block {
    double middle = 0, count = 0;
  };
  std::vector<Block> blocks;
  const auto keep_inside = [&](Block block) {
    const double half = block.count * line / 2;
    block.middle = std::max(half, std::min(block.middle, height - half));
    return block;
  };
  for (const SideLabel& label : labels) {
    blocks.push_back(keep_inside({label.at, 1}));
    while (blocks.size() > 1) {
      const Block last = blocks.back(), before = blocks[blocks.size() - 2];
      if (last.middle - before.middle >= (last.count + before.count) * line / 2) break;
      blocks.pop_back();
      const double count = last.count + before.count;
      blocks.back() = keep_inside({(last.middle * last.count + before.middle * before.count) / count, count});
    }
  }
  std::vector<double> heights;
  for (const Block& block : blocks) {
    for (double i = 0; i < block.count; ++i) heights.push_back(block.middle + (i + 0.5 - block.count / 2) * line);
  }
  return heights;
}

void draw_leader(Canvas& canvas, const SideLabel& label, Point from, Point to, const Pen& pen) {
  const PixelRect all{0, 0, canvas.width(), canvas.height()};
  const double width = pixels(kLeaderWidth, pen.style);
  if (!label.dashed) return draw_line(canvas, all, std::array{from, to}, width, label.color);
  const auto along = [&](double t) { return Point{from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)}; };
  for (const double t : {0.0, 0.4, 0.8}) draw_line(canvas, all, std::array{along(t), along(t + 0.2)}, width * 0.6, label.color);
}

void draw_labels(Canvas& canvas, const Frame& frame, const PixelRect& plot, const Pen& pen) {
  std::vector<SideLabel> labels = frame.side_labels;
  std::stable_sort(labels.begin(), labels.end(), [](const SideLabel& a, const SideLabel& b) { return a.at < b.at; });
  const double height = static_cast<double>(std::max(plot.height, labels_size(frame, pen).height));
  const std::vector<double> heights = spread(labels, static_cast<double>(pen.line_height(kNumberSize)), height);
  const Font font = pen.font(kNumberSize);
  const auto left = static_cast<double>(plot.left + plot.width + pen.px(kLeaderGap)), top = static_cast<double>(plot.top);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double end = left + static_cast<double>(pen.px(kLeader));
    draw_leader(canvas, labels[i], {left, top + labels[i].at}, {end, top + heights[i]}, pen);
    const double x = end + static_cast<double>(pen.px(kLeaderGap)) + pixels(1, pen.style);
    const Index baseline = std::lround(top + heights[i] + cap_height(font) / 2);
    draw_text(canvas, x, baseline, labels[i].text, font, pen.colors.text, Align::left);
    draw_text(canvas, x + text_width(labels[i].text, font) + font.size * kDetailGap, baseline, labels[i].detail, font, pen.colors.muted, Align::left);
  }
}

}  // namespace

PixelSize side_size(const Frame& frame, Index plot_height, const Pen& pen) {
  if (frame.scale) return bar_size(frame, plot_height, pen);
  return frame.side_labels.empty() ? PixelSize{} : labels_size(frame, pen);
}

void draw_side(Canvas& canvas, const Frame& frame, const PixelRect& plot, const Pen& pen) {
  if (frame.scale) return draw_bar(canvas, frame, plot, pen);
  draw_labels(canvas, frame, plot, pen);
}

}  // namespace pe
