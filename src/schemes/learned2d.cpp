// learned2d: a free vector per cell of a table as large as the largest grid; cell (h, w) of a grid takes one of them.
// Lee et al. 2023, arXiv:2210.03347, section 2 (Pix2Struct); Laurencon et al. 2024, arXiv:2405.02246 (Idefics2: fractions of the side).

#include <fmt/format.h>

#include "core/axes.h"
#include "core/drawing.h"
#include "core/lookup.h"
#include "core/scheme.h"

namespace pe {
namespace {

struct Learned2d : CommonConfig, LookupConfig, InitConfig {
  Index dim = 768;
};

Tables tables(const Learned2d& config) {
  const auto [rows, columns] = lookups(config);
  Tensor blank;
  blank.name = "table";
  blank.axes = {{"row", rows.entries}, {"column", columns.entries}, {"channel", config.dim}};
  blank.dtype = stored_dtype(config);
  const Tensor table = initialised(config, {std::move(blank)}).front();

  Tensor gathered = cell_table(config, config.dim, stored_dtype(config));
  gathered.range = table.range;
  gathered.fill = [table, rows = rows, columns = columns, width = config.dim](Index cell, std::span<double> out) {
    for (; !out.empty(); out = out.subspan(static_cast<std::size_t>(width)), ++cell) {
      const Index row = rows.entry(cell / columns.cells), column = columns.entry(cell % columns.cells);
      table.fill(row * columns.entries + column, out.first(static_cast<std::size_t>(width)));
    }
  };
  Tables made{{std::move(gathered), table}, fmt::format("{}-{}", config.dim, config.grid.text())};
  made.row_axis = "token";
  return made;
}

}  // namespace

Scheme learned2d() {
  using C = Learned2d;
  std::vector<Option> options{option<C>("dim", &C::dim, "columns", {.low = 1, .high = kMaxDim, .headline = true})};
  append(options, lookup_options<C>());
  append(options, init_options<C>());
  return describe<C>(
      {"learned2d", "absolute", "a learned vector per cell of a two-dimensional table, as initialised, and the grid gathered from it",
       {"PE[(h,w)] = table[r(h), r(w)], a table of M x M vectors", "absolute: r(x) = x + start", "fractional: r(x) = floor(x * M / size)"},
       {"Lee et al. 2023, Pix2Struct, arXiv:2210.03347", "Dehghani et al. 2023, Patch n' Pack: NaViT, section 2.1, arXiv:2307.06304",
        "Laurencon et al. 2024, What matters when building vision-language models? (Idefics2), arXiv:2405.02246"},
       {"compute"}},
      std::move(options),
      {{"absolute", "indexed by the coordinates of the cell (Pix2Struct as NaViT describes it)", {}},
       {"idefics2", "a 70 x 70 table indexed by the fraction of the side (Idefics2VisionEmbeddings)",
        {{"max-size", "70"}, {"coords", "fractional"}}}},
      {"table", "similarity", "channels"}, tables);
}

}  // namespace pe
