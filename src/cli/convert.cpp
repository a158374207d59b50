// pe-gen convert FILE[:TENSOR] ...: the same numbers in another format, type, layout or order, or as a runtime takes them.

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/conversion_source.h"
#include "cli/convert_options.h"
#include "cli/output.h"
#include "cli/run_description.h"
#include "cli/target_conversion.h"
#include "core/cast.h"
#include "core/error.h"
#include "core/permute_qk.h"
#include "core/text.h"

namespace pe {
namespace {

void permute_weights(Conversion& conversion, const ConvertOptions& options) {
  const std::string &from = options.rotary.from_layout, &to = options.layout;
  Json done = Json::object();
  for (const std::string& words : options.permutes) {
    const std::size_t equals = words.rfind('=');
    if (equals == std::string::npos && conversion.tensors.size() != 1) {
      throw Error(fmt::format("--permute-qk {}: {} holds {} tensors; which? --permute-qk TENSOR={}, or {}:TENSOR", words, conversion.source,
                              conversion.tensors.size(), words, conversion.source));
    }
    const std::string pattern = equals == std::string::npos ? "*" : words.substr(0, equals);
    const Index heads = whole_number("--permute-qk: heads", words.substr(equals + 1), 1, 1 << 20);   // npos + 1 is 0
    Names names;
    bool found = false;
    for (Tensor& tensor : conversion.tensors) {
      names.push_back(tensor.name);
      if (::fnmatch(pattern.c_str(), tensor.name.c_str(), 0) != 0) continue;
      if (done.contains(tensor.name)) throw Error(fmt::format("--permute-qk {}: {} is permuted already", words, tensor.name));
      tensor = permute_qk(tensor, heads, from, to, options.rotary_dim);
      const Index rows = tensor.axes[tensor.axes.size() > 1 ? tensor.axes.size() - 2 : 0].size, turned = options.rotary_dim.value_or(rows / heads);
      const std::string what = fmt::format("{} heads of {}, made for pairs {}, now for {}", heads, rows / heads, pair_text(from, turned / 2),
                                           pair_text(to, turned / 2));
      conversion.remarks.push_back(fmt::format("{}: {}", tensor.name, what));
      done[tensor.name] = what;
      found = true;
    }
    if (!found) throw Error(fmt::format("--permute-qk {}: {} holds no tensor {}{}", words, conversion.source, pattern, nearest_hint(pattern, names)));
  }
  conversion.change["permute-qk"] = {{"tensors", done}, {"from", from}, {"to", to}};
  if (options.rotary_dim) conversion.change["permute-qk"]["rotary-dim"] = *options.rotary_dim;
}

/// Throws Error when two tensors have the same name.
void check_names(const std::vector<Tensor>& tensors) {
  Names names;
  for (const Tensor& tensor : tensors) {
    if (std::find(names.begin(), names.end(), tensor.name) != names.end()) {
      throw Error(fmt::format("two tensors are called {}; --rename OLD=NEW gives one another name", tensor.name));
    }
    names.push_back(tensor.name);
  }
}

void rename_tensors(Conversion& conversion, const std::vector<std::string>& renames) {
  Names old_names;
  for (const Tensor& tensor : conversion.tensors) old_names.push_back(tensor.name);
  Json done = Json::object();
  for (const std::string& words : renames) {
    const std::size_t equals = words.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == words.size()) throw Error(fmt::format("--rename {} is not OLD=NEW", words));
    const std::string old_name = words.substr(0, equals), new_name = words.substr(equals + 1);
    const auto found = std::find(old_names.begin(), old_names.end(), old_name);
    if (found == old_names.end()) {
      throw Error(fmt::format("--rename {}: there is no tensor {}{}", words, old_name, nearest_hint(old_name, old_names)));
    }
    if (done.contains(old_name)) throw Error(fmt::format("--rename {}: {} is renamed already", words, old_name));
    conversion.tensors[static_cast<std::size_t>(found - old_names.begin())].name = new_name;
    done[old_name] = new_name;
  }
  if (!renames.empty()) conversion.change["renamed"] = std::move(done);
}

/// Leaves only the tensor of --tensor; of a name that is not there write_outputs speaks.
void select_tensor(std::vector<Tensor>& tensors, const std::string& wanted) {
  const auto found = std::find_if(tensors.begin(), tensors.end(), [&](const Tensor& tensor) { return tensor.name == wanted; });
  if (found != tensors.end()) tensors = {Tensor(*found)};
}

/// A tensor whose numbers may become infinite in its new type.
struct Narrowed {
  Tensor source;
  Cast cast;
};

/// Gives the tensors another type: of whole and floating-point numbers those of the type's own kind, or all when none is of its kind.
std::vector<Narrowed> cast_tensors(Conversion& conversion, Dtype dtype) {
  const auto is_same_kind = [&](const Tensor& tensor) { return is_integer(tensor.dtype) == is_integer(dtype); };
  const bool has_kind = std::any_of(conversion.tensors.begin(), conversion.tensors.end(), is_same_kind);
  std::vector<Narrowed> narrowed;
  for (Tensor& tensor : conversion.tensors) {
    if (has_kind && !is_same_kind(tensor)) {
      conversion.remarks.push_back(fmt::format("{} stays {}; --tensor {} converts it alone", tensor.name, name(tensor.dtype), tensor.name));
      continue;
    }
    narrowed.push_back({tensor, cast(tensor, dtype)});
    tensor = narrowed.back().cast.tensor;
  }
  conversion.change["dtype"] = name(dtype);
  return narrowed;
}

/// Says how many numbers were too large, after they have been written.
void report_overflows(const std::vector<Narrowed>& narrowed) {
  for (const Narrowed& one : narrowed) {
    if (!*one.cast.overflowed) continue;
    const Dtype dtype = one.cast.tensor.dtype;
    fmt::print(stderr, "convert: {} numbers of {} are infinite now: the last number of {} is {}\n", overflows(one.source, dtype), one.source.name,
               name(dtype), largest(dtype));
  }
}

/// The type of the parts of a complex one; any other type itself.
Dtype part_type(Dtype dtype) { return dtype == Dtype::c64 ? Dtype::f32 : dtype == Dtype::c128 ? Dtype::f64 : dtype; }

/// The type that schemes call --dtype, as the description of a table knows it.
void describe_type(Conversion& conversion) {
  const auto parameters = conversion.description.find("parameters");
  if (parameters == conversion.description.end() || !parameters->is_object() || !parameters->contains("dtype")) return;
  for (const Tensor& tensor : conversion.tensors) {
    if (is_integer(tensor.dtype)) continue;
    (*parameters)["dtype"] = name(part_type(tensor.dtype));
    return;
  }
}

Product product_of(Conversion conversion, const ConversionSource& source, const ConvertOptions& options, const Words& words) {
  Product product;
  product.source = "convert";
  product.stem = source.stem;
  for (const std::string& word : {options.target, options.layout, options.dtype ? std::string(name(*options.dtype)) : ""}) {
    if (word.empty()) continue;
    product.stem += "-" + word;
    break;
  }
  product.formats = {source.format};
  product.description = describe_conversion(std::move(conversion.description), conversion.change, source.files, command_line(words));
  product.title = join(source.files, " + ");
  product.subtitle = word(product.description.value("command", Json()));
  product.tensors = std::move(conversion.tensors);
  return product;
}

}  // namespace

ExitCode run_convert(const Words& words) {
  Arguments arguments("convert", "convert: another format, type, name or rotary layout, or what a runtime takes");
  ConvertOptions options;
  OutputOptions output;
  add_convert_options(arguments, options);
  add_output_options(arguments, output);
  if (!arguments.parse(words)) return ExitCode::done;
  check_options(options, output);

  ConversionSource source = read_conversion_source(options.inputs);
  Conversion conversion{source.name, std::move(source.tensors), std::move(source.description), Json::object(), {}};
  std::vector<Narrowed> narrowed;
  // Complex numbers are made of parts that have a complex type: f16 becomes f32 before.
  const bool casts_parts = options.dtype && options.layout == "complex";
  if (casts_parts) narrowed = cast_tensors(conversion, part_type(*options.dtype));
  if (!options.permutes.empty()) {
    permute_weights(conversion, options);
  } else if (!options.target.empty()) {
    convert_to_target(conversion, options.rotary, find_target(options.target), options.dtype, options.base);
  } else if (!options.layout.empty()) {
    convert_layout(conversion, options.rotary, options.layout);
  }
  rename_tensors(conversion, options.renames);
  check_names(conversion.tensors);
  select_tensor(conversion.tensors, output.tensor);
  if (options.dtype && !casts_parts && options.target.empty()) narrowed = cast_tensors(conversion, *options.dtype);
  describe_type(conversion);
  const std::vector<std::string> remarks = std::move(conversion.remarks);
  write_outputs(product_of(std::move(conversion), source, options, words), output);
  if (output.quiet) return ExitCode::done;
  for (const std::string& remark : remarks) fmt::print(stderr, "convert: {}\n", remark);
  report_overflows(narrowed);
  return ExitCode::done;
}

}  // namespace pe
