// How option values come together, on a small scheme of our own.

#include "core/scheme.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/text.h"
#include "support.h"

namespace pe {
namespace {

struct Small : TableConfig {
  Index size = 4;
  double weight = 1.5;
  std::string form = "flat";
  bool loud = false;
  OptionalNumber slope;
  OptionalIndex extra;
  std::vector<double> list{1, 2};
  Grid grid{{2, 3}};
  ArrayPtr given;
};

Tables small_tables(const Small& config) {
  const Index count = config.given ? static_cast<Index>(config.given->values.size()) : config.size;
  std::vector<double> numbers(static_cast<std::size_t>(2 * count));
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = config.weight * static_cast<double>(i);
  return {{held_tensor("table", {{"row", count}, {"column", 2}}, stored_dtype(config), std::move(numbers))}, fmt::format("{}", count)};
}

Scheme small() {
  using C = Small;
  return describe<C>({"small", "absolute", "a scheme for tests", {}, {}},
                     {option<C>("size", &C::size, "rows", {.low = 1, .high = 100, .aliases = {"count"}, .unless = {"given"}}),
                      option<C>("weight", &C::weight, "multiplies", {.low = 0.5}),
                      option<C>("form", &C::form, "shape", {.choices = {"flat", "steep", "curved"}}),
                      option<C>("loud", &C::loud, "a flag"),
                      option<C>("slope", &C::slope, "counts when steep", {.low = 0, .high = 9, .when = "form", .when_is = {"steep", "curved"}}),
                      option<C>("extra", &C::extra, "a number that may be unset", {.low = 0, .high = 9}),
                      option<C>("twist", &C::slope, "counts with extra", {.when = "extra"}),
                      option<C>("list", &C::list, "numbers", {.low = 0, .high = 10}),
                      option<C>("grid", &C::grid, "sizes", {.high = 50}),
                      option<C>("given", &C::given, "numbers of a file")},
                     {{"plain", "as it is", {}}, {"strong", "heavier", {{"weight", "4"}, {"loud", ""}, {"size", "7"}}}}, {"table"}, small_tables);
}

Value parameter(const Opened& opened, const std::string& name) {
  for (const auto& [known, value] : opened.parameters) {
    if (known == name) return value;
  }
  return Value("is not recorded");
}

std::string refusal_of_small(const Settings& settings, const std::string& like = "") {
  return message_of([&] { small().open(like, settings); });
}

TEST(scheme, an_explicit_value_wins_over_the_convention_and_that_over_the_default) {
  EXPECT_EQ(parameter(small().open("", {}), "weight"), Value(1.5));
  EXPECT_EQ(parameter(small().open("strong", {}), "weight"), Value(4.0));
  EXPECT_EQ(parameter(small().open("strong", {{"weight", "2"}}), "weight"), Value(2.0));
  EXPECT_EQ(parameter(small().open("strong", {{"weight", "2"}}), "size"), Value(Index{7}));
  EXPECT_EQ(parameter(small().open("strong", {}), "loud"), Value(true));
  EXPECT_EQ(small().open("", {}).tables.tensors.front().rows(), 4);
  EXPECT_EQ(small().open("strong", {}).tables.tensors.front().rows(), 7);
}

TEST(scheme, of_a_value_given_twice_the_last_counts) {
  EXPECT_EQ(parameter(small().open("", {{"size", "5"}, {"size", "6"}}), "size"), Value(Index{6}));
}

TEST(scheme, the_first_convention_is_the_default_and_recorded) {
  EXPECT_EQ(small().open("", {}).convention, "plain");
  EXPECT_EQ(small().open("strong", {}).convention, "strong");
}

TEST(scheme, an_unknown_convention_is_refused_with_the_nearest) {
  EXPECT_EQ(refusal_of_small({}, "strnog"), "small: --like strnog is not a convention; nearest: strong");
  Scheme bare = small();
  bare.conventions.clear();
  EXPECT_EQ(message_of([&] { bare.open("strong", {}); }), "small: --like strong: this scheme has no conventions");
  EXPECT_EQ(bare.open("", {}).convention, "");
}

TEST(scheme, an_unknown_option_is_refused_with_the_nearest) {
  EXPECT_EQ(refusal_of_small({{"weigth", "1"}}), "small: --weigth is not an option; nearest: weight");
}

TEST(scheme, an_alias_is_the_option) {
  const Opened opened = small().open("", {{"count", "9"}});
  EXPECT_EQ(parameter(opened, "size"), Value(Index{9}));
  EXPECT_EQ(opened.tables.tensors.front().rows(), 9);
  EXPECT_EQ(small().option("count")->name, "size");
  EXPECT_EQ(small().option("cuont"), nullptr);
}

TEST(scheme, values_outside_the_limits_are_refused_with_the_limits) {
  EXPECT_EQ(refusal_of_small({{"size", "0"}}), "small: --size 0 is not in 1..100");
  EXPECT_EQ(refusal_of_small({{"size", "101"}}), "small: --size 101 is not in 1..100");
  EXPECT_EQ(refusal_of_small({{"weight", "0.25"}}), "small: --weight 0.25 is less than 0.5");
  EXPECT_EQ(refusal_of_small({{"list", "1,11"}}), "small: --list 1,11 is not in 0..10");
  EXPECT_EQ(refusal_of_small({{"extra", "10"}}), "small: --extra 10 is not in 0..9");
  EXPECT_EQ(refusal_of_small({{"grid", "51"}}).substr(0, 16), "small: --grid 51");
  EXPECT_EQ(refusal_of_small({{"size", "1"}}), "");
  EXPECT_EQ(refusal_of_small({{"size", "100"}}), "");
}

TEST(scheme, text_that_is_not_of_the_options_type_is_refused) {
  for (const char* text : {"", "x", "1.5", "1 ", " 1", "0x10", "1e2", "99999999999999999999"}) {
    EXPECT_EQ(refusal_of_small({{"size", text}}), fmt::format("small: --size {} is not a whole number", shell_word(text)));
  }
  for (const char* text : {"", "x", "nan", "inf", "-inf", "1,5", "1e999", "1.5x"}) {
    EXPECT_EQ(refusal_of_small({{"weight", text}}), fmt::format("small: --weight {} is not a finite number", shell_word(text)));
  }
  for (const char* text : {"", "1,", ",", "1;2", "1,nan"}) EXPECT_NE(refusal_of_small({{"list", text}}), "") << text;
  for (const char* text : {"", "x", "0", "3x0", "3x", "x3", "-1x2", "2x2x2x2", "3X4", "1.5x2"}) {
    EXPECT_NE(refusal_of_small({{"grid", text}}), "") << text;
  }
  for (const char* text : {"", ":", "1:", ":2", "2:2", "3:2", "-1:2", "1:2:3", "a:b"}) EXPECT_NE(refusal_of_small({{"rows", text}}), "") << text;
}

TEST(scheme, numbers_are_read_as_people_write_them) {
  EXPECT_EQ(parameter(small().open("", {{"weight", "1e2"}}), "weight"), Value(100.0));
  EXPECT_EQ(parameter(small().open("", {{"weight", "+2"}}), "weight"), Value(2.0));
  EXPECT_EQ(parameter(small().open("", {{"size", "+3"}}), "size"), Value(Index{3}));
  EXPECT_EQ(parameter(small().open("", {{"list", "0.5,3"}}), "list"), Value(std::vector<double>{0.5, 3}));
  EXPECT_EQ(parameter(small().open("", {{"grid", "5"}}), "grid"), Value("5x5"));
  EXPECT_EQ(parameter(small().open("", {{"grid", "2x3x4"}}), "grid"), Value("2x3x4"));
}

TEST(scheme, an_unknown_choice_is_refused_with_the_choices_and_the_nearest) {
  EXPECT_EQ(refusal_of_small({{"form", "step"}}), "small: --form step is not one of flat, steep, curved; nearest: steep");
}

TEST(scheme, an_option_that_another_replaces_is_refused_beside_it_and_not_recorded) {
  const auto array = std::make_shared<const Array>(Array{{3}, {1, 2, 3}, "three.npy"});
  EXPECT_EQ(refusal_of_small({{"given", "three.npy", array}, {"size", "4"}}), "small: --size does not go with --given");
  EXPECT_EQ(refusal_of_small({{"count", "4"}, {"given", "three.npy", array}}), "small: --size does not go with --given");
  const Opened opened = small().open("", {{"given", "three.npy", array}});
  EXPECT_EQ(parameter(opened, "size"), Value("is not recorded"));
  EXPECT_EQ(parameter(opened, "given"), Value("three.npy"));
  EXPECT_EQ(opened.tables.tensors.front().rows(), 3);
}

TEST(scheme, an_option_that_counts_only_with_another_value_is_refused_without_it_and_not_recorded) {
  EXPECT_EQ(refusal_of_small({{"slope", "1"}}), "small: --slope counts only with --form steep or curved");
  EXPECT_EQ(refusal_of_small({{"slope", "1"}, {"form", "steep"}}), "");
  EXPECT_EQ(parameter(small().open("", {}), "slope"), Value("is not recorded"));
  EXPECT_EQ(parameter(small().open("", {{"form", "curved"}, {"slope", "2"}}), "slope"), Value(2.0));
}

TEST(scheme, an_option_that_counts_only_with_another_given_is_refused_without_it) {
  EXPECT_EQ(refusal_of_small({{"twist", "1"}}), "small: --twist counts only with --extra");
  EXPECT_EQ(refusal_of_small({{"twist", "1"}, {"extra", "0"}}), "");
}

TEST(scheme, an_unset_optional_number_is_recorded_as_not_set) {
  EXPECT_EQ(parameter(small().open("", {}), "extra"), Value());
  EXPECT_EQ(parameter(small().open("", {{"extra", "0"}}), "extra"), Value(Index{0}));
}

TEST(scheme, parameters_stand_in_the_order_of_declaration) {
  const Opened opened = small().open("", {{"loud", ""}, {"size", "3"}});
  std::vector<std::string> names;
  for (const auto& [name, value] : opened.parameters) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"size", "weight", "form", "loud", "extra", "list", "grid", "given", "prefix-tokens", "batch-dim",
                                             "dtype", "compute", "rows"}));
}

TEST(scheme, opening_twice_shares_nothing) {
  const Scheme scheme = small();
  const Opened first = scheme.open("strong", {{"size", "2"}});
  const Opened second = scheme.open("", {});
  EXPECT_EQ(parameter(second, "weight"), Value(1.5));
  EXPECT_EQ(first.tables.tensors.front().rows(), 2);
  EXPECT_EQ(second.tables.tensors.front().rows(), 4);
}

TEST(scheme, rows_and_batch_dim_are_applied_to_whatever_a_scheme_makes) {
  const Tensor cut = small().open("", {{"rows", "1:3"}, {"batch-dim", ""}}).tables.tensors.front();
  EXPECT_EQ(cut.shape(), (std::vector<Index>{1, 2, 2}));
  EXPECT_EQ(values(cut), (std::vector<double>{3, 4.5, 6, 7.5}));
  EXPECT_EQ(small().open("", {{"rows", "1:3"}}).tables.label, "4-rows1-3");
  EXPECT_EQ(refusal_of_small({{"rows", "1:5"}}), "small: --rows 1:5 is not inside the rows 0:4 of table");
}

TEST(scheme, dtype_names_the_stored_type) {
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16}) {
    EXPECT_EQ(small().open("", {{"dtype", std::string(name(dtype))}}).tables.tensors.front().dtype, dtype);
  }
}

TEST(scheme, an_unknown_scheme_is_refused_with_the_nearest) {
  EXPECT_EQ(message_of([] { find_scheme("sincos1"); }), "sincos1 is not a scheme; nearest: sincos1d");
  EXPECT_EQ(find_scheme("sincos2d").text.name, "sincos2d");
}

TEST(scheme, a_variant_keeps_the_settings_that_still_count_beside_its_changes) {
  const auto text = [](const std::vector<Setting>& settings) {
    std::string all;
    for (const Setting& setting : settings) all += setting.option + " " + setting.text + "; ";
    return all;
  };
  const std::vector<Setting> yarn{{"theta", "500"}, {"scaling", "yarn"}, {"factor", "8"}, {"original-length", "64"}};
  const Scheme& rope = find_scheme("rope");
  EXPECT_EQ(text(rope.overlaid("", yarn, {{"scaling", "linear"}})), "base 500; factor 8; scaling linear; ");
  EXPECT_EQ(text(rope.overlaid("", yarn, {{"scaling", "none"}, {"base", "7"}})), "scaling none; base 7; ");
  EXPECT_EQ(text(rope.overlaid("", {}, {{"factor", "8"}})), "factor 8; ");   // refused by open
  EXPECT_EQ(message_of([&] { rope.overlaid("", yarn, {{"skaling", "none"}}); }), "rope: --skaling is not an option; nearest: scaling");
}

}  // namespace
}  // namespace pe
