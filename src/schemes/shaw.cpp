// shaw: the relative position of a query and a key, clipped at a largest distance: the row of a learned table of vectors.
// Shaw, Uszkoreit and Vaswani 2018, arXiv:1803.02155, section 3.2. DeBERTa counts in buckets that grow geometrically instead:
// He et al. 2020, arXiv:2006.03654; the buckets are those of its second version's code.

#include <fmt/format.h>

#include <algorithm>

#include "core/axes.h"
#include "core/distance_buckets.h"
#include "core/error.h"
#include "core/scheme.h"

namespace pe {
namespace {

struct Shaw : CommonConfig {
  Index length = 512;
  OptionalIndex key_length;
  std::string form = "clip";
  Index max_distance = 16;
  Index buckets = 256;
};

/// clip(key - query, -k, k) + k, where the queries are the last of the keys.
Tensor clipped_index(Index queries, Index keys, Index k) {
  if (keys < queries) throw Error(fmt::format("shaw: --key-length {} is less than the {} queries, which are the last of the keys", keys, queries));
  Tensor tensor;
  tensor.name = "relative_position_index";
  tensor.axes = {{"query", queries, Places{static_cast<double>(keys - queries)}}, {"key", keys}};
  tensor.range = Range{0, static_cast<double>(2 * k)};
  tensor.fill = [=](Index row, std::span<double> out) {
    for (; !out.empty(); out = out.subspan(static_cast<std::size_t>(keys)), ++row) {
      const Index query = row + keys - queries;
      for (Index key = 0; key < keys; ++key) out[static_cast<std::size_t>(key)] = static_cast<double>(std::clamp(key - query, -k, k) + k);
    }
  };
  return tensor;
}

/// With d = query - key clamped to -(M-1)..M-1 and m = B/2: d where |d| <= m, else sign(d) (m + ceil(ln(|d|/m) / ln((M-1)/m) * (m-1))).
Tensor signed_buckets(Index queries, Index keys, Index buckets, Index max_distance) {
  const Index m = buckets / 2, largest = max_distance - 1;
  BucketValues values{{}, {{}}, {{}}};
  for (Index distance = 0; distance <= std::min(m, largest); ++distance) values.first.push_back(distance);
  for (Index step = 1; step < m && largest > m; ++step) values.first.push_back(border_below(m, largest, step - 1, m - 1) + 1);
  for (std::size_t bucket = 0; bucket < values.first.size(); ++bucket) {
    values.up_to_query[0].push_back(static_cast<double>(bucket));
    values.behind[0].push_back(0.0 - static_cast<double>(bucket));
  }
  const auto farthest = static_cast<double>(values.first.size() - 1);
  Tensor tensor = bucket_tensor("bucket", std::move(values), queries, keys);
  tensor.axes.erase(tensor.axes.begin());   // the one head
  tensor.range = Range{0.0 - farthest, farthest};
  return tensor;
}

Tables tables(const Shaw& config) {
  const Index queries = config.length, keys = config.key_length.value_or(queries);
  Tensor tensor = config.form == "clip" ? clipped_index(queries, keys, config.max_distance)
                                        : signed_buckets(queries, keys, config.buckets, config.max_distance);
  tensor.dtype = Dtype::i64;
  return {{std::move(tensor)}, fmt::format("{}-{}x{}", config.max_distance, queries, keys)};
}

}  // namespace

Scheme shaw() {
  using C = Shaw;
  return describe<C>(
      {"shaw", "relative", "relative positions clipped at a largest distance, or in buckets that grow with it",
       {"clip: relative_position_index[query, key] = clip(key - query, -k, k) + k, k = max-distance; the queries are the last of the keys",
        "log:  bucket[query, key] of d = query - key, both from 0, clamped to -(M-1)..M-1, M = max-distance, m = floor(buckets/2):",
        "      d where |d| <= m, else sign(d) (m + ceil(ln(|d|/m) / ln((M-1)/m) * (m-1)))"},
       {"Shaw, Uszkoreit and Vaswani 2018, Self-Attention with Relative Position Representations, arXiv:1803.02155",
        "He et al. 2020, DeBERTa, arXiv:2006.03654"},
       {"dtype", "compute"}},
      {option<C>("length", &C::length, "queries", {.low = 1, .high = kMaxLength, .headline = true}),
       option<C>("key-length", &C::key_length, "keys; without it as many as queries", {.low = 1, .high = kMaxLength, .headline = true}),
       option<C>("form", &C::form, "clipped distances, or buckets that grow geometrically", {.choices = {"clip", "log"}}),
       option<C>("max-distance", &C::max_distance, "the distance that all farther ones count as (log: one less)",
                 {.low = 1, .high = kMaxLength, .headline = true}),
       option<C>("buckets", &C::buckets, "buckets of both directions together", {.low = 2, .high = kMaxBuckets, .when = "form", .when_is = {"log"}})},
      {{"shaw", "clipped (tensor2tensor _generate_relative_positions_matrix)", {}},
       {"deberta", "signed buckets, one per distance up to half of them (microsoft/DeBERTa build_relative_position; Hugging Face's copy does "
        "not clamp)",
        {{"form", "log"}, {"max-distance", "512"}, {"buckets", "256"}}}},
      {"index", "bias"}, tables);
}

}  // namespace pe
