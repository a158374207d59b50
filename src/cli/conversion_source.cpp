#include "cli/conversion_source.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/input.h"
#include "core/error.h"
#include "formats/format.h"
#include "version.h"

namespace pe {
namespace {

/// A table of a format without names.
bool is_nameless(const Inputs& input) {
  const Format* format = format_of_path(input.path);
  return format != nullptr && !format->holds_many && input.tensors.size() == 1 && input.tensors.front().name == "table";
}

/// What the stems have in common: "rope" of rope.cos and rope.sin. The first stem, when that is nothing.
std::string common_stem(const std::vector<std::string>& stems) {
  std::string common = stems.front();
  for (const std::string& stem : stems) {
    const auto end = std::mismatch(common.begin(), common.end(), stem.begin(), stem.end()).first;
    common.erase(end, common.end());
  }
  if (stems.size() > 1) common.resize(common.find_last_not_of("._-") + 1);
  return common.empty() ? stems.front() : common;
}

/// The description of all files, where they have the same one or only one has; those of each, where they differ.
Json common_description(const std::vector<Json>& descriptions, const std::vector<std::string>& files) {
  Json common = Json::object(), each = Json::object();
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!descriptions[i].is_object()) continue;
    if (each.empty()) common = descriptions[i];
    if (descriptions[i] != common) common = Json::object();
    each[files[i]] = descriptions[i];
  }
  if (common.empty() && !each.empty()) common["source_descriptions"] = each;
  return common;
}

}  // namespace

ConversionSource read_conversion_source(const std::vector<std::string>& words) {
  ConversionSource source;
  std::vector<Json> descriptions;
  std::vector<std::string> stems;
  for (const std::string& word : words) {
    Inputs input = read_inputs(word);
    if (stems.empty()) source.name = input.path == "-" ? "stdin" : input.path;
    stems.push_back(input.stem());
    if (is_nameless(input)) input.tensors.front().name = stems.back().substr(stems.back().rfind('.') + 1);
    for (Tensor& tensor : input.tensors) {
      const auto is_same = [&](const Tensor& other) { return other.name == tensor.name; };
      if (std::any_of(source.tensors.begin(), source.tensors.end(), is_same)) {
        throw Error(fmt::format("{}: another file has a tensor {} too; name the tensors to take, as FILE:TENSOR", word, tensor.name));
      }
      source.tensors.push_back(std::move(tensor));
    }
    source.files.push_back(input.file());
    descriptions.push_back(std::move(input.description));
  }
  source.stem = common_stem(stems);
  source.description = common_description(descriptions, source.files);
  const Format* format = format_of_path(words.front());
  source.format = format != nullptr && format->write != nullptr && (format->holds_many || source.tensors.size() == 1) ? format->name : "npz";
  return source;
}

Json describe_conversion(Json source, const Json& change, const std::vector<std::string>& files, const std::string& command) {
  Json description{{"generator", "pe-gen " PE_VERSION}, {"command", command}};
  description["source"] = files.size() == 1 ? Json(files.front()) : Json(files);
  Json steps = source.value("converted", Json::array());
  if (!steps.is_array()) steps = Json::array();
  if (!source.contains("source_command") && source.contains("command")) source["source_command"] = source["command"];
  Json step{{"command", command}};
  step.update(change);
  steps.push_back(std::move(step));
  for (const char* replaced : {"generator", "command", "source", "converted"}) source.erase(replaced);
  description.update(source);
  description["converted"] = std::move(steps);
  return description;
}

}  // namespace pe
