#pragma once
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "core/phase.h"
#include "core/rotate.h"
#include "core/tensor.h"

namespace pe {

/// The positions of one axis: scale * (first + i * step) for i < count, or scale * list[i] when there is a list.
struct Positions {
  double first = 0, step = 1;
  Index count = 0;
  std::vector<double> list;
  Real scale = 1;

  /// Position number i before scaling, rounded once.
  double at(Index i) const { return list.empty() ? std::fma(static_cast<double>(i), step, first) : list[static_cast<std::size_t>(i)]; }
  /// The smallest and the largest, before scaling.
  Range range() const;
};

/// How sines and cosines are computed.
enum class Arithmetic {
  rotated,    ///< within 4e-16, and 1 unit in the last place below 2^-20: enough to round to f32, f16 and bf16 as the true value would
  direct,     ///< within 1 unit in the last place of a double everywhere: for f64, several times slower
  framework   ///< what frameworks compute: f32 frequency, f32(position * frequency), f32 sine of that; see `sincos_f32`
};

/// The usual float path: `frequency` already rounded to f32, the angle f32(position * frequency), its sine and cosine rounded to f32.
SinCos sincos_f32(double position, float frequency);

/// Sine and cosine of every position times every frequency of an axis, one row of n values each per position.
///
/// Every sinusoidal and rotary scheme computes its values here. Consecutive positions are not evaluated one by one: with
/// p = a + b, where a is an anchor (every 256th position, or as few as pays) and |b| <= 128,
///   sin(p w) = sin(a w) cos(b w) + cos(a w) sin(b w),   cos(p w) = cos(a w) cos(b w) - sin(a w) sin(b w),
/// so that a row costs one complex rotation per frequency of a stored anchor by a stored small turn.
///
/// Error: the four factors are within 1 unit in the last place, 2^-53 at most, and each product and the sum are rounded once:
/// |error| <= 2^-53 (|sin a| + |cos a| + |sin b| + |cos b|) + 2^-54 * 3 <= 2^-53 (2 sqrt 2) + 2^-54 * 3 < 5e-16, in practice below
/// 3e-16. Half a unit of f32 plus 0.01 needs 2^-24 * 0.02 of the value, so values below 2^-20 are computed again directly.
class SinCosRows {
 public:
  /// `frequencies` in radians per position. `keep` computes all rows at the first use and holds them, if they are few enough:
  /// right for the axes of a grid, whose rows are needed again and again. Of what is not `wanted`, readers get anything.
  SinCosRows(const std::vector<Real>& frequencies, Positions positions, Arithmetic arithmetic, bool keep, Wanted wanted = Wanted::both);
  ~SinCosRows();

  Index count() const;

  /// The least and the greatest position.
  Range extent() const;

  /// The last anchor a reader has used.
  struct Anchor {
    Index number = -1;
    std::vector<double> values;   ///< n sines, then n cosines
  };

  /// Reads rows one after the other; each thread has its own.
  class Cursor {
   public:
    explicit Cursor(const SinCosRows& rows);
    /// Makes sin() and cos() those of position number i.
    void load(Index i);
    /// The same of any position: one of the progression is rotated to, another computed. For axes without a list.
    void load_at(double position);
    const double* sin() const { return sin_; }   ///< n values
    const double* cos() const { return cos_; }
    /// The position itself, rounded once (and once more to f32 in the framework's arithmetic).
    double position() const;

   private:
    friend class SinCosSum;

    Phase phase(std::size_t k) const;
    float angle_f32(std::size_t k) const;

    const SinCosRows& rows_;
    Index number_ = -1;           ///< of the position, from 0; -1: it has none
    double position_ = std::numeric_limits<double>::quiet_NaN();   ///< the one without a number
    Anchor anchor_;
    std::vector<double> buffer_;
    const double* sin_ = nullptr;
    const double* cos_ = nullptr;
  };

 private:
  friend class SinCosSum;
  struct State;
  std::unique_ptr<State> state_;
};

/// Sines and cosines of the sum of two axes' angles, p w[k] + q v[k]: of frequencies that mix the row and the column of a grid.
/// Like a row above, a sum is one complex rotation per frequency, within the same error when both axes are computed directly.
class SinCosSum {
 public:
  /// Makes sin() and cos() those of the sum of the angles, frequency by frequency, that both cursors stand at.
  void load(const SinCosRows::Cursor& a, const SinCosRows::Cursor& b, Arithmetic arithmetic);
  const double* sin() const { return row_.data(); }
  const double* cos() const { return row_.data() + row_.size() / 2; }

 private:
  std::vector<double> row_;
};

}  // namespace pe
