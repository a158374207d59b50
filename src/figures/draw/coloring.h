#pragma once
#include <span>
#include <string>
#include <vector>

#include "figures/draw/colormap.h"
#include "figures/figure.h"

namespace pe {

/// How the values of a tensor are coloured, and what is to be said of those that the colours cannot show.
struct Coloring {
  ColorScale scale;
  std::vector<std::string> notes;
};

/// Colours from the lowest to the highest value, or over the range that was asked for. Values of both signs get a diverging map.
/// Reads the tensor only when its range does not tell.
Coloring coloring(const Tensor& tensor, const FigureStyle& style);

/// Colours of cosine similarities: -1..1 when some are clearly negative, otherwise from a round number below the lowest up to 1.
ColorScale similarity_scale(const FigureStyle& style, std::span<const float> similarities);

}  // namespace pe
