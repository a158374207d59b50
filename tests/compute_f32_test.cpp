// --compute f32 is the path that frameworks take: w32 = f32(w), angle = f32(position * w32), then sine and cosine of that f32 angle,
// rounded to f32. Bit for bit, against MPFR.

#include <gtest/gtest.h>

#include <random>

#include "core/rotation.h"
#include "mpfr.h"
#include "support.h"

namespace pe {
namespace {

/// Sine and cosine by the definition above; `frequency` in multiple precision.
std::pair<float, float> framework(double position, const Mpfr& frequency) {
  const float w = frequency.to_float();
  const float angle = (Mpfr(position) * Mpfr(w)).to_float();
  const auto [sine, cosine] = sin_cos(Mpfr(angle));
  return {sine.to_float(), cosine.to_float()};
}

Mpfr ladder(double base, Index i, Index steps) { return pow(Mpfr(base), Mpfr(-static_cast<double>(i)) / Mpfr(static_cast<double>(steps))); }

TEST(compute_f32, sine_and_cosine_of_the_rounded_angle_are_correctly_rounded) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 40000; ++i) {
    const auto position = static_cast<double>(random() % (1 << 20)) / (i % 4 == 0 ? 8 : 1) * (i % 3 == 0 ? -1 : 1);
    const double frequency = std::pow(10, std::uniform_real_distribution(-6.0, 0.0)(random));
    const SinCos got = sincos_f32(position, static_cast<float>(frequency));
    const auto [sine, cosine] = framework(position, Mpfr(frequency));
    ASSERT_EQ(got.sin, static_cast<double>(sine)) << position << " * " << frequency;
    ASSERT_EQ(got.cos, static_cast<double>(cosine)) << position << " * " << frequency;
  }
}

TEST(compute_f32, a_whole_sincos1d_table_is_the_float_path_bit_for_bit) {
  const Tensor t = opened("sincos1d", "pos_embed", {{"length", "400"}, {"dim", "32"}, {"compute", "f32"}, {"start", "130900"}});
  const std::vector<double> all = values(t);
  for (std::size_t row = 0; row < 400; ++row) {
    for (Index i = 0; i < 16; ++i) {
      const auto [sine, cosine] = framework(130900 + static_cast<double>(row), ladder(10000, i, 16));
      ASSERT_EQ(all[row * 32 + static_cast<std::size_t>(2 * i)], static_cast<double>(sine)) << row << ", " << i;
      ASSERT_EQ(all[row * 32 + static_cast<std::size_t>(2 * i) + 1], static_cast<double>(cosine)) << row << ", " << i;
    }
  }
}

TEST(compute_f32, endpoint_frequencies_and_dyadic_steps_follow_the_same_path) {
  const Settings settings{{"length", "100"}, {"dim", "16"}, {"compute", "f32"}, {"spacing", "endpoint"},
                          {"start", "-7.25"}, {"step", "0.375"}, {"base", "500000"}};
  const std::vector<double> all = values(opened("sincos1d", "pos_embed", settings));
  for (std::size_t row = 0; row < 100; ++row) {
    for (Index i = 0; i < 8; ++i) {
      const auto [sine, cosine] = framework(-7.25 + 0.375 * static_cast<double>(row), ladder(500000, i, 7));
      ASSERT_EQ(all[row * 16 + static_cast<std::size_t>(2 * i)], static_cast<double>(sine)) << row << ", " << i;
      ASSERT_EQ(all[row * 16 + static_cast<std::size_t>(2 * i) + 1], static_cast<double>(cosine)) << row << ", " << i;
    }
  }
}

TEST(compute_f32, a_grid_scales_the_position_not_the_frequency) {
  const Settings settings{{"grid", "6x5"}, {"dim", "16"}, {"compute", "f32"}, {"scale", "0.75"}, {"start", "2"}};
  const std::vector<double> all = values(opened("sincos2d", "pos_embed", settings));   // per cell: 4 sines and 4 cosines of w, then of h
  for (std::size_t row = 0; row < 30; ++row) {
    for (Index i = 0; i < 4; ++i) {
      const double w = (static_cast<double>(row % 5) + 2) * 0.75, h = (static_cast<double>(row / 5) + 2) * 0.75;
      const auto at = row * 16 + static_cast<std::size_t>(i);
      EXPECT_EQ(all[at], static_cast<double>(framework(w, ladder(10000, i, 4)).first));
      EXPECT_EQ(all[at + 4], static_cast<double>(framework(w, ladder(10000, i, 4)).second));
      EXPECT_EQ(all[at + 8], static_cast<double>(framework(h, ladder(10000, i, 4)).first));
      EXPECT_EQ(all[at + 12], static_cast<double>(framework(h, ladder(10000, i, 4)).second));
    }
  }
}

TEST(compute_f32, is_the_same_as_exact_where_the_angle_is_and_differs_by_thousandths_far_out) {
  const Settings near{{"length", "2"}, {"dim", "2"}}, far{{"length", "1"}, {"dim", "64"}, {"start", "131071"}};
  const auto with_f32 = [](Settings settings) {
    settings.push_back({"compute", "f32"});
    return settings;
  };
  EXPECT_EQ(stored(values(opened("sincos1d", "pos_embed", near)), Dtype::f32), values(opened("sincos1d", "pos_embed", with_f32(near))));
  const std::vector<double> exact = values(opened("sincos1d", "pos_embed", far));
  const std::vector<double> framework_row = values(opened("sincos1d", "pos_embed", with_f32(far)));
  double worst = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) worst = std::max(worst, std::fabs(exact[i] - framework_row[i]));
  EXPECT_GT(worst, 5e-4);   // an angle near 1e5 in f32 is a multiple of 1/128: off by up to 4e-3
  EXPECT_LT(worst, 8e-3);   // and the frequency's own rounding, 131071 * 3e-8, adds as much
}

TEST(compute_f32, rounds_before_storing_in_other_types_too) {
  const Settings f64{{"length", "50"}, {"dim", "8"}, {"compute", "f32"}, {"dtype", "f64"}};
  const std::vector<double> all = values(opened("sincos1d", "pos_embed", f64));
  EXPECT_EQ(all, stored(all, Dtype::f32));
}

}  // namespace
}  // namespace pe
