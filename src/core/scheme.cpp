#include "core/scheme.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "core/error.h"
#include "core/text.h"

namespace pe {

namespace {

bool is_given(const std::vector<Setting>& settings, const std::string& name) {
  return std::any_of(settings.begin(), settings.end(), [&](const Setting& s) { return s.option == name; });
}

std::string word(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : "";
}

/// Why the option does not count for the final values, or "" when it does.
std::string not_counting(const Scheme& scheme, const Option& option, const void* config, const std::vector<Setting>& explicit_settings) {
  for (const std::string& other : option.rules.unless) {
    if (is_given(explicit_settings, other)) return fmt::format("does not go with --{}", other);
  }
  if (option.rules.when.empty()) return "";
  const Option& gate = *scheme.option(option.rules.when);
  if (std::string why_not = not_counting(scheme, gate, config, explicit_settings); !why_not.empty()) return why_not;
  const Value value = gate.value(config);
  const auto& wanted = option.rules.when_is;
  if (wanted.empty()) {
    return std::holds_alternative<std::monostate>(value) || value == Value(false) ? fmt::format("counts only with --{}", option.rules.when) : "";
  }
  if (std::find(wanted.begin(), wanted.end(), word(value)) != wanted.end()) return "";
  return fmt::format("counts only with --{} {}", option.rules.when, join(wanted, " or "));
}

void apply(const Scheme& scheme, void* config, const Setting& setting) {
  const Option& option = *scheme.option(setting.option);
  if (option.load) {
    option.load(config, setting.array);
    return;
  }
  if (option.load_set) {
    option.load_set(config, setting.set);
    return;
  }
  try {
    option.parse(config, setting.text);
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}: --{} {} {}", scheme.text.name, option.name, shell_word(setting.text), error.what()));
  }
}

/// Throws Error when numbers of the tensor would be stored as infinity. An infinite end of the range is meant.
void check_range(const Tensor& tensor) {
  if (!tensor.range) return;
  const double farthest = std::max(std::fabs(tensor.range->low), std::fabs(tensor.range->high));
  if (std::isinf(farthest) || farthest <= largest(tensor.dtype)) return;
  throw Error(fmt::format("{} goes up to {:g}, which is too large for {}, whose last number is {:g}; choose another --dtype", tensor.name, farthest,
                          name(tensor.dtype), largest(tensor.dtype)));
}

/// The scheme's tables, their sizes and ranges checked; whatever is refused on the way is said in the scheme's name.
Tables make_tables(const Scheme& scheme, const std::shared_ptr<const void>& config) {
  try {
    Tables tables = scheme.tables(config);
    for (const Tensor& tensor : tables.tensors) {
      check_size(tensor);
      check_range(tensor);
    }
    return tables;
  } catch (const Error& error) {
    throw in_name_of(scheme.text.name, error);
  }
}

const Convention& find_convention(const Scheme& scheme, const std::string& name) {
  if (scheme.conventions.empty()) throw Error(fmt::format("{}: --like {}: this scheme has no conventions", scheme.text.name, name));
  if (name.empty()) return scheme.conventions.front();
  std::vector<std::string> names;
  for (const Convention& convention : scheme.conventions) {
    if (convention.name == name) return convention;
    names.push_back(convention.name);
  }
  throw Error(fmt::format("{}: --like {} is not a convention{}", scheme.text.name, name, nearest_hint(name, names)));
}

/// The settings under their options' own names, refusing unknown ones.
std::vector<Setting> resolved(const Scheme& scheme, std::vector<Setting> settings) {
  for (Setting& setting : settings) {
    const Option* option = scheme.option(setting.option);
    const auto& without = scheme.text.without;
    if (std::find(without.begin(), without.end(), setting.option) != without.end()) {
      throw Error(fmt::format("{}: --{} changes nothing: the tables of this scheme do not depend on it", scheme.text.name, setting.option));
    }
    if (option == nullptr) {
      std::vector<std::string> names;
      for (const Option& o : scheme.options) names.push_back(o.name);
      throw Error(fmt::format("{}: --{} is not an option{}", scheme.text.name, setting.option, nearest_hint(setting.option, names)));
    }
    setting.option = option->name;
  }
  return settings;
}

/// A config with the values default < convention < `settings`.
std::shared_ptr<void> configured(const Scheme& scheme, const Convention* convention, const std::vector<Setting>& settings) {
  std::shared_ptr<void> config = scheme.make_config();
  if (convention != nullptr) {
    for (const Setting& setting : convention->settings) apply(scheme, config.get(), setting);
  }
  for (const Setting& setting : settings) apply(scheme, config.get(), setting);
  return config;
}

/// The convention `like`, or the first one; none in a scheme without.
const Convention* chosen_convention(const Scheme& scheme, const std::string& like) {
  return scheme.conventions.empty() && like.empty() ? nullptr : &find_convention(scheme, like);
}

}  // namespace

const Option* Scheme::option(const std::string& name) const {
  const auto called = [&](const Option& o) {
    return o.name == name || std::find(o.rules.aliases.begin(), o.rules.aliases.end(), name) != o.rules.aliases.end();
  };
  const auto found = std::find_if(options.begin(), options.end(), called);
  return found == options.end() ? nullptr : &*found;
}

Opened Scheme::open(const std::string& like, const std::vector<Setting>& explicit_settings) const {
  const std::vector<Setting> chosen = resolved(*this, explicit_settings);
  const Convention* convention = chosen_convention(*this, like);
  const std::shared_ptr<void> config = configured(*this, convention, chosen);
  Opened opened;
  if (convention != nullptr) opened.convention = convention->name;
  for (const Option& o : options) {
    const std::string why_not = not_counting(*this, o, config.get(), chosen);
    if (why_not.empty()) {
      opened.parameters.emplace_back(o.name, o.value(config.get()));
    } else if (is_given(chosen, o.name)) {
      throw Error(fmt::format("{}: --{} {}", text.name, o.name, why_not));
    }
  }
  opened.tables = make_tables(*this, config);
  return opened;
}

std::vector<Setting> Scheme::overlaid(const std::string& like, const std::vector<Setting>& settings, const std::vector<Setting>& changes) const {
  const std::vector<Setting> changed = resolved(*this, changes);
  std::vector<Setting> all = resolved(*this, settings);
  std::erase_if(all, [&](const Setting& setting) { return is_given(changed, setting.option); });
  all.insert(all.end(), changed.begin(), changed.end());
  const std::shared_ptr<void> config = configured(*this, chosen_convention(*this, like), all);
  std::vector<Setting> counting;
  for (const Setting& setting : all) {
    const bool counts = is_given(changed, setting.option) || not_counting(*this, *option(setting.option), config.get(), all).empty();
    if (counts) counting.push_back(setting);
  }
  return counting;
}

void append_common(std::vector<Option>& options, std::vector<Option> common, const SchemeText& text) {
  for (Option& option : common) {
    const bool is_out = std::find(text.without.begin(), text.without.end(), option.name) != text.without.end();
    const bool is_own = std::any_of(options.begin(), options.end(), [&](const Option& own) { return own.name == option.name; });
    if (!is_out && !is_own) options.push_back(std::move(option));
  }
}

OptionRules only_with(OptionRules rules, std::string when, std::vector<std::string> when_is) {
  rules.when = std::move(when);
  rules.when_is = std::move(when_is);
  return rules;
}

std::vector<Option> only_with(std::vector<Option> options, const std::string& when, const std::vector<std::string>& when_is) {
  for (Option& option : options) option.rules = only_with(std::move(option.rules), when, when_is);
  return options;
}

Dtype stored_dtype(const CommonConfig& config) {
  for (const Dtype dtype : {Dtype::f64, Dtype::f16, Dtype::bf16}) {
    if (config.dtype == name(dtype)) return dtype;
  }
  return Dtype::f32;
}

void cut_rows(Tables& tables, RowSpan span) {
  if (span.last < 0) return;
  for (Tensor& tensor : tables.tensors) {
    const std::size_t count = tensor.axes.size();
    for (std::size_t axis = 0; axis < count; ++axis) {
      const bool is_cut = tables.row_axis.empty() ? axis + 2 == count : tensor.axes[axis].name == tables.row_axis;
      if (is_cut) tensor = slice_axis(tensor, axis, span.first, span.last);
    }
  }
  tables.label += fmt::format("-rows{}-{}", span.first, span.last);
}

void add_batch_axis(Tables& tables) {
  for (Tensor& tensor : tables.tensors) {
    if (tensor.axes.size() > 1) tensor.axes.insert(tensor.axes.begin(), {"batch", 1});
  }
}

}  // namespace pe
