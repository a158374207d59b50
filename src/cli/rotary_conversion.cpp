#include "cli/rotary_conversion.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/rotary.h"
#include "core/rotary_layout.h"
#include "core/scheme.h"
#include "core/text.h"

namespace pe {

Json described(const Conversion& conversion, const char* group, const char* name) {
  const auto found = conversion.description.find(group);
  return found != conversion.description.end() && found->is_object() ? found->value(name, Json()) : Json();
}

std::string word(const Json& json) { return json.is_string() ? json.get<std::string>() : ""; }

std::optional<std::size_t> find_tensor(const Conversion& conversion, const std::string& option, const std::string& asked, const Names& names) {
  std::optional<std::size_t> found;
  Names there;
  for (std::size_t i = 0; i < conversion.tensors.size(); ++i) {
    const std::string& name = conversion.tensors[i].name;
    there.push_back(name);
    if (asked.empty() ? std::find(names.begin(), names.end(), name) == names.end() : name != asked) continue;
    if (found) {
      throw Error(fmt::format("{} holds both {} and {}; choose by {}", conversion.source, conversion.tensors[*found].name, name, option));
    }
    found = i;
  }
  if (found || asked.empty()) return found;
  throw Error(fmt::format("{} {}: {} has no such tensor{}", option, asked, conversion.source, nearest_hint(asked, there)));
}

std::string pair_text(const std::string& pairing, Index n) { return pairing == "half" ? fmt::format("i and i+{}", n) : "2i and 2i+1"; }

Index head_dim(const Conversion& conversion, Index n) {
  const Json known = described(conversion, "parameters", "head-dim");
  return known.is_number_integer() ? std::max(known.get<Index>(), 2 * n) : 2 * n;
}

std::string known_pairing(const Conversion& conversion, const std::string& layout) {
  const std::string said = pairing_of(layout), noted = word(conversion.description.value("pairing", Json()));
  return !said.empty() ? said : noted == "half" || noted == "interleaved" ? noted : "";
}

std::string described_layout(const Conversion& conversion) {
  const std::string layout = word(described(conversion, "parameters", "layout")), scheme = word(conversion.description.value("scheme", Json()));
  if (is_scheme(scheme) && find_scheme(scheme).text.family != "rotary") return "";
  return std::find(kAllRotaryLayouts.begin(), kAllRotaryLayouts.end(), layout) == kAllRotaryLayouts.end() ? "" : layout;
}

namespace {

// What checkpoints, caches and this program call them.
const Names kCosNames{"cos", "cos_cache", "cos_cached", "freqs_cos", "cosCache"};
const Names kSinNames{"sin", "sin_cache", "sin_cached", "freqs_sin", "sinCache"};
const Names kBothNames{"cis", "freqs_cis", "cos_sin", "cos_sin_cache", "rotary_cos_sin"};

/// The layout of the source: as the user says, as its description says, or complex where it cannot be anything else.
std::string source_layout(Conversion& conversion, const RotaryRequest& request) {
  const std::string known = described_layout(conversion);
  if (!request.from_layout.empty()) {
    if (!known.empty() && known != request.from_layout) {
      conversion.remarks.push_back(fmt::format("{} says that its layout is {}; --from-layout {} is taken", conversion.source, known,
                                               request.from_layout));
    }
    return request.from_layout;
  }
  if (!known.empty()) return known;
  const auto is_complex = [](const Tensor& tensor) { return components(tensor.dtype) == 2; };
  if (std::count_if(conversion.tensors.begin(), conversion.tensors.end(), is_complex) == 1) return "complex";
  throw Error(fmt::format("{} does not say how its rotary table is laid out; --from-layout says it: {}", conversion.source,
                          join(kAllRotaryLayouts, ", ")));
}

/// A rotary table among the tensors.
struct FoundTable {
  std::string layout;
  std::vector<std::optional<std::size_t>> tensors;   ///< in the order of rotary_parts
};

FoundTable find_table(Conversion& conversion, const RotaryRequest& request) {
  FoundTable table{source_layout(conversion, request), {}};
  if (rotary_parts(table.layout, 1).size() == 2) {
    table.tensors = {find_tensor(conversion, "--cos", request.cos, kCosNames), find_tensor(conversion, "--sin", request.sin, kSinNames)};
  } else {
    if (!request.sin.empty()) {
      throw Error(fmt::format("--sin {} does not go with layout {}, which has one tensor; --cos names it", request.sin, table.layout));
    }
    table.tensors = {find_tensor(conversion, "--cos", request.cos, kBothNames)};
  }
  const auto is_there = [](const auto& tensor) { return tensor.has_value(); };
  if (std::any_of(table.tensors.begin(), table.tensors.end(), is_there)) return table;
  if (conversion.tensors.size() != 1) {
    const bool is_split = table.tensors.size() == 2;
    throw Error(fmt::format("{} has no tensor {}; {} where {}", conversion.source, join(is_split ? Names{"cos", "sin"} : kBothNames, " or "),
                            is_split ? "--cos NAME and --sin NAME say" : "--cos NAME says", is_split ? "they are" : "it is"));
  }
  table.tensors.front() = 0;   // what else could be meant
  return table;
}

/// The description after a change of layout, and a remark when the new one turns other columns together.
void describe_layout(Conversion& conversion, const std::string& from, const std::string& to, Index n) {
  const std::string before = known_pairing(conversion, from);
  const std::string after = pairing_of(to).empty() ? before : pairing_of(to);
  if (!before.empty() && before != after) {
    conversion.remarks.push_back(fmt::format(
        "layout {} turns columns {} of q and k together, that of the source {}: weights made for the source need --permute-qk HEADS "
        "--from-layout {} --layout {}", to, pair_text(after, n), pair_text(before, n), before, after));
  }
  Json& description = conversion.description;
  if (!description["parameters"].is_object()) description["parameters"] = Json::object();
  description["parameters"]["layout"] = to;
  if (!after.empty()) description["pairing"] = after;
  if (!description["facts"].is_object()) description["facts"] = Json::object();
  description["facts"]["to rotate"] = how_to_rotate(to, n, head_dim(conversion, n), after);
  conversion.change["layout"] = {{"from", from}, {"to", to}};
}

}  // namespace

TakenTable take_table(Conversion& conversion, const RotaryRequest& request, const std::string& layout) {
  const FoundTable found = find_table(conversion, request);
  std::vector<std::optional<Tensor>> parts;
  std::vector<std::size_t> used;
  for (const std::optional<std::size_t>& at : found.tensors) {
    parts.push_back(at ? std::optional(conversion.tensors[*at]) : std::nullopt);
    if (at) used.push_back(*at);
  }
  std::sort(used.begin(), used.end());
  const Tensor& first = conversion.tensors[used.front()];
  TakenTable taken{{}, used.front(), angles_of(first, found.layout)};
  taken.tensors = change_rotary_layout(parts, found.layout, layout);
  // A tensor alone, of cos or sin or whatever it is called, keeps its name.
  if (used.size() == 1 && found.tensors.size() == rotary_parts(layout, 1).size()) taken.tensors.front().name = first.name;
  for (auto at = used.rbegin(); at != used.rend(); ++at) conversion.tensors.erase(conversion.tensors.begin() + static_cast<std::ptrdiff_t>(*at));
  describe_layout(conversion, found.layout, layout, taken.angles);
  return taken;
}

void convert_layout(Conversion& conversion, const RotaryRequest& request, const std::string& layout) {
  TakenTable taken = take_table(conversion, request, layout);
  conversion.tensors.insert(conversion.tensors.begin() + static_cast<std::ptrdiff_t>(taken.place), std::make_move_iterator(taken.tensors.begin()),
                            std::make_move_iterator(taken.tensors.end()));
}

}  // namespace pe
