// pe-gen resample FILE[:TENSOR]: a table's cells on another grid.

#include "analysis/resample.h"

#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/options_text.h"
#include "cli/output.h"
#include "cli/run_description.h"
#include "core/error.h"
#include "core/text.h"

namespace pe {
namespace {

/// The conventions and the formula, for the end of --help.
std::string footer(const Scheme& scheme) {
  std::string text = "conventions (--like; the first is the default)\n";
  for (const Convention& convention : scheme.conventions) {
    text += fmt::format("  {:<11} {}: {}\n", convention.name, convention.one_line, settings_text(scheme, convention));
  }
  return text + "\n" + join(scheme.text.formula, "\n");
}

/// Those that are drawn without being asked for: what shows at a glance whether the cells are where they belong.
std::vector<std::string> figures_of(const Tensor& table) {
  if (!table.grid) return {"table"};
  return {table.axes.back().name == "head" ? "channels" : "similarity"};
}

std::string fact(const Opened& opened, const std::string& name) {
  for (const Fact& fact : opened.tables.facts) {
    if (fact.name == name) return text(fact.value);
  }
  return "";
}

/// "14x14 -> 24x24, 1 prefix row kept, timm: cubic a=-0.5, antialias"
std::string what_was_done(const Opened& opened) {
  const std::string weights = fact(opened, "weights");
  return fact(opened, "cells") + (weights.empty() ? "" : fmt::format(", {}: {}", opened.convention, weights));
}

}  // namespace

ExitCode run_resample(const Words& words) {
  const Scheme options = resampling();
  Arguments arguments("resample", "resample: a table's cells on another grid");
  std::string file;
  SchemeArguments chosen;
  OutputOptions output;
  arguments.positional("FILE", "table to resample: FILE, or FILE:TENSOR where a file has several; - for a .npy on standard input", file);
  add_scheme_options(arguments, options, chosen);
  add_output_options(arguments, output);
  arguments.footer(footer(options));
  if (!arguments.parse(words)) return ExitCode::done;
  if (file.empty()) throw Error("resample: which table? pe-gen resample FILE[:TENSOR] --from HxW --grid HxW [--prefix-tokens K] [--like NAME]");

  Inputs input = read_input(file);
  const Scheme scheme = resampling(input.tensors.front());
  Opened opened = scheme.open(chosen.like, chosen.settings);
  const std::string done = what_was_done(opened);
  const std::string name = input.named(file);
  Product product;
  product.source = "resample";
  product.stem = fmt::format("{}-{}", input.stem(), opened.tables.label);
  product.formats = {"npy"};
  product.figures = figures_of(opened.tables.tensors.front());
  product.description = describe_run(words, "operation", scheme, opened);
  product.description["parameters"].erase("no-antialias");   // antialias says it
  product.description["source"] = name;
  if (!input.description.is_null()) product.description["source_description"] = std::move(input.description);
  product.title = fmt::format("{} · resample · {}", name, opened.convention);
  product.subtitle = subtitle(scheme, opened);
  product.tensors = std::move(opened.tables.tensors);
  write_outputs(std::move(product), output);
  if (!output.quiet) fmt::print(stderr, "resample: {}\n", done);
  return ExitCode::done;
}

}  // namespace pe
