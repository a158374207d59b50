#include "cli/run_description.h"

#include <fmt/format.h>

#include "cli/options_text.h"
#include "core/text.h"
#include "version.h"

namespace pe {
using Json = nlohmann::ordered_json;

std::string command_line(const Words& words) {
  std::string line = "pe-gen";
  for (const std::string& word : words) line += " " + shell_word(word);
  return line;
}

Json describe_run(const Words& words, const char* what, const Scheme& scheme, const Opened& opened) {
  Json parameters = Json::object();
  for (const auto& [name, value] : opened.parameters) parameters[name] = json(value);
  Json description{{"generator", "pe-gen " PE_VERSION}, {"command", command_line(words)}, {what, scheme.text.name}};
  if (!opened.convention.empty()) description["convention"] = opened.convention;
  description["parameters"] = std::move(parameters);
  for (const Fact& fact : opened.tables.facts) description["facts"][fact.name] = json(fact.value);
  description["formula"] = scheme.text.formula;
  description["references"] = scheme.text.references;
  return description;
}

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

}  // namespace pe
