#include "cli/options_text.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/text.h"

namespace pe {
namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

std::string limits_text(const OptionRules& rules) {
  const bool has_low = std::isfinite(rules.low), has_high = std::isfinite(rules.high);
  if (has_low && has_high) return limit_text(rules.low) + ".." + limit_text(rules.high);
  if (has_low) return "from " + limit_text(rules.low);
  if (has_high) return "up to " + limit_text(rules.high);
  return "";
}

}  // namespace

std::string text(const Value& value) {
  const Overloaded as_text{[](std::monostate) { return std::string(); },
                           [](bool on) { return std::string(on ? "on" : "off"); },
                           [](Index number) { return std::to_string(number); },
                           [](double number) { return fmt::format("{}", number); },
                           [](const std::string& word) { return word; },
                           [](const std::vector<double>& list) {
                             std::vector<std::string> parts;
                             for (const double number : list) parts.push_back(fmt::format("{}", number));
                             return join(parts, ",");
                           }};
  return std::visit(as_text, value);
}

nlohmann::ordered_json json(const Value& value) {
  const Overloaded as_json{[](std::monostate) { return nlohmann::ordered_json(); }, [](const auto& held) { return nlohmann::ordered_json(held); }};
  return std::visit(as_json, value);
}

std::string option_text(const Option& option, const Value& default_value) {
  const OptionRules& rules = option.rules;
  std::string all = option.help;
  if (const std::string limits = limits_text(rules); !limits.empty()) all += "; " + limits;
  if (!rules.choices.empty()) all += "; one of " + join(rules.choices, ", ");
  if (!rules.unless.empty()) all += "; not with --" + join(rules.unless, ", --");
  if (!rules.when.empty()) all += fmt::format("; only with --{}{}{}", rules.when, rules.when_is.empty() ? "" : " ", join(rules.when_is, " or "));
  if (!rules.aliases.empty()) all += "; also --" + join(rules.aliases, ", --");
  const std::string default_text = text(default_value);
  if (!option.is_flag() && !default_text.empty()) all += "; default " + default_text;
  return all;
}

std::string settings_text(const Scheme& scheme, const Convention& convention) {
  std::vector<std::string> words;
  for (const Setting& setting : convention.settings) {
    words.push_back("--" + setting.option);
    if (!scheme.option(setting.option)->is_flag()) words.push_back(setting.text);
  }
  return join(words, " ");
}

}  // namespace pe
