#include "cli/input.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/files.h"
#include "core/error.h"
#include "core/text.h"
#include "formats/support/json_text.h"
#include "formats/support/values.h"

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

std::vector<std::string> names_of(const std::vector<StoredTable>& tables) {
  std::vector<std::string> names;
  for (const StoredTable& table : tables) names.push_back(table.name);
  return names;
}

[[noreturn]] void refuse_missing(const std::string& path, const std::string& name, const std::vector<StoredTable>& tables) {
  throw Error(fmt::format("{}: it holds no tensor {}{}", path, name, nearest_hint(name, names_of(tables))));
}

/// Names the tensor that is most likely meant: a checkpoint has hundreds, few of them of positions.
[[noreturn]] void refuse_several(const std::string& path, const std::vector<StoredTable>& tables) {
  std::vector<std::string> likely;
  for (const std::string& name : names_of(tables)) {
    for (const char* word : {"pos_embed", "position", "relative", "rotary", "rope", "cos", "inv_freq"}) {
      if (name.find(word) == std::string::npos) continue;
      likely.push_back(name);
      break;
    }
  }
  const std::string& example = likely.empty() ? tables.front().name : likely.front();
  throw Error(fmt::format("{}: it holds {} tensors; choose one as {}:{}", path, tables.size(), path, example));
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

/// Does what reads a file; what is malformed is said in the file's name.
template <class Read>
auto in_file(const std::string& path, Read read) {
  try {
    return read();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::malformed || std::string(error.what()).starts_with(path)) throw;
    throw Error(ErrorKind::malformed, fmt::format("{}: {}", path, error.what()));
  }
}

Contents read_contents(const std::string& path) {
  const Format* format = format_of_path(path);
  if (path == "-") format = &find_format("npy");
  if (format == nullptr || format->read == nullptr) {
    read_bytes(path);   // a missing file is the first thing to say
    throw Error(fmt::format("{}: its extension names no format that can be read; those are {}", path, readable_extensions()));
  }
  Contents contents = in_file(path, [&] { return format->read(read_bytes(path)); });
  if (contents.tables.empty()) throw Error(ErrorKind::malformed, path + ": it holds no table");
  return contents;
}

using Json = nlohmann::ordered_json;

/// An object of JSON text; null where it is none.
Json parse_description(std::string_view text) {
  Json json = parse_json(text);
  return json.is_object() ? json : Json();
}

/// What a description says of its tensor of that name; null when it says nothing.
const Json* described_tensor(const Json& description, const std::string& name) {
  const auto tensors = description.find("tensors");
  if (tensors == description.end() || !tensors->is_array()) return nullptr;
  for (const Json& tensor : *tensors) {
    if (tensor.is_object() && tensor.value("name", Json()) == Json(name)) return &tensor;
  }
  return nullptr;
}

/// The description beside a .npy, which has no place for it: STEM.meta.json of STEM.npy or STEM.TENSOR.npy. It counts when its sha256 is
/// that of the table's values; then the table gets the name it has there.
Json read_sidecar(const std::string& path, StoredTable& table) {
  constexpr std::string_view kArray = ".npy", kDescription = ".meta.json";
  if (!path.ends_with(kArray)) return {};
  const std::string stem = path.substr(0, path.size() - kArray.size());
  for (const std::string& start : {stem, stem.substr(0, stem.rfind('.'))}) {
    const std::string sidecar = start + std::string(kDescription);
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(sidecar, ignored)) continue;
    const Bytes bytes = read_bytes(sidecar);
    Json description = parse_description({reinterpret_cast<const char*>(bytes.data.data()), bytes.data.size()});
    if (!description.contains("tensors") || !description["tensors"].is_array()) continue;
    const Tensor tensor = table.open();
    const std::string digest = digest_values({{}, nullptr, 1, true}, tensor, tensor.dtype);
    for (const Json& described : description["tensors"]) {
      if (!described.is_object() || described.value("sha256", Json()) != Json(digest) || !described.value("name", Json()).is_string()) continue;
      table.name = described["name"];
      return description;
    }
  }
  return {};
}

/// FILE and what is said of it.
struct OpenFile {
  std::string path;
  std::vector<StoredTable> tables;
  Json description;   ///< with the tensors

  Tensor open(const StoredTable& table) const {
    Tensor tensor = in_file(path, table.open);
    if (const Json* described = described_tensor(description, table.name)) apply_description(tensor, *described);
    return tensor;
  }

  Inputs inputs(std::vector<Tensor> tensors) && {
    if (!description.is_null()) description.erase("tensors");
    return {std::move(path), std::move(tensors), std::move(description)};
  }
};

OpenFile open_file(const std::string& path) {
  Contents contents = read_contents(path);
  OpenFile file{path, std::move(contents.tables), parse_description(contents.description)};
  if (file.tables.size() == 1 && file.description.is_null()) file.description = in_file(path, [&] { return read_sidecar(path, file.tables.front()); });
  return file;
}

const StoredTable& find_table(const OpenFile& file, const std::string& name) {
  for (const StoredTable& table : file.tables) {
    if (table.name == name) return table;
  }
  refuse_missing(file.path, name, file.tables);
}

ArrayPtr array_of(const Tensor& tensor, const std::string& source) {
  if (components(tensor.dtype) != 1) {
    throw Error(ErrorKind::malformed, fmt::format("{}: expected real numbers, found {}", source, name(tensor.dtype)));
  }
  return std::make_shared<const Array>(Array{tensor.shape(), values(tensor), source});
}

}  // namespace

std::string Inputs::file() const { return path == "-" ? "stdin" : std::filesystem::path(path).filename().string(); }

std::string Inputs::stem() const { return path == "-" ? "stdin" : std::filesystem::path(path).stem().string(); }

std::string Inputs::named(const std::string& words) const { return file() + words.substr(path.size()); }

Inputs read_inputs(const std::string& words) {
  const auto [path, name] = split_tensor(words);
  OpenFile file = open_file(path);
  std::vector<Tensor> tensors;
  if (!name.empty()) {
    tensors.push_back(file.open(find_table(file, name)));
  } else {
    for (const StoredTable& table : file.tables) tensors.push_back(file.open(table));
  }
  return std::move(file).inputs(std::move(tensors));
}

Inputs read_input(const std::string& words) {
  const auto [path, name] = split_tensor(words);
  OpenFile file = open_file(path);
  if (name.empty() && file.tables.size() > 1) refuse_several(path, file.tables);
  std::vector<Tensor> tensors{file.open(name.empty() ? file.tables.front() : find_table(file, name))};
  return std::move(file).inputs(std::move(tensors));
}

ArrayPtr read_array(const std::string& words) {
  if (is_number_list(words)) return std::make_shared<const Array>(parse_list(words));
  return array_of(read_input(words).tensors.front(), words);
}

ArraySet read_array_set(const std::string& path) {
  ArraySet set{{}, path};
  const OpenFile file = open_file(path);
  for (const StoredTable& table : file.tables) set.arrays[table.name] = array_of(file.open(table), path + ":" + table.name);
  return set;
}

}  // namespace pe
