// shift-matrix: the rotation T that moves every row of a sinusoidal table by delta, PE(p + delta) = T PE(p) with PE(p) as a column.
// Vaswani et al. 2017, arXiv:1706.03762, section 3.5: PE(p + delta) is a linear function of PE(p). With a = w_i delta,
//   sin((p + delta) w_i) =  cos a sin(p w_i) + sin a cos(p w_i)
//   cos((p + delta) w_i) = -sin a sin(p w_i) + cos a cos(p w_i).

#include <fmt/format.h>

#include <algorithm>

#include "core/axes.h"
#include "core/frequencies.h"
#include "core/rotation.h"
#include "core/scheme.h"

namespace pe {
namespace {

struct ShiftMatrix : CommonConfig {
  Index dim = 512;
  double delta = 1;
  double base = 10000;
  std::string spacing = "geometric";
  std::string layout = "interleaved";
};

Tables tables(const ShiftMatrix& config) {
  const Index dim = laid_out_dim("shift-matrix", config.dim, 2, "refuse"), n = dim / 2;
  const bool is_interleaved = config.layout == "interleaved";
  const auto turn = std::make_shared<const SinCosRows>(frequency_ladder(config.base, n, config.spacing), Positions{config.delta, 1, 1, {}, 1},
                                                       arithmetic(config), true);
  Tensor tensor;
  tensor.name = "matrix";
  tensor.axes = {{"to", dim}, {"from", dim}};
  tensor.dtype = stored_dtype(config);
  tensor.range = Range{-1, 1};
  tensor.fill = [turn, dim, n, is_interleaved](Index row, std::span<double> out) {
    SinCosRows::Cursor at(*turn);
    at.load(0);
    std::fill(out.begin(), out.end(), 0.0);
    for (double* to = out.data(); to != out.data() + out.size(); to += dim, ++row) {
      const Index i = is_interleaved ? row / 2 : row % n;
      const bool is_sine = is_interleaved ? row % 2 == 0 : row < n;
      const Index sine = is_interleaved ? 2 * i : i, cosine = is_interleaved ? 2 * i + 1 : n + i;
      to[sine] = is_sine ? at.cos()[i] : 0.0 - at.sin()[i];   // 0.0 -: no negative zeros
      to[cosine] = is_sine ? at.sin()[i] : at.cos()[i];
    }
  };
  return {{std::move(tensor)}, fmt::format("{}-by{}", dim, config.delta)};
}

}  // namespace

Scheme shift_matrix() {
  using C = ShiftMatrix;
  return describe<C>(
      {"shift-matrix", "absolute", "the rotation that moves a sinusoidal table by some positions",
       {"T PE(p) = PE(p + delta) for every p, PE(p) a column of sincos1d", "w_i = base^(-i/n), i = 0..n-1, n = dim/2   (endpoint: base^(-i/(n-1)))",
        "interleaved: rows and columns 2i, 2i+1 of T hold [[cos, sin], [-sin, cos]] of w_i delta   (concat: rows and columns i, n+i)"},
       {"Vaswani et al. 2017, Attention Is All You Need, section 3.5, arXiv:1706.03762"}},
      {option<C>("dim", &C::dim, "rows and columns", {.low = 1, .high = kMaxDim, .headline = true}),
       option<C>("delta", &C::delta, "positions to move by, whole or not", {.low = -kMaxPosition, .high = kMaxPosition, .headline = true}),
       option<C>("base", &C::base, "frequencies fall from 1 to about 1 / base", {.low = kMinBase, .high = kMaxBase, .aliases = {"theta", "temperature"}, .headline = true}),
       option<C>("spacing", &C::spacing, "frequencies base^(-i/n), or base^(-i/(n-1)) with both ends", {.choices = kSpacings}),
       option<C>("layout", &C::layout, "of the table's columns; interleaved: s0 c0 s1 c1 ...; concat: s0 s1 ... c0 c1 ...",
                 {.choices = {"interleaved", "concat"}})},
      {{"transformer", "for sincos1d --like transformer", {}}, {"mae", "for sincos1d --like mae", {{"layout", "concat"}}}}, {"table"}, tables);
}

}  // namespace pe
