#include "analysis/compare.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>

#include "analysis/compare_block.h"
#include "analysis/units.h"

namespace pe {
namespace {

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
    const double product = all.aa * all.bb;   // of equal tables a square, whose root is exact
    const double lengths = std::isnormal(product) ? std::sqrt(product) : std::sqrt(all.aa) * std::sqrt(all.bb);
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
  const Pairing pairing{1, 1, 1, coarser(type_a, type_b), tolerance};
  return std::equal(a.begin(), a.end(), b.begin(), [&](double x, double y) { return is_admitted(pairing, x, y); });
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
      const std::vector<long double> of_x = exact_rows(x, row, out.size()), of_y = exact_rows(y, row, out.size());
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
