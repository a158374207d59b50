// sincos3d: a cell (t, h, w) of a video holds the 1-D sines and cosines of its frame, row and column, each in its share of the columns.
// Bardes et al. 2024, arXiv:2404.08471 (V-JEPA); Yang et al. 2024, arXiv:2408.06072 (CogVideoX).

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <numeric>

#include "core/error.h"
#include "core/sincos_grid.h"
#include "core/text.h"

namespace pe {
namespace {

struct Sincos3d : SincosGridConfig {
  Sincos3d() {
    grid.sizes = {8, 14, 14};
    axes = flatten = "thw";
  }
  std::string split = "2:1:1";
  bool uniform = false;
};

constexpr Index kMaxShare = 1000;

/// The three numbers of --split in lowest terms.
std::vector<Index> shares(const std::string& text) {
  std::vector<Index> shares;
  Index divisor = 0;
  for (const std::string& part : split(text, ':')) {
    Index share = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), share);
    if (error != std::errc() || end != part.data() + part.size() || share < 1 || share > kMaxShare) share = 0;
    shares.push_back(share);
    divisor = std::gcd(divisor, share);
  }
  if (shares.size() != 3 || std::find(shares.begin(), shares.end(), 0) != shares.end()) {
    throw Error(fmt::format("sincos3d: --split {} is not three whole numbers such as 2:1:1, each in 1..{}", text, kMaxShare));
  }
  for (Index& share : shares) share /= divisor;
  return shares;
}

Tables tables(const Sincos3d& config) {
  if (config.grid.sizes.size() != 3) {
    throw Error(fmt::format("sincos3d: --grid {} has {} sizes; needs 3: frames x height x width", config.grid.text(), config.grid.sizes.size()));
  }
  const std::vector<Index> parts = shares(config.uniform ? "1:1:1" : config.split);
  // Shares in lowest terms: every axis has an even number of columns exactly when twice their sum divides the dim.
  const Index divisor = 2 * (parts[0] + parts[1] + parts[2]);
  const Index unit = laid_out_dim("sincos3d", config.dim, divisor, config.uniform ? "truncate" : config.odd_dim) / divisor;
  return sincos_grid_tables("sincos3d", config, "thw", {unit * parts[0], unit * parts[1], unit * parts[2]});
}

}  // namespace

Scheme sincos3d() {
  using C = Sincos3d;
  const std::vector<std::string> orders{"thw", "twh", "htw", "hwt", "wth", "wht"};
  std::vector<Option> options{option<C>("dim", &C::dim, "columns", {.low = 1, .high = kMaxDim, .headline = true})};
  append(options, grid_options<C>("cells: frames x height x width"));
  append(options, ladder_options<C>());
  append(options, {
      option<C>("split", &C::split, "a:b:c, the axes' shares of the columns in the order of --axes", {.headline = true, .unless = {"uniform"}}),
      option<C>("uniform", &C::uniform, "equal shares; other dims are cut from the next multiple of 6"),
      option<C>("layout", &C::layout,
                "per axis s0 s1 ... c0 c1 ... (concat) or s0 c0 s1 c1 ... (interleaved), or the sines of all axes first (grouped)",
                {.choices = {"concat", "interleaved", "grouped"}}),
      option<C>("cos-first", &C::cos_first, "swaps the roles of sine and cosine"),
      option<C>("axes", &C::axes, "whose block of columns comes first: thw is the frame t, then the row h, then the column w", {.choices = orders}),
      option<C>("flatten", &C::flatten, "order of the cells, slowest first: thw is frame by frame, row by row", {.choices = orders}),
      option<C>("odd-dim", &C::odd_dim, kOddDimHelp, {.choices = kOddDims, .unless = {"uniform"}}),
  });
  return describe<C>(
      {"sincos3d", "absolute", "sines and cosines of the frames, rows and columns of a video",
       {"per axis: n = its share of dim / 2, w_i = base^(-i/n), i = 0..n-1   (endpoint: base^(-i/(n-1)))",
        "x = (w + start) * scale, so y of h and z of t   (base-size B: * B/size; interpolation-scale S: / S)",
        "concat, axes thw: PE[(t,h,w)] = sin(z w_i) | cos(z w_i) | sin(y w_i) | cos(y w_i) | sin(x w_i) | cos(x w_i)"},
       {"Bardes et al. 2024, Revisiting Feature Prediction for Learning Visual Representations from Video, arXiv:2404.08471",
        "Yang et al. 2024, CogVideoX: Text-to-Video Diffusion Models with An Expert Transformer, arXiv:2408.06072"}},
      std::move(options),
      {{"vjepa", "half of the columns for t, a quarter each for h and w (facebookresearch/jepa get_3d_sincos_pos_embed; its uniform_power is "
        "--uniform)", {}},
       {"cogvideox", "a quarter of the columns for t, then w, then h (diffusers get_3d_sincos_pos_embed)", {{"axes", "twh"}, {"split", "2:3:3"}}},
       {"positional-encodings", "equal shares, sine and cosine alternate, other dims cut from the next multiple of 6 (PositionalEncoding3D)",
        {{"split", "1:1:1"}, {"layout", "interleaved"}, {"odd-dim", "truncate"}}}},
      {"table", "similarity", "channels"}, tables);
}

}  // namespace pe
