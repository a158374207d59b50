// The list of all schemes: every file in src/schemes.

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "core/error.h"
#include "core/scheme.h"
#include "core/text.h"
#include "schemes.inc"   // SCHEME(function, "name") for every file in src/schemes, made by the build

namespace pe {

#define SCHEME(function, name) Scheme function();
PE_ALL_SCHEMES
#undef SCHEME

namespace {

struct Declared {
  std::string_view name;
  Scheme (*make)();
};
constexpr Declared kDeclared[] = {
#define SCHEME(function, name) {name, function},
    PE_ALL_SCHEMES
#undef SCHEME
};

const Declared* declared(std::string_view name) {
  const auto* found = std::find_if(std::begin(kDeclared), std::end(kDeclared), [&](const Declared& scheme) { return scheme.name == name; });
  return found == std::end(kDeclared) ? nullptr : found;
}

}  // namespace

const std::vector<Scheme>& all_schemes() {
  static const std::vector<Scheme> schemes = [] {
    std::vector<Scheme> all;
    for (const Declared& scheme : kDeclared) all.push_back(scheme.make());
    return all;
  }();
  return schemes;
}

bool is_scheme(const std::string& name) { return declared(name) != nullptr; }

const Scheme& find_scheme(const std::string& name) {
  static std::map<std::string, Scheme> made;   // making one takes a tenth of a run's start
  if (const auto found = made.find(name); found != made.end()) return found->second;
  if (const Declared* scheme = declared(name)) return made.emplace(name, scheme->make()).first->second;
  std::vector<std::string> names;
  for (const Declared& scheme : kDeclared) names.emplace_back(scheme.name);
  throw Error(fmt::format("{} is not a scheme{}", name, nearest_hint(name, names)));
}

}  // namespace pe
