// pe-gen SCHEME: compute tables, write them, draw them.

#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/options_text.h"
#include "cli/output.h"
#include "cli/overlay.h"
#include "core/text.h"
#include "version.h"

namespace pe {
namespace {

using Json = nlohmann::ordered_json;

Json describe_run(const Scheme& scheme, const Opened& opened, const Words& words) {
  Json parameters = Json::object();
  for (const auto& [name, value] : opened.parameters) parameters[name] = json(value);
  Json description{{"generator", "pe-gen " PE_VERSION}, {"command", command_line(words)}, {"scheme", scheme.text.name}};
  if (!opened.convention.empty()) description["convention"] = opened.convention;
  description["parameters"] = std::move(parameters);
  for (const Fact& fact : opened.tables.facts) description["facts"][fact.name] = json(fact.value);
  description["formula"] = scheme.text.formula;
  description["references"] = scheme.text.references;
  return description;
}

/// "dim 768 · grid 14x14 · base 10000": what every figure names, and what differs from the default convention.
std::string subtitle(const Scheme& scheme, const Opened& opened) {
  const std::shared_ptr<void> defaults = scheme.make_config();
  std::vector<std::string> parts;
  for (const auto& [name, value] : opened.parameters) {
    const Option& option = *scheme.option(name);
    const std::string final_text = text(value);
    if (final_text.empty() || (!option.rules.headline && final_text == text(option.value(defaults.get())))) continue;
    parts.push_back(option.is_flag() ? name : fmt::format("{} {}", name, final_text));
  }
  return join(parts, " · ");
}

}  // namespace

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
  product.description = describe_run(scheme, opened, words);
  const bool has_name_of_its_own = !opened.convention.empty() && opened.convention != scheme.text.name;
  product.title = has_name_of_its_own ? fmt::format("{} · {}", scheme.text.name, opened.convention) : scheme.text.name;
  product.subtitle = subtitle(scheme, opened);
  if (!overlays.empty()) add_overlays(product, scheme, chosen, opened, overlays);
  product.tensors = std::move(opened.tables.tensors);
  write_outputs(std::move(product), output);
  return ExitCode::done;
}

}  // namespace pe
