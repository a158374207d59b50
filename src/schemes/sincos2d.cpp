// sincos2d: a cell (h, w) of a grid holds the 1-D sines and cosines of its column w and of its row h, dim/2 columns each.
// He et al. 2021, arXiv:2111.06377 (MAE); Chen, Xie and He 2021, arXiv:2104.02057 (MoCo v3).

#include "core/sincos_grid.h"

namespace pe {
namespace {

struct Sincos2d : SincosGridConfig {
  Sincos2d() {
    grid.sizes = {14, 14};
    axes = "wh";
    flatten = "hw";
  }
};

Tables tables(const Sincos2d& config) {
  require_plane("grid", config.grid);
  const Index n = laid_out_dim("sincos2d", config.dim, 4, config.odd_dim) / 4;
  return sincos_grid_tables("sincos2d", config, "hw", {n, n});
}

}  // namespace

Scheme sincos2d() {
  using C = Sincos2d;
  std::vector<Option> options{option<C>("dim", &C::dim, "columns", {.low = 1, .high = kMaxDim, .headline = true})};
  append(options, grid_options<C>());
  append(options, ladder_options<C>());
  append(options, {
      option<C>("layout", &C::layout,
                "per axis s0 s1 ... c0 c1 ... (concat) or s0 c0 s1 c1 ... (interleaved), or the sines of both axes first (grouped)",
                {.choices = {"concat", "interleaved", "grouped"}}),
      option<C>("cos-first", &C::cos_first, "swaps the roles of sine and cosine"),
      option<C>("axes", &C::axes, "whose block of columns comes first: wh is the column w, then the row h", {.choices = {"wh", "hw"}}),
      option<C>("flatten", &C::flatten, "order of the cells, slowest first: hw is row by row", {.choices = {"hw", "wh"}}),
      option<C>("odd-dim", &C::odd_dim, kOddDimHelp, {.choices = kOddDims}),
  });
  return describe<C>(
      {"sincos2d", "absolute", "sines and cosines of the rows and columns of a grid",
       {"w_i = base^(-i/n), i = 0..n-1, n = dim/4   (endpoint: base^(-i/(n-1)))",
        "x = (w + start) * scale, y = (h + start) * scale   (base-size B: * B/size; interpolation-scale S: / S)",
        "concat, axes wh: PE[(h,w)] = sin(x w_i) | cos(x w_i) | sin(y w_i) | cos(y w_i), n columns each"},
       {"He et al. 2021, Masked Autoencoders Are Scalable Vision Learners, arXiv:2111.06377",
        "Chen, Xie and He 2021, An Empirical Study of Training Self-Supervised Vision Transformers, arXiv:2104.02057"}},
      std::move(options),
      {{"mae", "w block first, sines before cosines (facebookresearch/mae get_2d_sincos_pos_embed; class token: --prefix-tokens 1)", {}},
       {"open-clip", "the same (mlfoundations/open_clip get_2d_sincos_pos_embed)", {}},
       {"dit", "the same (facebookresearch/DiT get_2d_sincos_pos_embed)", {}},
       {"moco-v3", "as mae with the cells column by column and a class token (build_2d_sincos_position_embedding)",
        {{"flatten", "wh"}, {"prefix-tokens", "1"}}},
       {"vjepa", "as mae with the h block first (facebookresearch/jepa get_2d_sincos_pos_embed)", {{"axes", "hw"}}},
       {"timm", "h before w, the sines of both axes before the cosines (build_sincos2d_pos_embed; its reverse_coord is --axes wh --flatten wh)",
        {{"layout", "grouped"}, {"axes", "hw"}}},
       {"big-vision", "as mae, last frequency exactly 1/base (google-research/big_vision posemb_sincos_2d; simple_vit)", {{"spacing", "endpoint"}}},
       {"pixart", "as mae on coordinates of a 16 x 16 grid (PixArt-alpha get_2d_sincos_pos_embed)", {{"base-size", "16"}}},
       {"positional-encodings", "h block first, sine and cosine alternate, other dims cut from the next multiple of 4 (PositionalEncoding2D)",
        {{"layout", "interleaved"}, {"axes", "hw"}, {"odd-dim", "truncate"}}}},
      {"table", "similarity"}, tables);
}

}  // namespace pe
