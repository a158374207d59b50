// factorized: a cell (h, w) holds entry r(h) of a table for rows and entry r(w) of a table for columns, added, multiplied or side by side.
// Dehghani et al. 2023, arXiv:2307.06304, section 2.1 (NaViT); Lee et al. 2023, arXiv:2210.03347 (Pix2Struct); Carion et al. 2020,
// arXiv:2005.12872 (DETR's learned embedding).

#include <fmt/format.h>

#include <algorithm>
#include <numbers>

#include "core/axes.h"
#include "core/drawing.h"
#include "core/error.h"
#include "core/frequencies.h"
#include "core/held.h"
#include "core/lookup.h"
#include "core/scheme.h"
#include "core/sinusoid.h"

namespace pe {
namespace {

struct Factorized : CommonConfig, LookupConfig, InitConfig {
  Index dim = 768;
  std::string combine = "sum";
  std::string axes = "hw";
  std::string basis = "learned";
  double base = 10000;
};

constexpr Index kWholeFrequencies = 61;   // 2^k pi, k = 0..60, stay below the largest frequency, 2^64

/// The frequencies 2^k pi per whole side. Positions are m / entries with a whole m, so that a multiple of 2 * entries in place of
/// 2^k is a number of whole turns: it is left out of the frequencies that would be too large.
std::vector<Real> doubling_frequencies(Index count, Index entries) {
  const Real half_turn = Real::two_pi() / Real(2);
  std::vector<Real> frequencies;
  Index factor = 1;
  for (Index k = 0; k < count; ++k) {
    if (factor > Index{1} << (kWholeFrequencies - 1)) factor %= 2 * entries;
    frequencies.push_back(half_turn * Real(static_cast<double>(factor)));
    factor *= 2;
  }
  return frequencies;
}

/// The table of sines and cosines [entries, dim] for one axis.
Tensor basis_table(const Factorized& config, const std::string& name, const std::string& axis, Index entries, Index dim) {
  WaveTable table;
  Positions positions;
  positions.count = entries;
  const bool is_sincos = config.basis == "sincos";
  if (!is_sincos) positions.scale = Real(1) / Real(static_cast<double>(entries));
  table.axes = {{axis, is_sincos ? frequency_ladder(config.base, dim / 2, "geometric") : doubling_frequencies(dim / 2, entries), positions}};
  table.columns = wave_columns(is_sincos ? "concat" : "interleaved", {0}, dim / 2, false);
  table.arithmetic = arithmetic(config);
  return wave_tensor(name, axis, std::move(table), stored_dtype(config));
}

/// row_table and col_table, `dim` columns each.
std::vector<Tensor> axis_tables(const Factorized& config, const std::array<Lookup, 2>& both, Index dim) {
  const char* names[] = {"row_table", "col_table"};
  const char* axes[] = {"h", "w"};
  std::vector<Tensor> tables;
  for (std::size_t i = 0; i < 2; ++i) {
    if (config.basis != "learned") {
      tables.push_back(basis_table(config, names[i], axes[i], both[i].entries, dim));
    } else {
      Tensor& blank = tables.emplace_back();
      blank.name = names[i];
      blank.axes = {{axes[i], both[i].entries}, {"channel", dim}};
      blank.dtype = stored_dtype(config);
    }
  }
  if (config.basis == "learned") return initialised(config, std::move(tables));
  return held_tensors(tables, [tables] { return std::vector{values(tables[0]), values(tables[1])}; });
}

/// The columns that each of the two tables has.
Index table_dim(const Factorized& config) {
  const Index divisor = (config.combine == "concat" ? 2 : 1) * (config.basis == "learned" ? 1 : 2);
  const Index dim = laid_out_dim("factorized", config.dim, divisor, "refuse");
  return config.combine == "concat" ? dim / 2 : dim;
}

/// What both tables' values may become together.
std::optional<Range> combined_range(const std::string& combine, const std::optional<Range>& range) {
  if (!range || combine == "concat") return range;
  const auto [low, high] = *range;
  if (combine == "sum") return Range{2 * low, 2 * high};
  const auto [least, largest] = std::minmax({low * low, low * high, high * high});
  return Range{least, largest};
}

/// Gives the rows of the combined table.
struct Combination {
  std::string combine;
  bool columns_first;
  std::array<Lookup, 2> lookup;
  std::vector<Tensor> tables;

  void fill(Index cell, std::span<double> out) const {
    const auto dim = static_cast<std::size_t>(tables[0].columns_count()), width = combine == "concat" ? 2 * dim : dim;
    std::vector<double> row(dim), column(dim);
    Index row_cell = -1;
    for (; !out.empty(); out = out.subspan(width), ++cell) {
      const Index h = cell / lookup[1].cells, w = cell % lookup[1].cells;
      if (h != row_cell) tables[0].fill(lookup[0].entry(h), row);
      row_cell = h;
      tables[1].fill(lookup[1].entry(w), column);
      if (combine == "concat") {
        std::copy(row.begin(), row.end(), out.begin() + (columns_first ? dim : 0));
        std::copy(column.begin(), column.end(), out.begin() + (columns_first ? 0 : dim));
      } else if (combine == "sum") {
        std::transform(row.begin(), row.end(), column.begin(), out.begin(), std::plus());
      } else {
        std::transform(row.begin(), row.end(), column.begin(), out.begin(), std::multiplies());
      }
    }
  }
};

Tables tables(const Factorized& config) {
  if (config.compute == "f32" && config.basis == "fourier" && table_dim(config) > 2 * kWholeFrequencies) {
    throw Error(fmt::format("factorized: --compute f32 with --basis fourier has no frequencies above 2^{} pi; needs tables of at most {} columns",
                            kWholeFrequencies - 1, 2 * kWholeFrequencies));
  }
  const std::array<Lookup, 2> both = lookups(config);
  std::vector<Tensor> all = axis_tables(config, both, table_dim(config));
  Tensor gathered = cell_table(config, config.dim, stored_dtype(config));
  gathered.range = combined_range(config.combine, all.front().range);
  const Combination combination{config.combine, config.axes == "wh", both, all};
  gathered.fill = [combination](Index cell, std::span<double> out) { combination.fill(cell, out); };
  all.insert(all.begin(), std::move(gathered));
  Tables made{std::move(all), fmt::format("{}-{}", config.dim, config.grid.text())};
  made.row_axis = "token";
  return made;
}

}  // namespace

Scheme factorized() {
  using C = Factorized;
  std::vector<Option> options{option<C>("dim", &C::dim, "columns", {.low = 1, .high = kMaxDim, .headline = true})};
  append(options, lookup_options<C>());
  append(options, {
      option<C>("combine", &C::combine, "of a row's and a column's vector", {.choices = {"sum", "product", "concat"}, .headline = true}),
      option<C>("axes", &C::axes, "whose block of columns comes first", {.choices = {"hw", "wh"}, .when = "combine", .when_is = {"concat"}}),
      option<C>("basis", &C::basis, "the tables: drawn, sines and cosines of the entry's number, or of its fraction of the side",
                {.choices = {"learned", "sincos", "fourier"}, .headline = true}),
      option<C>("base", &C::base, kBaseHelp, only_with(kBaseRules, "basis", {"sincos"})),
  });
  append(options, init_options<C>({.when = "basis", .when_is = {"learned"}}));
  append(options, only_with(compute_options<C>(), "basis", {"sincos", "fourier"}));
  return describe<C>(
      {"factorized", "absolute", "a vector per row and a vector per column of a grid, combined",
       {"PE[(h,w)] = row_table[r(h)] + col_table[r(w)]   (product: *; concat: side by side, dim/2 columns each)",
        "r(x) = x + start   (fractional: floor(x * M / size), M entries)",
        "sincos: table[m, i] = sin(m w_i), table[m, n+i] = cos(m w_i), w_i = base^(-i/n), n columns of each",
        "fourier: table[m, 2k] = sin(2^k pi m/M), table[m, 2k+1] = cos(2^k pi m/M)"},
       {"Dehghani et al. 2023, Patch n' Pack: NaViT, section 2.1, arXiv:2307.06304", "Lee et al. 2023, Pix2Struct, arXiv:2210.03347",
        "Carion et al. 2020, End-to-End Object Detection with Transformers, arXiv:2005.12872"}},
      std::move(options),
      {{"navit", "torch.randn for rows, then for columns, added (lucidrains/vit-pytorch na_vit)", {}},
       {"row-col", "two nn.Embedding, added", {}},
       {"pix2struct", "4096 entries each, cells count from 1 (Pix2StructVisionEmbeddings)", {{"max-size", "4096"}, {"start", "1"}}},
       {"detr", "50 entries each, uniform, the column's block first (PositionEmbeddingLearned)",
        {{"max-size", "50"}, {"init", "uniform"}, {"combine", "concat"}, {"axes", "wh"}}}},
      {"table", "similarity", "channels"}, tables);
}

}  // namespace pe
