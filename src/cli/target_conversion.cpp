#include "cli/target_conversion.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/axes.h"
#include "core/cast.h"
#include "core/error.h"
#include "core/frequencies.h"
#include "core/text.h"

namespace pe {
namespace {

/// A batch of one is no batch: [1, N, w] is [N, w].
void drop_outer_ones(Tensor& tensor) {
  while (tensor.axes.size() > 2 && tensor.axes.front().size == 1) tensor.axes.erase(tensor.axes.begin());
}

/// [N, w] as the one row of [1, N * w]. A row is computed whole: as elements, which take less than numbers.
void flatten(Tensor& tensor) {
  const Index width = tensor.row_width(), step = std::max<Index>((1 << 16) / width, 1);
  const auto by_blocks = [fill = tensor.fill, width, step](std::size_t total, const auto& take) {   // take(where it begins, numbers)
    std::vector<double> block(std::min(static_cast<std::size_t>(step * width), total));
    for (std::size_t at = 0; at < total; at += block.size()) {
      const std::span<double> numbers = std::span(block).first(std::min(block.size(), total - at));
      fill(static_cast<Index>(at) / width, numbers);
      take(at, numbers);
    }
  };
  const auto numbers = [by_blocks](Index, std::span<double> out) {
    by_blocks(out.size(), [out](std::size_t at, std::span<double> block) { std::copy(block.begin(), block.end(), out.subspan(at).begin()); });
  };
  const auto elements = [by_blocks, dtype = tensor.dtype](Index, std::span<std::byte> out) {
    const std::size_t size = size_of(dtype);
    by_blocks(out.size() / size, [&](std::size_t at, std::span<double> block) { encode(block, dtype, out.subspan(at * size, block.size() * size)); });
  };
  tensor.axes = {{"batch", 1}, {"cosine and sine", checked_product(tensor.rows(), width, tensor.name)}};
  tensor.grid.reset();
  tensor.fill = Fill(numbers, tensor.dtype, elements);
}

/// The tensor with the axes that the target wants.
Tensor shaped(const Target& target, Tensor tensor) {
  drop_outer_ones(tensor);
  if (tensor.axes.size() == 1) tensor.axes.insert(tensor.axes.begin(), {"position", 1});
  if (tensor.axes.size() > (target.takes_batches ? 3 : 2)) {
    throw Error(fmt::format("--target {} takes [N, columns]{} tables; {} is {}", target.name, target.takes_batches ? " or [B, N, columns]" : "",
                            tensor.name, shape_text(tensor)));
  }
  if (target.shape == Target::Shape::batch && tensor.axes.size() == 2) tensor.axes.insert(tensor.axes.begin(), {"batch", 1});
  if (target.shape == Target::Shape::flat) flatten(tensor);
  return tensor;
}

/// The type in which a target takes a tensor of that type.
Dtype type_for(const Target& target, Dtype source, std::optional<Dtype> asked) {
  const auto takes = [&](Dtype dtype) { return std::find(target.types.begin(), target.types.end(), dtype) != target.types.end(); };
  if (asked && !takes(*asked)) {
    Names names;
    for (const Dtype dtype : target.types) names.emplace_back(name(dtype));
    throw Error(fmt::format("--dtype {} does not go with --target {}, which takes {}", name(*asked), target.name, join(names, ", ")));
  }
  return asked.value_or(takes(source) ? source : target.types.front());
}

/// What the runtime must be told of a table of n angles.
std::string settings_text(const Conversion& conversion, const Target& target, const std::string& pairing, Index n) {
  const std::string half = pair_text("half", n), interleaved = pair_text("interleaved", n);
  const bool has_choice = !target.interleaved.empty(), is_interleaved = has_choice && pairing == "interleaved";
  std::string text = fmt::format("{}, as columns {} of a head turn together", is_interleaved ? target.interleaved : target.half,
                                 is_interleaved ? interleaved : half);
  if (has_choice && pairing.empty()) {
    text = fmt::format("{} where the weights were made for columns {} of a head that turn together, {} where for {}", target.half, half,
                       target.interleaved, interleaved);
  }
  if (const Index width = head_dim(conversion, n); width > 2 * n) {
    text += fmt::format("; {}: the other {} of a head stay", fmt::format(fmt::runtime(target.partial), 2 * n), width - 2 * n);
  }
  return text;
}

/// Why row p of the source's table need not be position p; empty when it is, or nothing is known.
Names odd_positions(const Conversion& conversion) {
  Names reasons;
  const std::string scheme = word(conversion.description.value("scheme", Json()));
  if (!scheme.empty() && scheme != "rope") reasons.push_back(scheme);
  for (const auto& [parameter, plain] : {std::pair{"start", 0.0}, std::pair{"step", 1.0}, std::pair{"prefix-tokens", 0.0}}) {
    const Json told = described(conversion, "parameters", parameter);
    if (told.is_number() && told.get<double>() != plain) reasons.push_back(fmt::format("{} {}", parameter, told.get<double>()));
  }
  for (const char* parameter : {"positions", "rows"}) {
    const std::string told = word(described(conversion, "parameters", parameter));
    if (!told.empty()) reasons.push_back(fmt::format("{} {}", parameter, told));
  }
  return reasons;
}

/// What has been made and what the runtime must be told, as remarks and for the description.
void describe_target(Conversion& conversion, const Target& target, const Names& left_out, Index n) {
  const std::string settings = settings_text(conversion, target, known_pairing(conversion, ""), n);
  Names made;
  for (const Tensor& tensor : conversion.tensors) made.push_back(fmt::format("{} {} {}", tensor.name, shape_text(tensor), name(tensor.dtype)));
  conversion.remarks.push_back(fmt::format("{} gets {}; its setting is {}", target.name, join(made, " and "), settings));
  if (!left_out.empty()) conversion.remarks.push_back(fmt::format("{} has no place for {}: left out", target.name, join(left_out, ", ")));
  if (const Index columns = conversion.tensors.front().columns_count(); columns % target.width_multiple != 0) {
    conversion.remarks.push_back(fmt::format("{} columns are not a multiple of {}, which {} needs", columns, target.width_multiple,
                                             target.width_reason));
  }
  const bool is_looked_up = target.shape == Target::Shape::rows || target.shape == Target::Shape::flat;
  if (const Names odd = odd_positions(conversion); is_looked_up && !odd.empty()) {
    conversion.remarks.push_back(fmt::format("{} takes row p for position p, which it need not be here ({}): give it row numbers as positions",
                                             target.name, join(odd, ", ")));
  }
  conversion.change["target"] = {{"name", target.name}, {"runtime", target.one_line}, {"setting", settings}, {"reference", target.reference}};
}

/// The frequencies of inv_freq; those of the description, which have more digits, where they are the same numbers.
std::vector<double> frequencies(const Conversion& conversion, const Tensor& inv_freq) {
  const std::vector<double> stored = values(inv_freq);
  const Json told = described(conversion, "facts", "inv_freq");
  if (!told.is_array() || told.size() != stored.size()) return stored;
  if (!std::all_of(told.begin(), told.end(), [](const Json& number) { return number.is_number(); })) return stored;
  const auto exact = told.get<std::vector<double>>();
  std::vector<std::byte> bytes(exact.size() * size_of(inv_freq.dtype));
  std::vector<double> rounded(exact.size());
  encode(exact, inv_freq.dtype, bytes);
  decode(bytes, inv_freq.dtype, rounded);
  return rounded == stored ? exact : stored;
}

/// The tensor inv_freq, of which factors can be made.
const Tensor& find_inv_freq(const Conversion& conversion) {
  const std::optional<std::size_t> at = find_tensor(conversion, "", "", {"inv_freq"});
  if (!at) throw Error(fmt::format("--target ggml makes factors of the tensor inv_freq, which {} has not", conversion.source));
  const Tensor& inv_freq = conversion.tensors[*at];
  if (is_integer(inv_freq.dtype) || components(inv_freq.dtype) != 1 || inv_freq.axes.size() != 1 || inv_freq.elements() == 0) {
    throw Error(fmt::format("inv_freq is {} {}; expected one axis of floating-point numbers", shape_text(inv_freq), name(inv_freq.dtype)));
  }
  const std::string scheme = word(conversion.description.value("scheme", Json()));
  if (scheme.empty() || scheme == "rope" || scheme == "mrope") return inv_freq;
  throw Error(fmt::format("--target ggml: factors are of base^(-2i/R), the frequencies of rope and mrope; {} is of {}", conversion.source, scheme));
}

double base_of(const Conversion& conversion, std::optional<double> base) {
  if (base) return *base;
  const Json told = described(conversion, "parameters", "base");
  if (!told.is_number()) throw Error(fmt::format("{} does not say the base of its frequencies; --base X says it", conversion.source));
  if (const double number = told.get<double>(); number >= kMinBase && number <= kMaxBase) return number;
  throw Error(ErrorKind::malformed, fmt::format("{}: its description says base {}, not one from {} to {}", conversion.source, told.dump(), kMinBase,
                                                kMaxBase));
}

/// base^(-2i/R) / inv_freq[i]: what llama.cpp divides its own frequencies by.
std::vector<double> frequency_factors(const std::vector<double>& inv_freq, double base) {
  const std::vector<Real> ladder = frequency_ladder(Real(base), static_cast<Index>(inv_freq.size()), "geometric");
  std::vector<double> factors;
  for (std::size_t i = 0; i < inv_freq.size(); ++i) {
    if (!(inv_freq[i] > 0 && inv_freq[i] <= kMaxFrequency)) throw Error(fmt::format("inv_freq[{}] is {}, not a frequency above 0", i, inv_freq[i]));
    factors.push_back(static_cast<double>(ladder[i] / Real(inv_freq[i])));
  }
  return factors;
}

void convert_to_factors(Conversion& conversion, const Target& target, std::optional<double> given_base) {
  const double base = base_of(conversion, given_base);
  const Tensor& inv_freq = find_inv_freq(conversion);
  const Index n = inv_freq.elements();
  const std::vector<double> factors = frequency_factors(frequencies(conversion, inv_freq), base);
  Names left_out;
  for (const Tensor& tensor : conversion.tensors) {
    if (tensor.name != inv_freq.name) left_out.push_back(tensor.name);
  }
  const std::string pairing = known_pairing(conversion, described_layout(conversion));
  if (!pairing.empty()) conversion.description["pairing"] = pairing;
  conversion.tensors = {ranged_tensor(target.tensors.front(), {{"angle", n}}, Dtype::f32, factors)};
  describe_target(conversion, target, left_out, n);
  conversion.remarks.push_back(fmt::format("rope.freq_base = {} and no rope.scaling beside it: the factors hold it", base));
  if (std::all_of(factors.begin(), factors.end(), [](double factor) { return static_cast<float>(factor) == 1; })) {
    conversion.remarks.push_back("every factor is 1: llama.cpp needs no rope_freqs.weight for this table");
  }
  const Json gain = described(conversion, "facts", "attention factor (in cos and sin)");
  if (gain.is_number() && gain.get<double>() != 1) {
    conversion.remarks.push_back(fmt::format("rope.scaling.attn_factor = {}: factors of frequencies do not hold the attention factor",
                                             gain.get<double>()));
  }
  const auto forget = [&](const char* group, const char* member) {   // what is said of a table that is no longer there
    const auto found = conversion.description.find(group);
    if (found != conversion.description.end() && found->is_object()) found->erase(member);
  };
  forget("parameters", "layout");
  forget("facts", "to rotate");
}

}  // namespace

void convert_to_target(Conversion& conversion, const RotaryRequest& request, const Target& target, std::optional<Dtype> dtype,
                       std::optional<double> base) {
  if (target.shape == Target::Shape::factors) {
    type_for(target, Dtype::f32, dtype);
    return convert_to_factors(conversion, target, base);
  }
  TakenTable taken = take_table(conversion, request, target.layout);
  if (taken.tensors.size() != target.tensors.size()) {
    throw Error(fmt::format("--target {} needs cos and sin; only {} is there", target.name, taken.tensors.front().name));
  }
  Names left_out;
  for (const Tensor& tensor : conversion.tensors) left_out.push_back(tensor.name);
  conversion.tensors.clear();
  for (std::size_t i = 0; i < taken.tensors.size(); ++i) {
    const Tensor& tensor = taken.tensors[i];
    conversion.tensors.push_back(shaped(target, cast(tensor, type_for(target, tensor.dtype, dtype)).tensor));
    conversion.tensors.back().name = target.tensors[i];
  }
  if (target.shape == Target::Shape::flat) conversion.description["parameters"]["layout"] = target.layout + ", flattened";
  describe_target(conversion, target, left_out, taken.angles);
}

}  // namespace pe
