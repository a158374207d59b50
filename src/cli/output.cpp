#include "cli/output.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <future>

#include "cli/files.h"
#include "cli/plan.h"
#include "cli/table_files.h"
#include "core/error.h"
#include "core/text.h"
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

void make_folders(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (!path.ends_with('/')) continue;
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) throw Error(ErrorKind::io, fmt::format("{}: cannot be made: {}", path, error.message()));
  }
}

}  // namespace

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
  description["tensors"] = write_table_files(files, sinks, product, outputs, threads, options.quiet);
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
