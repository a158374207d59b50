// peg, the positional encoding generator: a depthwise k x k convolution of the features, zeros around them, is their position's
// encoding. What differs from cell to cell on constant features is only how much of the kernel hangs over the border.
// Chu et al. 2021, arXiv:2102.10882, section 3 (CPVT).

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "core/arrays.h"
#include "core/axes.h"
#include "core/drawing.h"
#include "core/error.h"
#include "core/lookup.h"
#include "core/scheme.h"

namespace pe {
namespace {

struct Peg : CommonConfig, SeedConfig {
  Grid grid{{14, 14}};
  Index dim = 64;
  Index kernel = 3, stride = 1;
  double fill = 1;
  ArrayPtr input, weight, bias;
};

/// The offsets first <= a < last of a kernel along one axis whose cells lie inside the grid.
struct Inside {
  Index first = 0, last = 0;
  bool operator==(const Inside&) const = default;
};

/// The convolution as a table with one row per output cell, computed cell by cell.
class Convolution {
 public:
  Convolution(const Peg& config, Tensor weight, Tensor bias)
      : config_(config), weight_(std::move(weight)), bias_(std::move(bias)), height_(config.grid.sizes[0]), width_(config.grid.sizes[1]) {}

  Index rows() const { return (height_ - 1) / config_.stride + 1; }
  Index columns() const { return (width_ - 1) / config_.stride + 1; }

  /// Writes output cells from `cell` on; `residual` adds each cell's own features.
  void fill(Index cell, std::span<double> out, bool residual) const {
    std::call_once(prepared_, [this] { prepare(); });
    const auto dim = static_cast<std::size_t>(config_.dim);
    Inside last_rows, last_columns;
    for (std::size_t at = 0; at < out.size(); at += dim, ++cell) {
      const Index h = cell / columns() * config_.stride, w = cell % columns() * config_.stride;
      const Inside rows = inside(h, height_), columns = inside(w, width_);
      if (!config_.input && at > 0 && rows == last_rows && columns == last_columns) {   // the same sum as one cell before
        std::copy_n(&out[at - dim], dim, &out[at]);
        continue;
      }
      last_rows = rows;
      last_columns = columns;
      convolve(h, w, rows, columns, &out[at]);
      if (residual) add(h, w, nullptr, &out[at]);
    }
  }

 private:
  /// The kernel with its channels last, [k, k, D], as the sums read it.
  void prepare() const {
    const std::vector<double> by_channel = values(weight_);
    const auto cells = static_cast<std::size_t>(config_.kernel * config_.kernel), dim = static_cast<std::size_t>(config_.dim);
    kernel_.resize(by_channel.size());
    for (std::size_t d = 0; d < dim; ++d) {
      for (std::size_t k = 0; k < cells; ++k) kernel_[k * dim + d] = by_channel[d * cells + k];
    }
    offset_ = values(bias_);
  }

  Inside inside(Index centre, Index size) const {
    const Index half = config_.kernel / 2;
    return {std::max<Index>(half - centre, 0), std::min(config_.kernel, size + half - centre)};
  }

  void convolve(Index h, Index w, const Inside& rows, const Inside& columns, double* sum) const {
    const Index half = config_.kernel / 2;
    std::copy(offset_.begin(), offset_.end(), sum);
    for (Index a = rows.first; a < rows.last; ++a) {
      for (Index b = columns.first; b < columns.last; ++b) {
        add(h + a - half, w + b - half, kernel_.data() + (a * config_.kernel + b) * config_.dim, sum);
      }
    }
  }

  /// Adds the features of cell (h, w) to `sum`, times `factors` when there are any.
  void add(Index h, Index w, const double* factors, double* sum) const {
    const double* features = config_.input ? config_.input->values.data() + (h * width_ + w) * config_.dim : nullptr;
    for (Index d = 0; d < config_.dim; ++d) sum[d] += (factors ? factors[d] : 1) * (features ? features[d] : config_.fill);
  }

  Peg config_;
  Tensor weight_, bias_;
  Index height_, width_;
  mutable std::once_flag prepared_;
  mutable std::vector<double> kernel_, offset_;
};

void check(const Peg& config) {
  require_plane("grid", config.grid);
  if (config.kernel % 2 == 0) {
    throw Error(fmt::format("peg: --kernel {} is even; nearest: {}, {}", config.kernel, config.kernel - 1, config.kernel + 1));
  }
  const Index cells = checked_product(config.grid.sizes[0], config.grid.sizes[1], "peg: the grid is too large");
  if (config.input) check_array("peg: --input", *config.input, {cells, config.dim}, "[cells, dim]");
  if (config.weight && !config.bias) throw Error("peg: --weight comes without --bias; give both, or none to draw them");
  if (config.bias && !config.weight) throw Error("peg: --bias comes without --weight; give both, or none to draw them");
  if (!config.weight) return;
  check_array("peg: --weight", *config.weight, {config.dim, 1, config.kernel, config.kernel}, "[dim, 1, kernel, kernel]");
  check_array("peg: --bias", *config.bias, {config.dim}, "[dim]");
}

/// weight [dim, 1, kernel, kernel] and bias [dim]: the files', or as PyTorch initialises a Conv2d, uniform within 1 / sqrt(fan-in) of 0.
std::vector<Tensor> parameters(const Peg& config) {
  std::vector<Tensor> both(2);
  both[0].name = "weight";
  both[0].axes = {{"channel", config.dim}, {"input", 1}, {"row", config.kernel}, {"column", config.kernel}};
  both[1].name = "bias";
  both[1].axes = {{"channel", config.dim}};
  if (config.weight) {
    both[0] = held_tensor(both[0].name, both[0].axes, Dtype::f32, config.weight->values);
    both[1] = held_tensor(both[1].name, both[1].axes, Dtype::f32, config.bias->values);
  } else {
    InitConfig init;
    static_cast<SeedConfig&>(init) = config;
    init.init = "uniform";
    init.high = 1 / static_cast<double>(config.kernel);
    init.low = -init.high;
    both = initialised(init, std::move(both));
  }
  for (Tensor& tensor : both) tensor.dtype = stored_dtype(config);
  return both;
}

Tables tables(const Peg& config) {
  check(config);
  const std::vector<Tensor> drawn = parameters(config);
  const auto convolution = std::make_shared<const Convolution>(config, drawn[0], drawn[1]);
  const std::vector<Index> sizes{convolution->rows(), convolution->columns()};
  Tables made{{}, fmt::format("{}-{}", config.dim, config.grid.text())};
  for (const char* name : {"pos_embed", "output"}) {
    Tensor& tensor = made.tensors.emplace_back();
    tensor.name = name;
    tensor.axes = {{"token", sizes[0] * sizes[1]}, {"channel", config.dim}};
    tensor.dtype = stored_dtype(config);
    tensor.grid = TokenGrid{sizes, "hw", 0};
    const bool residual = tensor.name == "output" && config.stride == 1;
    tensor.fill = [convolution, residual](Index cell, std::span<double> out) { convolution->fill(cell, out, residual); };
  }
  append(made.tensors, drawn);
  made.row_axis = "token";
  return made;
}

}  // namespace

Scheme peg() {
  using C = Peg;
  std::vector<Option> options{
      option<C>("grid", &C::grid, "cells of the features: height x width, or one number for a square",
                {.low = 1, .high = kMaxLength, .headline = true}),
      option<C>("dim", &C::dim, "channels", {.low = 1, .high = kMaxDim, .headline = true}),
      option<C>("kernel", &C::kernel, "side of the kernel, odd", {.low = 1, .high = 1023, .headline = true}),
      option<C>("stride", &C::stride, "cells from one output to the next; above 1 the output is the convolution alone",
                {.low = 1, .high = kMaxLength}),
      option<C>("fill", &C::fill, "the one value of all features", {.low = -1e30, .high = 1e30, .unless = {"input"}}),
      option<C>("input", &C::input, "features [cells, dim]"),
      option<C>("weight", &C::weight, "kernels [dim, 1, kernel, kernel]"),
      option<C>("bias", &C::bias, "what is added to each channel, [dim]")};
  append(options, seed_options<C>({.unless = {"weight", "bias"}}));
  return describe<C>(
      {"peg", "absolute", "a depthwise convolution of the features, which tells the position by its zero padding",
       {"PE[(i,j), d] = bias[d] + sum over a, b < k of weight[d, 0, a, b] * X[(i s + a - (k-1)/2, j s + b - (k-1)/2), d]; X is 0 outside the grid",
        "output = X + PE   (stride s > 1: PE)", "drawn weights and biases: uniform in -1/k..1/k"},
       {"Chu et al. 2021, Conditional Positional Encodings for Vision Transformers, section 3, arXiv:2102.10882"},
       {"compute"}},
      std::move(options), {{"cpvt", "kernel 3, drawn as PyTorch's Conv2d (Meituan-AutoML/Twins PosCNN)", {}}},
      {"table", "similarity", "channels"}, tables);
}

}  // namespace pe
