#include "core/cast.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/cell_text.h"
#include "core/error.h"

namespace pe {
namespace {

constexpr double kWhole = 0x1p53;   ///< below it a double holds every whole number, and no other rounds to one

/// The smallest magnitude that rounds to infinity: half a step above the largest number.
double overflow_from(Dtype dtype) {
  switch (dtype) {
    case Dtype::f32:
    case Dtype::c64: return 0x1.ffffffp127;
    case Dtype::f16: return 65520;
    case Dtype::bf16: return 0x1.ffp127;
    default: return std::numeric_limits<double>::infinity();
  }
}

bool overflows(double value, double limit) { return std::abs(value) >= limit && std::isfinite(value); }

/// The numbers low <= v < end of an integer type.
Range limits_of(Dtype dtype) {
  if (dtype == Dtype::boolean) return {0, 2};
  const int bits = static_cast<int>(8 * size_of(dtype));
  const bool is_signed = dtype >= Dtype::i64 && dtype <= Dtype::i8;
  const double end = std::ldexp(1.0, is_signed ? bits - 1 : bits);
  return {is_signed ? -end : 0, end};
}

/// The value after rounding to the type.
double rounded(double value, Dtype dtype) {
  std::array<std::byte, 8> bytes;
  const std::span element = std::span(bytes).first(size_of(dtype));
  encode({&value, 1}, dtype, element);
  decode(element, dtype, {&value, 1});
  return value;
}

/// A rule that every number of a tensor must keep to be stored as `to`, and its words when one does not.
struct Rule {
  Dtype from, to;

  bool holds(double value) const {
    if (is_integer(from) && std::abs(value) >= kWhole) return false;   // digits of it may be lost already
    if (!is_integer(to)) return rounded(value, to) == value;
    const Range limits = limits_of(to);
    return value >= limits.low && value < limits.high && std::trunc(value) == value;
  }

  std::string why_not(double value) const {
    if (is_integer(from) && std::abs(value) >= kWhole) {
      return fmt::format("is 2^53 or more, where a conversion to {} can lose digits; i64 and u64 keep them", name(to));
    }
    const std::string text = "is " + value_text(value, from);
    if (!is_integer(to)) return fmt::format("{}, which {} does not hold: {} is next to it", text, name(to), rounded(value, to));
    const Range limits = limits_of(to);
    if (limits.high > kWhole) return fmt::format("{}, not a whole number in {}", text, to == Dtype::i64 ? "-2^63..2^63-1" : "0..2^64-1");
    return fmt::format("{}, not a whole number in {}..{}", text, limits.low, limits.high - 1);
  }
};

/// Throws Error for the first number of the tensor that does not keep the rule. There is one.
[[noreturn]] void refuse(const Tensor& tensor, const Rule& rule) {
  std::vector<double> row(static_cast<std::size_t>(tensor.row_width()));
  for (Index r = 0;; ++r) {
    tensor.fill(r, row);
    const auto found = std::find_if_not(row.begin(), row.end(), [&](double value) { return rule.holds(value); });
    if (found == row.end()) continue;
    throw Error(fmt::format("{} {}", cell_text(tensor, r, found - row.begin()), rule.why_not(*found)));
  }
}

/// Rows whose numbers keep the rule.
Fill::Numbers checked(const Tensor& tensor, Rule rule) {
  return [tensor, rule](Index row, std::span<double> out) {
    tensor.fill(row, out);
    if (!std::all_of(out.begin(), out.end(), [&](double value) { return rule.holds(value); })) refuse(tensor, rule);
  };
}

/// The numbers of i64 or u64 elements, as i64: what is negative stands only in one of the two.
std::vector<std::int64_t> numbers_of(std::span<const std::byte> elements) {
  std::vector<std::int64_t> numbers(elements.size() / sizeof(std::int64_t));
  std::memcpy(numbers.data(), elements.data(), elements.size());
  return numbers;
}

bool is_negative(std::int64_t number) { return number < 0; }

/// Throws Error for the first element whose bits mean another number as the other type. There is one.
[[noreturn]] void refuse_bits(const Tensor& tensor, const Fill::Elements& elements) {
  std::vector<std::byte> row(static_cast<std::size_t>(tensor.columns_count()) * sizeof(std::int64_t));
  for (Index r = 0;; ++r) {
    elements(r, row);
    const std::vector<std::int64_t> numbers = numbers_of(row);
    const auto found = std::find_if(numbers.begin(), numbers.end(), is_negative);
    if (found == numbers.end()) continue;
    const std::string cell = cell_text(tensor, r, found - numbers.begin());
    if (tensor.dtype == Dtype::i64) throw Error(fmt::format("{} is {}; u64 has no negative numbers", cell, *found));
    throw Error(fmt::format("{} is {}, more than i64 holds", cell, std::bit_cast<std::uint64_t>(*found)));
  }
}

/// From i64 to u64 or back: the same bits, as long as they mean the same number.
Fill with_same_bits(const Tensor& tensor, Dtype dtype, const Fill::Elements& elements) {
  const auto checked_elements = [tensor, elements](Index first_row, std::span<std::byte> out) {
    elements(first_row, out);
    const std::vector<std::int64_t> numbers = numbers_of(out);
    if (std::any_of(numbers.begin(), numbers.end(), is_negative)) refuse_bits(tensor, elements);
  };
  return Fill(tensor.fill, dtype, checked_elements);
}

/// The complex type whose parts are `dtype`, where the tensor is complex.
Dtype target_type(const Tensor& tensor, Dtype dtype) {
  if (components(tensor.dtype) == 1) {
    if (components(dtype) == 1) return dtype;
    throw Error(fmt::format("{} is {}: not complex numbers, which {} holds", tensor.name, name(tensor.dtype), name(dtype)));
  }
  if (components(dtype) == 2) return dtype;
  if (dtype == Dtype::f32) return Dtype::c64;
  if (dtype == Dtype::f64) return Dtype::c128;
  throw Error(fmt::format("{} is {}: {} has no complex type; f32 and f64 have", tensor.name, name(tensor.dtype), name(dtype)));
}

}  // namespace

Cast cast(const Tensor& tensor, Dtype dtype) {
  Cast made{tensor};
  made.tensor.dtype = target_type(tensor, dtype);
  if (made.tensor.dtype == tensor.dtype) return made;
  if (is_integer(tensor.dtype) || is_integer(dtype)) {
    const auto has_64_bits = [](Dtype type) { return type == Dtype::i64 || type == Dtype::u64; };
    const Fill::Elements& elements = tensor.fill.elements_of(tensor.dtype);
    const bool keeps_bits = elements && has_64_bits(tensor.dtype) && has_64_bits(dtype);
    made.tensor.fill = keeps_bits ? with_same_bits(tensor, dtype, elements) : Fill(checked(tensor, {tensor.dtype, dtype}));
    return made;
  }
  const double limit = overflow_from(dtype);
  made.tensor.fill = [fill = tensor.fill, limit, overflowed = made.overflowed](Index row, std::span<double> out) {
    fill(row, out);
    if (std::any_of(out.begin(), out.end(), [limit](double value) { return overflows(value, limit); })) *overflowed = true;
  };
  return made;
}

Index overflows(const Tensor& tensor, Dtype dtype) {
  const double limit = overflow_from(dtype);
  std::vector<double> row(static_cast<std::size_t>(tensor.row_width()));
  Index count = 0;
  for (Index r = 0; r < tensor.rows(); ++r) {
    tensor.fill(r, row);
    count += std::count_if(row.begin(), row.end(), [limit](double value) { return overflows(value, limit); });
  }
  return count;
}

}  // namespace pe
