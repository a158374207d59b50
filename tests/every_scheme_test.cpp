// What holds for every scheme, by loops over the declarations: a new scheme is tested on arrival.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "analysis/leading.h"
#include "cli/options_text.h"
#include "support.h"

namespace pe {
namespace {

/// Calls `see(scheme, like)` for every convention of every scheme; once with "" where there are none.
template <class See>
void each_convention(See see) {
  for (const Scheme& scheme : all_schemes()) {
    if (scheme.conventions.empty()) see(scheme, std::string());
    for (const Convention& convention : scheme.conventions) {
      SCOPED_TRACE(scheme.text.name + " --like " + convention.name);
      see(scheme, convention.name);
    }
  }
}

/// Options by their declared placeholders: whole numbers and numbers.
bool is_number(const Option& option) { return option.placeholder == "N" || option.placeholder == "X"; }

std::string number_text(const Option& option, double number) {
  return option.placeholder == "N" ? fmt::format("{:.0f}", number) : fmt::format("{}", number);
}

double default_number(const Value& value) {
  if (const auto* index = std::get_if<Index>(&value)) return static_cast<double>(*index);
  return std::get<double>(value);
}

/// Tables of a scheme small enough for row-by-row comparison; nothing when its defaults ask for a file.
std::optional<Opened> open_default(const Scheme& scheme, const std::string& like) {
  try {
    return scheme.open(like, {});
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("--"), std::string::npos) << "a refusal names what is missing: " << error.what();
    return std::nullopt;
  }
}

/// NaNs are not expected, infinities are equal to themselves.
void expect_same(const std::vector<double>& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_TRUE(found[i] == expected[i]) << "number " << i << ": " << found[i] << ", not " << expected[i];
  }
}

TEST(every_scheme, opens_by_every_convention_and_makes_tensors_with_names_and_axes) {
  std::size_t opened_count = 0;
  each_convention([&](const Scheme& scheme, const std::string& like) {
    const std::optional<Opened> opened = open_default(scheme, like);
    if (!opened) return;
    ++opened_count;
    EXPECT_EQ(opened->convention, like);
    EXPECT_FALSE(opened->tables.tensors.empty());
    EXPECT_FALSE(opened->tables.label.empty());
    std::set<std::string> names;
    for (const Tensor& t : opened->tables.tensors) {
      EXPECT_TRUE(names.insert(t.name).second) << t.name << " is there twice";
      EXPECT_FALSE(t.name.empty());
      for (const Axis& axis : t.axes) EXPECT_TRUE(!axis.name.empty() && axis.size >= 1) << t.name << " axis " << axis.name;
      if (t.grid) {
        Index cells = 1;
        for (const Index size : t.grid->sizes) cells *= size;
        EXPECT_EQ(t.grid->prefix + cells, leading_block(t, {}).rows()) << t.name;
        EXPECT_EQ(t.grid->order.size(), t.grid->sizes.size()) << t.name;
      }
      if (t.columns) {
        EXPECT_EQ(static_cast<Index>(t.columns().size()), t.columns_count()) << t.name;
      }
    }
  });
  EXPECT_GE(opened_count, 10u);
}

TEST(every_scheme, gives_the_same_values_whatever_the_block_size_and_order) {
  std::mt19937_64 random(1);
  each_convention([&](const Scheme& scheme, const std::string& like) {
    const std::optional<Opened> opened = open_default(scheme, like);
    for (const Tensor& t : opened ? opened->tables.tensors : std::vector<Tensor>()) {
      SCOPED_TRACE(t.name);
      if (t.elements() > 2000000) continue;
      const std::vector<double> whole = values(t);
      if (t.rows() <= 2000) expect_same(row_by_row(t), whole);
      for (int trial = 0; trial < 10; ++trial) {
        const auto first = static_cast<Index>(random() % static_cast<std::uint64_t>(t.rows()));
        const Index count = 1 + static_cast<Index>(random() % static_cast<std::uint64_t>(t.rows() - first));
        const auto start = whole.begin() + first * t.row_width();
        expect_same(rows(t, first, count), std::vector<double>(start, start + count * t.row_width()));
      }
    }
  });
}

TEST(every_scheme, stores_its_values_rounded_once_also_where_it_makes_the_elements_itself) {
  std::size_t made = 0;
  each_convention([&](const Scheme& scheme, const std::string& like) {
    const std::optional<Opened> opened = open_default(scheme, like);
    for (const Tensor& t : opened ? opened->tables.tensors : std::vector<Tensor>()) {
      SCOPED_TRACE(t.name);
      const Fill::Elements& elements = t.fill.elements_of(t.dtype);
      if (!elements || t.elements() > 2000000) continue;
      ++made;
      for (const Index first : {Index{0}, t.rows() / 2}) {
        const std::vector<double> numbers = rows(t, first, t.rows() - first);
        std::vector<std::byte> expected(numbers.size() / static_cast<std::size_t>(components(t.dtype)) * size_of(t.dtype)), found(expected.size());
        encode(numbers, t.dtype, expected);
        elements(first, found);
        ASSERT_TRUE(found == expected) << "from row " << first;
      }
    }
  });
  EXPECT_GE(made, std::size_t{30});
}

TEST(every_scheme, stays_inside_its_declared_range_and_is_never_nan) {
  each_convention([](const Scheme& scheme, const std::string& like) {
    const std::optional<Opened> opened = open_default(scheme, like);
    for (const Tensor& t : opened ? opened->tables.tensors : std::vector<Tensor>()) {
      if (t.elements() > 2000000) continue;
      for (const double value : values(t)) {
        ASSERT_FALSE(std::isnan(value)) << t.name;
        const bool inside = !t.range || value == -HUGE_VAL || (value >= t.range->low && value <= t.range->high);
        ASSERT_TRUE(inside) << t.name << " holds " << value << ", declared " << t.range->low << " to " << t.range->high;
      }
    }
  });
}

TEST(every_scheme, holds_integers_where_the_type_is_an_integer) {
  each_convention([](const Scheme& scheme, const std::string& like) {
    const std::optional<Opened> opened = open_default(scheme, like);
    for (const Tensor& t : opened ? opened->tables.tensors : std::vector<Tensor>()) {
      if (!is_integer(t.dtype) || t.elements() > 2000000) continue;
      for (const double value : values(t)) ASSERT_TRUE(value == std::trunc(value) && std::fabs(value) < 0x1p53) << t.name << " holds " << value;
    }
  });
}

TEST(every_scheme, says_what_it_is) {
  std::set<std::string> names;
  for (const Scheme& scheme : all_schemes()) {
    EXPECT_TRUE(names.insert(scheme.text.name).second) << scheme.text.name;
    EXPECT_FALSE(scheme.text.family.empty()) << scheme.text.name;
    EXPECT_FALSE(scheme.text.one_line.empty()) << scheme.text.name;
    EXPECT_FALSE(scheme.text.formula.empty()) << scheme.text.name;
    EXPECT_FALSE(scheme.figures.empty()) << scheme.text.name;
    std::set<std::string> likes;
    for (const Convention& convention : scheme.conventions) {
      EXPECT_TRUE(likes.insert(convention.name).second) << scheme.text.name << " " << convention.name;
      EXPECT_FALSE(convention.one_line.empty()) << scheme.text.name << " " << convention.name;
    }
  }
  EXPECT_TRUE(std::is_sorted(all_schemes().begin(), all_schemes().end(), [](const Scheme& a, const Scheme& b) { return a.text.name < b.text.name; }));
}

TEST(every_scheme, has_help_for_every_option_and_defaults_that_its_own_rules_allow) {
  for (const Scheme& scheme : all_schemes()) {
    const std::shared_ptr<void> defaults = scheme.make_config();
    for (const Option& option : scheme.options) {
      SCOPED_TRACE(scheme.text.name + " --" + option.name);
      EXPECT_FALSE(option.help.empty());
      const Value value = option.value(defaults.get());
      const OptionRules& rules = option.rules;
      if (!rules.choices.empty()) {
        const std::string word = text(value);
        const bool is_choice = std::find(rules.choices.begin(), rules.choices.end(), word) != rules.choices.end();
        EXPECT_TRUE(is_choice || std::holds_alternative<std::monostate>(value)) << word;
      }
      if (is_number(option) && !std::holds_alternative<std::monostate>(value)) {
        EXPECT_GE(default_number(value), rules.low);
        EXPECT_LE(default_number(value), rules.high);
      }
      if (is_number(option) || option.placeholder == "HxW" || option.placeholder == "X[,X..]") {
        EXPECT_TRUE(std::isfinite(rules.low));
        EXPECT_TRUE(std::isfinite(rules.high) || option.placeholder == "N");   // a whole number ends by itself
      }
      for (const std::string& other : rules.unless) EXPECT_NE(scheme.option(other), nullptr) << other;
      if (!rules.when.empty()) {
        const Option* const other = scheme.option(rules.when);
        ASSERT_NE(other, nullptr) << rules.when;
        for (const std::string& word : rules.when_is) {
          const auto& choices = other->rules.choices;
          EXPECT_TRUE(choices.empty() || std::find(choices.begin(), choices.end(), word) != choices.end()) << word;
        }
      }
    }
  }
}

TEST(every_scheme, has_no_two_options_of_one_name) {
  for (const Scheme& scheme : all_schemes()) {
    std::set<std::string> names{"like"};
    for (const Option& option : scheme.options) {
      EXPECT_TRUE(names.insert(option.name).second) << scheme.text.name << " --" << option.name;
      for (const std::string& alias : option.rules.aliases) EXPECT_TRUE(names.insert(alias).second) << scheme.text.name << " --" << alias;
    }
  }
}

TEST(every_scheme, refuses_numbers_just_outside_the_limits_of_each_option) {
  for (const Scheme& scheme : all_schemes()) {
    for (const Option& option : scheme.options) {
      if (!is_number(option)) continue;
      const bool is_whole = option.placeholder == "N";
      for (const double limit : {option.rules.low, option.rules.high}) {
        if (!std::isfinite(limit) || std::fabs(limit) >= 0x1p53) continue;
        const double outward = limit == option.rules.low ? -1 : 1;
        const double outside = is_whole ? limit + outward : std::nextafter(limit, outward * HUGE_VAL);
        const std::string given = number_text(option, outside);
        const std::string message = message_of([&] { scheme.open("", {{option.name, given}}); });
        EXPECT_TRUE(message.starts_with(fmt::format("{}: --{} {} is ", scheme.text.name, option.name, given))) << message;
      }
    }
  }
}

TEST(every_scheme, refuses_words_that_are_no_choice_and_options_that_are_none_naming_the_nearest) {
  for (const Scheme& scheme : all_schemes()) {
    for (const Option& option : scheme.options) {
      if (!option.load && !option.is_flag() && (!option.rules.choices.empty() || is_number(option))) {
        EXPECT_NE(message_of([&] { scheme.open("", {{option.name, "nosuchword"}}); }), "") << scheme.text.name << " --" << option.name;
      }
      if (!option.rules.choices.empty()) {
        const std::string choice = option.rules.choices.back() + "z";
        const std::string message = message_of([&] { scheme.open("", {{option.name, choice}}); });
        EXPECT_TRUE(message.ends_with("; nearest: " + option.rules.choices.back())) << message;
      }
      if (option.name.size() < 5) continue;   // shorter ones may be nearer to another
      const std::string message = message_of([&] { scheme.open("", {{option.name + "q", "1"}}); });
      EXPECT_EQ(message, fmt::format("{}: --{}q is not an option; nearest: {}", scheme.text.name, option.name, option.name));
    }
    if (!scheme.conventions.empty()) {
      const std::string message = message_of([&] { scheme.open("nosuchconvention", {}); });
      EXPECT_TRUE(message.starts_with(scheme.text.name + ": --like nosuchconvention is not a convention; nearest: ")) << message;
    }
  }
}

/// The recorded parameters as a user would write them; a flag that is off is left out.
Settings as_settings(const Scheme& scheme, const Opened& opened) {
  Settings settings;
  for (const auto& [name, value] : opened.parameters) {
    const bool is_off = std::holds_alternative<bool>(value) && !std::get<bool>(value);
    if (std::holds_alternative<std::monostate>(value) || is_off) continue;
    settings.push_back({name, scheme.option(name)->is_flag() ? "" : text(value)});
  }
  return settings;
}

void expect_same_tables(const Opened& found, const Opened& expected) {
  EXPECT_EQ(found.parameters, expected.parameters);
  EXPECT_EQ(found.tables.label, expected.tables.label);
  ASSERT_EQ(found.tables.tensors.size(), expected.tables.tensors.size());
  for (std::size_t i = 0; i < found.tables.tensors.size(); ++i) {
    const Tensor &a = found.tables.tensors[i], &b = expected.tables.tensors[i];
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.dtype, b.dtype);
    ASSERT_EQ(a.shape(), b.shape());
    const Index count = std::min<Index>(a.rows(), 50);
    expect_same(rows(a, 0, count), rows(b, 0, count));
    expect_same(rows(a, a.rows() - count, count), rows(b, b.rows() - count, count));
  }
}

TEST(every_scheme, opens_the_same_table_again_from_what_it_recorded) {
  each_convention([](const Scheme& scheme, const std::string& like) {
    const std::optional<Opened> opened = open_default(scheme, like);
    if (opened) expect_same_tables(scheme.open(like, as_settings(scheme, *opened)), *opened);
  });
}

TEST(every_scheme, opens_the_same_table_again_for_every_choice_of_every_option) {
  each_convention([](const Scheme& scheme, const std::string& like) {
    for (const Option& option : scheme.options) {
      const std::vector<std::string> words = option.is_flag() ? std::vector<std::string>{""} : option.rules.choices;
      for (const std::string& word : words) {
        SCOPED_TRACE("--" + option.name + " " + word);
        std::optional<Opened> opened;
        try {
          opened = scheme.open(like, {{option.name, word}});
        } catch (const Error& error) {
          EXPECT_TRUE(std::string(error.what()).starts_with(scheme.text.name + ": ")) << error.what();
          continue;
        }
        expect_same_tables(scheme.open(like, as_settings(scheme, *opened)), *opened);
      }
    }
  });
}

TEST(every_scheme, opens_at_the_smallest_value_of_each_number_or_says_why_not) {
  each_convention([](const Scheme& scheme, const std::string& like) {
    for (const Option& option : scheme.options) {
      if (!is_number(option) || !std::isfinite(option.rules.low)) continue;
      SCOPED_TRACE("--" + option.name);
      try {
        const Opened opened = scheme.open(like, {{option.name, number_text(option, option.rules.low)}});
        for (const Tensor& t : opened.tables.tensors) {
          for (const double value : rows(t, 0, std::min<Index>(t.rows(), 3))) ASSERT_FALSE(std::isnan(value)) << t.name;
        }
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::usage);
        EXPECT_TRUE(std::string(error.what()).starts_with(scheme.text.name + ": ")) << error.what();
      }
    }
  });
}

TEST(every_scheme, answers_every_dim_from_1_to_40_with_a_table_of_that_width_or_with_the_nearest_dims) {
  each_convention([](const Scheme& scheme, const std::string& like) {
    for (const char* name : {"dim", "head-dim"}) {
      if (scheme.option(name) == nullptr) continue;
      for (Index dim = 1; dim <= 40; ++dim) {
        SCOPED_TRACE(fmt::format("--{} {}", name, dim));
        try {
          const Opened opened = scheme.open(like, {{name, std::to_string(dim)}});
          for (const Tensor& t : opened.tables.tensors) rows(t, 0, std::min<Index>(t.rows(), 2));
        } catch (const Error& error) {
          EXPECT_EQ(error.kind(), ErrorKind::usage);
          EXPECT_TRUE(std::string(error.what()).starts_with(scheme.text.name + ": ")) << error.what();
        }
      }
    }
  });
}

/// Elements 1 and 2 along one axis.
std::vector<double> second_and_third(const Tensor& t, std::size_t axis) {
  const std::vector<double> all = values(t);
  std::size_t inner = static_cast<std::size_t>(components(t.dtype)), size = static_cast<std::size_t>(t.axes[axis].size);
  for (std::size_t i = axis + 1; i < t.axes.size(); ++i) inner *= static_cast<std::size_t>(t.axes[i].size);
  std::vector<double> cut;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::size_t at = i / inner % size;
    if (at == 1 || at == 2) cut.push_back(all[i]);
  }
  return cut;
}

TEST(every_scheme, cuts_rows_out_of_the_whole_table_along_one_axis) {
  each_convention([](const Scheme& scheme, const std::string& like) {
    const std::optional<Opened> whole = open_default(scheme, like);
    if (!whole || scheme.option("rows") == nullptr) return;
    std::optional<Opened> part;
    const std::string refusal = message_of([&] { part = scheme.open(like, {{"rows", "1:3"}}); });
    if (!part) {
      EXPECT_TRUE(refusal.starts_with(scheme.text.name + ": ")) << refusal;
      return;   // no tensor of it has so many rows
    }
    bool is_cut = false;
    for (std::size_t i = 0; i < whole->tables.tensors.size(); ++i) {
      const Tensor &all = whole->tables.tensors[i], &cut = part->tables.tensors[i];
      SCOPED_TRACE(all.name);
      if (cut.shape() == all.shape()) continue;   // a tensor without rows of that kind stays whole
      is_cut = true;
      ASSERT_EQ(cut.axes.size(), all.axes.size());
      std::size_t axis = 0;
      while (cut.axes[axis].size == all.axes[axis].size) ++axis;
      std::vector<Index> shape = all.shape();
      shape[axis] = 2;
      ASSERT_EQ(cut.shape(), shape);
      expect_same(values(cut), second_and_third(all, axis));
      expect_same(row_by_row(cut), values(cut));
    }
    EXPECT_TRUE(is_cut);
  });
}

TEST(every_scheme, odd_dims_are_refused_with_neighbours_padded_or_cut) {
  EXPECT_EQ(message_of([] { find_scheme("sincos2d").open("", {{"dim", "30"}}); }), "sincos2d: --dim 30 is not a multiple of 4; nearest: 28, 32");
  EXPECT_EQ(message_of([] { find_scheme("sincos2d").open("", {{"dim", "3"}}); }), "sincos2d: --dim 3 is not a multiple of 4; nearest: 4");
  EXPECT_EQ(message_of([] { find_scheme("sincos1d").open("", {{"dim", "7"}}); }), "sincos1d: --dim 7 is odd; nearest: 6, 8");
  const Tensor padded = opened("sincos1d", "pos_embed", {{"dim", "7"}, {"odd-dim", "zero"}});
  const Tensor six = opened("sincos1d", "pos_embed", {{"dim", "6"}});
  const Tensor cut = opened("sincos1d", "pos_embed", {{"dim", "7"}, {"odd-dim", "truncate"}});
  const Tensor eight = opened("sincos1d", "pos_embed", {{"dim", "8"}});
  std::vector<double> with_zero = rows(six, 5, 1), shortened = rows(eight, 5, 1);
  with_zero.push_back(0);
  shortened.pop_back();
  EXPECT_EQ(rows(padded, 5, 1), with_zero);
  EXPECT_EQ(rows(cut, 5, 1), shortened);
}

TEST(every_scheme, prefix_rows_are_zeros_in_front_of_the_same_table) {
  for (const char* name : {"sincos1d", "sincos2d"}) {
    const Tensor plain = opened(name, "pos_embed", {{"dim", "16"}});
    const Tensor prefixed = opened(name, "pos_embed", {{"dim", "16"}, {"prefix-tokens", "3"}});
    EXPECT_EQ(prefixed.rows(), plain.rows() + 3);
    EXPECT_EQ(rows(prefixed, 0, 3), std::vector<double>(48));
    EXPECT_EQ(rows(prefixed, 3, plain.rows()), values(plain));
  }
}

}  // namespace
}  // namespace pe
