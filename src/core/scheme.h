#pragma once
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// Numbers for an option such as --positions, read from a file or written as a list. `source` is what the user wrote.
struct Array {
  std::vector<Index> shape;
  std::vector<double> values;   ///< C order
  std::string source;
  bool is_file = true;          ///< false: written as a list
};
using ArrayPtr = std::shared_ptr<const Array>;   ///< empty: not given

/// All arrays of a file by name, for an option such as --weights. Empty: not given.
struct ArraySet {
  std::map<std::string, ArrayPtr> arrays;
  std::string source;
};

/// Sizes of a grid, slowest axis first. Written "14" (square), "14x14", "8x14x14".
struct Grid {
  std::vector<Index> sizes;
  std::string text() const;
};

/// The rows first <= r < last of a table, written "first:last". last < 0: all.
struct RowSpan {
  Index first = 0, last = -1;
};

/// A number that may be left unset (then the scheme derives it).
using OptionalNumber = std::optional<double>;
using OptionalIndex = std::optional<Index>;

/// The final value of an option, as it is recorded; monostate: not set.
using Value = std::variant<std::monostate, bool, Index, double, std::string, std::vector<double>>;

/// Which values an option takes and when it counts.
struct OptionRules {
  double low = -std::numeric_limits<double>::infinity();   ///< smallest number
  double high = std::numeric_limits<double>::infinity();   ///< largest number
  std::vector<std::string> choices = {};                   ///< the only words
  std::vector<std::string> aliases = {};                   ///< other names of the option
  bool headline = false;                                   ///< named in the title of every figure
  std::vector<std::string> unless = {};                    ///< options that replace this one: refused beside them
  std::string when = {};                                   ///< counts only when this option ...
  std::vector<std::string> when_is = {};                   ///< ... has one of these values (none listed: is given, a flag: is on) and counts itself
};

/// 1048576, but 1e+15: limits are read, not computed with.
std::string limit_text(double limit);

/// The same rules for an option that counts only when the option `when` has one of these values; without values, when it is given.
OptionRules only_with(OptionRules rules, std::string when, std::vector<std::string> when_is = {});

/// One option of a scheme, as data: everything the command line, help, description and tests need.
struct Option {
  std::string name;
  std::string help;
  OptionRules rules;
  std::string placeholder;   ///< "N", "X", "HxW", "WORD", "A:B", "FILE"; empty for a flag
  std::function<void(void* config, const std::string& text)> parse;
  std::function<void(void* config, ArrayPtr array)> load;   ///< set for FILE options, whose numbers the caller reads
  std::function<void(void* config, ArraySet set)> load_set;   ///< set for FILE options of which all arrays are wanted
  std::function<Value(const void* config)> value;

  bool is_flag() const { return placeholder.empty(); }
};

/// An option's value as the user or a convention gives it. FILE options have an `array` or a `set`.
struct Setting {
  std::string option;
  std::string text;
  ArrayPtr array = {};
  ArraySet set = {};
};

/// A named bundle of option values that reproduces one well-known implementation.
struct Convention {
  std::string name;
  std::string one_line;
  std::vector<Setting> settings;
};

/// A number or word that a scheme has worked out from its options and that users look for: "attention factor" 1.2773.
struct Fact {
  std::string name;
  Value value;
};

/// What a scheme makes of its options: tensors, the words for them in file names ("768-14x14"), and what is worth telling.
struct Tables {
  std::vector<Tensor> tensors;
  std::string label;
  std::vector<Fact> facts = {};   ///< printed by describe and kept in every description
  std::string row_axis = {};      ///< the axis that --rows cuts, wherever a tensor has it; empty: the one before the last
};

/// Where a scheme stands in lists, and what it says of itself.
struct SchemeText {
  std::string name;
  std::string family;                    ///< "absolute", "relative", "rotary"
  std::string one_line;
  std::vector<std::string> formula;      ///< lines
  std::vector<std::string> references;
  std::vector<std::string> without = {};   ///< options of every scheme that change nothing in this one, such as "compute"
};

/// A scheme opened with final option values.
struct Opened {
  std::string convention;                                   ///< empty when the scheme has none
  std::vector<std::pair<std::string, Value>> parameters;    ///< every option that counts, in order of declaration
  Tables tables;
};

struct Scheme {
  SchemeText text;
  std::vector<Option> options;
  std::vector<Convention> conventions;   ///< the first is the default
  std::vector<std::string> figures;      ///< names of the default figures
  std::function<std::shared_ptr<void>()> make_config;
  std::function<Tables(std::shared_ptr<const void>)> tables;

  const Option* option(const std::string& name) const;   ///< by name or alias; nullptr when there is none

  /// Final values are default < convention < `explicit_settings`. `like` names a convention, "" the first.
  /// Throws Error on unknown names, values outside an option's rules, and options that do not count for the chosen variant.
  Opened open(const std::string& like, const std::vector<Setting>& explicit_settings) const;

  /// The settings of a variant of this scheme opened with `settings`: `changes`, and of the others those that are not replaced by them and
  /// still count beside them. Throws Error as `open`.
  std::vector<Setting> overlaid(const std::string& like, const std::vector<Setting>& settings, const std::vector<Setting>& changes) const;
};

/// All schemes in alphabetical order.
const std::vector<Scheme>& all_schemes();

/// Whether there is a scheme of that name.
bool is_scheme(const std::string& name);

/// The scheme of that name, made when it is first asked for; throws Error with the nearest one.
const Scheme& find_scheme(const std::string& name);

/// What every scheme has; a config derives from it and its options come with `describe`.
struct CommonConfig {
  std::string dtype = "f32";
  std::string compute = "exact";
  RowSpan row_span;
};

/// What schemes add whose tables have one row per token or grid cell.
struct TableConfig : CommonConfig {
  Index prefix_tokens = 0;
  bool batch_dim = false;
};

inline const std::vector<std::string> kStoredTypes{"f64", "f32", "f16", "bf16"};

/// The type of --dtype.
Dtype stored_dtype(const CommonConfig& config);

/// Keeps only the rows of `span`: of the row axis, wherever a tensor has it; without a row axis, of the axis before the last. Tensors
/// that have no such axis stay whole.
void cut_rows(Tables& tables, RowSpan span);

/// Puts an axis "batch" of size 1 first in every tensor that has rows; a tensor with one axis stays as it is.
void add_batch_axis(Tables& tables);

// What follows turns a struct and member pointers into the data above.

namespace option_types {
// One pair per type a config field can have. `parse` throws Error with a phrase such as "is not a whole number".
void parse(const std::string& text, const OptionRules& rules, bool& field);
void parse(const std::string& text, const OptionRules& rules, Index& field);
void parse(const std::string& text, const OptionRules& rules, double& field);
void parse(const std::string& text, const OptionRules& rules, std::string& field);
void parse(const std::string& text, const OptionRules& rules, std::vector<double>& field);
void parse(const std::string& text, const OptionRules& rules, Grid& field);
void parse(const std::string& text, const OptionRules& rules, RowSpan& field);
void parse(const std::string& text, const OptionRules& rules, Range& field);
void parse(const std::string& text, const OptionRules& rules, OptionalNumber& field);
void parse(const std::string& text, const OptionRules& rules, OptionalIndex& field);

Value value(bool field);
Value value(Index field);
Value value(double field);
Value value(const std::string& field);
Value value(const std::vector<double>& field);
Value value(const Grid& field);
Value value(const RowSpan& field);
Value value(const Range& field);
Value value(const OptionalNumber& field);
Value value(const OptionalIndex& field);
Value value(const ArrayPtr& field);
Value value(const ArraySet& field);

template <class Field>
std::string placeholder() {
  if constexpr (std::is_same_v<Field, bool>) return "";
  if constexpr (std::is_same_v<Field, Index> || std::is_same_v<Field, OptionalIndex>) return "N";
  if constexpr (std::is_same_v<Field, double> || std::is_same_v<Field, OptionalNumber>) return "X";
  if constexpr (std::is_same_v<Field, std::string>) return "WORD";
  if constexpr (std::is_same_v<Field, std::vector<double>>) return "X[,X..]";
  if constexpr (std::is_same_v<Field, Grid>) return "HxW";
  if constexpr (std::is_same_v<Field, RowSpan> || std::is_same_v<Field, Range>) return "A:B";
  if constexpr (std::is_same_v<Field, ArrayPtr> || std::is_same_v<Field, ArraySet>) return "FILE";
}
}  // namespace option_types

/// An option that sets `field` of a Config. The default is the field's own initial value.
template <class Config, class Owner, class Field>
Option option(std::string name, Field Owner::*field, std::string help, OptionRules rules = {}) {
  Option o{std::move(name), std::move(help), std::move(rules), option_types::placeholder<Field>(), {}, {}, {}, {}};
  if constexpr (std::is_same_v<Field, ArrayPtr>) {
    o.load = [field](void* config, ArrayPtr array) { static_cast<Config*>(config)->*field = std::move(array); };
  } else if constexpr (std::is_same_v<Field, ArraySet>) {
    o.load_set = [field](void* config, ArraySet set) { static_cast<Config*>(config)->*field = std::move(set); };
  } else {
    o.parse = [field, limits = o.rules](void* config, const std::string& text) {
      option_types::parse(text, limits, static_cast<Config*>(config)->*field);
    };
  }
  o.value = [field](const void* config) { return option_types::value(static_cast<const Config*>(config)->*field); };
  return o;
}

template <class T>
void append(std::vector<T>& list, std::vector<T> more) {
  for (T& item : more) list.push_back(std::move(item));
}

/// Adds `common` options, but none that the scheme is without or declares itself, with rules of its own.
void append_common(std::vector<Option>& options, std::vector<Option> common, const SchemeText& text);

/// The same options, which count only when the option `when` has one of these values.
std::vector<Option> only_with(std::vector<Option> options, const std::string& when, const std::vector<std::string>& when_is);

template <class Config>
std::vector<Option> compute_options() {
  return {option<Config>("compute", &CommonConfig::compute, "exact: the true value rounded once; f32: what frameworks compute in f32",
                         {.choices = {"exact", "f32"}})};
}

/// The options that every scheme has.
template <class Config>
std::vector<Option> common_options() {
  std::vector<Option> options{option<Config>("dtype", &CommonConfig::dtype, "how values are stored", {.choices = kStoredTypes})};
  append(options, compute_options<Config>());
  options.push_back(option<Config>("rows", &CommonConfig::row_span, "only rows A to B-1, the same values as in the whole table"));
  return options;
}

template <class Config>
std::vector<Option> table_options() {
  return {option<Config>("prefix-tokens", &TableConfig::prefix_tokens, "rows of zeros before the first (class token, registers)",
                         {.low = 0, .high = 1e6}),
          option<Config>("batch-dim", &TableConfig::batch_dim, "adds a leading 1 to the shape, as checkpoints store it")};
}

/// A scheme from its config struct, which derives from CommonConfig and holds the only copy of the defaults.
template <class Config>
Scheme describe(SchemeText text, std::vector<Option> options, std::vector<Convention> conventions, std::vector<std::string> figures,
                Tables (*tables)(const Config&)) {
  constexpr bool is_table = std::is_base_of_v<TableConfig, Config>;
  if constexpr (is_table) append_common(options, table_options<Config>(), text);
  append_common(options, common_options<Config>(), text);
  Scheme scheme{std::move(text), std::move(options), std::move(conventions), std::move(figures), {}, {}};
  scheme.make_config = [] { return std::make_shared<Config>(); };
  scheme.tables = [tables](std::shared_ptr<const void> config) {
    const Config& typed = *static_cast<const Config*>(config.get());
    Tables made = tables(typed);
    cut_rows(made, typed.row_span);
    if constexpr (is_table) {
      if (typed.batch_dim) add_batch_axis(made);
    }
    return made;
  };
  return scheme;
}

}  // namespace pe
