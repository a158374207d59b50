// t5: the bias of a query and a key comes from a learned table with one row per bucket of distances: one each for short ones,
// buckets growing geometrically up to a largest distance. Raffel et al. 2019, arXiv:1910.10683, section 2.1.

#include <fmt/format.h>

#include "core/axes.h"
#include "core/bias_table.h"
#include "core/distance_buckets.h"
#include "core/error.h"
#include "core/scheme.h"

namespace pe {
namespace {

struct T5 : CommonConfig {
  Index length = 512;
  OptionalIndex key_length;
  Index buckets = 32;
  Index max_distance = 128;
  bool causal = false;
  ArrayPtr table;
  OptionalIndex heads;
};

/// Buckets of one direction: half of all, or all when keys behind the query do not count.
Index one_way_buckets(const T5& config) { return config.causal ? config.buckets : config.buckets / 2; }

/// Of each bucket of n the smallest distance a: a itself below m = n/2, then m + floor(ln(a/m) / ln(max_distance/m) * (n-m)), at most n-1.
std::vector<Index> bucket_borders(const T5& config) {
  const Index n = one_way_buckets(config), m = n / 2;
  if (m < 1) throw Error(fmt::format("t5: --buckets {} are too few; needs 2 with --causal, else 4", config.buckets));
  if (config.max_distance <= m) {
    throw Error(fmt::format("t5: --max-distance {0} leaves no distance for the buckets behind the first {1}, which hold one distance each; "
                            "use more than {1}", config.max_distance, m));
  }
  std::vector<Index> first;
  for (Index bucket = 0; bucket < m; ++bucket) first.push_back(bucket);
  for (Index bucket = m; bucket < n; ++bucket) first.push_back(border_above(m, config.max_distance, bucket - m, n - m));
  return first;
}

/// The bucket's own number: from n on for keys behind the query; those share bucket 0 when causal.
BucketValues bucket_numbers(const T5& config, const std::vector<Index>& first) {
  BucketValues numbers{first, {{}}, {{}}};
  const auto n = static_cast<double>(first.size());
  for (std::size_t bucket = 0; bucket < first.size(); ++bucket) {
    numbers.up_to_query[0].push_back(static_cast<double>(bucket));
    numbers.behind[0].push_back(config.causal ? 0.0 : n + static_cast<double>(bucket));
  }
  return numbers;
}

/// The numbers' rows in the table, for every head.
BucketValues bucket_biases(const BucketValues& numbers, const BiasTable& table) {
  BucketValues biases{numbers.first, {}, {}};
  for (Index head = 0; head < table.heads; ++head) {
    const std::vector<double> of_head = head_values(table, head);
    const auto gathered = [&](const std::vector<double>& rows) {
      std::vector<double> values;
      for (const double row : rows) values.push_back(of_head[static_cast<std::size_t>(row)]);
      return values;
    };
    biases.up_to_query.push_back(gathered(numbers.up_to_query[0]));
    biases.behind.push_back(gathered(numbers.behind[0]));
  }
  return biases;
}

Tables tables(const T5& config) {
  const Index keys = config.key_length.value_or(config.length);
  const std::vector<Index> first = bucket_borders(config);
  const BucketValues numbers = bucket_numbers(config, first);
  Tensor bucket = bucket_tensor("bucket", numbers, config.length, keys);
  bucket.axes.erase(bucket.axes.begin());   // the one head
  bucket.dtype = Dtype::i64;
  bucket.range = Range{0, static_cast<double>(config.buckets - 1)};
  Tables made{{std::move(bucket)}, fmt::format("{}-{}x{}", config.buckets, config.length, keys)};
  made.facts = {{"smallest distance of each bucket", std::vector<double>(first.begin(), first.end())}};
  if (!config.table) return made;

  const BiasTable table = bias_table("t5: --table", *config.table, config.buckets, config.heads);
  Tensor bias = bucket_tensor("bias", bucket_biases(numbers, table), config.length, keys);
  bias.dtype = stored_dtype(config);
  bias.range = range_of(table.values);
  made.tensors.push_back(std::move(bias));
  made.label = fmt::format("{}-{}", table.heads, made.label);
  return made;
}

}  // namespace

Scheme t5() {
  using C = T5;
  return describe<C>(
      {"t5", "relative", "a learned bias per bucket of distances, narrow near and wide far away",
       {"d = key - query; both ways: n = floor(buckets/2), a = |d|, keys behind the query (d > 0) add n; causal: n = buckets, a = max(-d, 0)",
        "m = floor(n/2); bucket = a where a < m, else min(n-1, m + floor(ln(a/m) / ln(max_distance/m) * (n-m))), a whole quotient counting whole",
        "bias[head, query, key] = table[bucket[query, key], head]"},
       {"Raffel et al. 2019, Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer, arXiv:1910.10683"},
       {"compute"}},
      {option<C>("length", &C::length, "queries", {.low = 1, .high = kMaxLength, .headline = true}),
       option<C>("key-length", &C::key_length, "keys; without it as many as queries", {.low = 1, .high = kMaxLength, .headline = true}),
       option<C>("buckets", &C::buckets, "buckets in all", {.low = 1, .high = kMaxBuckets, .headline = true}),
       option<C>("max-distance", &C::max_distance, "the distance that the buckets reach up to", {.low = 1, .high = kMaxLength, .headline = true}),
       option<C>("causal", &C::causal, "keys behind the query do not count: all buckets are for those before it"),
       option<C>("table", &C::table, "a trained table [buckets, heads]: adds the bias"),
       option<C>("heads", &C::heads, "attention heads; without it those of --table", {.low = 1, .high = kMaxHeads, .when = "table"}),
       option<C>("dtype", &CommonConfig::dtype, "how the bias is stored", {.choices = kStoredTypes, .when = "table"})},
      {{"t5", "as the T5 models: the encoder so, the decoder with --causal (Hugging Face T5Attention)", {}}},
      {"index", "bias"}, tables);
}

}  // namespace pe
