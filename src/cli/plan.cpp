#include "cli/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>

#include "analysis/leading.h"
#include "cli/files.h"
#include "core/error.h"
#include "core/text.h"

namespace pe {
namespace {

constexpr std::string_view kPicture = ".png", kDescription = ".meta.json";

/// Collects the files of one run.
class Planner {
 public:
  Planner(const Product& product, const OutputOptions& options) : product_(product), options_(options) {
    all_.resize(product.tensors.size());
    std::iota(all_.begin(), all_.end(), std::size_t{0});
    formats_ = product.formats;
    if (options.formats) formats_ = *options.formats == "none" ? std::vector<std::string>() : split(*options.formats, ',');
    if (options.figures) figures_ = chosen_figures(*options.figures);
  }

  std::vector<PlannedFile> plan() {
    if (options_.paths.empty()) add_default_set("");
    for (const std::string& path : options_.paths) add_path(path);
    if (options_.formats && !used_formats_) refuse(fmt::format("--format {} changes nothing: every -o names its own", *options_.formats));
    if (options_.figures && !used_figures_ && *options_.figures != "none") {
      refuse(fmt::format("--plot {} has no file to go to; add -o FILE.png or -o FOLDER/", *options_.figures));
    }
    if (files_.empty()) refuse("nothing is left to write");
    check_style();
    check_overlays();
    for (std::size_t i = 0; i < files_.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (files_[i].path == files_[j].path) refuse(fmt::format("-o {} is given twice", files_[i].path));
      }
    }
    return std::move(files_);
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const { throw Error(fmt::format("{}: {}", product_.source, what)); }

  /// Choices about figures that none of the planned figures has.
  void check_style() const {
    const FigureStyle& style = options_.style;
    const auto check = [&](bool is_given, const char* option, bool FigureUses::*use) {
      const bool is_used = std::any_of(files_.begin(), files_.end(),
                                       [&](const PlannedFile& f) { return f.figure != nullptr && f.figure->uses.*use; });
      if (is_given && !is_used) refuse(fmt::format("{} changes nothing: no figure that is drawn has such a choice", option));
    };
    check(!style.colormap.empty(), "--colormap", &FigureUses::colors);
    check(style.range.has_value(), "--range", &FigureUses::colors);
    check(!style.columns.empty(), "--columns", &FigureUses::columns);
    check(!style.heads.empty(), "--draw-heads", &FigureUses::heads);
    check(!product_.overlays.empty(), "--overlay", &FigureUses::overlays);
    const bool has_blocks = std::any_of(files_.begin(), files_.end(), [&](const PlannedFile& f) {
      return f.figure != nullptr && f.figure->uses.block && has_leading_blocks(product_.tensors[f.tensors.front()]);
    });
    if (!style.at.empty() && !has_blocks) refuse("--draw-at changes nothing: nothing that is drawn has leading axes");
  }

  /// Overlays that a planned figure cannot draw.
  void check_overlays() const {
    for (const PlannedFile& file : files_) {
      if (file.figure == nullptr || !file.figure->uses.overlays) continue;
      for (const Variant& variant : product_.overlays) {
        if (drawn_tensor(*file.figure, variant.tensors)) continue;
        refuse(fmt::format("--overlay '{}': {}", variant.options, file.figure->why_not(variant.tensors.front())));
      }
    }
  }

  std::vector<std::string> chosen_figures(const std::string& list) const {
    if (list == "none") return {};
    if (list != "all") return split(list, ',');
    std::vector<std::string> names;
    for (const Figure& figure : all_figures()) {
      if (tensor_for(figure)) names.push_back(figure.name);
    }
    return names;
  }

  std::optional<std::size_t> tensor_for(const Figure& figure) const { return drawn_tensor(figure, product_.tensors); }

  /// The default figures that one of the tensors allows.
  std::vector<std::string> default_figures() const {
    std::vector<std::string> names;
    for (const std::string& name : product_.figures) {
      if (tensor_for(find_figure(name))) names.push_back(name);
    }
    return names;
  }

  void add_default_set(const std::string& folder) {
    const std::string stem = folder + product_.stem;
    used_formats_ = used_figures_ = true;
    for (const std::string& name : formats_) {
      const Format& format = writable(name);
      if (format.holds_many || all_.size() == 1) {
        add_table(stem + format.extensions.front(), format, all_);
        continue;
      }
      for (const std::size_t i : all_) add_table(stem + "." + product_.tensors[i].name + format.extensions.front(), format, {i});
    }
    if (!formats_.empty()) files_.push_back({stem + std::string(kDescription), nullptr, nullptr, all_});
    for (const std::string& name : figures_.value_or(default_figures())) add_figure(fmt::format("{}.{}.png", stem, name), name);
  }

  void add_path(const std::string& path) {
    if (is_folder(path)) {
      add_default_set(path.ends_with('/') ? path : path + "/");
    } else if (path.ends_with(kPicture)) {
      add_picture(path);
    } else if (path.ends_with(kDescription)) {
      files_.push_back({path, nullptr, nullptr, all_});
    } else if (const Format* format = format_of_path(path); format != nullptr) {
      const std::optional<std::size_t> named = format->holds_many ? std::nullopt : tensor_named_by(stem_of(path, *format));
      add_table(path, *format, named ? std::vector{*named} : all_);
    } else if (options_.formats || is_special_file(path)) {
      add_unnamed(path);
    } else {
      std::vector<std::string> extensions{".png"};
      for (const Format& f : all_formats()) extensions.insert(extensions.end(), f.extensions.begin(), f.extensions.end());
      refuse(fmt::format("-o {} names no format; its extension can be {}, or give --format", path, join(extensions, ", ")));
    }
  }

  /// A device, a pipe, standard output: the format cannot come from a name.
  /// The tensor whose name a file's name ends in: x.cos.npy or cos.npy.
  std::optional<std::size_t> tensor_named_by(const std::string& stem) const {
    std::optional<std::size_t> found;
    for (const std::size_t i : all_) {
      const std::string& name = product_.tensors[i].name;
      if (stem != name && !stem.ends_with("." + name)) continue;
      if (!found || name.size() > product_.tensors[*found].name.size()) found = i;
    }
    return found;
  }

  void add_unnamed(const std::string& path) {
    if (path == "-" && !options_.formats && figures_ && figures_->size() == 1) {
      used_figures_ = true;
      add_figure(path, figures_->front());
      return;
    }
    if (path == "-" && !options_.formats) refuse("-o - needs --format, or --plot with one figure");
    if (options_.formats && formats_.size() != 1) refuse(fmt::format("-o {} takes one format, --format names {}", path, formats_.size()));
    used_formats_ = true;
    add_table(path, writable(formats_.empty() ? "npy" : formats_.front()), all_);
  }

  /// FILE.png is the first default figure or the one of --plot, FILE.FIGURE.png that figure.
  void add_picture(const std::string& path) {
    const std::string stem = path.substr(0, path.size() - kPicture.size());
    const std::string word = stem.substr(stem.find_last_of("./") + 1);
    for (const Figure& figure : all_figures()) {
      if (!stem.ends_with("." + figure.name) || word != figure.name) continue;
      if (figures_ && std::find(figures_->begin(), figures_->end(), word) != figures_->end()) used_figures_ = true;
      return add_figure(path, word);
    }
    if (figures_ && figures_->size() != 1) refuse(fmt::format("-o {} is one picture, --plot names {}; give a folder", path, figures_->size()));
    used_figures_ = true;
    const std::vector<std::string> names = figures_.value_or(default_figures());
    if (names.empty()) refuse(fmt::format("-o {}: no figure suits this table by itself; choose one by --plot", path));
    add_figure(path, names.front());
  }

  void add_figure(const std::string& path, const std::string& name) {
    const Figure& figure = find_figure(name);
    const std::optional<std::size_t> tensor = tensor_for(figure);
    if (!tensor) throw Error(figure.why_not(product_.tensors.front()));
    files_.push_back({path, nullptr, &figure, {*tensor}});
  }

  void add_table(const std::string& path, const Format& format, const std::vector<std::size_t>& tensors) {
    writable(format.name);
    if (!format.holds_many && tensors.size() > 1) {
      std::vector<std::string> names;
      for (const Tensor& tensor : product_.tensors) names.push_back(tensor.name);
      refuse(fmt::format("-o {} holds one table, there are {} ({}); choose by --tensor {}, name it x.{}{}, or write .npz", path, names.size(),
                         join(names, ", "), names.front(), names.front(), format.extensions.front()));
    }
    files_.push_back({path, &format, nullptr, tensors});
  }

  const Format& writable(const std::string& name) const {
    const Format& format = find_format(name);
    if (format.write == nullptr) refuse(fmt::format(".{} can be read, not written", name));
    return format;
  }

  const Product& product_;
  const OutputOptions& options_;
  std::vector<std::string> formats_;
  std::optional<std::vector<std::string>> figures_;   ///< of --plot
  std::vector<std::size_t> all_;
  std::vector<PlannedFile> files_;
  bool used_formats_ = false, used_figures_ = false;
};

}  // namespace

std::optional<std::size_t> drawn_tensor(const Figure& figure, const std::vector<Tensor>& tensors) {
  const auto found = std::find_if(tensors.begin(), tensors.end(), [&](const Tensor& tensor) { return figure.why_not(tensor).empty(); });
  if (found == tensors.end()) return std::nullopt;
  return static_cast<std::size_t>(found - tensors.begin());
}

std::string stem_of(const std::string& path, const Format& format) {
  std::string name = std::filesystem::path(path).filename().string();
  for (const std::string& extension : format.extensions) {
    if (name.size() > extension.size() && name.ends_with(extension)) return name.substr(0, name.size() - extension.size());
  }
  return "";
}

std::vector<PlannedFile> plan_files(const Product& product, const OutputOptions& options) { return Planner(product, options).plan(); }

}  // namespace pe
