// sincos1d: with n = dim/2 frequencies w_i = base^(-i/n), row p holds sin(p w_i) and cos(p w_i).
// Vaswani et al. 2017, arXiv:1706.03762, section 3.5.

#include <fmt/format.h>

#include "core/axes.h"
#include "core/error.h"
#include "core/frequencies.h"
#include "core/scheme.h"
#include "core/sinusoid.h"

namespace pe {
namespace {

struct Sincos1d : TableConfig, PositionConfig, LadderConfig {
  Index dim = 512;
  std::string layout = "interleaved";
  bool cos_first = false;
  bool reverse = false;
  OptionalIndex zero_row;
  std::string odd_dim = "refuse";
};

Tables tables(const Sincos1d& config) {
  const Index n = laid_out_dim("sincos1d", config.dim, 2, config.odd_dim) / 2;
  WaveTable table;
  table.axes = {{"position", frequency_ladder(config.base, n, config.spacing), positions(config)}};
  table.columns = fit_columns(wave_columns(config.layout, {0}, n, config.cos_first), config.dim);
  table.prefix = config.prefix_tokens;
  table.zero_row = config.zero_row;
  table.reversed = config.reverse;
  table.arithmetic = arithmetic(config);
  const Index rows = config.prefix_tokens + table.axes[0].positions.count;
  if (config.zero_row.value_or(0) >= rows) {
    throw Error(fmt::format("sincos1d: --zero-row {} is not one of the {} rows", *config.zero_row, rows));
  }
  const std::string label = fmt::format("{}-{}", config.dim, table.axes[0].positions.count);
  return {{wave_tensor("pos_embed", "position", std::move(table), stored_dtype(config))}, label};
}

}  // namespace

Scheme sincos1d() {
  using C = Sincos1d;
  std::vector<Option> options = position_options<C>();
  options.push_back(option<C>("dim", &C::dim, "columns", {.low = 1, .high = kMaxDim, .headline = true}));
  append(options, ladder_options<C>());
  append(options, {
      option<C>("layout", &C::layout, "interleaved: s0 c0 s1 c1 ...; concat: s0 s1 ... c0 c1 ...", {.choices = {"interleaved", "concat"}}),
      option<C>("cos-first", &C::cos_first, "swaps the roles of sine and cosine"),
      option<C>("reverse", &C::reverse, "rows run from the last position to the first"),
      option<C>("zero-row", &C::zero_row, "this row is zeros (a padding index)", {.low = 0}),
      option<C>("odd-dim", &C::odd_dim, kOddDimHelp, {.choices = kOddDims}),
  });
  return describe<C>(
      {"sincos1d", "absolute", "sines and cosines of geometric frequencies",
       {"w_i = base^(-i/n), i = 0..n-1, n = dim/2   (endpoint: base^(-i/(n-1)))",
        "interleaved: PE[p, 2i] = sin(p w_i), PE[p, 2i+1] = cos(p w_i)",
        "concat:      PE[p, i] = sin(p w_i), PE[p, n+i] = cos(p w_i)"},
       {"Vaswani et al. 2017, Attention Is All You Need, section 3.5, arXiv:1706.03762"}},
      std::move(options),
      {{"transformer", "sine and cosine alternate (Vaswani 2017; VideoMAE with N = T*H*W)", {}},
       {"mae", "all sines, then all cosines (facebookresearch/mae get_1d_sincos_pos_embed_from_grid)", {{"layout", "concat"}}},
       {"tensor2tensor", "concat, last frequency exactly 1/base, an odd dim padded (get_timing_signal_1d)",
        {{"layout", "concat"}, {"spacing", "endpoint"}, {"odd-dim", "zero"}}},
       {"whisper", "concat, last frequency exactly 1/base (openai/whisper sinusoids)", {{"layout", "concat"}, {"spacing", "endpoint"}}},
       {"fairseq", "as tensor2tensor, with the padding index 1 zeroed; row p is position p (SinusoidalPositionalEmbedding)",
        {{"layout", "concat"}, {"spacing", "endpoint"}, {"zero-row", "1"}, {"odd-dim", "zero"}}},
       {"transformer-xl", "concat, rows from the farthest position to 0 (PositionalEmbedding)", {{"layout", "concat"}, {"reverse", ""}}},
       {"timestep", "diffusion timesteps of ADM and DiT: cosines first (timestep_embedding)",
        {{"layout", "concat"}, {"cos-first", ""}, {"odd-dim", "zero"}}},
       {"ddpm", "diffusion timesteps of DDPM: sines first, last frequency exactly 1/base (get_timestep_embedding)",
        {{"layout", "concat"}, {"spacing", "endpoint"}, {"odd-dim", "zero"}}},
       {"positional-encodings", "sine and cosine alternate, an odd dim cut from the next even one (PositionalEncoding1D)",
        {{"odd-dim", "truncate"}}}},
      {"table", "matrix", "curves", "spectrum"}, tables);
}

}  // namespace pe
