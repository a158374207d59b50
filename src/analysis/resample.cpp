// resample: a table's cells on another grid, as the named implementations do it when they load weights of another image size.

#include "analysis/resample.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/geometric_cells.h"
#include "analysis/old_grid.h"
#include "analysis/resampled_tensor.h"
#include "core/axes.h"
#include "core/error.h"
#include "core/text.h"

namespace pe {
namespace {

constexpr double kMaxCells = 1 << 20;   // on a side of a grid

struct Resample : SaidRows {
  Grid grid;
  std::string kind = "absolute";
  std::string filter = "cubic";
  OptionalNumber cubic_a;
  bool antialias = false, no_antialias = false;
  std::string corners = "half-pixel";
  double offset = 0;
  std::string curve = "lines";
  KnownRows known;   ///< not an option

  bool is_bias() const { return kind != "absolute"; }
  Grid old_grid() const { return is_bias() ? bias_window(*this, known) : absolute_grid(*this, known); }

  EvenRule rule() const {
    const bool smooth = antialias && !no_antialias && filter != "nearest";
    return {filter, cubic_a.value_or(smooth ? -0.5 : -0.75), smooth, corners, offset};   // PyTorch's, where the convention is another filter
  }
};

std::string weights_text(const Resample& config) {
  if (config.kind == "geometric-bias") return config.curve + " through geometrically spaced cells";
  const EvenRule rule = config.rule();
  std::string text = rule.filter == "cubic" ? fmt::format("cubic a={}", rule.cubic_a) : rule.filter;
  if (rule.filter != "nearest") text += rule.antialias ? ", antialias" : ", no antialias";
  if (!rule.antialias) text += rule.corners == "aligned" ? ", corners aligned" : ", half-pixel";
  return rule.offset != 0 && rule.corners != "aligned" ? text + fmt::format(", offset {}", rule.offset) : text;
}

/// "14x14 -> 24x24, 1 prefix row kept"
std::string cells_text(const Resample& config, Index kept) {
  const Grid old = config.old_grid();
  std::string text = old.text();
  if (config.from.sizes.empty()) {
    text += config.known.grid ? " (as the table's description says)"
                              : fmt::format(" (the {} cells taken for a square)", old.sizes[0] * old.sizes[1]);
  }
  text += old.sizes == config.grid.sizes ? " already, passed through unchanged" : fmt::format(" -> {}", config.grid.text());
  if (kept == 0) return text;
  return text + fmt::format(", {} {} row{} kept", kept, config.is_bias() ? "class token" : "prefix", kept == 1 ? "" : "s");
}

void check_table(const Tensor& table) {
  if (table.axes.size() < 2) throw Error(fmt::format("the table is {}: it needs rows and columns", shape_text(table)));
  if (is_integer(table.dtype) || table.dtype == Dtype::boolean || components(table.dtype) != 1) {
    throw Error(fmt::format("the table holds {}; weighted sums need {}", name(table.dtype), join(kStoredTypes, ", ")));
  }
  if (table.elements() == 0) throw Error(fmt::format("the table is {}: it holds no values", shape_text(table)));
}

void check_grids(const Resample& config) {
  if (config.grid.sizes.empty()) throw Error("to which grid? --grid HxW");
  require_plane("grid", config.grid);
  if (config.is_bias()) {
    window_within_limits("grid", config.grid);
    return check_bias(config, config.known);
  }
  check_absolute(config, config.known);
}

/// How the cells of one axis become others.
AxisWeights axis_weights(const Resample& config, Index old_side, Index new_side) {
  if (config.kind == "absolute") return even_weights(old_side, new_side, config.rule());
  if (config.kind == "bias") return even_weights(2 * old_side - 1, 2 * new_side - 1, config.rule());
  if (config.curve == "spline" && old_side < 3) {
    throw Error(fmt::format("--curve spline needs at least 3 cells on a side of the old window, --from says {}; --curve lines does not", old_side));
  }
  return geometric_weights(old_side, new_side, config.curve);
}

Tensor on_new_grid(const Tensor& table, const Resample& config) {
  const std::vector<Index> old = config.old_grid().sizes, target = config.grid.sizes;
  if (old == target) return table;
  const std::size_t slow = !config.is_bias() && config.flatten == "wh" ? 1 : 0, fast = 1 - slow;
  return resampled_tensor(table, config.is_bias() ? 0 : config.prefix_tokens.value_or(0), axis_weights(config, old[slow], target[slow]),
                          axis_weights(config, old[fast], target[fast]));
}

/// Rows of the table that are no cells.
Index kept_rows(const Resample& config) {
  if (!config.is_bias()) return config.prefix_tokens.value_or(0);
  return config.known.count - window_of("from", config.old_grid()).offsets();
}

void name_axes(Tensor& tensor, const Resample& config, Index kept) {
  const std::vector<Index>& sizes = config.grid.sizes;
  if (tensor.axes.size() == 3 && tensor.axes.front().size == 1) tensor.axes.front().name = "batch";
  tensor.name = config.is_bias() ? "relative_position_bias_table" : "pos_embed";
  tensor.axes[tensor.axes.size() - 2].name = config.is_bias() ? "offset" : "token";
  tensor.axes.back().name = config.is_bias() ? "head" : "channel";
  if (!config.is_bias()) {
    tensor.grid = TokenGrid{sizes, config.flatten, kept};
  } else if (kept == 0) {
    tensor.grid = TokenGrid{{2 * sizes[0] - 1, 2 * sizes[1] - 1}, "hw", 0};
  }
}

Tables tables(const Tensor& table, const Resample& config) {
  check_table(table);
  check_grids(config);
  if (config.corners == "aligned" && config.rule().antialias) {
    throw Error("--corners aligned does not go with --antialias; add --no-antialias or --corners half-pixel");
  }
  const Index kept = kept_rows(config);
  Tables made{{on_new_grid(table, config)}, config.grid.text()};
  name_axes(made.tensors.front(), config, kept);
  made.facts = {{"cells", cells_text(config, kept)}};
  if (config.old_grid().sizes != config.grid.sizes) made.facts.push_back({"weights", weights_text(config)});
  return made;
}

/// The option with another final value than that of its field.
template <class Final>
Option with_final(Option option, Final final_value) {
  option.value = [final_value](const void* config) { return option_types::value(final_value(*static_cast<const Resample*>(config))); };
  return option;
}

std::vector<Option> row_options() {
  using C = Resample;
  const OptionRules grid{.low = 1, .high = kMaxCells, .headline = true};
  const OptionRules order{.choices = {"hw", "wh"}, .when = "kind", .when_is = {"absolute"}};
  return {option<C>("grid", &C::grid, "the new cells; of a bias table, the new window", grid),
          with_final(option<C>("from", &C::from,
                               "the old cells or window; without it those of the file's description, or a square where --prefix-tokens is "
                               "given and the rest is one",
                               grid),
                     [](const C& config) { return config.old_grid(); }),
          with_final(option<C>("prefix-tokens", &C::prefix_tokens, "rows before the first cell (class token, registers), which stay as they are",
                               {.low = 0, .high = 1e6, .headline = true, .when = "kind", .when_is = {"absolute"}}),
                     [](const C& config) { return config.prefix_tokens.value_or(0); }),
          option<C>("flatten", &C::flatten, "order of the cells, slowest first: hw is row by row", order),
          option<C>("kind", &C::kind,
                    "absolute: a row per cell; bias: a row per relative position in a window; geometric-bias: those, the old ones at growing "
                    "distances",
                    {.choices = {"absolute", "bias", "geometric-bias"}})};
}

std::vector<Option> weight_options() {
  using C = Resample;
  const std::vector<std::string> even{"absolute", "bias"}, smooth{"cubic", "linear"};
  const OptionRules filter{.choices = kFilters, .headline = true, .when = "kind", .when_is = even};
  return {option<C>("filter", &C::filter, "which old cells a new one is made of", filter),
          with_final(option<C>("cubic-a", &C::cubic_a, "a of the cubic kernel; where the convention has none, -0.5 with antialias and -0.75 without",
                               {.low = -2, .high = 1, .headline = true, .when = "filter", .when_is = {"cubic"}}),
                     [](const C& config) { return config.rule().cubic_a; }),
          with_final(option<C>("antialias", &C::antialias, "shrinking weighs wider stretches of old cells, and edges are dropped, not repeated",
                               {.when = "filter", .when_is = smooth}),
                     [](const C& config) { return config.rule().antialias; }),
          option<C>("no-antialias", &C::no_antialias, "undoes the antialias of a convention",
                    {.unless = {"antialias"}, .when = "filter", .when_is = smooth}),
          option<C>("corners", &C::corners, "what stays in place: the outer edges of the grid, or the centres of its corner cells",
                    {.choices = kCorners, .when = "kind", .when_is = even}),
          option<C>("offset", &C::offset, "added to the new size where old cells per new one are counted",
                    {.low = 0, .high = 1, .when = "corners", .when_is = {"half-pixel"}}),
          option<C>("curve", &C::curve, "what runs through the old cells; the spline has not-a-knot ends",
                    {.choices = kCurves, .when = "kind", .when_is = {"geometric-bias"}})};
}

std::vector<Convention> conventions() {
  const Setting torch_a{"cubic-a", "-0.75"};
  return {{"timm", "timm's resample_abs_pos_embed; also DINOv2 with registers", {{"cubic-a", "-0.5"}, {"antialias", ""}}},
          {"deit", "the fine-tuning code of DeiT", {torch_a}},
          {"mae", "MAE's interpolate_pos_embed", {torch_a}},
          {"torch", "PyTorch's interpolate, bicubic, and what Hugging Face's ViT does with it", {torch_a}},
          {"dinov2", "DINOv2's interpolate_pos_encoding with its offset of 0.1", {torch_a, {"offset", "0.1"}}},
          {"vit-jax", "the checkpoint loader of vision_transformer, scipy's zoom of order 1", {{"filter", "linear"}, {"corners", "aligned"}}},
          {"big-vision", "big_vision's resample_posemb, the same", {{"filter", "linear"}, {"corners", "aligned"}}},
          {"siglip2", "SigLIP 2 (NaFlex) in Hugging Face's resize_positional_embeddings", {{"filter", "linear"}, {"antialias", ""}}},
          {"swin", "a bias table, as Swin's load_pretrained", {{"kind", "bias"}, torch_a}},
          {"beit", "a bias table, as BEiT's fine-tuning code, scipy's interp2d cubic", {{"kind", "geometric-bias"}, {"curve", "spline"}}},
          {"beit-timm", "a bias table, as timm's resize_rel_pos_bias_table (BEiT, Swin)", {{"kind", "geometric-bias"}, {"curve", "lines"}}}};
}

}  // namespace

Scheme resampling(const Tensor& table) {
  std::vector<Option> options = row_options();
  append(options, weight_options());
  Scheme scheme{{"resample", "", "a table's cells on another grid",
                 {"each axis alone, o old and n new cells: new cell i = sum_j weight_ij * old cell j",
                  "half-pixel: k(j - c), c = (i + 0.5) o / (n + offset) - 0.5, edges repeated; aligned: c = i (o - 1) / (n - 1)",
                  "antialias: k((j + 0.5 - c) / S), s = o / (n + offset), S = max(s, 1), c = (i + 0.5) s, divided by their sum, edges dropped",
                  "linear: k(x) = max(0, 1 - |x|); nearest: the cell floor((i + 0.5) o / (n + offset)), aligned: floor(i (o - 1) / (n - 1) + 0.5)",
                  "cubic: k(x) = (a+2)|x|^3 - (a+3)|x|^2 + 1 for |x| <= 1, a|x|^3 - 5a|x|^2 + 8a|x| - 4a for 1 < |x| < 2",
                  "bias: the (2H-1) x (2W-1) offsets of a window; geometric-bias: old offset u lies at sign(u) (q^|u| - 1) / (q - 1)"},
                 {"Keys 1981, Cubic convolution interpolation for digital image processing, equation 4",
                  "Dosovitskiy et al. 2021, ViT, section 3.2, arXiv:2010.11929", "Bao et al. 2021, BEiT, arXiv:2106.08254",
                  "huggingface/pytorch-image-models, timm/layers/pos_embed.py and pos_embed_rel.py"}},
                std::move(options), conventions(), {}, {}, {}};
  KnownRows known;
  if (table.axes.size() > 1) known = {table.axes[table.axes.size() - 2].size, table.grid};
  scheme.make_config = [known] {
    auto config = std::make_shared<Resample>();
    config->known = known;
    if (known.grid) config->prefix_tokens = known.grid->prefix;
    if (known.grid) config->flatten = known.grid->order;
    return config;
  };
  scheme.tables = [table](std::shared_ptr<const void> config) { return tables(table, *static_cast<const Resample*>(config.get())); };
  return scheme;
}

}  // namespace pe
