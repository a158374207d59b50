#include "analysis/compare_block.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "analysis/units.h"

namespace pe {
namespace {

/// Whether a double may not hold every value.
bool is_wide(Dtype dtype) { return dtype == Dtype::i64 || dtype == Dtype::u64; }

void keep_largest(std::optional<Difference>& largest, const Difference& one) {
  if (!largest || one.size > largest->size) largest = one;
}

/// One pair of elements that are not the same.
struct Unequal {
  double size = 0, reference = 0, units = 0;   ///< |a - b|, |b|, units in the last place
  bool has_nan = false, is_finite = true;

  bool is_admitted(const Tolerance& tolerance) const {
    if (has_nan) return false;
    const bool has_limit = tolerance.absolute || tolerance.relative;
    if (has_limit && is_finite && size <= tolerance.absolute.value_or(0) + tolerance.relative.value_or(0) * reference) return true;
    return tolerance.ulps && (is_finite || units == 0) && units <= static_cast<double>(*tolerance.ulps);
  }
};

template <class Number>
Unequal measure(const Number* a, const Number* b, const double* units, int parts) {
  Unequal pair;
  for (int part = 0; part < parts; ++part) {
    if (is_same(a[part], b[part])) {
      pair.reference = std::hypot(pair.reference, static_cast<double>(b[part]));
      continue;
    }
    const auto apart = static_cast<double>(std::abs(a[part] - b[part]));
    pair.has_nan |= std::isnan(a[part]) || std::isnan(b[part]);
    pair.is_finite &= std::isfinite(a[part]) && std::isfinite(b[part]);
    pair.size = pair.size == 0 ? apart : std::hypot(pair.size, apart);
    pair.reference = pair.reference == 0 ? static_cast<double>(std::abs(b[part])) : std::hypot(pair.reference, static_cast<double>(b[part]));
    pair.units = std::max(pair.units, units != nullptr ? units[part] : apart);
  }
  return pair;
}

/// Adds a pair of elements that are not the same.
void add_unequal(const Pairing& pairing, const Unequal& pair, Difference one, Comparison& all) {
  if (pair.has_nan) {
    ++all.nan_in_one;
    return;
  }
  keep_largest(all.absolute, one);
  if (pair.is_finite) {
    const Index place = one.element / pairing.columns % pairing.rows;
    double& bin = all.growth[static_cast<std::size_t>(place * static_cast<Index>(Comparison::kBins) / pairing.rows)];
    bin = std::max(bin, pair.size);
    all.per_row = std::max(all.per_row, pair.size / static_cast<double>(place + 1));
  }
  one.size = pair.units;
  keep_largest(all.ulps, one);
  if (pair.reference == 0) return;
  one.size = pair.is_finite ? pair.size / pair.reference : std::numeric_limits<double>::infinity();
  keep_largest(all.relative, one);
}

/// Compares elements from number `first` on and adds them to `all`; `a` and `b` begin with a row.
template <class Number>
void compare_elements(const Pairing& pairing, Index first, std::span<const Number> a, std::span<const Number> b, std::span<const double> units,
                      Comparison& all) {
  const int parts = pairing.parts;
  const auto count = static_cast<Index>(a.size()) / parts;
  Index last_different = -1;
  for (Index i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i * parts);
    bool is_equal = is_same(a[at], b[at]);
    for (int part = 1; part < parts; ++part) is_equal &= is_same(a[at + static_cast<std::size_t>(part)], b[at + static_cast<std::size_t>(part)]);
    if (is_equal) {
      ++all.equal;
      ++all.admitted;
      continue;
    }
    const Unequal pair = measure(&a[at], &b[at], units.empty() ? nullptr : &units[at], parts);
    const auto complex = [&](const Number* x) { return std::complex<double>(static_cast<double>(x[0]), parts == 2 ? static_cast<double>(x[1]) : 0); };
    const Difference one{pair.size, first + i, complex(&a[at]), complex(&b[at])};
    const Index row = one.element / pairing.columns;
    if (pair.is_admitted(pairing.tolerance)) {
      ++all.admitted;
    } else {
      if (!all.first) all.first = one;
      if (row != last_different) ++all.rows_different;
      last_different = row;
    }
    add_unequal(pairing, pair, one, all);
  }
}

/// Sums of products in four lanes.
template <class Number>
void add_products(std::span<const Number> a, std::span<const Number> b, Partial& all) {
  std::array<double, 4> aa{}, bb{}, ab{};
  const auto add = [&](std::size_t lane, double x, double y) {
    aa[lane] += x * x;
    bb[lane] += y * y;
    ab[lane] += x * y;
  };
  std::size_t i = 0;
  for (; i + 4 <= a.size(); i += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) add(lane, static_cast<double>(a[i + lane]), static_cast<double>(b[i + lane]));
  }
  for (; i < a.size(); ++i) add(0, static_cast<double>(a[i]), static_cast<double>(b[i]));
  const auto total = [](const std::array<double, 4>& lanes) { return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]); };
  if (!std::isfinite(total(aa)) || !std::isfinite(total(bb))) {
    aa = bb = ab = {};
    for (i = 0; i < a.size(); ++i) {
      if (std::isfinite(a[i]) && std::isfinite(b[i])) add(0, static_cast<double>(a[i]), static_cast<double>(b[i]));
    }
  }
  all.aa += total(aa);
  all.bb += total(bb);
  all.ab += total(ab);
}

/// Units are counted where they matter: not in tables that are the same.
template <class Number>
Partial compare_rows(const Pairing& pairing, Index first_row, std::span<const Number> a, std::span<const Number> b) {
  Partial all;
  add_products(a, b, all);
  const Index first = first_row * pairing.columns;
  if (std::equal(a.begin(), a.end(), b.begin())) {
    all.found.equal = all.found.admitted = static_cast<Index>(a.size()) / pairing.parts;
    return all;
  }
  std::vector<double> units;
  if constexpr (std::is_same_v<Number, double>) {
    units = units_apart(a, b, pairing.unit);
  } else {
    units = units_apart(std::vector<double>(a.begin(), a.end()), std::vector<double>(b.begin(), b.end()), pairing.unit);
  }
  compare_elements<Number>(pairing, first, a, b, units, all.found);
  return all;
}

}  // namespace

std::vector<long double> exact_rows(const Tensor& tensor, Index first_row, std::size_t count) {
  std::vector<long double> out(count);   // 64 digits or more: every 64-bit integer and every double
  const Fill::Elements& elements = tensor.fill.elements_of(tensor.dtype);
  if (is_wide(tensor.dtype) && elements) {
    std::vector<std::byte> bytes(count * sizeof(std::int64_t));
    elements(first_row, bytes);
    for (std::size_t i = 0; i < count; ++i) {
      std::uint64_t bits = 0;
      std::memcpy(&bits, bytes.data() + i * sizeof bits, sizeof bits);
      out[i] = tensor.dtype == Dtype::u64 ? static_cast<long double>(bits) : static_cast<long double>(static_cast<std::int64_t>(bits));
    }
    return out;
  }
  std::vector<double> numbers(count);
  tensor.fill(first_row, numbers);
  std::copy(numbers.begin(), numbers.end(), out.begin());
  return out;
}

Partial compare_block(const Pairing& pairing, Block& block, const Tensor& a, const Tensor& b) {
  const std::span<const double> values = block.values();
  if (!is_wide(a.dtype) && !is_wide(b.dtype)) {
    std::vector<double> of_b(values.size());
    b.fill(block.first_row(), of_b);
    return compare_rows<double>(pairing, block.first_row(), values, of_b);
  }
  const std::vector<long double> of_a = exact_rows(a, block.first_row(), values.size()), of_b = exact_rows(b, block.first_row(), values.size());
  return compare_rows<long double>(pairing, block.first_row(), of_a, of_b);
}

bool is_admitted(const Pairing& pairing, double a, double b) {
  if (is_same(a, b)) return true;
  if (pairing.tolerance.is_exact()) return false;
  const std::vector<double> units = units_apart({&a, 1}, {&b, 1}, pairing.unit);
  return measure(&a, &b, units.empty() ? nullptr : units.data(), 1).is_admitted(pairing.tolerance);
}

void merge(Partial& all, const Partial& next) {
  const auto larger = [](std::optional<Difference>& kept, const std::optional<Difference>& one) {
    if (one) keep_largest(kept, *one);
  };
  Comparison& sum = all.found;
  const Comparison& part = next.found;
  sum.equal += part.equal;
  sum.admitted += part.admitted;
  sum.nan_in_one += part.nan_in_one;
  sum.rows_different += part.rows_different;
  larger(sum.absolute, part.absolute);
  larger(sum.relative, part.relative);
  larger(sum.ulps, part.ulps);
  if (!sum.first) sum.first = part.first;
  for (std::size_t i = 0; i < sum.growth.size(); ++i) sum.growth[i] = std::max(sum.growth[i], part.growth[i]);
  sum.per_row = std::max(sum.per_row, part.per_row);
  all.aa += next.aa;
  all.bb += next.bb;
  all.ab += next.ab;
}

}  // namespace pe
