#include <gtest/gtest.h>

#include <cmath>

#include "support.h"

namespace pe {
namespace {

TEST(rope_mixed, without_directions_is_the_axial_rotation) {
  const std::vector<Setting> settings{{"head-dim", "16"}, {"heads", "2"}, {"depth", "1"}, {"grid", "3x4"}, {"no-rotate", ""}};
  const Values mixed = table("rope-mixed", "cis", settings), axial = table("rope2d", "cis", {{"head-dim", "16"}, {"grid", "3x4"}, {"base", "10"}});
  expect_near(Values(mixed.begin(), mixed.begin() + static_cast<std::ptrdiff_t>(axial.size())), axial, 1e-15);
  expect_near(Values(mixed.begin() + static_cast<std::ptrdiff_t>(axial.size()), mixed.end()), axial, 1e-15);
}

TEST(rope_mixed, reads_the_frequencies_that_it_writes) {
  const std::vector<Setting> shape{{"head-dim", "8"}, {"heads", "3"}, {"depth", "2"}, {"grid", "3x4"}, {"dtype", "f64"}};
  const Values freqs = table("rope-mixed", "freqs", shape);
  std::vector<Setting> read = shape;
  read.push_back(given("freqs", {2, 2, 12}, freqs));
  expect_near(table("rope-mixed", "cis", read), table("rope-mixed", "cis", shape), 1e-14);
}

TEST(rope_mixed, angles_turn_with_column_times_x_plus_row_times_y) {
  const std::vector<Setting> settings{{"head-dim", "4"}, {"heads", "1"}, {"depth", "1"}, {"grid", "3x4"}, {"layout", "compact"},
                                      given("freqs", {2, 1, 1, 2}, {0.5, -2, 0.25, 3})};
  const Values sines = table("rope-mixed", "sin", settings);
  EXPECT_NEAR(sines[2 * (2 * 4 + 3)], std::sin(3 * 0.5 + 2 * 0.25), 1e-15);       // row 2, column 3
  EXPECT_NEAR(sines[2 * (2 * 4 + 3) + 1], std::sin(3 * -2.0 + 2 * 3.0), 1e-15);   // angle 0
  EXPECT_NEAR(sines[2 * (1 * 4 + 2) + 1], std::sin(2 * -2.0 + 1 * 3.0), 1e-15);
}

TEST(rope_mixed, rows_are_cells_of_every_layer_and_head) {
  const std::vector<Setting> settings{{"head-dim", "8"}, {"heads", "3"}, {"depth", "2"}, {"grid", "3x4"}};
  std::vector<Setting> cut = settings;
  cut.push_back({"rows", "5:7"});
  const Values all = table("rope-mixed", "cis", settings), some = table("rope-mixed", "cis", cut);
  ASSERT_EQ(some.size(), all.size() / 6);
  for (std::size_t block = 0; block < 6; ++block) {
    for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(some[block * 16 + i], all[block * 12 * 8 + 5 * 8 + i]);
  }
  EXPECT_EQ(opened("rope-mixed", "freqs", cut).shape(), (std::vector<Index>{2, 2, 3, 4}));
}

TEST(rope_mixed, refuses_frequencies_of_another_shape) {
  EXPECT_EQ(refusal("rope-mixed", {{"head-dim", "8"}, {"heads", "1"}, {"depth", "1"}, given("freqs", {2, 3}, {1, 2, 3, 4, 5, 6})}),
            "rope-mixed: --freqs test.npy: expected [2, 1, 1, 4] or [2, 1, 4] for --depth 1 --heads 1 --head-dim 8; found [2, 3]");
}

}  // namespace
}  // namespace pe
