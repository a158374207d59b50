#include "cli/output.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <limits>
#include <thread>

#include "cli/files.h"
#include "cli/plan.h"
#include "core/error.h"
#include "core/text.h"
#include "figures/draw/colormap.h"
#include "figures/draw/png.h"
#include "formats/support/values.h"

namespace pe {
namespace {

using Json = nlohmann::ordered_json;

/// What was written, for the list.
struct Written {
  std::string path;
  std::string what;   ///< "pos_embed 196x768 f32"
  Index bytes = -1;   ///< unknown before writing
};

/// What the list says of a file. Throws Error for a tensor that its format cannot hold.
std::string what_is_in(const PlannedFile& file, const Product& product) {
  if (file.figure != nullptr) return "figure " + file.figure->name;
  if (file.format == nullptr) return "description";
  std::vector<std::string> parts;
  for (const std::size_t i : file.tensors) {
    const Tensor& tensor = product.tensors[i];
    check_tensor(*file.format, tensor);
    parts.push_back(fmt::format("{} {} {}", tensor.name, shape_text(tensor), name(file.format->stored(tensor.dtype))));
  }
  return join(parts, ", ");
}

/// As JSON text; what is not UTF-8 (names of files need not be) becomes U+FFFD.
std::string dump(const Json& json, int indent) { return json.dump(indent, ' ', false, Json::error_handler_t::replace); }

/// A line per file: path, contents, size.
void print_list(const std::vector<Written>& list, bool as_json, std::FILE* out) {
  if (as_json) {
    Json json = Json::array();
    for (const Written& file : list) {
      json.push_back({{"path", file.path}, {"contents", file.what}});
      if (file.bytes >= 0) json.back()["bytes"] = file.bytes;
    }
    fmt::print(out, "{}\n", dump(json, 1));
    return;
  }
  std::size_t path_width = 0, what_width = 0;
  for (const Written& file : list) {
    path_width = std::max(path_width, file.path.size());
    what_width = std::max(what_width, file.what.size());
  }
  for (const Written& file : list) {
    const std::string size = file.bytes < 0 ? "" : fmt::format("  {:>10} bytes", file.bytes);
    fmt::print(out, "{:<{}}  {:<{}}{}\n", file.path, path_width, file.what, size.empty() ? 0 : what_width, size);
  }
}

void choose_tensor(Product& product, const std::string& wanted) {
  if (wanted.empty()) return;
  std::vector<std::string> names;
  for (Tensor& tensor : product.tensors) {
    if (tensor.name == wanted) {
      product.tensors = {Tensor(std::move(tensor))};
      return;
    }
    names.push_back(tensor.name);
  }
  throw Error(fmt::format("{}: --tensor {} is none of {}{}", product.source, wanted, join(names, ", "), nearest_hint(wanted, names)));
}

FigureRequest request_for(const Figure& figure, const Product& product, const FigureStyle& style) {
  FigureRequest request{product.title, product.subtitle, style};
  if (!figure.uses.overlays || product.overlays.empty()) return request;
  request.label = product.label;
  for (const Variant& variant : product.overlays) {
    request.overlays.push_back({variant.label, variant.more, variant.tensors[drawn_tensor(figure, variant.tensors).value()]});
  }
  return request;
}

/// Draws and encodes every planned figure, each on its own thread.
std::vector<std::future<std::vector<std::byte>>> start_figures(const std::vector<PlannedFile>& files, const Product& product,
                                                               const OutputOptions& options, int threads) {
  std::vector<std::future<std::vector<std::byte>>> pictures;
  const auto policy = threads > 1 ? std::launch::async : std::launch::deferred;
  for (const PlannedFile& file : files) {
    if (file.figure == nullptr) continue;
    pictures.push_back(std::async(policy, [&product, &options, &file] {
      const Tensor& tensor = product.tensors[file.tensors.front()];
      Json description = product.description;
      description["figure"] = file.figure->name;
      description["tensors"] = {describe_tensor(tensor, tensor.dtype, "")};
      const Canvas canvas = file.figure->draw(tensor, request_for(*file.figure, product, options.style));
      return encode_png(canvas, description.dump(1), options.style.scale);
    }));
  }
  return pictures;
}

void note_other_type(const Product& product, const Format& format, const Tensor& tensor) {
  const Dtype stored = format.stored(tensor.dtype);
  if (stored == tensor.dtype) return;
  fmt::print(stderr, "{}: .{} has no {}: {} is stored as {} holding the {} values\n", product.source, format.name, name(tensor.dtype),
             tensor.name, name(stored), is_integer(tensor.dtype) ? "same" : "rounded");
}

/// A file's name without folder and extension, or the run's own where a file has none.
std::string stem_of(const std::string& path, const Format& format, const Product& product) {
  std::string name = std::filesystem::path(path).filename().string();
  for (const std::string& extension : format.extensions) {
    if (name.size() > extension.size() && name.ends_with(extension)) return name.substr(0, name.size() - extension.size());
  }
  return product.stem;
}

/// Writes the tables; returns what the description says of the tensors, from the first format that stores each.
Json write_tables(const std::vector<PlannedFile>& files, const Product& product, const std::vector<Sink*>& sinks, int threads,
                  bool quiet) {
  const bool described = std::any_of(files.begin(), files.end(), [](const PlannedFile& f) { return f.format == nullptr && f.figure == nullptr; });
  std::vector<Json> descriptions(product.tensors.size());
  for (std::size_t f = 0; f < files.size(); ++f) {
    const Format* format = files[f].format;
    if (format == nullptr) continue;
    Document document{{}, &product.description, threads, described || format->holds_many, stem_of(files[f].path, *format, product)};
    for (const std::size_t i : files[f].tensors) {
      document.tensors.push_back(product.tensors[i]);
      if (!quiet) note_other_type(product, *format, product.tensors[i]);
    }
    const std::vector<std::string> digests = format->write(document, *sinks[f]);
    for (std::size_t k = 0; described && k < digests.size(); ++k) {
      Json& description = descriptions[files[f].tensors[k]];
      if (description.is_null()) description = describe_tensor(document.tensors[k], format->stored(document.tensors[k].dtype), digests[k]);
    }
  }
  Json all = Json::array();
  for (std::size_t i = 0; described && i < product.tensors.size(); ++i) {
    const Tensor& tensor = product.tensors[i];
    if (descriptions[i].is_null()) {
      descriptions[i] = describe_tensor(tensor, tensor.dtype, digest_values({{}, nullptr, threads, true}, tensor, tensor.dtype));
    }
    all.push_back(std::move(descriptions[i]));
  }
  return all;
}

void make_folders(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (!path.ends_with('/')) continue;
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) throw Error(ErrorKind::io, fmt::format("{}: cannot be made: {}", path, error.message()));
  }
}

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
                     fmt::format("file ({}, .meta.json, .png), folder, or - for stdout; may be repeated", join(extensions, ", ")), options.paths);
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
  arguments.option("--draw-at", "I[,I..]", "which one to draw of the tables [layer, head, token, channel] or images [image, channel, h, w]; default the first",
                   [&](const std::string& text) { style.at = parse_place(text); });
  arguments.option("--size", "WxH", "largest size of a figure in pixels", [&](const std::string& text) { parse_size(text, style); });
}

void write_outputs(Product product, const OutputOptions& options) {
  product.description = Json::parse(dump(product.description, -1));
  choose_tensor(product, options.tensor);
  const std::vector<PlannedFile> files = plan_files(product, options);
  std::vector<Written> list;
  for (const PlannedFile& file : files) list.push_back({file.path, what_is_in(file, product), -1});
  if (options.dry_run) {
    if (!options.quiet) print_list(list, options.json, stdout);
    return;
  }

  const int threads = thread_count(options);
  auto pictures = start_figures(files, product, options, threads);
  make_folders(options.paths);
  Index total = 0;
  for (const PlannedFile& file : files) {
    for (const std::size_t i : file.tensors) total += file.format != nullptr ? product.tensors[i].bytes() : 0;
  }
  OutputFiles outputs(total, !options.quiet);
  std::vector<Sink*> sinks;
  for (const PlannedFile& file : files) sinks.push_back(&outputs.open(file.path));
  Json description = product.description;
  description["tensors"] = write_tables(files, product, sinks, threads, options.quiet);
  std::size_t picture = 0;
  for (std::size_t f = 0; f < files.size(); ++f) {
    if (files[f].figure != nullptr) sinks[f]->write(pictures[picture++].get());
    if (files[f].figure == nullptr && files[f].format == nullptr) sinks[f]->write(description.dump(1) + "\n");
    list[f].bytes = outputs.size(*sinks[f]);
  }
  outputs.commit();
  const bool uses_stdout = std::any_of(files.begin(), files.end(), [](const PlannedFile& f) { return f.path == "-"; });
  if (!options.quiet) print_list(list, options.json, uses_stdout ? stderr : stdout);
}

}  // namespace pe
