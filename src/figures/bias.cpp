// bias: what a head adds to the attention of a query and a key, a map per head.

#include <fmt/format.h>

#include <numeric>

#include "analysis/maps.h"
#include "core/error.h"
#include "figures/draw/tiles.h"

namespace pe {
namespace {

constexpr Index kMostHeads = 48;   // drawn unless others are asked for

// Files have no names for axes; three axes are taken for heads, queries and keys.
std::string unsuited(const Tensor& tensor) {
  const bool is_map = tensor.axes.size() >= 2 && tensor.axes.back().name == "key";
  const bool is_file = tensor.axes.size() == 3 && tensor.axes.back().name == "column";
  if (!is_map && !is_file) return fmt::format("bias draws maps of queries and keys; {} is {}", tensor.name, shape_text(tensor));
  if (is_integer(tensor.dtype)) return fmt::format("bias draws real numbers; {} holds {} (index draws those)", tensor.name, name(tensor.dtype));
  return {};
}

// With one query for all, what differs between heads is seen in one map of heads and keys.
bool is_one_query(const Tensor& tensor) { return tensor.axes.size() == 3 && tensor.axes[1].size == 1; }

std::vector<Index> heads_to_draw(Index heads, const FigureStyle& style, std::vector<std::string>& notes) {
  for (const Index head : style.heads) {
    if (head >= heads) throw Error(fmt::format("--draw-heads {}: there are {} heads, numbered from 0", head, heads));
  }
  const Index count = style.heads.empty() ? std::min(heads, kMostHeads) : static_cast<Index>(style.heads.size());
  if (count < heads) notes.push_back(fmt::format("{} of {} heads; colours span the heads that are drawn", count, heads));
  if (!style.heads.empty()) return style.heads;
  std::vector<Index> chosen;
  for (Index i = 0; i < count; ++i) chosen.push_back(i * heads / count);
  return chosen;
}

Canvas paint(const Tensor& tensor, const FigureRequest& request) {
  const std::size_t last = tensor.axes.size() - 1;
  const bool is_one_map = is_one_query(tensor) || tensor.axes.size() == 2;
  const Index heads = is_one_map ? 1 : tensor.rows() / tensor.axes[last - 1].size;
  Tiles tiles{{}, tensor.axes[is_one_query(tensor) ? 0 : last - 1], tensor.axes[last], 0, "bias"};
  if (tiles.across.name == "column") {   // a file
    tiles.across.name = "key";
    tiles.down.name = is_one_query(tensor) ? "head" : "query";
  }
  Tensor maps = tensor;
  if (is_one_map) {
    maps.axes = {{"map", 1}, tiles.down, tiles.across};
    tiles.titles = {{}};
  } else {
    const std::vector<Index> chosen = heads_to_draw(heads, request.style, tiles.notes);
    for (const Index head : chosen) tiles.titles.push_back({fmt::format("head {}", head), ""});
    maps = chosen_maps(tensor, chosen);
  }
  return draw_tiles(tiles, coloring(maps, request.style), request,
                    [&](const Fold& down, const Fold& across) { return folded_maps(maps, down.per_pixel, across.per_pixel); });
}

}  // namespace

Figure bias_figure() { return {"bias", "a map of queries and keys per head, in one range of colours", unsuited, paint, {.colors = true, .heads = true}}; }

}  // namespace pe
