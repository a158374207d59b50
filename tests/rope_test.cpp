#include <fmt/format.h>
#include <gtest/gtest.h>
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "support.h"

namespace pe {
namespace {

/// `more` behind `settings`.
Settings with(Settings settings, const Settings& more) {
  settings.insert(settings.end(), more.begin(), more.end());
  return settings;
}

/// A row of a half table applied to q as the description says.
Values rotated(const Values& q, const double* cos, const double* sin) {
  const std::size_t n = q.size() / 2;
  Values out(q.size());
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = q[i] * cos[i] - q[i + n] * sin[i];
    out[i + n] = q[i + n] * cos[i + n] + q[i] * sin[i + n];
  }
  return out;
}

double dot(const Values& a, const Values& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

TEST(rope, turns_a_quarter_with_frequency_1_in_pi_half_positions) {
  const Settings settings{{"head-dim", "2"}, {"dtype", "f64"}, given("positions", {2}, {0, 1})};
  EXPECT_EQ(table("rope", "cos", settings), (Values{1, 1, std::cos(1.0), std::cos(1.0)}));
  EXPECT_EQ(table("rope", "sin", settings), (Values{0, 0, std::sin(1.0), std::sin(1.0)}));
}

TEST(rope, frequencies_fall_from_1_by_the_same_ratio) {
  EXPECT_EQ(table("rope", "inv_freq", {{"head-dim", "8"}}), (Values{1, 0.1, 0.01, 0.001}));
}

TEST(rope, rotations_have_the_length_of_the_attention_factor) {
  const Settings yarn{{"scaling", "yarn"}, {"factor", "4"}, {"original-length", "64"}, {"head-dim", "16"}, {"length", "200"}};
  const Values cos = table("rope", "cos", yarn), sin = table("rope", "sin", yarn);
  const double factor = 0.1 * std::log(4.0) + 1;
  for (std::size_t i = 0; i < cos.size(); ++i) ASSERT_NEAR(std::hypot(cos[i], sin[i]), factor, 1e-15);
}

TEST(rope, the_dot_product_of_rotated_vectors_depends_on_the_distance_only) {
  constexpr std::size_t kDim = 32;
  const Settings settings{{"head-dim", "32"}, {"length", "400"}};
  const Values cos = table("rope", "cos", settings), sin = table("rope", "sin", settings);
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  Values q(kDim), k(kDim);
  for (double& x : q) x = normal(random);
  for (double& x : k) x = normal(random);
  const auto score = [&](std::size_t query, std::size_t key) {
    return dot(rotated(q, &cos[query * kDim], &sin[query * kDim]), rotated(k, &cos[key * kDim], &sin[key * kDim]));
  };
  for (const std::size_t shift : {1, 50, 299}) EXPECT_NEAR(score(100, 3), score(100 + shift, 3 + shift), 1e-13);
  EXPECT_GT(std::fabs(score(100, 3) - score(100, 4)), 1e-3);
}

TEST(rope, all_layouts_hold_the_same_numbers) {
  const Settings settings{{"head-dim", "6"}, {"length", "70"}};
  const auto of = [&](const char* tensor, const char* layout) { return table("rope", tensor, with(settings, {{"layout", layout}})); };
  const Values half = of("cos", "half"), interleaved = of("cos", "interleaved"), compact = of("cos", "compact"), sines = of("sin", "compact");
  const Values cis = of("cis", "complex");
  for (std::size_t row = 0; row < 70; ++row) {
    for (std::size_t i = 0; i < 3; ++i) {
      const double cosine = compact[row * 3 + i];
      EXPECT_EQ(half[row * 6 + i], cosine);
      EXPECT_EQ(half[row * 6 + 3 + i], cosine);
      EXPECT_EQ(interleaved[row * 6 + 2 * i], cosine);
      EXPECT_EQ(interleaved[row * 6 + 2 * i + 1], cosine);
      EXPECT_EQ(cis[row * 6 + 2 * i], cosine);
      EXPECT_EQ(cis[row * 6 + 2 * i + 1], sines[row * 3 + i]);
    }
  }
}

/// base^(-i/n) to 300 bits.
void exact_frequency(mpfr_t frequency, long base, long i, long n) {
  mpfr_t exponent;
  mpfr_init2(exponent, 300);
  mpfr_set_si(exponent, -i, MPFR_RNDN);
  mpfr_div_si(exponent, exponent, n, MPFR_RNDN);
  mpfr_set_si(frequency, base, MPFR_RNDN);
  mpfr_pow(frequency, frequency, exponent, MPFR_RNDN);
  mpfr_clear(exponent);
}

/// |stored - exact| in units of the last place of an f32 of that size.
double ulps(float stored, mpfr_t exact) {
  const float nearest = std::fabs(mpfr_get_flt(exact, MPFR_RNDN));
  mpfr_t difference;
  mpfr_init2(difference, 300);
  mpfr_set_flt(difference, stored, MPFR_RNDN);
  mpfr_sub(difference, difference, exact, MPFR_RNDN);
  const double error = std::fabs(mpfr_get_d(difference, MPFR_RNDN));
  mpfr_clear(difference);
  return error / static_cast<double>(std::nextafter(nearest, INFINITY) - nearest);
}

TEST(rope, positions_up_to_a_million_are_within_051_units_of_the_last_place) {
  constexpr long kFirst = 1048575 - 63, kDim = 128;
  const Settings settings{{"head-dim", "128"}, {"start", std::to_string(kFirst)}, {"length", "64"}, {"layout", "compact"}};
  const Values cos = table("rope", "cos", settings), sin = table("rope", "sin", settings);
  mpfr_t frequency, sine, cosine;
  mpfr_inits2(300, frequency, sine, cosine, nullptr);
  double worst = 0;
  for (long i = 0; i < kDim / 2; ++i) {
    exact_frequency(frequency, 10000, i, kDim / 2);
    for (long row = 0; row < 64; ++row) {
      mpfr_mul_si(sine, frequency, kFirst + row, MPFR_RNDN);
      mpfr_sin_cos(sine, cosine, sine, MPFR_RNDN);
      const auto at = static_cast<std::size_t>(row * kDim / 2 + i);
      worst = std::max({worst, ulps(static_cast<float>(sin[at]), sine), ulps(static_cast<float>(cos[at]), cosine)});
    }
  }
  mpfr_clears(frequency, sine, cosine, nullptr);
  EXPECT_LE(worst, 0.51);
}

TEST(rope, compute_f32_rounds_frequency_angle_and_value_as_frameworks_do) {
  constexpr long kFirst = 1048575 - 7, kDim = 64;
  const Settings settings{{"head-dim", "64"}, {"start", std::to_string(kFirst)}, {"length", "8"}, {"layout", "compact"}, {"compute", "f32"}};
  const Values cos = table("rope", "cos", settings), sin = table("rope", "sin", settings), inv_freq = table("rope", "inv_freq", settings);
  mpfr_t frequency, angle, sine, cosine;
  mpfr_inits2(300, frequency, angle, sine, cosine, nullptr);
  double farthest = 0;
  for (long i = 0; i < kDim / 2; ++i) {
    exact_frequency(frequency, 10000, i, kDim / 2);
    const float stored = mpfr_get_flt(frequency, MPFR_RNDN);
    EXPECT_EQ(inv_freq[static_cast<std::size_t>(i)], static_cast<double>(stored));
    for (long row = 0; row < 8; ++row) {
      const auto at = static_cast<std::size_t>(row * kDim / 2 + i);
      mpfr_set_flt(angle, static_cast<float>(kFirst + row) * stored, MPFR_RNDN);
      mpfr_sin_cos(sine, cosine, angle, MPFR_RNDN);
      EXPECT_EQ(sin[at], static_cast<double>(mpfr_get_flt(sine, MPFR_RNDN)));
      EXPECT_EQ(cos[at], static_cast<double>(mpfr_get_flt(cosine, MPFR_RNDN)));
      mpfr_mul_si(angle, frequency, kFirst + row, MPFR_RNDN);
      mpfr_sin(sine, angle, MPFR_RNDN);
      farthest = std::max(farthest, std::fabs(sin[at] - mpfr_get_d(sine, MPFR_RNDN)));
    }
  }
  mpfr_clears(frequency, angle, sine, cosine, nullptr);
  EXPECT_GT(farthest, 0.01);   // what f32 loses at a million positions
  EXPECT_LT(farthest, 0.05);
}

TEST(rope, linear_scaling_is_a_step_of_1_over_the_factor) {
  const Settings settings{{"head-dim", "16"}, {"length", "40"}};
  EXPECT_EQ(table("rope", "cos", with(settings, {{"scaling", "linear"}, {"factor", "4"}})), table("rope", "cos", with(settings, {{"step", "0.25"}})));
}

TEST(rope, ntk_keeps_the_first_frequency_and_divides_the_last_by_the_factor) {
  const Settings settings{{"head-dim", "16"}, {"length", "1"}};
  const Values plain = table("rope", "inv_freq", settings), scaled = table("rope", "inv_freq", with(settings, {{"scaling", "ntk"}, {"factor", "4"}}));
  EXPECT_EQ(scaled.front(), 1);
  EXPECT_NEAR(scaled.back(), plain.back() / 4, 1e-18);
}

TEST(rope, dynamic_changes_nothing_within_the_original_length) {
  const Settings dynamic{{"head-dim", "16"}, {"scaling", "dynamic"}, {"factor", "2"}, {"original-length", "64"}};
  const Values plain = table("rope", "inv_freq", {{"head-dim", "16"}, {"length", "1"}});
  EXPECT_EQ(table("rope", "inv_freq", with(dynamic, {{"length", "64"}})), plain);
  // At L = 2 O the base grows by (2*2 - 1)^(16/14), so the last frequency falls by 3.
  EXPECT_NEAR(table("rope", "inv_freq", with(dynamic, {{"length", "128"}})).back(), plain.back() / 3, 1e-18);
}

TEST(rope, rows_do_not_change_the_length_that_scalings_see) {
  const Settings dynamic{{"head-dim", "16"}, {"scaling", "dynamic"}, {"factor", "2"}, {"original-length", "64"}, {"length", "128"}};
  EXPECT_EQ(table("rope", "inv_freq", with(dynamic, {{"rows", "0:8"}})), table("rope", "inv_freq", dynamic));
}

TEST(rope, yarn_keeps_frequencies_before_its_range_and_divides_those_behind) {
  const Settings yarn{{"head-dim", "128"}, {"length", "1"}, {"scaling", "yarn"}, {"factor", "4"}, {"original-length", "2048"}};
  const Values plain = table("rope", "inv_freq", {{"head-dim", "128"}, {"length", "1"}}), scaled = table("rope", "inv_freq", yarn);
  EXPECT_EQ(scaled[16], plain[16]);   // 128 ln(2048/(2 pi 32)) / (2 ln 10000) = 16.1
  EXPECT_LT(scaled[17], plain[17]);
  EXPECT_GT(scaled[40], plain[40] / 4);
  EXPECT_EQ(scaled[41], plain[41] / 4);   // 128 ln(2048/(2 pi)) / (2 ln 10000) = 40.2
}

TEST(rope, llama3_keeps_short_wavelengths_and_divides_long_ones) {
  const Values plain = table("rope", "inv_freq", {{"base", "500000"}, {"length", "1"}});
  const Values scaled = table("rope", "inv_freq", {{"length", "1"}}, "llama3.1");
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const double wavelength = 2 * M_PI / plain[i];
    EXPECT_LE(scaled[i], wavelength > 8192 ? plain[i] / 8 : plain[i]);
    EXPECT_GE(scaled[i], wavelength < 2048 ? plain[i] : plain[i] / 8);
  }
}

TEST(rope, longrope_chooses_the_list_by_length_and_says_why) {
  const Settings longrope{{"head-dim", "4"}, {"scaling", "longrope"}, {"original-length", "256"}, {"factor", "32"},
                          given("short-factor", {2}, {1, 2}), given("long-factor", {2}, {1, 4})};
  EXPECT_EQ(table("rope", "inv_freq", with(longrope, {{"length", "256"}})), (Values{1, 0.005}));
  EXPECT_EQ(table("rope", "inv_freq", with(longrope, {{"length", "257"}})), (Values{1, 0.0025}));
  const Opened opened = find_scheme("rope").open("", with(longrope, {{"length", "257"}}));
  const auto is_list = [](const Fact& fact) { return fact.name == "factor list"; };
  const auto fact = std::find_if(opened.tables.facts.begin(), opened.tables.facts.end(), is_list);
  ASSERT_NE(fact, opened.tables.facts.end());
  EXPECT_EQ(std::get<std::string>(fact->value), "long-factor: length 257 is beyond the original length 256");
}

TEST(rope, xpos_scale_is_1_in_the_middle) {
  const Values scale = table("rope", "scale", {{"head-dim", "4"}, {"length", "10"}, {"xpos-base", "2"}});
  EXPECT_EQ(scale[5 * 2], 1);
  EXPECT_NEAR(scale[7 * 2], 0.4 / 1.4, 1e-16);   // 2 positions behind, so once the base
  EXPECT_NEAR(scale[3 * 2 + 1], 1.4 / 0.9, 1e-15);
}

TEST(rope, prefix_rows_turn_by_angle_0_and_take_the_attention_factor) {
  const Settings settings{{"head-dim", "4"}, {"length", "2"}, {"prefix-tokens", "1"}, {"scaling", "longrope"}, {"original-length", "4"},
                          {"attention-factor", "1.5"}, given("short-factor", {2}, {1, 1})};
  EXPECT_EQ(table("rope", "cos", settings)[0], 1.5);
  EXPECT_EQ(table("rope", "sin", settings)[0], 0);
  EXPECT_EQ(table("rope", "cos", settings)[4], 1.5);   // position 0
}

TEST(rope, says_which_columns_pair_up) {
  const auto sentence = [](const Settings& settings) {
    return std::get<std::string>(find_scheme("rope").open("", settings).tables.facts.front().value);
  };
  EXPECT_EQ(sentence({{"head-dim", "8"}, {"rotary-fraction", "0.5"}}),
            "columns i and i+2 of q and k pair up (i < 2): q'[i] = q[i] cos[i] - q[i+2] sin[i], q'[i+2] = q[i+2] cos[i+2] + q[i] sin[i+2]; "
            "columns 4 to 7 stay as they are");
  EXPECT_NE(sentence({{"layout", "interleaved"}}).find("columns 2i and 2i+1"), std::string::npos);
}

TEST(rope, refuses_what_it_cannot_rotate_or_scale) {
  EXPECT_EQ(refusal("rope", {{"head-dim", "7"}}), "rope: --head-dim 7 is odd; nearest: 6, 8");
  EXPECT_EQ(refusal("rope", {{"head-dim", "10"}, {"rotary-fraction", "0.3"}}),
            "rope: --rotary-fraction 0.3 of --head-dim 10 is 3 columns, not an even number from 2; nearest: 0.2 for 2, 0.4 for 4");
  EXPECT_EQ(refusal("rope", {{"low-freq-factor", "5"}}, "llama3.1"), "rope: --low-freq-factor 5 is not below --high-freq-factor 4");
  EXPECT_EQ(refusal("rope", {{"scaling", "linear"}}), "rope: --scaling linear needs --factor");
  EXPECT_EQ(refusal("rope", {{"head-dim", "4"}, {"scaling", "longrope"}, {"original-length", "9"}, {"factor", "2"},
                             given("short-factor", {3}, {1, 1, 1})}),
            "rope: --short-factor test.npy: expected [2], one number per frequency; found [3]");
  EXPECT_EQ(refusal("rope", {{"layout", "complex"}, {"dtype", "f16"}}),
            "rope: --dtype f16 has no complex type; with --layout complex use f32 or f64");
}

/// "name: low..high" of every mark.
std::vector<std::string> marks(const Settings& settings, const std::string& like = "") {
  std::vector<std::string> texts;
  for (const Mark& mark : opened("rope", "cos", settings, like).marks) {
    texts.push_back(fmt::format("{}: {}..{}", mark.name, mark.range.low, mark.range.high));
  }
  return texts;
}

TEST(rope, marks_the_lengths_and_ranges_that_its_scaling_speaks_of_and_no_others) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(marks({}), Texts());
  EXPECT_EQ(marks({{"scaling", "linear"}, {"factor", "8"}}), Texts());
  EXPECT_EQ(marks({{"scaling", "dynamic"}, {"factor", "2"}, {"original-length", "2048"}}), (Texts{"trained length: 2048..2048"}));
  EXPECT_EQ(marks({{"scaling", "yarn"}, {"factor", "8"}, {"original-length", "4096"}}),
            (Texts{"yarn ramp: 20..46", "trained length: 4096..4096", "target length: 32768..32768"}));
  EXPECT_EQ(marks({}, "llama3.1"), (Texts{"llama3 band before scaling: 2048..8192", "trained length: 8192..8192"}));
}

}  // namespace
}  // namespace pe
