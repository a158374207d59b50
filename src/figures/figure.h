#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/tensor.h"
#include "figures/draw/canvas.h"

namespace pe {

/// What the user may choose about any figure.
struct FigureStyle {
  std::string colormap;             ///< empty: the figure's own choice (sequential, or diverging for signed tables)
  std::optional<Range> range;       ///< colour range; empty: the tensor's, or the data's
  bool dark = false;                ///< --theme dark
  double scale = 1;                 ///< pixels per point: 2 for dense screens and print
  Index width = 0, height = 0;      ///< --size in pixels; 0: as large as the content asks for
  std::vector<Index> columns;       ///< --columns; empty: the figure's own choice
  std::vector<Index> heads;         ///< --draw-heads; empty: as many as fit
  std::vector<Index> at;            ///< --draw-at, an index per leading axis; empty: 0 each
};

/// Which choices count in a figure; the others are refused where no figure of a run has them.
struct FigureUses {
  bool colors = false;    ///< --colormap and --range
  bool columns = false, heads = false;
  bool block = false;     ///< --draw-at: of a tensor with leading axes one table is drawn
  bool overlays = false;  ///< --overlay
};

/// A table that is drawn into the figure of another one.
struct Overlay {
  std::string label;      ///< "scaling yarn · factor 8"
  std::string more;       ///< what else tells it from the others, too long for a label; may be empty
  Tensor tensor;
};

/// Everything a figure is told besides the tensor. Figures know no scheme.
struct FigureRequest {
  std::string title;      ///< "sincos2d · mae"
  std::string subtitle;   ///< "dim 768 · grid 14x14 · base 10000"
  FigureStyle style;
  std::string label = {};               ///< of the tensor itself, where there are overlays
  std::vector<Overlay> overlays = {};   ///< tensors that suit the figure

  /// The tensor under its label, then the overlays.
  std::vector<Overlay> with_overlays(const Tensor& tensor) const;
};

/// A figure: its name on the command line, one line on what it shows, and how to draw it.
struct Figure {
  std::string name;
  std::string one_line;
  /// Why the tensor cannot be drawn this way, as a line for its user; "" when it can. Asks for shape, type, grid and columns, not for values.
  /// Both functions get one table of a tensor with leading axes where `uses.block` is set.
  std::string (*unsuited)(const Tensor& tensor);
  Canvas (*paint)(const Tensor& tensor, const FigureRequest& request);
  FigureUses uses = {};

  /// The line of `unsuited` for a whole tensor.
  std::string why_not(const Tensor& tensor) const;

  /// Throws Error (usage) with the line of `why_not`, where --draw-at is not inside the tensor, and where --size leaves no room.
  Canvas draw(const Tensor& tensor, const FigureRequest& request) const;
};

/// All figures by name, in alphabetical order.
const std::vector<Figure>& all_figures();

/// The figure of that name; throws Error with the nearest name.
const Figure& find_figure(const std::string& name);

}  // namespace pe
