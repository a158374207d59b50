#include "core/wave_rows.h"

#include <gtest/gtest.h>

#include "core/frequencies.h"
#include "support.h"

namespace pe {
namespace {

std::vector<WaveColumn> columns_of(std::string_view letters) {
  std::vector<WaveColumn> columns;
  std::size_t sines = 0, cosines = 0;
  for (const char letter : letters) {
    if (letter == 's') columns.push_back({Wave::sin, 0, sines++});
    if (letter == 'c') columns.push_back({Wave::cos, 0, cosines++});
    if (letter == '0') columns.push_back({Wave::zero, 0, 0});
    if (letter == 'p') columns.push_back({Wave::coordinate, 0, 0});
  }
  return columns;
}

WaveTable table_of(std::vector<WaveColumn> columns) {
  WaveTable table;
  WaveAxis axis{"position", frequency_ladder(100, 6, "geometric"), {}};
  axis.positions.count = 50;
  table.axes.push_back(std::move(axis));
  table.columns = std::move(columns);
  return table;
}

TEST(wave_rows, columns_in_blocks_and_in_turn_are_one_run_each) {
  const std::vector<ColumnRun> blocks = runs_of(columns_of("sssccc"));
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(blocks[1].first, 3);
  EXPECT_EQ(blocks[1].stride, 1);
  EXPECT_FALSE(blocks[1].between);

  const std::vector<ColumnRun> in_turn = runs_of(columns_of("scscsc"));
  ASSERT_EQ(in_turn.size(), 1u);
  EXPECT_EQ(in_turn[0].count, 3);
  EXPECT_EQ(in_turn[0].stride, 2);
  ASSERT_TRUE(in_turn[0].between);
  EXPECT_EQ(in_turn[0].between->wave, Wave::cos);

  const std::vector<ColumnRun> apart = runs_of(columns_of("s0s0s0"));
  ASSERT_EQ(apart.size(), 1u);
  EXPECT_EQ(apart[0].stride, 2);
  EXPECT_FALSE(apart[0].between);
}

TEST(wave_rows, repeated_columns_are_one_run_of_the_same_twice) {
  std::vector<WaveColumn> columns;
  for (std::size_t i = 0; i < 8; ++i) columns.push_back({Wave::cos, 0, i / 2});
  const std::vector<ColumnRun> runs = runs_of(columns);
  ASSERT_EQ(runs.size(), 1u);
  ASSERT_TRUE(runs[0].between);
  EXPECT_EQ(runs[0].between->frequency, 0u);
}

TEST(wave_rows, elements_are_the_numbers_rounded_once_in_every_layout) {
  std::vector<WaveTable> tables;
  for (const char* letters : {"sssccc", "scscsc", "s0s0s0", "sc0", "psc", "c", "ss00cc", "sscscs"}) {
    WaveTable plain = table_of(columns_of(letters)), scaled = plain, framed = plain;
    scaled.gain = 1.25;
    framed.prefix = 2;
    framed.prefix_wave = Wave::cos;
    framed.zero_row = 7;
    framed.reversed = true;
    tables.insert(tables.end(), {plain, scaled, framed});
  }
  for (const WaveTable& table : tables) {
    const WaveRows rows(table);
    std::vector<double> numbers(static_cast<std::size_t>(rows.rows()) * table.columns.size());
    rows.fill(0, numbers);
    for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16}) {
      std::vector<std::byte> expected(numbers.size() * size_of(dtype)), found(expected.size());
      encode(numbers, dtype, expected);
      rows.fill_elements(dtype, 0, found);
      ASSERT_TRUE(found == expected) << name(dtype) << " of " << table.columns.size() << " columns";
    }
  }
}

}  // namespace
}  // namespace pe
