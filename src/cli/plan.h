#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/output.h"
#include "figures/figure.h"
#include "formats/format.h"

namespace pe {

/// One file to write: a table (`format`), a figure (`figure`), or the description (neither).
struct PlannedFile {
  std::string path;
  const Format* format = nullptr;
  const Figure* figure = nullptr;
  std::vector<std::size_t> tensors;   ///< numbers of the tensors in it
};

/// The first of the tensors that a figure can draw.
std::optional<std::size_t> drawn_tensor(const Figure& figure, const std::vector<Tensor>& tensors);

/// The name of a file of that format without its folder and extension; empty when it has no extension.
std::string stem_of(const std::string& path, const Format& format);

/// Which files -o, --format and --plot ask for. Throws Error (usage) for what cannot be meant.
std::vector<PlannedFile> plan_files(const Product& product, const OutputOptions& options);

}  // namespace pe
