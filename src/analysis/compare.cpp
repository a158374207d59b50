#include "analysis/compare.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "analysis/units.h"
#include "core/stream.h"

namespace pe {
namespace {

/// Whether a double may not hold every value.
bool is_wide(Dtype dtype) { return dtype == Dtype::i64 || dtype == Dtype::u64; }

template <class Number>
bool is_same(Number a, Number b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// What two tables are to each other, whatever the block.
struct Pairing {
  int parts = 1;               ///< numbers of an element
  Index columns = 1, rows = 1; ///< rows: of the axis before the last
  Dtype unit = Dtype::f32;
  Tolerance tolerance;
};

/// Of some rows: the comparison and the sums of its cosine.
struct Partial {
  Comparison found;
  double aa = 0, bb = 0, ab = 0;
};
static_assert(std::is_trivially_copyable_v<Partial>, "it passes from thread to thread as bytes");

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
    Difference one{pair.size, first + i, complex(&a[at]), complex(&b[at])};
    const Index row = one.element / pairing.columns, place = row % pairing.rows;
    if (pair.is_admitted(pairing.tolerance)) {
      ++all.admitted;
    } else {
      if (!all.first) all.first = one;
      if (row != last_different) ++all.rows_different;
      last_different = row;
    }
    if (pair.has_nan) {
      ++all.nan_in_one;
      continue;
    }
    keep_largest(all.absolute, one);
    if (pair.is_finite) {
      double& bin = all.growth[static_cast<std::size_t>(place * static_cast<Index>(Comparison::kBins) / pairing.rows)];
      bin = std::max(bin, pair.size);
      all.per_row = std::max(all.per_row, pair.size / static_cast<double>(place + 1));
    }
    one.size = pair.units;
    keep_largest(all.ulps, one);
    if (pair.reference == 0) continue;
    one.size = pair.is_finite ? pair.size / pair.reference : std::numeric_limits<double>::infinity();
    keep_largest(all.relative, one);
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

/// Numbers in which both tables are exact.
template <class Number>
void read(const Tensor& tensor, Index first_row, std::vector<Number>& out, std::vector<double>& numbers) {
  const Fill::Elements& elements = tensor.fill.elements_of(tensor.dtype);
  if (is_wide(tensor.dtype) && elements) {
    std::vector<std::byte> bytes(out.size() * sizeof(std::int64_t));
    elements(first_row, bytes);
    for (std::size_t i = 0; i < out.size(); ++i) {
      std::uint64_t bits = 0;
      std::memcpy(&bits, bytes.data() + i * sizeof bits, sizeof bits);
      out[i] = tensor.dtype == Dtype::u64 ? static_cast<Number>(bits) : static_cast<Number>(static_cast<std::int64_t>(bits));
    }
    return;
  }
  numbers.resize(out.size());
  tensor.fill(first_row, numbers);
  std::copy(numbers.begin(), numbers.end(), out.begin());
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

/// A block of A, which `block` stands at, and the same rows of B.
Partial compare_block(const Pairing& pairing, Block& block, const Tensor& a, const Tensor& b) {
  if (!is_wide(a.dtype) && !is_wide(b.dtype)) {
    const std::span<const double> of_a = block.values();
    std::vector<double> of_b(of_a.size());
    b.fill(block.first_row(), of_b);
    return compare_rows<double>(pairing, block.first_row(), of_a, of_b);
  }
  std::vector<double> numbers;
  std::vector<long double> of_a(block.values().size()), of_b(of_a.size());   // 64 digits or more: every 64-bit integer and every double
  read(a, block.first_row(), of_a, numbers);
  read(b, block.first_row(), of_b, numbers);
  return compare_rows<long double>(pairing, block.first_row(), of_a, of_b);
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

Pairing pairing_of(const Tensor& a, Dtype type_b, const Tolerance& tolerance) {
  const Index rows = a.axes.size() > 1 ? std::max<Index>(a.axes[a.axes.size() - 2].size, 1) : 1;
  return {components(a.dtype), std::max<Index>(a.columns_count(), 1), rows, coarser(a.dtype, type_b), tolerance};
}

/// A real table as a complex one.
Tensor with_imaginary_parts(const Tensor& tensor) {
  Tensor complex = tensor;
  complex.dtype = Dtype::c128;
  complex.fill = [fill = tensor.fill](Index row, std::span<double> out) {
    std::vector<double> real(out.size() / 2);
    fill(row, real);
    for (std::size_t i = 0; i < real.size(); ++i) {
      out[2 * i] = real[i];
      out[2 * i + 1] = 0;
    }
  };
  return complex;
}

/// Calls visit(pairing, a, b) with tables that have the same number of parts.
template <class Visit>
auto with_same_parts(const Tensor& a, const Tensor& b, const Tolerance& tolerance, Visit visit) {
  const bool widen_a = components(a.dtype) < components(b.dtype), widen_b = components(b.dtype) < components(a.dtype);
  const Tensor wide_a = widen_a ? with_imaginary_parts(a) : a, wide_b = widen_b ? with_imaginary_parts(b) : b;
  Pairing pairing = pairing_of(wide_a, wide_b.dtype, tolerance);
  pairing.unit = coarser(a.dtype, b.dtype);
  return visit(pairing, wide_a, wide_b);
}

/// Whether holds(block of A) is true of every block; stops to ask at the first where it is not.
template <class Holds>
bool holds_everywhere(const Tensor& a, int threads, Holds holds) {
  std::atomic<bool> failed = false;
  stream(a, threads, [&](Block& block, std::vector<std::byte>&) { if (!failed && !holds(block)) failed = true; }, {});
  return !failed;
}

std::vector<double> rounded(std::span<const double> values, Dtype dtype) {
  std::vector<std::byte> bytes(values.size() * size_of(dtype));
  std::vector<double> back(values.size());
  encode(values, dtype, bytes);
  decode(bytes, dtype, back);
  return back;
}

}  // namespace

Comparison compare(const Tensor& a, const Tensor& b, const Tolerance& tolerance, int threads) {
  return with_same_parts(a, b, tolerance, [&](const Pairing& pairing, const Tensor& x, const Tensor& y) {
    Partial all;
    all.found.unit = pairing.unit;
    all.found.elements = x.elements();
    const auto compare_one = [&](Block& block, std::vector<std::byte>& bytes) {
      const Partial part = compare_block(pairing, block, x, y);
      bytes.resize(sizeof part);
      std::memcpy(bytes.data(), &part, sizeof part);
    };
    stream(x, threads, compare_one, [&](std::span<const std::byte> bytes) {
      Partial part;
      std::memcpy(&part, bytes.data(), sizeof part);
      merge(all, part);
    });
    const double lengths = std::sqrt(all.aa) * std::sqrt(all.bb);
    if (lengths > 0 && std::isfinite(lengths)) all.found.cosine = std::clamp(all.ab / lengths, -1.0, 1.0);
    return all.found;
  });
}

bool are_equal(const Tensor& a, const Tensor& b, const Tolerance& tolerance, int threads) {
  return with_same_parts(a, b, tolerance, [&](const Pairing& pairing, const Tensor& x, const Tensor& y) {
    return holds_everywhere(x, threads, [&](Block& block) {
      const Comparison part = compare_block(pairing, block, x, y).found;
      return !part.first;
    });
  });
}

bool are_equal(std::span<const double> a, std::span<const double> b, Dtype type_a, Dtype type_b, const Tolerance& tolerance) {
  const Dtype unit = coarser(type_a, type_b);
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (is_same(a[i], b[i])) continue;
    if (tolerance.is_exact()) return false;
    const std::vector<double> units = units_apart(a.subspan(i, 1), b.subspan(i, 1), unit);
    if (!measure(&a[i], &b[i], units.empty() ? nullptr : units.data(), 1).is_admitted(tolerance)) return false;
  }
  return true;
}

std::optional<Dtype> rounding(const Tensor& from, const Tensor& to, int threads) {
  if (components(from.dtype) != components(to.dtype) || is_integer(from.dtype) || is_integer(to.dtype)) return std::nullopt;
  for (const Dtype dtype : {Dtype::f32, Dtype::f16, Dtype::bf16}) {
    const bool holds = holds_everywhere(from, threads, [&](Block& block) {
      std::vector<double> found(block.values().size());
      to.fill(block.first_row(), found);
      const std::vector<double> expected = rounded(block.values(), dtype);
      return std::equal(found.begin(), found.end(), expected.begin(), [](double x, double y) { return is_same(x, y); });
    });
    if (holds) return dtype;
  }
  return std::nullopt;
}

Tensor difference(const Tensor& a, const Tensor& b, const Comparison& found) {
  return with_same_parts(a, b, {}, [&](const Pairing& pairing, const Tensor& x, const Tensor& y) {
    Tensor minus = x;
    minus.name = "difference";
    minus.dtype = pairing.parts == 2 ? Dtype::c128 : Dtype::f64;
    minus.runs.clear();
    minus.marks.clear();
    const double most = found.absolute ? found.absolute->size : 0;
    minus.range.reset();
    if (found.nan_in_one == 0 && std::isfinite(most)) minus.range = Range{-most, most};
    minus.fill = [x, y](Index row, std::span<double> out) {
      std::vector<long double> of_x(out.size()), of_y(out.size());   // of 64-bit integers too
      std::vector<double> numbers;
      read(x, row, of_x, numbers);
      read(y, row, of_y, numbers);
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = is_same(of_x[i], of_y[i]) ? 0 : static_cast<double>(of_x[i] - of_y[i]);
    };
    return minus;
  });
}

std::vector<Index> place_of(const Tensor& tensor, Index element) {
  std::vector<Index> place(tensor.axes.size());
  for (std::size_t axis = place.size(); axis-- > 0; element /= tensor.axes[axis].size) place[axis] = element % tensor.axes[axis].size;
  return place;
}

}  // namespace pe
