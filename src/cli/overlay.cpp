#include "cli/overlay.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cli/options_text.h"
#include "core/error.h"
#include "core/text.h"

namespace pe {
namespace {

constexpr std::size_t kLabelParts = 2, kLongest = 24;   // options in a label, as far as they suffice; bytes of a value
constexpr std::size_t kOwnParts = 3;                    // options in the label of the command's own tables

/// The words of a line: blanks part them, and quotes of either kind keep what is between them together.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  char quote = 0;
  bool in_word = false;
  for (const char c : line) {
    if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else {
      words.back() += c;
    }
  }
  if (quote != 0) throw Error(fmt::format("a quote {} is not closed", quote));
  return words;
}

SchemeArguments parse(const Scheme& scheme, const std::string& line) {
  Words words{scheme.text.name};
  append(words, words_of(line));
  Arguments arguments(scheme.text.name, "");
  arguments.without_help();
  SchemeArguments chosen;
  add_scheme_options(arguments, scheme, chosen);
  arguments.parse(words);
  if (chosen.like.empty() && chosen.settings.empty()) throw Error("it holds no option");
  return chosen;
}

std::string with_value(const std::string& option, const std::string& value) {
  return value.empty() || value.size() > kLongest ? option : fmt::format("{} {}", option, value);
}

/// "like meta", "scaling yarn", "factor 8"
std::vector<std::string> parts_of(const SchemeArguments& chosen) {
  std::vector<std::string> parts;
  if (!chosen.like.empty()) parts.push_back("like " + chosen.like);
  for (const Setting& setting : chosen.settings) parts.push_back(with_value(setting.option, setting.text));
  return parts;
}

std::string first_parts(const std::vector<std::string>& parts, std::size_t count) {
  return join({parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(std::min(count, parts.size()))}, " · ");
}

/// Labels of two parts, and of more where those are also another's.
void set_labels(std::vector<Variant>& variants, const std::vector<std::vector<std::string>>& parts) {
  for (std::size_t i = 0; i < variants.size(); ++i) {
    std::size_t count = std::min(kLabelParts, parts[i].size());
    const auto is_taken = [&] {
      const std::string label = first_parts(parts[i], count);
      for (std::size_t k = 0; k < parts.size(); ++k) {
        if (k != i && first_parts(parts[k], count) == label) return true;
      }
      return false;
    };
    while (count < parts[i].size() && is_taken()) ++count;
    variants[i].label = first_parts(parts[i], count);
    variants[i].more = join({parts[i].begin() + static_cast<std::ptrdiff_t>(count), parts[i].end()}, " · ");
  }
}

std::string own_label(const Opened& opened, const std::vector<SchemeArguments>& overlays) {
  std::set<std::string> given;
  for (const SchemeArguments& overlay : overlays) {
    if (!overlay.like.empty()) given.insert("like");
    for (const Setting& setting : overlay.settings) given.insert(setting.option);
  }
  std::vector<std::string> parts;
  if (given.contains("like")) parts.push_back("like " + opened.convention);
  for (const auto& [name, value] : opened.parameters) {
    if (given.contains(name) && value != Value()) parts.push_back(with_value(name, text(value)));
  }
  return parts.empty() || parts.size() > kOwnParts ? "as titled" : join(parts, " · ");
}

}  // namespace

void add_overlays(Product& product, const Scheme& scheme, const SchemeArguments& command, const Opened& opened,
                  const std::vector<std::string>& overlays) {
  std::vector<SchemeArguments> all;
  std::vector<std::vector<std::string>> parts;
  for (const std::string& line : overlays) {
    try {
      const SchemeArguments chosen = parse(scheme, line);
      const std::string& like = chosen.like.empty() ? command.like : chosen.like;
      Opened made = scheme.open(like, scheme.overlaid(like, command.settings, chosen.settings));
      product.overlays.push_back({line, "", "", std::move(made.tables.tensors)});
      parts.push_back(parts_of(chosen));
      all.push_back(chosen);
    } catch (const Error& error) {
      const std::string message = error.what(), own = scheme.text.name + ": ";
      throw Error(error.kind(), fmt::format("{}--overlay '{}': {}", own, line, message.starts_with(own) ? message.substr(own.size()) : message));
    }
  }
  set_labels(product.overlays, parts);
  product.label = own_label(opened, all);
}

}  // namespace pe
