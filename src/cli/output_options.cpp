// The options about files and figures that every command has that makes some.

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <thread>

#include "cli/output.h"
#include "core/error.h"
#include "core/scheme.h"
#include "core/text.h"
#include "figures/draw/colormap.h"
#include "formats/format.h"

namespace pe {
namespace {

Range parse_range(const std::string& text) {
  Range range;
  try {
    option_types::parse(text, {}, range);
  } catch (const Error& error) {
    throw Error(fmt::format("--range {} {}", text, error.what()));
  }
  return range;
}

/// "0,3,8" or "0:4" (0 to 3), or a list of both.
std::vector<Index> parse_numbers(const std::string& option, const std::string& text) {
  constexpr Index kLargest = 1 << 20;
  std::vector<Index> numbers;
  for (const std::string& part : split(text, ',')) {
    const std::vector<std::string> ends = split(part, ':');
    if (ends.size() > 2) throw Error(fmt::format("{} {} is not a list of numbers and ranges A:B", option, text));
    const Index first = whole_number(option, ends.front(), 0, kLargest);
    const Index last = ends.size() == 1 ? first + 1 : whole_number(option, ends.back(), first + 1, kLargest);
    for (Index i = first; i < last; ++i) numbers.push_back(i);
  }
  return numbers;
}

/// "3,5".
std::vector<Index> parse_place(const std::string& text) {
  std::vector<Index> place;
  for (const std::string& part : split(text, ',')) place.push_back(whole_number("--draw-at", part, 0, std::numeric_limits<Index>::max()));
  return place;
}

void parse_size(const std::string& text, FigureStyle& style) {
  const std::vector<std::string> parts = split(text, 'x');
  if (parts.size() != 2) throw Error(fmt::format("--size {} is not WIDTHxHEIGHT in pixels", text));
  style.width = whole_number("--size", parts[0], 64, kMaxCanvas);
  style.height = whole_number("--size", parts[1], 64, kMaxCanvas);
}

}  // namespace

int thread_count(const OutputOptions& options) {
  return options.threads > 0 ? options.threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

void add_output_options(Arguments& arguments, OutputOptions& options) {
  arguments.group("Output");
  std::vector<std::string> extensions;
  for (const Format& format : all_formats()) {
    if (format.write != nullptr) extensions.push_back(format.extensions.front());
  }
  arguments.repeated("-o,--output", "PATH",
                     fmt::format("file ({}, .meta.json, .png), folder, or - for stdout; x.NAME.npy holds tensor NAME, x.NAME.png figure "
                                 "NAME; may be repeated", join(extensions, ", ")), options.paths);
  arguments.option("--format", "LIST", "tables of the default set: a list of formats, or none",
                   [&](const std::string& text) { options.formats = text; });
  arguments.option("--tensor", "NAME", "only this tensor", [&](const std::string& text) { options.tensor = text; });
  arguments.flag("--json", options.json, "list what was written as JSON");
  arguments.flag("-q,--quiet", options.quiet, "list nothing");
  arguments.flag("--dry-run", options.dry_run, "say what would be written, and write nothing");
  arguments.option("--threads", "N", "threads; default all cores",
                   [&](const std::string& text) { options.threads = static_cast<int>(whole_number("--threads", text, 1, 1024)); });
  arguments.group("Figures");
  std::vector<std::string> figures, maps;
  for (const Figure& figure : all_figures()) figures.push_back(figure.name);
  for (const Colormap& map : all_colormaps()) maps.push_back(map.name);
  FigureStyle& style = options.style;
  arguments.option("--plot", "LIST", "figures of the default set: a list of " + join(figures, ", ") + "; or all, none",
                   [&](const std::string& text) { options.figures = text; });
  arguments.option("--colormap", "NAME", "one of " + join(maps, ", "), [&](const std::string& text) { style.colormap = find_colormap(text).name; });
  arguments.option("--range", "LOW:HIGH", "range of the colours", [&](const std::string& text) { style.range = parse_range(text); });
  arguments.option("--theme", "WORD", "light or dark; default light", [&](const std::string& text) {
    if (text != "light" && text != "dark") {
      throw Error(fmt::format("--theme {} is not one of light, dark{}", text, nearest_hint(text, {"light", "dark"})));
    }
    style.dark = text == "dark";
  });
  arguments.option("--figure-scale", "N", "pixels per point, 1 to 8: 2 for dense screens and print; default 1",
                   [&](const std::string& text) { style.scale = static_cast<double>(whole_number("--figure-scale", text, 1, 8)); });
  arguments.option("--columns", "LIST", "columns that curves, channels and trajectory draw: 0,3,8 or 0:4; default a choice",
                   [&](const std::string& text) { style.columns = parse_numbers("--columns", text); });
  arguments.option("--draw-heads", "LIST", "heads that bias draws: 0,3,8 or 0:4; default as many as fit",
                   [&](const std::string& text) { style.heads = parse_numbers("--draw-heads", text); });
  arguments.option("--draw-at", "I[,I..]",
                   "which one to draw of the tables [layer, head, token, channel] or images [image, channel, h, w]; default the first",
                   [&](const std::string& text) { style.at = parse_place(text); });
  arguments.option("--size", "WxH", "largest size of a figure in pixels", [&](const std::string& text) { parse_size(text, style); });
}

}  // namespace pe
