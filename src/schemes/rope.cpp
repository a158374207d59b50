// rope: row p holds the cosines and sines of p w_i, w_i = base^(-2i/D), by which pairs of columns of q and k are rotated.
// Su et al. 2021, arXiv:2104.09864, section 3.2.2. Scalings for longer texts: core/rope_scaling.cpp. xPos: core/xpos.h.

#include <fmt/format.h>

#include "core/axes.h"
#include "core/error.h"
#include "core/rope_scaling.h"
#include "core/rotary.h"
#include "core/text.h"
#include "core/xpos.h"

namespace pe {
namespace {

struct Rope : TableConfig, PositionConfig, RopeScaling {
  Index head_dim = 128;
  double rotary_fraction = 1;
  double base = 10000;
  std::string layout = "half";
  OptionalNumber xpos_base;
};

/// D, the columns of a head that rotate: the whole part of fraction * head_dim, as frameworks take it.
Index rotated_columns(const Rope& config) {
  if (config.rotary_fraction == 1) {
    require_multiple("rope", "head-dim", config.head_dim, 2);
    return config.head_dim;
  }
  const auto rotated = static_cast<Index>(config.rotary_fraction * static_cast<double>(config.head_dim));
  if (rotated >= 2 && rotated % 2 == 0) return rotated;
  std::vector<std::string> nearest;
  for (const Index even : {rotated / 2 * 2, rotated / 2 * 2 + 2}) {
    if (even < 2 || even > config.head_dim) continue;
    nearest.push_back(fmt::format("{} for {}", static_cast<double>(even) / static_cast<double>(config.head_dim), even));
  }
  throw Error(fmt::format("rope: --rotary-fraction {} of --head-dim {} is {} columns, not an even number from 2; nearest: {}", config.rotary_fraction,
                          config.head_dim, rotated, join(nearest, ", ")));
}

Tables tables(const Rope& config) {
  const Index rotated = rotated_columns(config);
  const Positions all = positions(config);
  const double length = all.range().high + 1;   // L
  ScaledFrequencies scaled = scaled_frequencies("rope", config.base, rotated, length, config);

  RotaryTable table;
  table.waves.axes = {{"position", scaled.frequencies, all}};
  table.waves.gain = scaled.attention_factor;
  table.waves.prefix = config.prefix_tokens;
  table.waves.arithmetic = arithmetic(config);
  table.angles = angles_in_blocks(table.waves.axes);
  table.layout = config.layout;
  table.row_name = "position";

  Tables made = rotary_tables("rope", table, config, config.head_dim);
  for (Tensor& tensor : made.tensors) tensor.marks = scaled.marks;
  made.label = fmt::format("{}-{}", config.head_dim, all.count);
  made.facts.push_back({"base, after scaling", scaled.base});
  append(made.facts, std::move(scaled.facts));
  made.facts.push_back({"attention factor (in cos and sin)", scaled.attention_factor});
  made.facts.push_back({"softmax factor (not in the tables)", scaled.softmax_factor});
  if (config.xpos_base) {
    made.tensors.push_back(xpos_scale(all, rotated / 2, *config.xpos_base, length, config.prefix_tokens, table.waves.arithmetic,
                                      stored_dtype(config)));
    made.facts.push_back({"xPos", std::string("both columns of pair i are multiplied by scale[i] in q' and divided by it in k'")});
  }
  return made;
}

}  // namespace

Scheme rope() {
  using C = Rope;
  std::vector<Option> options{
      option<C>("head-dim", &C::head_dim, "columns of a head", {.low = 2, .high = kMaxHeadDim, .headline = true}),
  };
  append(options, position_options<C>());
  append(options, {
      option<C>("base", &C::base, kBaseHelp, kBaseRules),
      option<C>("rotary-fraction", &C::rotary_fraction, "share of the columns that rotate, the first ones", {.low = 1e-6, .high = 1}),
      option<C>("layout", &C::layout, kRotaryLayoutHelp, {.choices = kRotaryLayouts, .headline = true}),
  });
  append(options, scaling_options<C>());
  append(options, {option<C>("xpos-base", &C::xpos_base, "adds the tensor scale of xPos, which decays over this many positions (torchscale: 512)",
                             {.low = 1e-6, .high = 1e12}),
                   option<C>("prefix-tokens", &C::prefix_tokens, kRotaryPrefixHelp, {.low = 0, .high = 1e6})});
  return describe<C>(
      {"rope", "rotary", "cosines and sines that rotate pairs of columns of q and k by their position",
       {"w_i = base^(-2i/D), i = 0..D/2-1, D the columns that rotate, trunc(rotary-fraction * head-dim)",
        "cos[p, i] = a cos(p w_i), sin[p, i] = a sin(p w_i), a the attention factor (1 but for yarn and longrope)",
        "linear: w_i / F;   ntk: base * F^(D/(D-2));   dynamic: base * (F L/O - (F-1))^(D/(D-2)) once L > O",
        "yarn: w_i (1-r) + w_i/F r, r = clamp((i-lo)/(hi-lo), 0, 1), lo and hi the frequencies of beta-fast and beta-slow turns in O",
        "longrope: w_i / s_i, s the long-factor when L > O, else the short-factor",
        "llama3: w_i for wavelengths below O/high, w_i/F above O/low, (1-t) w_i/F + t w_i between, t = (O/wavelength - low)/(high - low)",
        "xPos: scale[p, i] = ((2i/D + 0.4)/1.4)^((p - ceil(L/2))/xpos-base)"},
       {"Su et al. 2021, RoFormer: Enhanced Transformer with Rotary Position Embedding, arXiv:2104.09864",
        "Chen et al. 2023, Extending Context Window of Large Language Models via Positional Interpolation, arXiv:2306.15595",
        "Peng et al. 2023, YaRN: Efficient Context Window Extension of Large Language Models, arXiv:2309.00071",
        "Ding et al. 2024, LongRoPE: Extending LLM Context Window Beyond 2 Million Tokens, arXiv:2402.13753",
        "Sun et al. 2022, A Length-Extrapolatable Transformer (xPos), arXiv:2212.10554",
        "huggingface/transformers modeling_rope_utils.py"}},
      std::move(options),
      {{"llama", "angles 0..n-1, then again (Llama and most models in Hugging Face)", {}},
       {"neox", "as llama, a quarter of the columns rotates (GPT-NeoX, Pythia)", {{"rotary-fraction", "0.25"}}},
       {"gptj", "each angle twice in a row, a quarter of the columns rotates (GPT-J)", {{"layout", "interleaved"}, {"rotary-fraction", "0.25"}}},
       {"llama3.1", "as llama, trained on 8192 positions and scaled to 131072 (Llama 3.1)",
        {{"base", "500000"}, {"scaling", "llama3"}, {"factor", "8"}, {"low-freq-factor", "1"}, {"high-freq-factor", "4"},
         {"original-length", "8192"}}},
       {"meta", "complex numbers (Meta's Llama 2 precompute_freqs_cis; Llama 3: --base 500000)", {{"layout", "complex"}}}},
      {"table", "spectrum", "decay"}, tables);
}

}  // namespace pe
