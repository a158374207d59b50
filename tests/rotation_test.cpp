// The kernel behind every sinusoidal table: the same values whatever the order, the block size and the number of threads.

#include "core/rotation.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

#include "core/frequencies.h"
#include "core/stream.h"
#include "mpfr.h"
#include "support.h"

namespace pe {
namespace {

std::string bytes_of(const Tensor& t, int threads) {
  std::string all;
  stream_bytes(t, t.dtype, threads, [&](std::span<const std::byte> bytes) { all.append(reinterpret_cast<const char*>(bytes.data()), bytes.size()); });
  return all;
}

Positions positions_from(double first, double step, Index count) {
  Positions positions;
  positions.first = first;
  positions.step = step;
  positions.count = count;
  return positions;
}

TEST(rotation, rows_come_out_the_same_in_any_order) {
  const SinCosRows axis(frequency_ladder(10000, 8, "geometric"), positions_from(-3.5, 0.7, 1000), Arithmetic::rotated, false);
  std::vector<std::vector<double>> in_order;
  SinCosRows::Cursor forward(axis);
  for (Index i = 0; i < 1000; ++i) {
    forward.load(i);
    in_order.emplace_back(forward.sin(), forward.sin() + 16);   // n sines, then n cosines
  }
  SinCosRows::Cursor jumping(axis);
  for (Index k = 0; k < 1000; ++k) {
    const Index i = k * 617 % 1000;   // 617 and 1000 have no common factor: every row once
    jumping.load(i);
    ASSERT_EQ(std::vector<double>(jumping.sin(), jumping.sin() + 16), in_order[static_cast<std::size_t>(i)]) << i;
  }
}

TEST(rotation, sines_alone_and_cosines_alone_are_those_of_both) {
  const auto frequencies = frequency_ladder(10000, 8, "geometric");
  const SinCosRows both(frequencies, positions_from(-700, 1, 1400), Arithmetic::rotated, false);
  const SinCosRows sines(frequencies, positions_from(-700, 1, 1400), Arithmetic::rotated, false, Wanted::sin);
  const SinCosRows cosines(frequencies, positions_from(-700, 1, 1400), Arithmetic::rotated, false, Wanted::cos);
  SinCosRows::Cursor a(both), s(sines), c(cosines);
  for (Index i = 0; i < 1400; ++i) {
    a.load(i);
    s.load(i);
    c.load(i);
    ASSERT_TRUE(std::equal(a.sin(), a.sin() + 8, s.sin())) << i;
    for (Index k = 0; k < 8; ++k) {
      const bool is_direct = std::fabs(a.sin()[k]) < 0x1p-20;   // with a sine so small, both have been computed directly
      ASSERT_TRUE(is_direct || a.cos()[k] == c.cos()[k]) << i;
      ASSERT_EQ(static_cast<float>(a.cos()[k]), static_cast<float>(c.cos()[k])) << i;
    }
  }
}

TEST(rotation, rows_that_are_kept_are_the_rows_that_are_not) {
  const auto frequencies = frequency_ladder(10000, 8, "geometric");
  const SinCosRows kept(frequencies, positions_from(5, 1, 300), Arithmetic::rotated, true);
  const SinCosRows made(frequencies, positions_from(5, 1, 300), Arithmetic::rotated, false);
  SinCosRows::Cursor a(kept), b(made);
  for (Index i = 0; i < 300; ++i) {
    a.load(i);
    b.load(i);
    ASSERT_EQ(std::vector<double>(a.sin(), a.sin() + 16), std::vector<double>(b.sin(), b.sin() + 16)) << i;
  }
}

TEST(rotation, rotated_values_are_within_4e_16_of_the_truth_and_within_an_ulp_below_2_20th) {
  std::mt19937_64 random(1);
  const SinCosRows axis(frequency_ladder(10000, 16, "geometric"), positions_from(0, 1, 1 << 20), Arithmetic::rotated, false);
  SinCosRows::Cursor cursor(axis);
  std::vector<Mpfr> frequencies;
  for (int i = 0; i < 16; ++i) frequencies.push_back(pow(Mpfr(10000), Mpfr(-i) / Mpfr(16)));
  double worst = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    const auto row = static_cast<Index>(random() % (1 << 20));
    cursor.load(row);
    for (std::size_t i = 0; i < 16; ++i) {
      const auto [sine, cosine] = sin_cos(frequencies[i] * Mpfr(static_cast<double>(row)));
      for (const auto& [value, truth] : {std::pair(cursor.sin()[i], sine), std::pair(cursor.cos()[i], cosine)}) {
        worst = std::max(worst, abs(truth - Mpfr(value)).to_double());
        const double allowed = std::fabs(value) < 0x1p-20 ? 1 : HUGE_VAL;
        EXPECT_LE(error_in_ulps(value, truth, Dtype::f64), allowed) << row << ", " << i;
      }
    }
  }
  EXPECT_LE(worst, 4e-16);
  RecordProperty("worst_distance", fmt::format("{:.3g}", worst));
}

TEST(rotation, an_axis_without_frequencies_or_with_one_position_works) {
  const SinCosRows none({}, positions_from(0, 1, 10), Arithmetic::rotated, true);
  SinCosRows::Cursor empty(none);
  empty.load(9);
  const SinCosRows one({Real(1)}, positions_from(2, 1, 1), Arithmetic::rotated, false);
  SinCosRows::Cursor cursor(one);
  cursor.load(0);
  EXPECT_DOUBLE_EQ(cursor.sin()[0], 0.90929742682568169540);   // sin 2
}

TEST(rotation, a_list_of_positions_replaces_the_even_ones) {
  Positions positions;
  positions.list = {2, -2, 0};
  const SinCosRows axis({Real(1)}, positions, Arithmetic::rotated, false);
  EXPECT_EQ(axis.count(), 3);
  SinCosRows::Cursor cursor(axis);
  cursor.load(1);
  EXPECT_DOUBLE_EQ(cursor.sin()[0], -0.90929742682568169540);
  cursor.load(2);
  EXPECT_EQ(cursor.cos()[0], 1);
}

TEST(rotation, the_rows_option_cuts_the_same_rows_out_of_the_whole_table) {
  const Settings whole{{"length", "1000"}, {"dim", "16"}};
  const Tensor all = opened("sincos1d", "pos_embed", whole);
  for (const auto& [first, last] : {std::pair<Index, Index>{0, 1}, {63, 65}, {64, 128}, {517, 1000}}) {
    const Tensor part = opened("sincos1d", "pos_embed", {{"length", "1000"}, {"dim", "16"}, {"rows", fmt::format("{}:{}", first, last)}});
    EXPECT_EQ(part.rows(), last - first);
    EXPECT_EQ(values(part), rows(all, first, last - first));
    EXPECT_EQ(row_by_row(part), rows(all, first, last - first));
  }
}

TEST(rotation, reversed_tables_hold_the_same_rows_from_the_last_to_the_first) {
  const Tensor forward = opened("sincos1d", "pos_embed", {{"length", "200"}, {"dim", "8"}});
  const Tensor backward = opened("sincos1d", "pos_embed", {{"length", "200"}, {"dim", "8"}, {"reverse", ""}});
  for (Index row = 0; row < 200; ++row) ASSERT_EQ(rows(forward, row, 1), rows(backward, 199 - row, 1)) << row;
}

TEST(rotation, all_thread_counts_give_the_same_bytes) {
  for (const char* dtype : {"f64", "f32", "bf16"}) {
    const Tensor line = opened("sincos1d", "pos_embed", {{"length", "30011"}, {"dim", "96"}, {"start", "0.3"}, {"dtype", dtype}});
    const Tensor grid = opened("sincos2d", "pos_embed", {{"grid", "101x103"}, {"dim", "256"}, {"dtype", dtype}, {"prefix-tokens", "3"}});
    for (const Tensor& t : {line, grid}) {
      const std::string one = bytes_of(t, 1);
      ASSERT_EQ(static_cast<Index>(one.size()), t.bytes());
      for (const int threads : {2, 3, 8}) EXPECT_TRUE(bytes_of(t, threads) == one) << threads << " threads, " << dtype;
    }
  }
}

TEST(rotation, threads_that_fill_the_same_tensor_at_once_get_the_same_rows) {
  const Tensor t = opened("sincos2d", "pos_embed", {{"grid", "40x50"}, {"dim", "64"}});
  std::vector<std::vector<double>> found(4);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : found) threads.emplace_back([&] { mine = values(t); });
  }
  const std::vector<double> expected = values(opened("sincos2d", "pos_embed", {{"grid", "40x50"}, {"dim", "64"}}));
  for (const auto& mine : found) EXPECT_TRUE(mine == expected);
}

}  // namespace
}  // namespace pe
