// detr: the first half of the channels holds the 1-D sines and cosines of a cell's row y, the second those of its column x, where
// y and x count the cells down to it and along to it that are not padding: from 1, standing still in padding.
// Carion et al. 2020, arXiv:2005.12872; Zhu et al. 2020, arXiv:2010.04159 (Deformable DETR), which counts from 1/2.
//
// Everything after the counts is exact: with --normalize a position is (count - offset) / (last + 10^-6) * scale as a real number,
// 10^-6 and 2 pi included, where `last` is the count at the end of the cell's column (for y) or row (for x).

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/arrays.h"
#include "core/axes.h"
#include "core/channel_first.h"
#include "core/error.h"
#include "core/frequencies.h"
#include "core/rotation.h"
#include "core/scheme.h"

namespace pe {
namespace {

constexpr double kMaxScale = 1e6;
constexpr Index kKeptCounts = 4096;   ///< lines of up to so many counts are computed once per channel, longer ones as they are needed

struct Detr : CommonConfig {
  Index dim = 256;
  Grid grid{{25, 42}};
  ArrayPtr mask;
  Grid valid;
  double base = 10000;
  bool normalize = false;
  double offset = 0;
  OptionalNumber scale;
};

/// How many cells up to one are not padding, and how many up to the end of its column or row.
struct Count {
  Index here = 0, last = 0;
};

/// Counts along one axis, by image and cell.
using Counts = std::function<Count(Index image, Index h, Index w)>;

/// The counts down and along of images of which only the first `valid` rows and columns are no padding.
std::pair<Counts, Counts> counts_of_rectangle(Index valid_height, Index valid_width) {
  const auto along = [](Index cell, Index valid, bool is_inside) { return is_inside ? Count{std::min(cell + 1, valid), valid} : Count{}; };
  return {[=](Index, Index h, Index w) { return along(h, valid_height, w < valid_width); },
          [=](Index, Index h, Index w) { return along(w, valid_width, h < valid_height); }};
}

/// Throws Error unless the mask is [H, W] or [B, H, W] and every image has a cell that is no padding.
void check_mask(const Array& mask, Index height, Index width) {
  const std::vector<Index>& found = mask.shape;
  const bool fits = (found.size() == 2 || found.size() == 3) && found[found.size() - 2] == height && found.back() == width && found.front() > 0;
  if (!fits) refuse_shape("--mask", mask, fmt::format("[{0}, {1}], as --grid, or [images, {0}, {1}]", height, width));
  for (auto image = mask.values.begin(); image != mask.values.end(); image += height * width) {
    if (std::any_of(image, image + height * width, [](double value) { return std::isnan(value); })) {
      refuse_array("--mask", mask, "it holds a NaN; 0 is a cell, other numbers are padding");
    }
    if (std::find(image, image + height * width, 0.0) == image + height * width) {
      refuse_array("--mask", mask, fmt::format("image {} is all padding; needs a 0 somewhere", (image - mask.values.begin()) / (height * width)));
    }
  }
}

/// The counts down (or along) of images [B, H, W].
Counts counts_of_mask(const Array& mask, Index height, Index width, bool down) {
  const auto counts = std::make_shared<std::vector<Count>>(mask.values.size());
  const Index lines = down ? width : height, cells = down ? height : width;   // of an image
  const auto at = [=](Index image, Index line, Index cell) {
    return static_cast<std::size_t>((image * height + (down ? cell : line)) * width + (down ? line : cell));
  };
  const Index images = static_cast<Index>(mask.values.size()) / (height * width);
  for (Index image = 0; image < images; ++image) {
    for (Index line = 0; line < lines; ++line) {
      Index count = 0;
      for (Index cell = 0; cell < cells; ++cell) (*counts)[at(image, line, cell)].here = count += mask.values[at(image, line, cell)] == 0;
      for (Index cell = 0; cell < cells; ++cell) (*counts)[at(image, line, cell)].last = count;
    }
  }
  return [=](Index image, Index h, Index w) { return (*counts)[static_cast<std::size_t>((image * height + h) * width + w)]; };
}

/// The positions of the counts 0, 1, ... of columns or rows whose last count is `last`.
Positions positions_of_counts(const Detr& config, Index last) {
  Positions made{-config.offset, 1, last + 1, {}, 1};
  if (!config.normalize) return made;
  const Real scale = config.scale ? Real(*config.scale) : Real::two_pi();
  made.scale = scale / (Real(static_cast<double>(last)) + Real(1) / Real(1e6));
  return made;
}

/// One channel: the sine or cosine of one frequency along one axis.
class Channel {
 public:
  Channel(std::shared_ptr<const Detr> config, Real frequency, bool is_sine, Counts counts, Index image)
      : config_(std::move(config)), frequency_(frequency), is_sine_(is_sine), counts_(std::move(counts)), image_(image) {}

  void fill(Index h, std::span<double> row) {
    Count of{-1, -1};
    double value = 0;
    for (std::size_t w = 0; w < row.size(); ++w) {
      const Count count = counts_(image_, h, static_cast<Index>(w));
      if (count.here != of.here || count.last != of.last) value = value_of(count);
      of = count;
      row[w] = value;
    }
  }

 private:
  /// The rows of all counts with one last count.
  struct Line {
    SinCosRows rows;
    SinCosRows::Cursor cursor;
    Line(const Real& frequency, const Positions& positions, Arithmetic arithmetic)
        : rows({frequency}, positions, arithmetic, positions.count <= kKeptCounts), cursor(rows) {}
  };

  double value_of(const Count& count) {
    // Counts that are not normalised do not depend on the last one; the longest line has them all.
    const Index last = config_->normalize ? count.last : std::max(config_->grid.sizes[0], config_->grid.sizes[1]);
    std::unique_ptr<Line>& line = lines_[last];
    if (!line) line = std::make_unique<Line>(frequency_, positions_of_counts(*config_, last), arithmetic(*config_));
    line->cursor.load(count.here);
    return is_sine_ ? line->cursor.sin()[0] : line->cursor.cos()[0];
  }

  std::shared_ptr<const Detr> config_;
  Real frequency_;
  bool is_sine_;
  Counts counts_;
  Index image_;
  std::map<Index, std::unique_ptr<Line>> lines_;
};

Tables tables(const Detr& config) {
  require_plane("grid", config.grid);
  require_multiple("detr", "dim", config.dim, 4);
  const Index height = config.grid.sizes[0], width = config.grid.sizes[1];
  const Index half = config.dim / 2;   // channels per axis
  const std::vector<Index> valid = config.valid.sizes.empty() ? config.grid.sizes : config.valid.sizes;
  if (valid.size() != 2 || valid[0] > height || valid[1] > width) {
    throw Error(fmt::format("detr: --valid {} is not inside --grid {}", config.valid.text(), config.grid.text()));
  }
  std::pair<Counts, Counts> counts = counts_of_rectangle(valid[0], valid[1]);
  ChannelFirst table{{}, config.dim, height, width, {}};
  if (config.mask) {
    check_mask(*config.mask, height, width);
    counts = {counts_of_mask(*config.mask, height, width, true), counts_of_mask(*config.mask, height, width, false)};
    if (config.mask->shape.size() == 3) table.images = config.mask->shape[0];
  }
  const auto frequencies = std::make_shared<const std::vector<Real>>(frequency_ladder(config.base, half / 2, "geometric"));
  table.open = [=, shared = std::make_shared<const Detr>(config)](Index image, Index channel) -> ChannelRow {
    const Index i = channel % half;
    const auto opened = std::make_shared<Channel>(shared, (*frequencies)[static_cast<std::size_t>(i / 2)], i % 2 == 0,
                                                  channel < half ? counts.first : counts.second, image);
    return [opened](Index h, std::span<double> row) { opened->fill(h, row); };
  };
  Tensor tensor = channel_first_tensor("pos_embed", std::move(table), stored_dtype(config));
  tensor.range = Range{-1, 1};
  return {{std::move(tensor)}, fmt::format("{}-{}", config.dim, config.grid.text())};
}

}  // namespace

Scheme detr() {
  using C = Detr;
  return describe<C>(
      {"detr", "absolute", "sines and cosines of the rows and columns of padded images, channels first",
       {"y, x = cells without padding up to this one, down its column and along its row, from 1; y_last, x_last at their ends",
        "normalize: y = (y - offset) / (y_last + 1e-6) * scale, so x",
        "w_k = base^(-k/n), k = 0..n-1, n = dim/4",
        "PE[2k, h, w] = sin(y w_k), PE[2k+1, h, w] = cos(y w_k), the same of x from channel dim/2 on"},
       {"Carion et al. 2020, End-to-End Object Detection with Transformers, arXiv:2005.12872",
        "Zhu et al. 2020, Deformable DETR: Deformable Transformers for End-to-End Object Detection, arXiv:2010.04159"}},
      {option<C>("dim", &C::dim, "channels", {.low = 1, .high = kMaxDim, .headline = true}),
       option<C>("grid", &C::grid, kGridHelp, {.low = 1, .high = kMaxLength, .headline = true}),
       option<C>("mask", &C::mask, "[H, W] or [images, H, W]: numbers other than 0 are padding"),
       option<C>("valid", &C::valid, "only the first rows and columns are not padding",
                 {.low = 1, .high = kMaxLength, .headline = true, .unless = {"mask"}}),
       option<C>("base", &C::base, kBaseHelp, kBaseRules),
       option<C>("normalize", &C::normalize, "divides the counts by the last one of their column or row"),
       option<C>("offset", &C::offset, "subtracted from the counts", {.low = -kMaxScale, .high = kMaxScale}),
       option<C>("scale", &C::scale, "of normalised positions; default 2 pi", {.low = -kMaxScale, .high = kMaxScale, .when = "normalize"})},
      {{"plain", "the counts themselves (facebookresearch/detr PositionEmbeddingSine)", {}},
       {"detr", "normalised to 2 pi, as DETR's models are (PositionEmbeddingSine(normalize=True))", {{"normalize", ""}}},
       {"deformable-detr", "normalised to 2 pi, counted from 1/2 (fundamentalvision/Deformable-DETR PositionEmbeddingSine)",
        {{"normalize", ""}, {"offset", "0.5"}}}},
      {"channels"}, tables);
}

}  // namespace pe
