// How each type that an option can have is read from text and recorded.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/error.h"
#include "core/scheme.h"
#include "core/text.h"

namespace pe {

std::string Grid::text() const {
  std::vector<std::string> parts;
  for (const Index size : sizes) parts.push_back(std::to_string(size));
  return join(parts, "x");
}

std::string limit_text(double limit) { return std::fabs(limit) < 1e7 ? fmt::format("{}", limit) : fmt::format("{:g}", limit); }

namespace option_types {
namespace {

/// The whole of `text` as a number, whatever the locale; false when it is not one or does not fit.
template <class Number>
bool read_number(std::string_view text, Number& number) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

void check_limits(double number, const OptionRules& rules) {
  if (number >= rules.low && number <= rules.high) return;
  if (rules.high == std::numeric_limits<double>::infinity()) throw Error("is less than " + limit_text(rules.low));
  throw Error(fmt::format("is not in {}..{}", limit_text(rules.low), limit_text(rules.high)));
}

Index read_index(std::string_view text) {
  Index number = 0;
  if (!read_number(text, number)) throw Error("is not a whole number");
  return number;
}

double read_finite(std::string_view text) {
  double number = 0;
  if (!read_number(text, number) || !std::isfinite(number)) throw Error("is not a finite number");
  return number;
}

}  // namespace

void parse(const std::string&, const OptionRules&, bool& field) { field = true; }

void parse(const std::string& text, const OptionRules& rules, Index& field) {
  field = read_index(text);
  check_limits(static_cast<double>(field), rules);
}

void parse(const std::string& text, const OptionRules& rules, double& field) {
  field = read_finite(text);
  check_limits(field, rules);
}

void parse(const std::string& text, const OptionRules& rules, std::string& field) {
  if (!rules.choices.empty() && std::find(rules.choices.begin(), rules.choices.end(), text) == rules.choices.end()) {
    throw Error(fmt::format("is not one of {}{}", join(rules.choices, ", "), nearest_hint(text, rules.choices)));
  }
  field = text;
}

void parse(const std::string& text, const OptionRules& rules, std::vector<double>& field) {
  field.clear();
  for (const std::string& part : split(text, ',')) {
    field.push_back(read_finite(part));
    check_limits(field.back(), rules);
  }
}

void parse(const std::string& text, const OptionRules& rules, Grid& field) {
  field.sizes.clear();
  for (const std::string& part : split(text, 'x')) {
    Index size = 0;
    if (!read_number(std::string_view(part), size) || size < 1) throw Error("is not a grid such as 14, 14x14 or 8x14x14 with sizes from 1");
    check_limits(static_cast<double>(size), rules);
    field.sizes.push_back(size);
  }
  if (field.sizes.size() == 1) field.sizes.push_back(field.sizes.front());
  if (field.sizes.size() > 3) throw Error("has more than 3 sizes");
}

void parse(const std::string& text, const OptionRules&, RowSpan& field) {
  const std::vector<std::string> parts = split(text, ':');
  if (parts.size() != 2 || !read_number(std::string_view(parts[0]), field.first) || !read_number(std::string_view(parts[1]), field.last) ||
      field.first < 0 || field.last <= field.first) {
    throw Error("is not a range of rows such as 0:24 (from the first to before the second)");
  }
}

void parse(const std::string& text, const OptionRules& rules, Range& field) {
  const std::vector<std::string> ends = split(text, ':');
  if (ends.size() != 2) throw Error("is not two numbers such as -2:2");
  parse(ends[0], rules, field.low);
  parse(ends[1], rules, field.high);
  if (field.low >= field.high) throw Error("is empty: its first number is not less than its second");
}

void parse(const std::string& text, const OptionRules& rules, OptionalNumber& field) { parse(text, rules, field.emplace()); }

void parse(const std::string& text, const OptionRules& rules, OptionalIndex& field) { parse(text, rules, field.emplace()); }

Value value(bool field) { return field; }
Value value(Index field) { return field; }
Value value(double field) { return field; }
Value value(const std::string& field) { return field.empty() ? Value() : Value(field); }
Value value(const std::vector<double>& field) { return field.empty() ? Value() : Value(field); }
Value value(const Grid& field) { return field.sizes.empty() ? Value() : Value(field.text()); }
Value value(const RowSpan& field) { return field.last < 0 ? Value() : Value(fmt::format("{}:{}", field.first, field.last)); }
Value value(const Range& field) { return fmt::format("{}:{}", field.low, field.high); }
Value value(const OptionalNumber& field) { return field ? Value(*field) : Value(); }
Value value(const OptionalIndex& field) { return field ? Value(*field) : Value(); }
Value value(const ArrayPtr& field) { return field ? Value(field->source) : Value(); }
Value value(const ArraySet& field) { return field.arrays.empty() ? Value() : Value(field.source); }

}  // namespace option_types
}  // namespace pe
