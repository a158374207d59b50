#include <gtest/gtest.h>

#include <cmath>

#include "support.h"

namespace pe {
namespace {

/// The largest |T PE(p) - PE(p + delta)| over all rows of both tables.
double worst_shift(const std::string& like, const std::string& delta, const std::string& start) {
  const std::vector<Setting> of_table{{"dim", "32"}, {"length", "50"}, {"dtype", "f64"}};
  std::vector<Setting> from = of_table, to = of_table;
  from.push_back({"start", start});
  to.push_back({"start", std::to_string(std::stod(start) + std::stod(delta))});
  const std::vector<double> matrix = table("shift-matrix", "matrix", {{"dim", "32"}, {"delta", delta}, {"dtype", "f64"}}, like);
  const std::vector<double> rows = table("sincos1d", "pos_embed", from, like), moved = table("sincos1d", "pos_embed", to, like);
  double worst = 0;
  for (std::size_t p = 0; p < 50; ++p) {
    for (std::size_t i = 0; i < 32; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < 32; ++j) sum += matrix[32 * i + j] * rows[32 * p + j];
      worst = std::max(worst, std::fabs(sum - moved[32 * p + i]));
    }
  }
  return worst;
}

TEST(shift_matrix, moves_every_row_of_the_transformers_table) {
  EXPECT_LT(worst_shift("transformer", "7", "0"), 1e-15);
  EXPECT_LT(worst_shift("transformer", "-2.5", "1000"), 1e-15);
}

TEST(shift_matrix, moves_every_row_of_the_mae_table) { EXPECT_LT(worst_shift("mae", "100", "-20"), 1e-15); }

TEST(shift_matrix, of_no_shift_is_the_identity) {
  EXPECT_EQ(table("shift-matrix", "matrix", {{"dim", "4"}, {"delta", "0"}}),
            (std::vector<double>{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}));
}

}  // namespace
}  // namespace pe
