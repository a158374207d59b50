#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "core/tensor.h"
#include "figures/figure.h"

namespace pe {

/// What the user says about files and figures, the same for every command that makes some.
struct OutputOptions {
  std::vector<std::string> paths;                 ///< -o
  std::optional<std::string> formats, figures;    ///< --format, --plot: lists
  std::string tensor;
  bool json = false, quiet = false, dry_run = false;
  int threads = 0;                                ///< 0: all cores
  FigureStyle style;
};
/// The threads to use.
int thread_count(const OutputOptions& options);

void add_output_options(Arguments& arguments, OutputOptions& options);

/// The tensors of --overlay.
struct Variant {
  std::string options;         ///< as they were given
  std::string label, more;     ///< in figures, as of an Overlay
  std::vector<Tensor> tensors;
};

/// What a command has made, ready to be written.
struct Product {
  std::string source;                          ///< who made it, for messages: "sincos2d"
  std::vector<Tensor> tensors;
  std::string stem;                            ///< of default file names
  std::vector<std::string> formats, figures;   ///< the default set; with formats comes STEM.meta.json
  nlohmann::ordered_json description;          ///< without the tensors
  std::string title, subtitle;                 ///< of figures
  std::string label = {};                      ///< of the tensors beside overlays
  std::vector<Variant> overlays = {};
};

/// Writes everything the options ask for, all or nothing, and lists it on standard output. Throws Error.
void write_outputs(Product product, const OutputOptions& options);

}  // namespace pe
