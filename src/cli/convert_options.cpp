#include "cli/convert_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/targets.h"
#include "core/axes.h"
#include "core/error.h"
#include "core/rotary.h"
#include "core/text.h"

namespace pe {
namespace {

Dtype parse_type(const std::string& text) {
  if (const std::optional<Dtype> dtype = dtype_of(text)) return *dtype;
  throw Error(fmt::format("--dtype {} is none of {}{}", text, join(dtype_names(), ", "), nearest_hint(text, dtype_names())));
}

std::string parse_layout(const std::string& option, const std::string& text) {
  if (std::find(kAllRotaryLayouts.begin(), kAllRotaryLayouts.end(), text) != kAllRotaryLayouts.end()) return text;
  throw Error(fmt::format("{} {} is none of {}{}", option, text, join(kAllRotaryLayouts, ", "), nearest_hint(text, kAllRotaryLayouts)));
}

double parse_base(const std::string& text) {
  double base = 0;
  try {
    option_types::parse(text, kBaseRules, base);
  } catch (const Error& error) {
    throw Error(fmt::format("--base {} {}", text, error.what()));
  }
  return base;
}

void add_rotary_options(Arguments& arguments, ConvertOptions& options) {
  arguments.group("Rotary tables");
  arguments.option("--layout", "WORD", fmt::format("of the table that is written; {}", kAllRotaryLayoutHelp),
                   [&](const std::string& text) { options.layout = parse_layout("--layout", text); });
  arguments.option("--from-layout", "WORD", "of the table that is read; default: what its description says",
                   [&](const std::string& text) { options.rotary.from_layout = parse_layout("--from-layout", text); });
  arguments.option("--cos", "NAME", "the tensor of the cosines, or of both, where its name does not tell",
                   [&](const std::string& text) { options.rotary.cos = text; });
  arguments.option("--sin", "NAME", "the tensor of the sines, where its name does not tell",
                   [&](const std::string& text) { options.rotary.sin = text; });
  Names names;
  for (const Target& target : all_targets()) names.push_back(target.name);
  arguments.option("--target", "NAME", fmt::format("shape, order, type and names as a runtime wants them: {} (below)", join(names, ", ")),
                   [&](const std::string& text) { options.target = find_target(text).name; });
  arguments.option("--base", "X", "of the frequencies, for --target ggml; default: what the description says",
                   [&](const std::string& text) { options.base = parse_base(text); });
  arguments.group("Weights of q and k");
  arguments.repeated("--permute-qk", "[TENSOR=]HEADS",
                     "moves the rows of a projection [HEADS*head_dim, in], or the numbers of its bias, within each head, so that a model whose "
                     "rotation turns the pairs of --layout (half: i and i+R/2; interleaved: 2i and 2i+1) does what one with those of --from-layout "
                     "did; interleaved to half is Meta to Hugging Face; TENSOR is a pattern as of a shell, such as *.q_proj.weight; may be repeated",
                     options.permutes);
  arguments.option("--rotary-dim", "R", "only the first R columns of a head rotate; default all",
                   [&](const std::string& text) { options.rotary_dim = whole_number("--rotary-dim", text, 2, static_cast<Index>(kMaxHeadDim)); });
}

std::string footer() {
  std::string text = "Targets (R columns of a head rotate):\n";
  for (const Target& target : all_targets()) text += fmt::format("  {:<7} {}\n", target.name, target.one_line);
  return text + "Without options the tensors are copied, bit for bit, with their description.";
}

}  // namespace

void add_convert_options(Arguments& arguments, ConvertOptions& options) {
  arguments.positionals("FILE", "tables to convert: FILE, or FILE:TENSOR for one of several; more files are put together", options.inputs);
  arguments.group("Options");
  arguments.option("--dtype", "TYPE",
                   fmt::format("{}; floating-point numbers are rounded once, whole numbers never; where there are both, those of the other "
                               "kind stay as they are; f32 and f64 of complex numbers are of their parts", join(dtype_names(), ", ")),
                   [&](const std::string& text) { options.dtype = parse_type(text); });
  arguments.repeated("--rename", "OLD=NEW", "another name for a tensor that is written; may be repeated", options.renames);
  add_rotary_options(arguments, options);
  arguments.footer(footer());
}

void check_options(const ConvertOptions& options, const OutputOptions& output) {
  const bool permutes = !options.permutes.empty(), has_target = !options.target.empty(), has_layout = !options.layout.empty();
  const auto refuse_if = [](bool wrong, const char* message) {
    if (wrong) throw Error(message);
  };
  refuse_if(options.inputs.empty(), "which table? pe-gen convert FILE[:TENSOR] ... -o FILE");
  refuse_if(output.paths.empty() && !output.formats, "where to? -o FILE.safetensors, or --format npz");
  refuse_if(has_target && has_layout, "--layout does not go with --target, which has its own");
  refuse_if(has_target && permutes, "--permute-qk does not go with --target: one is for weights, the other for tables");
  refuse_if(!options.rotary.from_layout.empty() && !has_layout && !has_target, "--from-layout counts only with --layout or --target");
  refuse_if(options.target == "ggml" && !options.rotary.from_layout.empty(), "--from-layout does not go with --target ggml, which reads inv_freq");
  const bool names_tensors = !options.rotary.cos.empty() || !options.rotary.sin.empty();
  refuse_if(names_tensors && (permutes || options.target == "ggml" || (!has_layout && !has_target)),
            "--cos and --sin count only where a rotary table is converted: with --layout, or a --target but ggml");
  refuse_if(options.base.has_value() && options.target != "ggml", "--base counts only with --target ggml");
  refuse_if(options.rotary_dim.has_value() && !permutes, "--rotary-dim counts only with --permute-qk");
  if (!permutes) return;
  const auto is_pairing = [](const std::string& layout) { return layout == "half" || layout == "interleaved"; };
  refuse_if(!is_pairing(options.layout) || !is_pairing(options.rotary.from_layout) || options.layout == options.rotary.from_layout,
            "--permute-qk needs --from-layout interleaved --layout half (Meta to Hugging Face), or --from-layout half --layout interleaved");
}

}  // namespace pe
