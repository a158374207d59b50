// Every stored value against multiple precision: at most 0.51 units in the last place of f32; f16 and bf16 as the true value rounds,
// except within 1e-6 of a unit of a tie; f64 within 1 unit. Zeros of sine and cosine are sought out.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "oracle.h"
#include "support.h"

namespace pe {
namespace {

double bar(Dtype dtype) {
  switch (dtype) {
    case Dtype::f64:
    case Dtype::c128: return 1;
    case Dtype::f16:
    case Dtype::bf16: return 0.5 + 1e-6;
    default: return 0.51;
  }
}

/// The largest error met per type of stored value, and how many values of which schemes were judged.
struct Tally {
  std::map<std::string, double> worst;
  std::map<std::string, Index> exact, recorded;   ///< by exact frequencies, and by those that the columns record
  Index judged = 0;

  ~Tally() {
    for (const auto& [type, ulps] : worst) testing::Test::RecordProperty("worst_ulps_" + type, fmt::format("{:.6f}", ulps));
    for (const auto& [scheme, values] : exact) testing::Test::RecordProperty("judged_exactly_" + scheme, std::to_string(values));
    for (const auto& [scheme, values] : recorded) testing::Test::RecordProperty("judged_by_recorded_frequencies_" + scheme, std::to_string(values));
    testing::Test::RecordProperty("values_judged", std::to_string(judged));
  }
};

void judge_row(const Oracle& oracle, const Tensor& t, Index row, Tally& tally) {
  const std::vector<Oracle::Verdict> verdicts = oracle.judge(row, stored(rows(t, row, 1), t.dtype));
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    ASSERT_LE(verdicts[i].ulps, bar(t.dtype) + verdicts[i].allowed) << t.name << " row " << row << " number " << i;
    double& worst = tally.worst[std::string(name(t.dtype))];
    if (verdicts[i].allowed == 0) worst = std::max(worst, verdicts[i].ulps);
  }
  tally.judged += static_cast<Index>(verdicts.size());
}

/// First, last and random rows, both sides of an anchor (every 64th row) among them.
std::vector<Index> some_rows(const Tensor& t, std::size_t count, std::mt19937_64& random) {
  std::vector<Index> some{0, 1, t.rows() - 1};
  while (some.size() < count) {
    const auto row = static_cast<Index>(random() % static_cast<std::uint64_t>(t.rows()));
    some.push_back(row);
    some.push_back(row / 64 * 64);
    if (row >= 64) some.push_back(row / 64 * 64 - 1);
  }
  for (Index& row : some) row = std::min(row, t.rows() - 1);
  return some;
}

/// Random settings for a scheme's usual options, as far as it has them.
class Draw {
 public:
  Draw(const Scheme& scheme, std::mt19937_64& random) : scheme_(scheme), random_(random) {}

  Settings settings() {
    Settings all;
    const auto add = [&](const char* option, const std::string& text) {
      if (scheme_.option(option) != nullptr) all.push_back({option, text});
    };
    const auto pick = [&](std::initializer_list<const char*> texts) { return *(texts.begin() + random_() % texts.size()); };
    for (const char* dim : {"dim", "head-dim"}) add(dim, pick({"8", "16", "24", "64"}));
    add("base", pick({"10000", "10000", "100", "500000", "1000000", "2.5", "0.37"}));
    for (const Option& option : scheme_.options) {
      const bool is_usual = option.name == "spacing" || option.name == "axes" || option.name == "flatten";
      if (is_usual && !option.rules.choices.empty()) all.push_back({option.name, option.rules.choices[random_() % option.rules.choices.size()]});
    }
    if (random_() % 2 == 0) add("cos-first", "");
    if (scheme_.option("grid") == nullptr) {
      add("length", pick({"1", "63", "65", "1000", "131072", "1048576"}));
      add("start", pick({"0", "0", "1", "-1000.5", "0.25", "123456.789", "-1048576"}));
      add("step", pick({"1", "1", "0.5", "0.001", "-1", "3.7", "0"}));
      if (random_() % 4 == 0) add("reverse", "");
    } else {
      const bool is_cube = text_of_default("grid").find('x') != text_of_default("grid").rfind('x');
      add("grid", is_cube ? pick({"1x1x1", "8x14x14", "3x5x7", "2x1000x3", "30000x2x2"}) : pick({"1", "14", "14x17", "3x1000", "70000x2"}));
      add("start", pick({"0", "0.5", "-3.25", "1000.1"}));
      add("scale", pick({"1", "1", "0.125", "7.3"}));
      if (random_() % 3 == 0) add("base-size", pick({"16", "7", "224"}));
      if (random_() % 3 == 0) add("interpolation-scale", pick({"2", "1.875"}));
    }
    return all;
  }

 private:
  std::string text_of_default(const std::string& option) const {
    const Value value = scheme_.option(option)->value(scheme_.make_config().get());
    return std::holds_alternative<std::string>(value) ? std::get<std::string>(value) : "";
  }

  const Scheme& scheme_;
  std::mt19937_64& random_;
};

std::string words(const std::string& like, const Settings& settings) {
  std::string all = "--like " + like;
  for (const Setting& setting : settings) all += " --" + setting.option + " " + setting.text;
  return all;
}

/// Opens a scheme with what this convention does not refuse of the settings: an option that a refusal names is left away.
std::optional<Opened> try_open(const Scheme& scheme, const std::string& like, Settings settings) {
  for (;;) {
    try {
      return scheme.open(like, settings);
    } catch (const Error& error) {
      const std::string message = error.what();
      const auto names = [&](const Setting& setting) { return message.starts_with(scheme.text.name + ": --" + setting.option + " "); };
      if (std::erase_if(settings, names) == 0) return std::nullopt;
    }
  }
}

std::vector<std::string> choices(const Scheme& scheme, const char* option) {
  return scheme.option(option) == nullptr ? std::vector<std::string>{""} : scheme.option(option)->rules.choices;
}

/// Schemes whose tables must not escape the oracle.
bool is_always_judged(const std::string& scheme) { return scheme == "periodic" || scheme.starts_with("sincos"); }

void judge_draw(const Scheme& scheme, const std::string& like, const Settings& settings, std::mt19937_64& random, Tally& tally) {
  const std::optional<Opened> opened = try_open(scheme, like, settings);
  for (const Tensor& t : opened ? opened->tables.tensors : std::vector<Tensor>()) {
    const std::optional<Oracle> oracle = Oracle::of(*opened, t);
    if (!oracle) {
      ASSERT_FALSE(is_always_judged(scheme.text.name)) << t.name << " is far from what its columns say";
      continue;
    }
    const Index before = tally.judged;
    for (const Index row : some_rows(t, 60, random)) {
      judge_row(*oracle, t, row, tally);
      if (testing::Test::HasFatalFailure()) return;
    }
    (oracle->is_exact() ? tally.exact : tally.recorded)[scheme.text.name] += tally.judged - before;
  }
}

TEST(exactness, every_sinusoidal_scheme_layout_and_type_is_the_true_value_rounded_once) {
  std::mt19937_64 random(7);
  Tally tally;
  for (const Scheme& scheme : all_schemes()) {
    std::vector<std::string> likes;
    for (const Convention& convention : scheme.conventions) likes.push_back(convention.name);
    if (likes.empty()) likes.emplace_back();
    for (const std::string& like : likes) {
      for (const std::string& layout : choices(scheme, "layout")) {
        for (const std::string& dtype : choices(scheme, "dtype")) {
          Settings settings = Draw(scheme, random).settings();
          if (!layout.empty()) settings.push_back({"layout", layout});
          settings.push_back({"dtype", dtype});
          SCOPED_TRACE(scheme.text.name + " " + words(like, settings));
          judge_draw(scheme, like, settings, random, tally);
          if (HasFatalFailure()) return;
        }
      }
    }
  }
  for (const char* name : {"sincos1d", "sincos2d"}) EXPECT_TRUE(tally.exact.contains(name)) << name;
}

TEST(exactness, rows_nearest_to_zeros_of_sine_and_cosine_among_2_20_positions_keep_their_digits) {
  Tally tally;
  for (const Scheme& scheme : all_schemes()) {
    if (scheme.option("length") == nullptr || scheme.option("base") == nullptr) continue;
    for (const char* base : {"10000", "100", "500000"}) {
      for (const char* dtype : {"f64", "f32", "f16", "bf16"}) {
        Settings settings{{"length", "1048576"}, {"base", base}, {"dtype", dtype}};
        for (const char* dim : {"dim", "head-dim"}) {
          if (scheme.option(dim) != nullptr) settings.push_back({dim, "32"});
        }
        SCOPED_TRACE(scheme.text.name + " " + words("", settings));
        const std::optional<Opened> opened = try_open(scheme, "", settings);
        for (const Tensor& t : opened ? opened->tables.tensors : std::vector<Tensor>()) {
          const std::optional<Oracle> oracle = Oracle::of(*opened, t);
          if (!oracle || !oracle->is_exact()) continue;
          for (const Index row : oracle->rows_next_to_zeros(0, 4)) {
            judge_row(*oracle, t, row, tally);
            if (HasFatalFailure()) return;
          }
        }
      }
    }
  }
  EXPECT_GT(tally.judged, 10000);
}

TEST(exactness, rows_and_columns_of_a_grid_nearest_to_zeros_keep_their_digits) {
  Tally tally;
  for (const char* grid : {"2x200000", "200000x2", "300x400"}) {
    for (const char* dtype : {"f64", "f32", "f16", "bf16"}) {
      const Settings settings{{"grid", grid}, {"dim", "32"}, {"dtype", dtype}, {"start", "0.5"}};
      SCOPED_TRACE(words("", settings));
      const Opened opened = find_scheme("sincos2d").open("", settings);
      const Tensor& t = opened.tables.tensors.front();
      const std::optional<Oracle> oracle = Oracle::of(opened, t);
      ASSERT_TRUE(oracle && oracle->is_exact());
      for (std::size_t axis = 0; axis < 2; ++axis) {
        for (const Index row : oracle->rows_next_to_zeros(axis, 3)) {
          judge_row(*oracle, t, row, tally);
          if (HasFatalFailure()) return;
        }
      }
    }
  }
}

TEST(exactness, starts_chosen_so_that_a_row_falls_on_a_zero_keep_its_digits) {
  std::mt19937_64 random(8);
  Tally tally;
  const Mpfr quarter = Mpfr::pi() / 2;
  for (int trial = 0; trial < 200; ++trial) {
    const Index i = trial % 8, row = static_cast<Index>(random() % 200);
    const auto quarters = static_cast<double>(random() % (trial % 2 == 0 ? 10 : 100000) + 1);
    const Mpfr frequency = pow(Mpfr(10000), Mpfr(-static_cast<double>(i)) / Mpfr(8));
    const double on_zero = (Mpfr(quarters) * quarter / frequency).to_double() * (trial % 3 == 0 ? -1 : 1);
    const double step = trial % 4 < 2 ? 1 : 0.125;
    const double start = on_zero - static_cast<double>(row) * step;
    const Settings settings{{"length", "200"}, {"dim", "16"}, {"start", fmt::format("{}", start)}, {"step", fmt::format("{}", step)},
                            {"dtype", trial % 5 == 0 ? "f64" : trial % 5 == 1 ? "bf16" : trial % 5 == 2 ? "f16" : "f32"}};
    SCOPED_TRACE(words("", settings));
    const Opened opened = find_scheme("sincos1d").open("", settings);
    const std::optional<Oracle> oracle = Oracle::of(opened, opened.tables.tensors.front());
    ASSERT_TRUE(oracle && oracle->is_exact());
    judge_row(*oracle, opened.tables.tensors.front(), row, tally);
    if (HasFatalFailure()) return;
  }
}

TEST(exactness, listed_positions_whole_fractional_and_negative_are_exact) {
  std::mt19937_64 random(9);
  Tally tally;
  auto array = std::make_shared<Array>();
  array->source = "positions";
  array->values = {0, -0.0, 1e-30, 1048575, -1048576, 0.1, 1e15, -1e15, 22, 355, 103993};   // the last three are near multiples of pi
  while (array->values.size() < 300) array->values.push_back(std::uniform_real_distribution(-1048576.0, 1048576.0)(random));
  array->shape = {static_cast<Index>(array->values.size())};
  for (const Scheme& scheme : all_schemes()) {
    if (scheme.option("positions") == nullptr) continue;
    for (const char* dtype : {"f64", "f32", "f16", "bf16"}) {
      const Settings settings{{"positions", "positions", array}, {"dtype", dtype}};
      SCOPED_TRACE(scheme.text.name + " " + words("", settings));
      const std::optional<Opened> opened = try_open(scheme, "", settings);
      for (const Tensor& t : opened ? opened->tables.tensors : std::vector<Tensor>()) {
        const std::optional<Oracle> oracle = Oracle::of(*opened, t, array->values);
        for (Index row = 0; oracle && row < t.rows(); row += row < 11 ? 1 : 20) {
          judge_row(*oracle, t, row, tally);
          if (HasFatalFailure()) return;
        }
      }
    }
  }
}

TEST(exactness, neighbouring_dims_spacings_and_odd_dims_have_exact_frequencies) {
  std::mt19937_64 random(10);
  Tally tally;
  for (const char* scheme : {"sincos1d", "sincos2d"}) {
    for (const char* odd_dim : {"zero", "truncate"}) {
      for (const char* spacing : {"geometric", "endpoint"}) {
        for (Index dim = 4; dim < 20; ++dim) {
          const Settings settings{{"dim", std::to_string(dim)}, {"odd-dim", odd_dim}, {"spacing", spacing}};
          SCOPED_TRACE(scheme + words("", settings));
          const Opened opened = find_scheme(scheme).open("", settings);
          const std::optional<Oracle> oracle = Oracle::of(opened, opened.tables.tensors.front());
          ASSERT_TRUE(oracle && oracle->is_exact());
          for (const Index row : some_rows(opened.tables.tensors.front(), 3, random)) {
            judge_row(*oracle, opened.tables.tensors.front(), row, tally);
            if (HasFatalFailure()) return;
          }
        }
      }
    }
  }
}

TEST(exactness, a_row_and_a_table_can_be_checked_by_hand) {
  const Tensor t = opened("sincos1d", "pos_embed", {{"length", "3"}, {"dim", "4"}, {"base", "10000"}});   // frequencies 1 and 0.01
  EXPECT_EQ(rows(t, 0, 1), (std::vector<double>{0, 1, 0, 1}));
  const std::vector<double> two = rows(t, 2, 1);
  EXPECT_NEAR(two[0], 0.909297426825681695, 1e-15);   // sin 2
  EXPECT_NEAR(two[1], -0.416146836547142387, 1e-15);  // cos 2
  EXPECT_NEAR(two[2], 0.019998666693333079, 1e-15);   // sin 0.02
  EXPECT_NEAR(two[3], 0.999800006666577778, 1e-15);   // cos 0.02
}

}  // namespace
}  // namespace pe
