// pe-gen SCHEME: compute tables, write them, draw them.

#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/overlay.h"
#include "cli/run_description.h"

namespace pe {

ExitCode run_scheme(const Words& words) {
  const Scheme& scheme = find_scheme(words.front());
  Arguments arguments(scheme.text.name, fmt::format("{}: {}", scheme.text.name, scheme.text.one_line));
  SchemeArguments chosen;
  OutputOptions output;
  add_scheme_options(arguments, scheme, chosen);
  add_output_options(arguments, output);
  std::vector<std::string> overlays;
  arguments.repeated("--overlay", "'OPTIONS'", "spectrum and decay also draw the table with these options on top; may be repeated", overlays);
  arguments.footer(fmt::format("Formula, conventions and references: pe-gen describe {}", scheme.text.name));
  if (!arguments.parse(words)) return ExitCode::done;

  Opened opened = scheme.open(chosen.like, chosen.settings);
  Product product;
  product.source = scheme.text.name;
  product.stem = fmt::format("{}-{}", scheme.text.name, opened.tables.label);
  product.formats = {"npy"};
  product.figures = scheme.figures;
  product.description = describe_run(words, "scheme", scheme, opened);
  const bool has_name_of_its_own = !opened.convention.empty() && opened.convention != scheme.text.name;
  product.title = has_name_of_its_own ? fmt::format("{} · {}", scheme.text.name, opened.convention) : scheme.text.name;
  product.subtitle = subtitle(scheme, opened);
  if (!overlays.empty()) add_overlays(product, scheme, chosen, opened, overlays);
  product.tensors = std::move(opened.tables.tensors);
  write_outputs(std::move(product), output);
  return ExitCode::done;
}

}  // namespace pe
