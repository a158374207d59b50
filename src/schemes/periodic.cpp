// periodic: sines alone, of frequencies that fall by a half (binary: the wave that the bits of a position follow) or geometrically.

#include <fmt/format.h>

#include "core/axes.h"
#include "core/frequencies.h"
#include "core/scheme.h"
#include "core/sinusoid.h"

namespace pe {
namespace {

struct Periodic : TableConfig, PositionConfig {
  Index dim = 3;
  std::string spacing = "binary";
  double base = 10000;
};

Tables tables(const Periodic& config) {
  const bool is_binary = config.spacing == "binary";
  WaveTable table;
  table.axes = {{"position", is_binary ? power_ladder(0.5, config.dim) : frequency_ladder(config.base, config.dim, config.spacing),
                 positions(config)}};
  for (std::size_t i = 0; i < static_cast<std::size_t>(config.dim); ++i) table.columns.push_back({Wave::sin, 0, i});
  table.prefix = config.prefix_tokens;
  table.arithmetic = arithmetic(config);
  const std::string label = fmt::format("{}-{}", config.dim, table.axes[0].positions.count);
  return {{wave_tensor("pos_embed", "position", std::move(table), stored_dtype(config))}, label};
}

}  // namespace

Scheme periodic() {
  using C = Periodic;
  std::vector<Option> options = position_options<C>();
  append(options, {
      option<C>("dim", &C::dim, "columns", {.low = 1, .high = kMaxDim, .headline = true}),
      option<C>("spacing", &C::spacing, "frequencies 2^-i, or base^(-i/dim)", {.choices = {"binary", "geometric"}, .headline = true}),
      option<C>("base", &C::base, kBaseHelp, only_with(kBaseRules, "spacing", {"geometric"})),
  });
  return describe<C>({"periodic", "absolute", "sines alone, each slower than the one before",
                      {"binary: PE[p, i] = sin(p / 2^i), i = 0..dim-1, which comes back to its start after 2^dim pi positions",
                       "geometric: PE[p, i] = sin(p * base^(-i/dim))"}, {}},
                     std::move(options), {}, {"trajectory", "curves", "table"}, tables);
}

}  // namespace pe
