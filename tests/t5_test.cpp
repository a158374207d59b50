#include <gtest/gtest.h>

#include "support.h"

namespace pe {
namespace {

/// Buckets of the distances 0..last behind the query.
Values behind(Index last, std::vector<Setting> settings) {
  settings.push_back({"length", "1"});
  settings.push_back({"key-length", std::to_string(last + 1)});
  return table("t5", "bucket", settings);
}

/// Buckets of the distances 0..last before the query.
Values before(Index last, std::vector<Setting> settings) {
  settings.push_back({"length", std::to_string(last + 1)});
  settings.push_back({"key-length", "1"});
  return table("t5", "bucket", settings);
}

Values borders(const std::vector<Setting>& settings) { return std::get<Values>(find_scheme("t5").open("", settings).tables.facts.front().value); }

TEST(t5, distances_below_8_have_a_bucket_each_and_keys_behind_the_query_16_more) {
  EXPECT_EQ(before(7, {}), (Values{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(behind(7, {}), (Values{0, 17, 18, 19, 20, 21, 22, 23}));
}

TEST(t5, a_whole_quotient_counts_whole) {
  const Values buckets = before(64, {});
  EXPECT_EQ((Values{buckets[15], buckets[16], buckets[31], buckets[32], buckets[63], buckets[64]}), (Values{9, 10, 11, 12, 13, 14}));
}

TEST(t5, from_the_largest_distance_on_the_last_bucket_holds_all) {
  const Values buckets = before(600, {});
  EXPECT_EQ((Values{buckets[90], buckets[91], buckets[128], buckets[600]}), (Values{14, 15, 15, 15}));
}

TEST(t5, borders_are_the_smallest_distances_of_the_buckets) {
  EXPECT_EQ(borders({}), (Values{0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91}));
}

TEST(t5, a_border_that_is_whole_stays_whole_where_no_quotient_of_doubles_is) {
  // m = 5, 6 steps to 5 * 3^6: bucket 5 + k starts at 5 * 3^k, although ln(3^k) / ln(3^6) * 6 is often below k in doubles.
  const Values expected{0, 1, 2, 3, 4, 5, 15, 45, 135, 405, 1215};
  EXPECT_EQ(borders({{"buckets", "11"}, {"causal", ""}, {"max-distance", "3645"}}), expected);
}

TEST(t5, causal_puts_every_later_key_in_bucket_0_and_gives_all_buckets_to_earlier_ones) {
  EXPECT_EQ(behind(5, {{"causal", ""}}), (Values{0, 0, 0, 0, 0, 0}));
  const Values buckets = before(200, {{"causal", ""}});
  EXPECT_EQ((Values{buckets[15], buckets[16], buckets[200]}), (Values{15, 16, 31}));
}

TEST(t5, bias_is_the_bucket_s_row_of_the_table_for_every_head) {
  const std::vector<Setting> settings{{"length", "1"}, {"key-length", "3"}, {"buckets", "4"},
                                      given("table", {4, 2}, {10, 20, 11, 21, 12, 22, 13, 23})};
  EXPECT_EQ(table("t5", "bucket", settings), (Values{0, 3, 3}));
  EXPECT_EQ(table("t5", "bias", settings), (Values{10, 13, 13, 20, 23, 23}));
}

TEST(t5, too_few_buckets_and_too_short_distances_are_refused) {
  EXPECT_EQ(refusal("t5", {{"buckets", "3"}}), "t5: --buckets 3 are too few; needs 2 with --causal, else 4");
  EXPECT_EQ(refusal("t5", {{"max-distance", "8"}}),
            "t5: --max-distance 8 leaves no distance for the buckets behind the first 8, which hold one distance each; use more than 8");
}

TEST(t5, a_type_for_integers_is_refused) { EXPECT_EQ(refusal("t5", {{"dtype", "f16"}}), "t5: --dtype counts only with --table"); }

}  // namespace
}  // namespace pe
