#include "cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>

#include "cli/input.h"
#include "cli/options_text.h"
#include "core/error.h"
#include "core/text.h"

namespace pe {
namespace {

/// The long names of all options, for suggestions.
std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;   // hidden
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

}  // namespace

Arguments::Arguments(const std::string& command, const std::string& description)
    : command_(command), app_(std::make_unique<CLI::App>(description, "pe-gen " + command)) {
  app_->allow_extras();
  app_->set_help_flag("-h,--help", "this text");
  app_->get_formatter()->column_width(30);
}

Arguments::~Arguments() = default;

void Arguments::group(const std::string& heading) { group_ = heading; }

void Arguments::flag(const std::string& name, bool& set, const std::string& help) {
  switch_on(name, help, [&set] { set = true; });
}

void Arguments::switch_on(const std::string& name, const std::string& help, std::function<void()> take) {
  app_->add_flag_callback(name, std::move(take), help)->group(group_);
}

void Arguments::option(const std::string& name, const std::string& placeholder, const std::string& help,
                       std::function<void(const std::string&)> take) {
  const auto take_given = [this, name, take = std::move(take)](const std::string& text) {
    if (text.empty()) throw Error(fmt::format("{}: {} needs a value, not ''", command_, name));
    take(text);
  };
  app_->add_option_function<std::string>(name, take_given, help)->type_name(placeholder)->group(group_);
}

void Arguments::repeated(const std::string& name, const std::string& placeholder, const std::string& help, std::vector<std::string>& values) {
  app_->add_option(name, values, help)->type_name(placeholder)->group(group_)->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void Arguments::positional(const std::string& name, const std::string& help, std::string& value) {
  app_->add_option(name, value, help)->type_name("");
}

void Arguments::positionals(const std::string& name, const std::string& help, std::vector<std::string>& values) {
  app_->add_option(name, values, help)->type_name("");
}

void Arguments::without_help() { app_->set_help_flag(); }

void Arguments::footer(const std::string& text) { app_->footer(text); }

bool Arguments::parse(const Words& words) {
  for (const std::string& word : words) {   // CLI11 would take the next word for the value
    if (word.starts_with("--") && word.ends_with('=')) throw Error(fmt::format("{}: {} needs a value behind the =", command_, word));
  }
  try {
    app_->parse(std::vector<std::string>(words.rbegin(), words.rend() - 1));   // CLI11 takes vectors from the back
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app_->help());
    return false;
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string message = error.what();
    throw Error(fmt::format("{}: {} needs exactly one value", command_, message.substr(0, message.find(':'))));
  } catch (const CLI::ParseError& error) {
    throw Error(fmt::format("{}: {}", command_, error.what()));
  }
  for (const std::string& extra : app_->remaining()) {
    const std::string name = extra.substr(0, extra.find('='));
    if (extra.starts_with('-')) throw Error(fmt::format("{}: {} is not an option{}", command_, name, nearest_hint(name, option_names(*app_))));
    throw Error(fmt::format("{}: '{}' is one word too many", command_, extra));
  }
  return true;
}

void add_scheme_options(Arguments& arguments, const Scheme& scheme, SchemeArguments& chosen) {
  arguments.group("Options");
  if (!scheme.conventions.empty()) {
    std::vector<std::string> names;
    for (const Convention& convention : scheme.conventions) names.push_back(convention.name);
    arguments.option("--like", "NAME", "convention: " + join(names, ", ") + "; default " + names.front(),
                     [&chosen](const std::string& name) { chosen.like = name; });
  }
  const std::shared_ptr<void> defaults = scheme.make_config();
  for (const Option& option : scheme.options) {
    std::string names = "--" + option.name;
    for (const std::string& alias : option.rules.aliases) names += ",--" + alias;
    const std::string help = option_text(option, option.value(defaults.get()));
    const auto take = [&chosen, &option, &scheme](const std::string& text) {
      try {
        chosen.settings.push_back({option.name, text, option.load ? read_array(text) : nullptr, option.load_set ? read_array_set(text) : ArraySet()});
      } catch (const Error& error) {   // begins with the text
        throw Error(error.kind(), fmt::format("{}: --{} {}", scheme.text.name, option.name, error.what()));
      }
    };
    if (option.is_flag()) {
      arguments.switch_on(names, help, [take] { take(""); });
    } else {
      arguments.option(names, option.placeholder, help, take);
    }
  }
  arguments.group("");   // not in the help: the scheme says why it has none
  for (const std::string& name : scheme.text.without) {
    arguments.option("--" + name, "", "", [&chosen, name](const std::string& text) { chosen.settings.push_back({name, text}); });
  }
}

Index whole_number(const std::string& option, const std::string& text, Index low, Index high) {
  Index number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < low || number > high) {
    throw Error(fmt::format("{} {} is not a whole number in {}..{}", option, text, low, high));
  }
  return number;
}

}  // namespace pe
