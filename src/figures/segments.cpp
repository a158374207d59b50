// segments: the position ids of a sequence of text, images and videos, a strip of cells per axis. What belongs together is marked
// below; of a table that does not tell, as a file's, it is read off the ids themselves.

#include <fmt/format.h>

#include "analysis/maps.h"
#include "analysis/token_runs.h"
#include "core/text.h"
#include "figures/draw/cell_text.h"
#include "figures/draw/coloring.h"
#include "figures/draw/fold.h"
#include "figures/draw/frame.h"
#include "figures/draw/row_axis.h"

namespace pe {
namespace {

constexpr double kWidth = 900, kMostWidth = 1600, kStrip = 34, kGap = 6;   // points
constexpr Index kLargestCell = 40;                                         // points
constexpr double kSpacing = 40;                                            // of numbers below, points

struct Plan {
  PixelSize size;
  Fold tokens;
  Index strip = 1, pitch = 1;   // height of a strip, and from one to the next, pixels
};

std::string unsuited(const Tensor& tensor) {
  const bool is_shaped = tensor.axes.size() == 2 && (tensor.axes[0].size == 2 || tensor.axes[0].size == 3) && components(tensor.dtype) == 1;
  const bool is_named = is_shaped && (tensor.axes[1].name == "token" || (tensor.axes[1].name == "column" && is_integer(tensor.dtype)));
  if (!is_named) return fmt::format("segments draws position ids of tokens, [2, tokens] or [3, tokens]; {} is {}", tensor.name, shape_text(tensor));
  return {};
}

Plan plan_strips(Index tokens, Index axes, const PlotLimits& limits, const FigureStyle& style) {
  const Pen pen(style);
  Plan plan{{}, fold(tokens, limits.target.width, limits.most.width, kLargestCell, style.scale)};
  plan.strip = std::clamp<Index>((limits.most.height - (axes - 1) * pen.px(kGap)) / axes, 1, pen.px(kStrip));
  plan.pitch = plan.strip + pen.px(kGap);
  plan.size = {plan.tokens.pixels(), axes * plan.pitch - pen.px(kGap)};
  return plan;
}

// "2×3" for one frame, "4×2×3" for several; "text".
std::string size_text(const TokenRun& run) {
  if (run.sizes.empty()) return "text";
  std::vector<std::string> sizes;
  for (std::size_t i = run.sizes.size() == 3 && run.sizes[0] == 1 ? 1 : 0; i < run.sizes.size(); ++i) sizes.push_back(std::to_string(run.sizes[i]));
  return join(sizes, "×");
}

// "image 2×3", or "2×3" where the kind is unknown or does not fit into `room` pixels.
std::string run_name(const TokenRun& run, double room, const FigureStyle& style) {
  const std::string size = size_text(run), both = run.kind + " " + size;
  return run.kind.empty() || run.sizes.empty() || text_width(both, Pen(style).font(kNumberSize)) > room ? size : both;
}

PlotAxis token_axis(const std::vector<TokenRun>& runs, Index tokens, const Plan& plan, const FigureStyle& style) {
  PlotAxis axis = index_axis({"token", tokens}, plan.tokens, pixels(kSpacing, style));
  const double cell = plan.tokens.pixels_of_one();
  for (const TokenRun& run : runs) {
    const double first = static_cast<double>(run.first) * cell, last = static_cast<double>(run.last) * cell;
    axis.brackets.push_back({first, last, run_name(run, bracket_room(last - first, style), style), fmt::format("{}–{}", run.first, run.last - 1)});
  }
  return axis;
}

PlotAxis strip_axis(Index axes, const Plan& plan) {
  const std::vector<std::string> names = axes == 3 ? std::vector<std::string>{"t", "h", "w"} : std::vector<std::string>{"row", "column"};
  PlotAxis axis{"", {}, false, {}};
  for (Index i = 0; i < axes; ++i) {
    axis.ticks.push_back({static_cast<double>(i * plan.pitch) + static_cast<double>(plan.strip) / 2, names[static_cast<std::size_t>(i)]});
  }
  return axis;
}

// `step` is what printed numbers are multiples of.
void paint_strip(FramedCanvas& framed, const Plan& plan, const PixelRect& strip, std::span<const double> ids, double step, const ColorScale& scale,
                 const Pen& pen) {
  std::vector<Color> colors;
  for (const double id : ids) colors.push_back(scale(id));
  const Index cell = plan.tokens.pixels_per_cell;
  framed.canvas.cells(strip.left, strip.top, cell, strip.height, colors);
  outline(framed.canvas, strip, pen);
  const std::optional<Font> font = plan.tokens.per_pixel == 1 ? cell_font(ids, step, {cell, strip.height}, pen) : std::nullopt;
  for (std::size_t i = 0; font && i < ids.size(); ++i) {
    print_in_cell(framed.canvas, {strip.left + static_cast<Index>(i) * cell, strip.top, cell, strip.height}, ids[i], step, *font);
  }
}

Canvas paint(const Tensor& tensor, const FigureRequest& request) {
  const FigureStyle& style = request.style;
  const Pen pen(style);
  const Index axes = tensor.axes[0].size, tokens = tensor.axes[1].size;
  const std::vector<double> ids = values(tensor);
  const std::vector<TokenRun> runs = tensor.runs.empty() ? token_runs(ids, axes, tokens) : tensor.runs;
  const Coloring colors = coloring(tensor, style);
  const auto make_frame = [&](const Plan& plan) {
    Frame frame{request.title, request.subtitle, token_axis(runs, tokens, plan, style), strip_axis(axes, plan), colors.scale, "position id", false,
                colors.notes};
    if (plan.tokens.per_pixel > 1) frame.notes.push_back(fmt::format("each pixel is the mean of {} tokens", plan.tokens.per_pixel));
    return frame;
  };
  const PlotLimits limits{{pen.px(kWidth), kMaxCanvas}, {pen.px(kMostWidth), kMaxCanvas}};
  auto [plan, frame] = fit(limits, style, [&](const PlotLimits& current) { return plan_strips(tokens, axes, current, style); }, make_frame);
  FramedCanvas framed = draw_frame(frame, plan.size, style);
  const std::vector<double> drawn = folded_maps(chosen_maps(tensor, {0}), 1, plan.tokens.per_pixel);
  const double step = std::all_of(ids.begin(), ids.end(), [](double id) { return id == std::round(id); }) ? 1 : 0.1;
  const auto per_strip = static_cast<std::size_t>(plan.tokens.drawn());
  for (Index i = 0; i < axes; ++i) {
    const PixelRect strip{framed.left, framed.top + i * plan.pitch, plan.tokens.pixels(), plan.strip};
    paint_strip(framed, plan, strip, std::span(drawn).subspan(static_cast<std::size_t>(i) * per_strip, per_strip), step, colors.scale, pen);
  }
  return std::move(framed.canvas);
}

}  // namespace

Figure segments_figure() { return {"segments", "position ids of a mixed sequence as coloured strips", unsuited, paint, {.colors = true}}; }

}  // namespace pe
