#include <fmt/format.h>

#include "analysis/leading.h"
#include "core/error.h"
#include "core/text.h"
#include "figures.inc"   // FIGURE(function, "name") for every file in src/figures, made by the build
#include "figures/figure.h"

namespace pe {

#define FIGURE(function, name) Figure function##_figure();   // a scheme may have the same name
PE_ALL_FIGURES
#undef FIGURE

std::vector<Overlay> FigureRequest::with_overlays(const Tensor& tensor) const {
  std::vector<Overlay> all{{label, "", tensor}};
  all.insert(all.end(), overlays.begin(), overlays.end());
  return all;
}

std::string Figure::why_not(const Tensor& tensor) const {
  if (!uses.block || tensor.elements() == 0) return unsuited(tensor);
  return unsuited(leading_block(tensor, {}));
}

Canvas Figure::draw(const Tensor& tensor, const FigureRequest& request) const {
  if (tensor.elements() == 0) throw Error(fmt::format("{} is empty ({}); nothing to draw", tensor.name, shape_text(tensor)));
  if (const std::string reason = why_not(tensor); !reason.empty()) throw Error(reason);
  if (!uses.block) return paint(tensor, request);
  FigureRequest named = request;
  const std::string place = leading_text(tensor, request.style.at);
  if (!place.empty()) named.subtitle += (named.subtitle.empty() ? "" : " · ") + place;
  return paint(leading_block(tensor, request.style.at), named);
}

const std::vector<Figure>& all_figures() {
  static const std::vector<Figure> figures{
#define FIGURE(function, name) function##_figure(),
      PE_ALL_FIGURES
#undef FIGURE
  };
  return figures;
}

const Figure& find_figure(const std::string& name) {
  std::vector<std::string> names;
  for (const Figure& figure : all_figures()) {
    if (figure.name == name) return figure;
    names.push_back(figure.name);
  }
  throw Error(fmt::format("--plot {} is not a figure{}", name, nearest_hint(name, names)));
}

}  // namespace pe
