// alibi: a bias that grows linearly with the distance between query and key, with one slope per head.
// Press, Smith and Lewis 2021, arXiv:2108.12409, section 3.

#include <fmt/format.h>

#include <bit>
#include <limits>

#include "core/axes.h"
#include "core/bias_table.h"
#include "core/scheme.h"

namespace pe {
namespace {

struct Alibi : CommonConfig {
  Index heads = 8;
  Index length = 512;
  double bias_max = 8;
  std::string form = "paper";
  bool causal = false;
};

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// 2^(-B k/P) for k = 1..P, P the largest power of two among the heads; the heads left over take k = 1, 3, 5, ... of the ladder for 2P.
std::vector<double> slopes(Index heads, double bias_max) {
  const auto power = static_cast<Index>(std::bit_floor(static_cast<std::uint64_t>(heads)));
  std::vector<double> list;
  for (Index head = 0; head < heads; ++head) {
    const bool first = head < power;
    const Index k = first ? head + 1 : 2 * (head - power) + 1;
    const Real exponent = Real(bias_max) * Real(static_cast<double>(k)) / Real(static_cast<double>(first ? power : 2 * power));
    list.push_back(double(pow(Real(2), Real(0) - exponent)));
  }
  return list;
}

/// -slope |query - key|; with `causal` -inf behind the query.
void fill_distances(double slope, Index query, bool causal, std::span<double> row) {
  const auto keys = static_cast<Index>(row.size());
  for (Index key = 0; key <= query; ++key) row[static_cast<std::size_t>(key)] = 0.0 - slope * static_cast<double>(query - key);
  for (Index key = query + 1; key < keys; ++key) {
    row[static_cast<std::size_t>(key)] = causal ? -kInfinity : 0.0 - slope * static_cast<double>(key - query);
  }
}

/// slope * (key + first): the same for every query, since softmax does not see a constant.
void fill_keys(double slope, Index first, std::span<double> row) {
  for (std::size_t key = 0; key < row.size(); ++key) row[key] = slope * static_cast<double>(static_cast<Index>(key) + first);
}

Tensor bias_tensor(const Alibi& config, const std::vector<double>& slope) {
  const bool is_square = config.form == "paper";
  const Index length = config.length, queries = is_square ? length : 1;
  const Index first = config.form == "mpt" ? 1 - length : 0;
  const double farthest = range_of(slope).high * static_cast<double>(length - 1);
  Tensor tensor;
  tensor.name = "bias";
  tensor.axes = {{"head", config.heads}, {"query", queries}, {"key", length}};
  tensor.dtype = stored_dtype(config);
  tensor.range = config.form == "bloom" ? Range{0, farthest} : Range{config.causal && length > 1 ? -kInfinity : 0.0 - farthest, 0};
  tensor.fill = [=, causal = config.causal](Index row, std::span<double> out) {
    for (; !out.empty(); out = out.subspan(static_cast<std::size_t>(length)), ++row) {
      const std::span<double> keys = out.first(static_cast<std::size_t>(length));
      const double of_head = slope[static_cast<std::size_t>(row / queries)];
      is_square ? fill_distances(of_head, row % queries, causal, keys) : fill_keys(of_head, first, keys);
    }
  };
  return tensor;
}

Tables tables(const Alibi& config) {
  const std::vector<double> slope = slopes(config.heads, config.bias_max);
  Tensor slope_tensor = held_tensor("slopes", {{"head", config.heads}}, stored_dtype(config), slope);
  slope_tensor.range = range_of(slope);
  return {{std::move(slope_tensor), bias_tensor(config, slope)}, fmt::format("{}-{}", config.heads, config.length)};
}

}  // namespace

Scheme alibi() {
  using C = Alibi;
  return describe<C>(
      {"alibi", "relative", "a bias that grows with the distance of query and key, one slope per head",
       {"P the largest power of two <= heads, B = bias-max: slopes 2^(-B k/P), k = 1..P, then 2^(-B k/(2P)), k = 1, 3, 5, ... up to heads in all",
        "paper: bias[head, query, key] = -slope |query - key|; causal: -inf where key > query",
        "bloom: bias[head, 0, key] = slope key", "mpt:   bias[head, 0, key] = slope (key - (N-1))"},
       {"Press, Smith and Lewis 2021, Train Short, Test Long, arXiv:2108.12409"},
       {"compute"}},
      {option<C>("heads", &C::heads, "attention heads", {.low = 1, .high = kMaxHeads, .headline = true}),
       option<C>("length", &C::length, "queries and keys", {.low = 1, .high = kMaxLength, .headline = true}),
       option<C>("bias-max", &C::bias_max, "B: the last slope of a power of two of heads is 2^-B", {.low = 0, .high = 1000}),
       option<C>("form", &C::form, "every query by itself (paper), or one row that softmax cannot tell from it (bloom, mpt)",
                 {.choices = {"paper", "bloom", "mpt"}}),
       option<C>("causal", &C::causal, "-inf for keys behind the query", {.when = "form", .when_is = {"paper"}})},
      {{"paper", "the distance of every query and key (ofirpress/attention_with_linear_biases)", {}},
       {"bloom", "one row of rising biases from 0 (BLOOM build_alibi_tensor)", {{"form", "bloom"}}},
       {"mpt", "one row of biases rising to 0 at the last key (MPT build_alibi_bias)", {{"form", "mpt"}}}},
      {"bias"}, tables);
}

}  // namespace pe
