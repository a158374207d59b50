#include "cli/input.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/files.h"
#include "core/error.h"
#include "core/text.h"

namespace pe {
namespace {

/// The extensions of all formats that can be read.
std::string readable_extensions() {
  std::vector<std::string> extensions;
  for (const Format& format : all_formats()) {
    if (format.read != nullptr) extensions.push_back(format.extensions.front());
  }
  return join(extensions, ", ");
}

/// Splits FILE:TENSOR at the last colon, unless a file of the whole name is there.
std::pair<std::string, std::string> split_tensor(const std::string& words) {
  const std::size_t colon = words.rfind(':');
  std::error_code ignored;
  if (colon == std::string::npos || std::filesystem::exists(words, ignored)) return {words, ""};
  return {words.substr(0, colon), words.substr(colon + 1)};
}

[[noreturn]] void refuse_empty(const std::string& path) { throw Error(ErrorKind::malformed, path + ": it holds no table"); }

Tensor choose(std::vector<Tensor> tensors, const std::string& path, const std::string& name) {
  std::vector<std::string> names;
  for (Tensor& tensor : tensors) {
    if (tensor.name == name || (name.empty() && tensors.size() == 1)) return std::move(tensor);
    names.push_back(tensor.name);
  }
  if (names.empty()) refuse_empty(path);
  if (!name.empty()) throw Error(fmt::format("{}: it holds no tensor {}{}", path, name, nearest_hint(name, names)));
  throw Error(fmt::format("{}: it holds {} tensors; choose one as {}:{}", path, names.size(), path, names.front()));
}

/// Whether the words are meant as numbers, such as "1,1.05,1e-3", be it with a typo, and no file is called so.
bool is_number_list(const std::string& words) {
  std::error_code ignored;
  const std::string path = split_tensor(words).first;
  if (words == "-" || words.find('/') != std::string::npos || std::filesystem::exists(path, ignored)) return false;
  const bool begins_so = words.find_first_of("0123456789+-.") == 0;
  return (begins_so || words.find(',') != std::string::npos) && format_of_path(path) == nullptr;
}

/// The numbers of a list.
Array parse_list(const std::string& words) {
  Array array;
  for (const std::string& part : split(words, ',')) {
    try {
      option_types::parse(part, {}, array.values.emplace_back());
    } catch (const Error& error) {
      throw Error(fmt::format("{} is neither a file nor a list of numbers: '{}' {}", words, part, error.what()));
    }
  }
  array.shape = {static_cast<Index>(array.values.size())};
  array.source = words;
  array.is_file = false;
  return array;
}

std::vector<Tensor> read_tensors(const std::string& path) {
  const Format* format = format_of_path(path);
  if (path == "-") format = &find_format("npy");
  if (format == nullptr || format->read == nullptr) {
    read_bytes(path);   // a missing file is the first thing to say
    throw Error(fmt::format("{}: its extension names no format that can be read; those are {}", path, readable_extensions()));
  }
  try {
    return format->read(read_bytes(path));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::malformed || std::string(error.what()).starts_with(path)) throw;
    throw Error(ErrorKind::malformed, fmt::format("{}: {}", path, error.what()));
  }
}

ArrayPtr array_of(const Tensor& tensor, const std::string& source) {
  if (components(tensor.dtype) != 1) {
    throw Error(ErrorKind::malformed, fmt::format("{}: expected real numbers, found {}", source, name(tensor.dtype)));
  }
  return std::make_shared<const Array>(Array{tensor.shape(), values(tensor), source});
}

}  // namespace

Input read_input(const std::string& words) {
  const auto [path, name] = split_tensor(words);
  return {path, choose(read_tensors(path), path, name)};
}

ArrayPtr read_array(const std::string& words) {
  return is_number_list(words) ? std::make_shared<const Array>(parse_list(words)) : array_of(read_input(words).tensor, words);
}

ArraySet read_array_set(const std::string& path) {
  ArraySet set{{}, path};
  for (const Tensor& tensor : read_tensors(path)) set.arrays[tensor.name] = array_of(tensor, path + ":" + tensor.name);
  if (set.arrays.empty()) refuse_empty(path);
  return set;
}

}  // namespace pe
