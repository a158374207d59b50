#include <fmt/format.h>

#include "core/error.h"
#include "core/text.h"
#include "formats.inc"   // FORMAT(function, "name") for every file in src/formats, made by the build
#include "formats/format.h"

namespace pe {

#define FORMAT(function, name) Format function();
PE_ALL_FORMATS
#undef FORMAT

void check_tensor(const Format& format, const Tensor& tensor) {
  const auto holds = [&](const Format& one) { return one.holds == nullptr || one.holds(tensor.dtype); };
  if (!holds(format)) {
    std::vector<std::string> others;
    for (const Format& other : all_formats()) {
      if (other.write != nullptr && holds(other)) others.push_back(other.extensions.front());
    }
    throw Error(fmt::format("{} is {}, which .{} does not hold; {} do", tensor.name, name(tensor.dtype), format.name, join(others, ", ")));
  }
  if (format.check != nullptr) format.check(tensor);
}

Contents one_table(Tensor tensor) {
  const std::string name = tensor.name;
  return {{{name, [tensor = std::move(tensor)] { return tensor; }}}, ""};
}

const std::vector<Format>& all_formats() {
  static const std::vector<Format> formats{
#define FORMAT(function, name) function(),
      PE_ALL_FORMATS
#undef FORMAT
  };
  return formats;
}

const Format& find_format(const std::string& name) {
  std::vector<std::string> names;
  for (const Format& format : all_formats()) {
    if (format.name == name) return format;
    names.push_back(format.name);
  }
  throw Error(fmt::format("--format {} is not a format{}", name, nearest_hint(name, names)));
}

const Format* format_of_path(const std::string& path) {
  for (const Format& format : all_formats()) {
    for (const std::string& extension : format.extensions) {
      if (path.size() > extension.size() && path.ends_with(extension)) return &format;
    }
  }
  return nullptr;
}

}  // namespace pe
