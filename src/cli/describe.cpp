// pe-gen describe SCHEME: formula, options, conventions, tensors, references; with --columns what every column holds.

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numbers>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/options_text.h"
#include "core/error.h"
#include "core/text.h"

namespace pe {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::pair<std::string, std::string>>;

void print_rows(const char* heading, const Rows& rows) {
  if (rows.empty()) return;
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.first.size());
  fmt::print("\n{}\n", heading);
  for (const auto& [left, right] : rows) {
    if (right.empty()) {
      fmt::print("  {}\n", left);
    } else {
      fmt::print("  {:<{}}  {}\n", left, width, right);
    }
  }
}

Rows lines(const std::vector<std::string>& texts) {
  Rows rows;
  for (const std::string& text : texts) rows.emplace_back(text, "");
  return rows;
}

Rows option_rows(const Scheme& scheme) {
  Rows rows;
  const std::shared_ptr<void> defaults = scheme.make_config();
  for (const Option& option : scheme.options) {
    const std::string name = option.is_flag() ? "--" + option.name : fmt::format("--{} {}", option.name, option.placeholder);
    rows.emplace_back(name, option_text(option, option.value(defaults.get())));
  }
  return rows;
}

Rows convention_rows(const Scheme& scheme) {
  Rows rows;
  for (const Convention& convention : scheme.conventions) {
    const std::string settings = settings_text(scheme, convention);
    rows.emplace_back(convention.name, settings.empty() ? convention.one_line : fmt::format("{}: {}", convention.one_line, settings));
  }
  return rows;
}

/// "[token 196, channel 768] f32 in -1..1"
std::string tensor_text(const Tensor& tensor) {
  std::vector<std::string> axes;
  for (const Axis& axis : tensor.axes) axes.push_back(fmt::format("{} {}", axis.name, axis.size));
  const std::string range = tensor.range ? fmt::format(" in {}..{}", tensor.range->low, tensor.range->high) : "";
  return fmt::format("[{}] {}{}", join(axes, ", "), name(tensor.dtype), range);
}

Rows tensor_rows(const Opened& opened) {
  Rows rows;
  for (const Tensor& tensor : opened.tables.tensors) rows.emplace_back(tensor.name, tensor_text(tensor));
  return rows;
}

Rows fact_rows(const Opened& opened) {
  Rows rows;
  for (const Fact& fact : opened.tables.facts) rows.emplace_back(fact.name, text(fact.value));
  return rows;
}

void print_text(const Scheme& scheme, const Opened& opened) {
  fmt::print("{} ({}): {}\n", scheme.text.name, scheme.text.family, scheme.text.one_line);
  print_rows("formula", lines(scheme.text.formula));
  print_rows("options", option_rows(scheme));
  print_rows("conventions (--like; the first is the default)", convention_rows(scheme));
  print_rows("tensors with these options", tensor_rows(opened));
  print_rows("what follows from these options", fact_rows(opened));
  print_rows("default figures", lines(scheme.figures));
  print_rows("references", lines(scheme.text.references));
}

Json as_object(const Rows& rows) {
  Json object = Json::object();
  for (const auto& [name, text] : rows) object[name] = text;
  return object;
}

Json json_of(const Scheme& scheme, const Opened& opened) {
  Json parameters = Json::object();
  for (const auto& [name, value] : opened.parameters) parameters[name] = json(value);
  return {{"scheme", scheme.text.name},
          {"family", scheme.text.family},
          {"one_line", scheme.text.one_line},
          {"formula", scheme.text.formula},
          {"options", as_object(option_rows(scheme))},
          {"conventions", as_object(convention_rows(scheme))},
          {"parameters", parameters},
          {"tensors", as_object(tensor_rows(opened))},
          {"facts", as_object(fact_rows(opened))},
          {"figures", scheme.figures},
          {"references", scheme.text.references}};
}

/// "sin(w * 0.1)", and how many positions a turn takes.
void print_columns(const Tensor& tensor) {
  if (!tensor.columns) {
    fmt::print("{}: its columns have no function of their own\n", tensor.name);
    return;
  }
  fmt::print("{}\n{:>8}  {:<8} {:<10} {:>9}  {:<22} {}\n", tensor.name, "column", "function", "axis", "frequency", "radians per position",
             "wavelength in positions");
  Index number = 0;
  for (const Column& column : tensor.columns()) {
    if (column.axis.empty()) {
      fmt::print("{:>8}  {}\n", number++, column.function);
      continue;
    }
    fmt::print("{:>8}  {:<8} {:<10} {:>9}", number++, column.function, column.axis, column.index);
    if (column.frequency != 0) fmt::print("  {:<22} {}", column.frequency, 2 * std::numbers::pi / column.frequency);
    fmt::print("\n");
  }
}

Json columns_json(const Tensor& tensor) {
  Json list = Json::array();
  if (!tensor.columns) return list;
  for (const Column& column : tensor.columns()) {
    list.push_back({{"function", column.function}});
    if (column.axis.empty()) continue;
    list.back().update({{"axis", column.axis}, {"frequency", column.index}});
    if (column.frequency == 0) continue;
    list.back().update({{"radians_per_position", column.frequency}, {"wavelength", 2 * std::numbers::pi / column.frequency}});
  }
  return list;
}

}  // namespace

ExitCode run_describe(const Words& words) {
  if (words.size() > 1 && words[1] != "-h" && words[1] != "--help") {
    const Scheme& scheme = find_scheme(words[1]);
    Arguments arguments("describe " + scheme.text.name, "describe: formula, options, conventions, tensors, references");
    bool columns = false, as_json = false;
    arguments.flag("--columns", columns, "what every column holds, with the options given");
    arguments.flag("--json", as_json, "as JSON");
    SchemeArguments chosen;
    add_scheme_options(arguments, scheme, chosen);
    if (!arguments.parse(Words(words.begin() + 1, words.end()))) return ExitCode::done;
    const Opened opened = scheme.open(chosen.like, chosen.settings);
    if (as_json) {
      Json json = json_of(scheme, opened);
      for (const Tensor& tensor : opened.tables.tensors) {
        if (columns) json["columns"][tensor.name] = columns_json(tensor);
      }
      fmt::print("{}\n", json.dump(1));
    } else if (columns) {
      for (const Tensor& tensor : opened.tables.tensors) print_columns(tensor);
    } else {
      print_text(scheme, opened);
    }
    return ExitCode::done;
  }
  Arguments arguments("describe",
                      "describe SCHEME [--columns] [--json] [options of the scheme]\nFormula, options, conventions, tensors, references.");
  if (arguments.parse(words)) throw Error("describe: which scheme? `pe-gen list` names them");
  return ExitCode::done;
}

}  // namespace pe
