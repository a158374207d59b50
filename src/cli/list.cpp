// pe-gen list: what there is.

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/command.h"
#include "core/text.h"
#include "figures/figure.h"
#include "formats/format.h"

namespace pe {
namespace {

using Json = nlohmann::ordered_json;

/// A list of things with a name and a line: the same for schemes, formats, figures and commands.
struct Section {
  std::string heading;
  std::vector<std::pair<std::string, std::string>> rows;
};

std::string convention_names(const Scheme& scheme) {
  std::vector<std::string> names;
  for (const Convention& convention : scheme.conventions) names.push_back(convention.name);
  return join(names, ", ");
}

std::vector<Section> sections() {
  Section schemes{"schemes", {}}, formats{"formats", {}}, figures{"figures", {}}, commands{"commands", {}};
  for (const Scheme& scheme : all_schemes()) {
    const std::string names = convention_names(scheme);
    schemes.rows.emplace_back(scheme.text.name, scheme.text.one_line + (names.empty() ? "" : " (" + names + ")"));
  }
  for (const Format& format : all_formats()) {
    const char* can = format.write == nullptr ? "read" : format.read == nullptr ? "written" : "written, read";
    formats.rows.emplace_back(format.name, fmt::format("{} ({})", format.one_line, can));
  }
  for (const Figure& figure : all_figures()) figures.rows.emplace_back(figure.name, figure.one_line);
  for (const Command& command : all_commands()) commands.rows.emplace_back(command.name, command.one_line);
  return {schemes, formats, figures, commands};
}

void print_text(const std::vector<Section>& all) {
  for (const Section& section : all) {
    fmt::print("{}\n", section.heading);
    std::size_t width = 0;
    for (const auto& row : section.rows) width = std::max(width, row.first.size());
    for (const auto& [name, line] : section.rows) fmt::print("  {:<{}}  {}\n", name, width, line);
  }
}

void print_markdown(const std::vector<Section>& all) {
  for (const Section& section : all) {
    fmt::print("| {} | |\n|---|---|\n", section.heading);
    for (const auto& [name, line] : section.rows) fmt::print("| `{}` | {} |\n", name, line);
    fmt::print("\n");
  }
}

void print_json(const std::vector<Section>& all) {
  Json json;
  for (const Section& section : all) {
    for (const auto& [name, line] : section.rows) json[section.heading].push_back({{"name", name}, {"one_line", line}});
  }
  fmt::print("{}\n", json.dump(1));
}

}  // namespace

ExitCode run_list(const Words& words) {
  bool as_json = false, as_markdown = false;
  Arguments arguments("list", "list: schemes with their conventions, formats, figures, commands");
  arguments.flag("--json", as_json, "as JSON");
  arguments.flag("--markdown", as_markdown, "as tables for a README");
  if (!arguments.parse(words)) return ExitCode::done;
  if (as_json) {
    print_json(sections());
  } else if (as_markdown) {
    print_markdown(sections());
  } else {
    print_text(sections());
  }
  return ExitCode::done;
}

}  // namespace pe
