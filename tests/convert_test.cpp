// What `convert` is made of: rotary layouts, projections for another pairing, other types.

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "core/cast.h"
#include "core/permute_qk.h"
#include "core/rotary_layout.h"
#include "support.h"

namespace pe {
namespace {

using Parts = std::vector<std::optional<Tensor>>;

/// The tensors of a scheme that hold its rotary table in a layout.
Parts rotary_table(const std::string& scheme, Settings settings, const std::string& layout) {
  settings.push_back({"layout", layout});
  Parts parts;
  for (Tensor& tensor : find_scheme(scheme).open("", settings).tables.tensors) {
    if (tensor.name == "cos" || tensor.name == "sin" || tensor.name == "cis") parts.emplace_back(std::move(tensor));
  }
  return parts;
}

Parts as_parts(std::vector<Tensor> tensors) { return {std::make_move_iterator(tensors.begin()), std::make_move_iterator(tensors.end())}; }

void expect_same_bits(const std::vector<Tensor>& found, const Parts& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].name, expected[i]->name);
    EXPECT_EQ(found[i].shape(), expected[i]->shape());
    EXPECT_EQ(found[i].dtype, expected[i]->dtype);
    EXPECT_EQ(stored(values(found[i]), found[i].dtype), stored(values(*expected[i]), found[i].dtype));
    EXPECT_EQ(row_by_row(found[i]), values(found[i]));
  }
}

/// Rotary tables of every kind: 1-D, partial, prefixed, of grids, of text and images, with leading axes.
const std::vector<std::pair<std::string, Settings>> kTables{
    {"rope", {{"head-dim", "12"}, {"length", "9"}}},
    {"rope", {{"head-dim", "16"}, {"length", "5"}, {"rotary-fraction", "0.5"}, {"prefix-tokens", "2"}, {"dtype", "f64"}}},
    {"rope", {{"head-dim", "2"}, {"length", "1"}}},
    {"rope", {{"head-dim", "8"}, {"length", "4"}, {"batch-dim", ""}, {"scaling", "yarn"}, {"factor", "8"}, {"original-length", "64"}}},
    {"rope2d", {{"head-dim", "16"}, {"grid", "2x3"}}},
    {"mrope", {{"segments", "text:3 image:1x4x6"}}},
    {"rope-mixed", {{"head-dim", "8"}, {"grid", "2x3"}, {"heads", "2"}, {"depth", "2"}}},
};

TEST(rotary_layout, a_changed_layout_is_what_the_scheme_makes_in_that_layout) {
  for (const auto& [scheme, settings] : kTables) {
    for (const std::string& from : kRotaryLayouts) {
      for (const std::string& to : kRotaryLayouts) {
        SCOPED_TRACE(scheme + " " + from + " to " + to);
        expect_same_bits(change_rotary_layout(rotary_table(scheme, settings, from), from, to), rotary_table(scheme, settings, to));
      }
    }
  }
}

TEST(rotary_layout, any_layout_to_any_other_and_back_gives_the_same_bits) {
  for (const auto& [scheme, settings] : kTables) {
    const Parts compact = rotary_table(scheme, settings, "compact");
    for (const std::string& from : kAllRotaryLayouts) {
      const Parts table = as_parts(change_rotary_layout(compact, "compact", from));
      for (const std::string& to : kAllRotaryLayouts) {
        SCOPED_TRACE(scheme + " " + from + " to " + to);
        expect_same_bits(change_rotary_layout(as_parts(change_rotary_layout(table, from, to)), to, from), table);
      }
    }
  }
}

Tensor numbers(const std::string& name, std::vector<Index> shape, Values values, Dtype dtype = Dtype::f32) {
  std::vector<Axis> axes;
  for (const Index size : shape) axes.push_back({"axis", size});
  return held_tensor(name, std::move(axes), dtype, std::move(values));
}

TEST(rotary_layout, every_layout_puts_two_angles_where_its_users_look_for_them) {
  const Parts compact{numbers("cos", {1, 2}, {1, 2}), numbers("sin", {1, 2}, {3, 4})};
  const auto row = [&](const std::string& layout) {
    Values all;
    for (const Tensor& tensor : change_rotary_layout(compact, "compact", layout)) {
      for (const double value : values(tensor)) all.push_back(value);
    }
    return all;
  };
  EXPECT_EQ(row("half"), (Values{1, 2, 1, 2, 3, 4, 3, 4}));
  EXPECT_EQ(row("interleaved"), (Values{1, 1, 2, 2, 3, 3, 4, 4}));
  EXPECT_EQ(row("compact"), (Values{1, 2, 3, 4}));
  EXPECT_EQ(row("complex"), (Values{1, 3, 2, 4}));
  EXPECT_EQ(row("joined"), (Values{1, 2, 3, 4}));
  EXPECT_EQ(row("pairs"), (Values{1, 3, 2, 4}));
}

TEST(rotary_layout, one_of_cos_and_sin_can_change_alone_but_not_be_joined) {
  const Parts cos{numbers("cos", {1, 4}, {1, 2, 1, 2}), std::nullopt}, sin{std::nullopt, numbers("sin", {1, 4}, {1, 2, 1, 2})};
  expect_same_bits(change_rotary_layout(cos, "half", "interleaved"), {numbers("cos", {1, 4}, {1, 1, 2, 2})});
  expect_same_bits(change_rotary_layout(sin, "half", "compact"), {numbers("sin", {1, 2}, {1, 2})});
  EXPECT_EQ(message_of([&] { change_rotary_layout(cos, "half", "joined"); }), "layout joined needs cos and sin; only cos is there");
}

TEST(rotary_layout, a_table_that_is_not_in_its_layout_is_refused_at_the_first_cell_that_shows_it) {
  Parts interleaved = rotary_table("rope", {{"head-dim", "6"}, {"length", "300000"}}, "interleaved");
  const std::vector<Tensor> compact = change_rotary_layout(interleaved, "half", "compact");
  const std::string refusal = "cos[1, 0] is 0.5403023 but cos[1, 3] is 0.998923: layout half has the same angle there, so the table is not in it";
  EXPECT_EQ(message_of([&] { values(compact[0]); }), refusal);
  EXPECT_EQ(message_of([&] { rows(compact[0], 299990, 3); }), refusal);
  EXPECT_EQ(message_of([&] { rows(compact[0], 0, 1); }), "");   // position 0 always agrees
}

TEST(rotary_layout, columns_of_nan_and_zeros_of_both_signs_agree_with_themselves) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Tensor> compact = change_rotary_layout({numbers("cos", {1, 4}, {nan, 0.0, nan, -0.0}), std::nullopt}, "half", "compact");
  EXPECT_EQ(message_of([&] { values(compact[0]); }), "");
}

TEST(rotary_layout, tensors_that_are_no_rotary_table_are_refused) {
  const auto refused = [](Parts parts, const std::string& from, const std::string& to = "compact") {
    return message_of([&] { change_rotary_layout(parts, from, to); });
  };
  const Tensor cos = counting_tensor({3, 4}, Dtype::f32, "cos");
  EXPECT_EQ(refused({counting_tensor({3, 5}, Dtype::f32, "cos"), std::nullopt}, "half"),
            "cos is 3x5 f32: layout half has two columns to an angle, so an even number");
  EXPECT_EQ(refused({counting_tensor({3, 4}, Dtype::i64, "cos"), std::nullopt}, "half"),
            "cos is 3x4 i64: a rotary table holds floating-point numbers");
  EXPECT_EQ(refused({counting_tensor({3, 0}, Dtype::f32, "cos"), std::nullopt}, "half"), "cos is 3x0 f32: a rotary table has columns");
  EXPECT_EQ(refused({counting_tensor({}, Dtype::f32, "cos"), std::nullopt}, "half"), "cos is scalar f32: a rotary table has columns");
  EXPECT_EQ(refused({cos}, "complex"), "cos is 3x4 f32: layout complex has complex numbers");
  EXPECT_EQ(refused({counting_tensor({3, 4}, Dtype::c64, "cis"), std::nullopt}, "half"),
            "cis is 3x4 c64: of complex numbers the layout is complex, not half");
  EXPECT_EQ(refused({cos, counting_tensor({2, 4}, Dtype::f32, "sin")}, "half"),
            "cos is 3x4 f32 and sin is 2x4 f32; those of one table have the same shape and type");
  EXPECT_EQ(refused({counting_tensor({3, 4}, Dtype::f16, "cos"), counting_tensor({3, 4}, Dtype::f16, "sin")}, "half", "complex"),
            "cis is f16, which has no complex type; f32 and f64 have");
}

TEST(rotary_layout, pairs_of_columns_move_to_where_the_other_pairing_has_them) {
  EXPECT_EQ(pairing_order("interleaved", "half", 3), (std::vector<Index>{0, 2, 4, 1, 3, 5}));
  EXPECT_EQ(pairing_order("half", "interleaved", 3), (std::vector<Index>{0, 3, 1, 4, 2, 5}));
}

/// q [columns] of one head turned by the angles, in that pairing.
Values turned(const Values& q, const Values& angles, const std::string& pairing) {
  Values out = q;
  for (std::size_t j = 0; j < angles.size(); ++j) {
    const std::size_t x = pairing == "half" ? j : 2 * j, y = pairing == "half" ? j + angles.size() : 2 * j + 1;
    out[x] = q[x] * std::cos(angles[j]) - q[y] * std::sin(angles[j]);
    out[y] = q[y] * std::cos(angles[j]) + q[x] * std::sin(angles[j]);
  }
  return out;
}

/// Column number `row` of w [rows, 1] for each of them: what a projection makes of the input 1.
Values head_of(const Tensor& w, Index head, Index head_dim) { return rows(w, head * head_dim, head_dim); }

TEST(permute_qk, the_new_weights_under_the_new_pairing_are_the_old_ones_under_the_old_moved_alike) {
  constexpr Index kHeads = 3, kHeadDim = 10;
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  Values weights(kHeads * kHeadDim);
  for (double& weight : weights) weight = normal(random);
  const Tensor w = numbers("w", {kHeads * kHeadDim, 1}, weights, Dtype::f64);
  for (const Index rotated : {10, 6}) {
    const Values angles(static_cast<std::size_t>(rotated / 2), 0.7);
    for (const auto& [from, to] : {std::pair{"interleaved", "half"}, std::pair{"half", "interleaved"}}) {
      const Tensor permuted = permute_qk(w, kHeads, from, to, rotated);
      for (Index head = 0; head < kHeads; ++head) {
        const Values old_head = turned(head_of(w, head, kHeadDim), angles, from);
        const Values moved = values(permute_qk(numbers("q", {kHeadDim}, old_head, Dtype::f64), 1, from, to, rotated));
        EXPECT_EQ(turned(head_of(permuted, head, kHeadDim), angles, to), moved);
      }
      EXPECT_EQ(values(permute_qk(permuted, kHeads, to, from, rotated)), weights);
    }
  }
}

TEST(permute_qk, interleaved_to_half_is_the_view_and_transpose_of_hugging_face) {
  constexpr Index kHeads = 2, kHeadDim = 6, kIn = 4;
  const Tensor w = counting_tensor({kHeads * kHeadDim, kIn}), bias = counting_tensor({kHeads * kHeadDim});
  const Values old_values = values(w), found = values(permute_qk(w, kHeads, "interleaved", "half", {}));
  std::size_t at = 0;
  for (Index head = 0; head < kHeads; ++head) {
    for (Index member = 0; member < 2; ++member) {
      for (Index pair = 0; pair < kHeadDim / 2; ++pair) {   // w.view(heads, pairs, 2, in).transpose(1, 2)
        const Index old_row = (head * kHeadDim / 2 + pair) * 2 + member;
        EXPECT_EQ(values(permute_qk(bias, kHeads, "interleaved", "half", {}))[at / kIn], static_cast<double>(old_row));
        for (Index i = 0; i < kIn; ++i) EXPECT_EQ(found[at++], old_values[static_cast<std::size_t>(old_row * kIn + i)]);
      }
    }
  }
}

TEST(permute_qk, bits_that_a_double_would_lose_are_kept) {
  const std::uint64_t signalling = 0x7ff0000000000123;   // a NaN that arithmetic would change
  std::string file = written("npy", {counting_tensor({4, 2}, Dtype::f64)});
  std::memcpy(file.data() + file.size() - 16, &signalling, 8);
  const Tensor w = read_back("npy", file).front();
  const Tensor permuted = permute_qk(permute_qk(w, 1, "half", "interleaved", {}), 1, "interleaved", "half", {});
  EXPECT_EQ(written("npy", {permuted}), file);
  EXPECT_TRUE(permuted.fill.elements_of(Dtype::f64));
}

TEST(permute_qk, heads_that_do_not_divide_the_rows_are_refused_with_those_that_do) {
  const auto refused = [](Index rows, Index heads, std::optional<Index> rotated = {}) {
    return message_of([&] { permute_qk(counting_tensor({rows, 2}, Dtype::f32, "w"), heads, "half", "interleaved", rotated); });
  };
  EXPECT_EQ(refused(12, 5), "w is 12x2: its 12 rows are not 5 heads of an even size; nearest: 3, 6");
  EXPECT_EQ(refused(12, 4), "w is 12x2: its 12 rows are not 4 heads of an even size; nearest: 3, 6");
  EXPECT_EQ(refused(9, 3), "w is 9x2: its 9 rows are not 3 heads of an even size");
  EXPECT_EQ(refused(12, 3, 3), "3 of the 4 columns of a head of w cannot rotate: an even number of them can");
  EXPECT_EQ(refused(12, 3, 6), "6 of the 4 columns of a head of w cannot rotate: an even number of them can");
  EXPECT_EQ(message_of([] { permute_qk(counting_tensor({}), 1, "half", "interleaved", {}); }), "table is a scalar, not a projection");
}

/// The stored values after a cast.
Values as(const Values& values_before, Dtype from, Dtype to) {
  const Tensor after = cast(numbers("t", {static_cast<Index>(values_before.size())}, values_before, from), to).tensor;
  return stored(values(after), after.dtype);
}

std::string refusal_as(const Values& values_before, Dtype from, Dtype to) {
  return message_of([&] { as(values_before, from, to); });
}

TEST(cast, numbers_are_rounded_once_to_nearest_even) {
  // Rounding first to f32 gives 1 + 2^-8, and from that tie 1; the value itself is above the tie.
  EXPECT_EQ(as({1 + 0x1p-8 + 0x1p-40}, Dtype::f64, Dtype::bf16), (Values{1 + 0x1p-7}));
  EXPECT_EQ(as({1 + 0x1p-8}, Dtype::f64, Dtype::bf16), (Values{1}));
  EXPECT_EQ(as({1 + 0x1p-11 + 0x1p-50, 2049}, Dtype::f64, Dtype::f16), (Values{1 + 0x1p-10, 2048}));
  EXPECT_EQ(as({0.1}, Dtype::f64, Dtype::f32), (Values{static_cast<double>(0.1f)}));
  EXPECT_EQ(as({0.25, -3}, Dtype::bf16, Dtype::f64), (Values{0.25, -3}));
}

TEST(cast, what_is_too_large_becomes_infinite_and_is_counted) {
  const double largest_rest = std::nextafter(65520.0, 0);
  const Tensor t = numbers("t", {2, 3}, {65504, 65520, -1e6, INFINITY, largest_rest, std::nan("")}, Dtype::f64);
  const Cast half = cast(t, Dtype::f16);
  EXPECT_FALSE(*half.overflowed);
  const Values found = stored(values(half.tensor), Dtype::f16);
  EXPECT_EQ(Values(found.begin(), found.end() - 1), (Values{65504, INFINITY, -INFINITY, INFINITY, 65504}));
  EXPECT_TRUE(std::isnan(found.back()));
  EXPECT_TRUE(*half.overflowed);
  EXPECT_EQ(overflows(t, Dtype::f16), 2);
  EXPECT_EQ(overflows(t, Dtype::bf16), 0);
  for (const Dtype dtype : {Dtype::f32, Dtype::f16, Dtype::bf16}) {   // the step above the largest number, from both sides
    const double step = largest(dtype) - stored({largest(dtype) * (1 - 1e-15)}, dtype)[0];
    const double last = dtype == Dtype::f32 ? 0x1.ffffffp127 : dtype == Dtype::f16 ? 65520 : 0x1.ffp127;
    EXPECT_EQ(step, 0);
    EXPECT_EQ(overflows(numbers("t", {2}, {last, std::nextafter(last, 0)}, Dtype::f64), dtype), 1);
    EXPECT_EQ(stored({last, std::nextafter(last, 0)}, dtype), (Values{INFINITY, largest(dtype)}));
  }
}

TEST(cast, only_whole_numbers_in_range_become_integers) {
  EXPECT_EQ(as({0, -0.0, 127, -128}, Dtype::f32, Dtype::i8), (Values{0, 0, 127, -128}));
  EXPECT_EQ(as({0, 1}, Dtype::f32, Dtype::boolean), (Values{0, 1}));
  EXPECT_EQ(as({-0x1p63, 0x1p62}, Dtype::f64, Dtype::i64), (Values{-0x1p63, 0x1p62}));
  EXPECT_EQ(as({0x1p63}, Dtype::f64, Dtype::u64), (Values{0x1p63}));
  EXPECT_EQ(refusal_as({1, 0.1}, Dtype::f32, Dtype::i32), "t[1] is 0.1, not a whole number in -2147483648..2147483647");
  EXPECT_EQ(refusal_as({-1}, Dtype::f32, Dtype::u8), "t[0] is -1, not a whole number in 0..255");
  EXPECT_EQ(refusal_as({300}, Dtype::i32, Dtype::u8), "t[0] is 300, not a whole number in 0..255");
  EXPECT_EQ(refusal_as({2}, Dtype::u8, Dtype::boolean), "t[0] is 2, not a whole number in 0..1");
  EXPECT_EQ(refusal_as({0x1p63}, Dtype::f64, Dtype::i64),
            "t[0] is 9.223372036854776e+18, not a whole number in -2^63..2^63-1");
  EXPECT_EQ(refusal_as({std::nan("")}, Dtype::f64, Dtype::u16), "t[0] is nan, not a whole number in 0..65535");
  EXPECT_EQ(refusal_as({INFINITY}, Dtype::f64, Dtype::i64), "t[0] is inf, not a whole number in -2^63..2^63-1");
}

TEST(cast, whole_numbers_are_never_rounded) {
  EXPECT_EQ(as({2048, -256}, Dtype::i64, Dtype::f16), (Values{2048, -256}));
  EXPECT_EQ(refusal_as({0, 257}, Dtype::i64, Dtype::bf16), "t[1] is 257, which bf16 does not hold: 256 is next to it");
  EXPECT_EQ(refusal_as({16777217}, Dtype::i32, Dtype::f32), "t[0] is 16777217, which f32 does not hold: 16777216 is next to it");
}

TEST(cast, integers_of_64_bits_keep_digits_that_a_double_has_not) {
  std::string file = written("npy", {counting_tensor({2, 2}, Dtype::i64)});
  std::int64_t large = (std::int64_t{1} << 53) + 1;
  std::memcpy(file.data() + file.size() - 8, &large, 8);
  const Tensor t = read_back("npy", file).front();
  const std::string as_unsigned = written("npy", {cast(t, Dtype::u64).tensor});
  EXPECT_EQ(as_unsigned.substr(as_unsigned.size() - 32), file.substr(file.size() - 32));
  EXPECT_EQ(message_of([&] { values(cast(t, Dtype::f64).tensor); }),
            "table[1, 1] is 2^53 or more, where a conversion to f64 can lose digits; i64 and u64 keep them");
  large = -5;
  std::memcpy(file.data() + file.size() - 8, &large, 8);
  const Tensor negative = read_back("npy", file).front();
  EXPECT_EQ(message_of([&] { written("npy", {cast(negative, Dtype::u64).tensor}); }), "table[1, 1] is -5; u64 has no negative numbers");
}

TEST(cast, complex_numbers_get_the_complex_type_of_their_parts) {
  const Tensor cis = counting_tensor({2, 2}, Dtype::c64, "cis");
  EXPECT_EQ(cast(cis, Dtype::f64).tensor.dtype, Dtype::c128);
  EXPECT_EQ(cast(cis, Dtype::c128).tensor.dtype, Dtype::c128);
  EXPECT_EQ(values(cast(cis, Dtype::f64).tensor), values(cis));
  EXPECT_EQ(cast(cis, Dtype::f32).tensor.dtype, Dtype::c64);
  EXPECT_EQ(message_of([&] { cast(cis, Dtype::f16); }), "cis is c64: f16 has no complex type; f32 and f64 have");
  EXPECT_EQ(message_of([&] { cast(counting_tensor({2}), Dtype::c64); }), "table is f32: not complex numbers, which c64 holds");
}

}  // namespace
}  // namespace pe
