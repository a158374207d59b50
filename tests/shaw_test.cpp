#include <gtest/gtest.h>

#include "support.h"

namespace pe {
namespace {

constexpr const char* kIndex = "relative_position_index";

/// DeBERTa's buckets of the distances 0..last to keys before the query.
Values buckets(Index last, std::vector<Setting> settings) {
  settings.push_back({"length", std::to_string(last + 1)});
  settings.push_back({"key-length", "1"});
  return table("shaw", "bucket", settings, "deberta");
}

TEST(shaw, key_minus_query_is_clipped_and_counted_from_0) {
  EXPECT_EQ(table("shaw", kIndex, {{"length", "4"}, {"max-distance", "2"}}), (Values{2, 3, 4, 4,
                                                                                              1, 2, 3, 4,
                                                                                              0, 1, 2, 3,
                                                                                              0, 0, 1, 2}));
}

TEST(shaw, queries_are_the_last_of_the_keys) {
  EXPECT_EQ(table("shaw", kIndex, {{"length", "1"}, {"key-length", "4"}, {"max-distance", "2"}}), (Values{0, 0, 1, 2}));
  EXPECT_EQ(refusal("shaw", {{"length", "5"}, {"key-length", "4"}}),
            "shaw: --key-length 4 is less than the 5 queries, which are the last of the keys");
}

TEST(shaw, deberta_counts_query_minus_key_and_turns_the_sign_with_them) {
  const std::vector<Setting> settings{{"length", "40"}, {"buckets", "16"}, {"max-distance", "32"}};
  const Values bucket = table("shaw", "bucket", settings, "deberta");
  EXPECT_EQ(bucket[3 * 40], 3);
  for (std::size_t query = 0; query < 40; ++query) {
    for (std::size_t key = 0; key < 40; ++key) EXPECT_EQ(bucket[query * 40 + key], -bucket[key * 40 + query]);
  }
}

TEST(shaw, deberta_has_a_bucket_for_each_distance_up_to_half_of_them) {
  const Values bucket = buckets(600, {});
  EXPECT_EQ((Values{bucket[1], bucket[127], bucket[128], bucket[129]}), (Values{1, 127, 128, 129}));
}

TEST(shaw, deberta_clamps_distances_below_the_largest_so_that_none_is_beyond_the_last_bucket) {
  const Values bucket = buckets(2000, {});
  EXPECT_EQ((Values{bucket[511], bucket[512], bucket[2000]}), (Values{255, 255, 255}));
}

TEST(shaw, a_whole_quotient_is_not_rounded_up) {
  // m = 4, M-1 = 32: bucket 4 + k ends at 4 * 2^k, k = 0..3.
  const Values bucket = buckets(40, {{"buckets", "8"}, {"max-distance", "33"}});
  EXPECT_EQ((Values{bucket[4], bucket[5], bucket[8], bucket[9], bucket[16], bucket[17], bucket[32], bucket[40]}), (Values{4, 5, 5, 6, 6, 7, 7, 7}));
}

TEST(shaw, buckets_count_for_deberta_only) { EXPECT_EQ(refusal("shaw", {{"buckets", "4"}}), "shaw: --buckets counts only with --form log"); }

}  // namespace
}  // namespace pe
