#include "core/rotation.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <mutex>
#include <utility>

#include "core/rotate.h"

namespace pe {
namespace {

constexpr Index kMinTurns = 32, kMaxTurns = 128;
constexpr Index kNearTurnValues = 1 << 15;     ///< of the stored small turns, if there are enough of them: 256 kB stay near the core
constexpr Index kMaxTurnValues = 1 << 18;      ///< in any case: 2 MB
constexpr Index kMaxKeptValues = 1 << 19;      ///< of the rows an axis holds: 8 MB

/// How many small turns to store for so many rows of so many values, as a power of two. Turns and anchors together are fewest when the
/// turns are the root of half the rows.
int turns_log2(Index rows, Index width) {
  const Index enough = std::min(std::clamp(kNearTurnValues / width, kMinTurns, kMaxTurns), std::max<Index>(kMaxTurnValues / width, 1));
  const auto fewest = static_cast<Index>(std::sqrt(static_cast<double>(rows) / 2));
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(std::clamp<Index>(fewest, 1, enough)))) - 1;
}

const Frequency& one_radian() {
  static const Frequency one{Real(1)};
  return one;
}

double to_f32(double value) { return static_cast<double>(static_cast<float>(value)); }

float angle_f32(double position, float frequency) { return static_cast<float>(position * static_cast<double>(frequency)); }

/// Sine and cosine of an f32 angle, each rounded to f32.
SinCos sincos_f32(float angle) {
  const SinCos exact = sincos(phase(static_cast<double>(angle), one_radian()));
  return {to_f32(exact.sin), to_f32(exact.cos)};
}

}  // namespace

SinCos sincos_f32(double position, float frequency) { return sincos_f32(angle_f32(position, frequency)); }

Range Positions::range() const {
  if (list.empty()) return {std::min(at(0), at(count - 1)), std::max(at(0), at(count - 1))};
  const auto [low, high] = std::minmax_element(list.begin(), list.end());
  return {*low, *high};
}

struct SinCosRows::State {
  Positions positions;
  Arithmetic arithmetic;
  bool keep;
  Wanted wanted;
  Index n;
  int turns_log2;                            // of the number of positions from an anchor to the farthest that is rotated to, on either side
  std::vector<Frequency> frequencies;        // of the unscaled positions, exact
  std::vector<float> framework_frequencies;
  double scale, scale_tail;                  // positions.scale as the sum of two doubles
  std::once_flag prepared;
  std::vector<Phase> first, step;            // of position 0, and from one position to the next
  std::vector<double> turns;                 // [number of turns + 1][sin, cos][n]
  std::vector<double> kept;                  // [count][sin, cos][n]

  bool listed() const { return !positions.list.empty(); }
  bool rotates() const { return arithmetic == Arithmetic::rotated && !listed(); }

  Phase phase_of(Index i, std::size_t k) const {
    if (listed()) return phase(positions.list[static_cast<std::size_t>(i)], frequencies[k]);
    return first[k] + step[k] * static_cast<std::uint64_t>(i);
  }

  /// A position, scaled, rounded once.
  double scaled(double position) const { return std::fma(position, scale, position * scale_tail); }

  /// The same as a table holds it.
  double coordinate(double position) const { return arithmetic == Arithmetic::framework ? to_f32(scaled(position)) : scaled(position); }

  float framework_angle(double position, std::size_t k) const { return angle_f32(scaled(position), framework_frequencies[k]); }

  SinCos value(Index i, std::size_t k) const {
    return arithmetic == Arithmetic::framework ? sincos_f32(framework_angle(positions.at(i), k)) : sincos(phase_of(i, k));
  }

  /// The same of any position.
  SinCos value_at(double position, std::size_t k) const {
    return arithmetic == Arithmetic::framework ? sincos_f32(framework_angle(position, k)) : sincos(phase(position, frequencies[k]));
  }

  /// The number of a position of the progression first, first + step, ..., or -1.
  Index number_of(double position) const {
    const double number = std::floor((position - positions.first) / positions.step);   // step 0: not a number
    const bool is_there = number >= 0 && number < static_cast<double>(positions.count);
    return is_there && positions.at(static_cast<Index>(number)) == position ? static_cast<Index>(number) : -1;
  }

  /// Writes sine and cosine number k of a row that holds n sines, then n cosines.
  void put(double* row, std::size_t k, const SinCos& value) const {
    row[k] = value.sin;
    row[static_cast<std::size_t>(n) + k] = value.cos;
  }

  void compute_row(Index i, double* row) const {
    for (std::size_t k = 0; k < frequencies.size(); ++k) put(row, k, value(i, k));
  }

  void rotate_row(Index i, Anchor& anchor, double* row) const {
    const Index number = i >> (turns_log2 + 1), from_anchor = i - ((2 * number + 1) << turns_log2);
    if (anchor.number != number) {
      anchor.values.resize(static_cast<std::size_t>(2 * n));
      compute_row(i - from_anchor, anchor.values.data());
      anchor.number = number;
    }
    const double *turn = turns.data() + std::abs(from_anchor) * 2 * n, *from = anchor.values.data();
    if (!rotate(n, {from, from + n}, {turn, turn + n}, from_anchor < 0 ? -1 : 1, wanted, row)) return;
    const bool has_sin = wanted != Wanted::cos, has_cos = wanted != Wanted::sin;
    for (std::size_t k = 0; k < frequencies.size(); ++k) {
      const bool small_sin = has_sin && is_small(row[k]), small_cos = has_cos && is_small(row[static_cast<std::size_t>(n) + k]);
      if (small_sin || small_cos) put(row, k, value(i, k));
    }
  }

  /// The first row is not rotated to: it mostly has angle 0, whose cosine is 1 to the last bit.
  void make_row(Index i, Anchor& anchor, double* row) const { rotates() && i > 0 ? rotate_row(i, anchor, row) : compute_row(i, row); }

  void prepare() {
    for (const Frequency& frequency : frequencies) {
      first.push_back(phase(positions.first, frequency));
      step.push_back(phase(positions.step, frequency));
    }
    if (rotates()) {
      const Index turns_count = Index{1} << turns_log2;
      turns.resize(static_cast<std::size_t>((turns_count + 1) * 2 * n));
      for (Index b = 0; b <= turns_count; ++b) {
        double* row = turns.data() + b * 2 * n;
        for (std::size_t k = 0; k < frequencies.size(); ++k) put(row, k, sincos(step[k] * static_cast<std::uint64_t>(b)));
      }
    }
    if (keep) {
      kept.resize(static_cast<std::size_t>(positions.count * 2 * n));
      Anchor anchor;
      for (Index i = 0; i < positions.count; ++i) make_row(i, anchor, kept.data() + i * 2 * n);
    }
  }
};

SinCosRows::SinCosRows(const std::vector<Real>& frequencies, Positions positions, Arithmetic arithmetic, bool keep, Wanted wanted)
    : state_(std::make_unique<State>()) {
  State& state = *state_;
  if (!positions.list.empty()) positions.count = static_cast<Index>(positions.list.size());
  const Index count = std::max<Index>(positions.count, 1);
  const Index width = std::max<Index>(2 * static_cast<Index>(frequencies.size()), 1);
  state.positions = std::move(positions);
  state.scale = static_cast<double>(state.positions.scale);
  state.scale_tail = static_cast<double>(state.positions.scale - Real(state.scale));
  state.arithmetic = arithmetic;
  state.wanted = wanted;
  state.n = static_cast<Index>(frequencies.size());
  state.keep = keep && count <= kMaxKeptValues / width;
  state.turns_log2 = turns_log2(count, width);
  for (const Real& frequency : frequencies) {
    state.frequencies.emplace_back(frequency * state.positions.scale);
    state.framework_frequencies.push_back(static_cast<float>(static_cast<double>(frequency)));
  }
}

SinCosRows::~SinCosRows() = default;

Index SinCosRows::count() const { return state_->positions.count; }

Range SinCosRows::extent() const {
  const Range unscaled = state_->positions.range();
  const double a = state_->coordinate(unscaled.low), b = state_->coordinate(unscaled.high);
  return {std::min(a, b), std::max(a, b)};
}

SinCosRows::Cursor::Cursor(const SinCosRows& rows) : rows_(rows) {
  State& state = *rows_.state_;
  std::call_once(state.prepared, [&] { state.prepare(); });
  if (!state.keep) buffer_.resize(static_cast<std::size_t>(2 * state.n));
}

void SinCosRows::Cursor::load(Index i) {
  if (i == number_) return;
  const State& state = *rows_.state_;
  if (!state.keep) state.make_row(i, anchor_, buffer_.data());
  sin_ = state.keep ? state.kept.data() + i * 2 * state.n : buffer_.data();
  cos_ = sin_ + state.n;
  number_ = i;
}

void SinCosRows::Cursor::load_at(double position) {
  const State& state = *rows_.state_;
  if (const Index number = state.number_of(position); number >= 0) return load(number);
  if (number_ < 0 && position == position_) return;
  buffer_.resize(static_cast<std::size_t>(2 * state.n));
  for (std::size_t k = 0; k < state.frequencies.size(); ++k) state.put(buffer_.data(), k, state.value_at(position, k));
  sin_ = buffer_.data();
  cos_ = sin_ + state.n;
  number_ = -1;
  position_ = position;
}

double SinCosRows::Cursor::position() const {
  const State& state = *rows_.state_;
  return state.coordinate(number_ >= 0 ? state.positions.at(number_) : position_);
}

Phase SinCosRows::Cursor::phase(std::size_t k) const {
  const State& state = *rows_.state_;
  return number_ >= 0 ? state.phase_of(number_, k) : pe::phase(position_, state.frequencies[k]);
}

float SinCosRows::Cursor::angle_f32(std::size_t k) const {
  const State& state = *rows_.state_;
  return state.framework_angle(number_ >= 0 ? state.positions.at(number_) : position_, k);
}

void SinCosSum::load(const SinCosRows::Cursor& a, const SinCosRows::Cursor& b, Arithmetic arithmetic) {
  const Index n = a.rows_.state_->n;
  const auto count = static_cast<std::size_t>(n);
  row_.resize(2 * count);
  double* const sines = row_.data();
  double* const cosines = sines + n;
  const bool rotated = arithmetic == Arithmetic::rotated;
  if (rotated && !rotate(n, {a.sin_, a.cos_}, {b.sin_, b.cos_}, 1, Wanted::both, sines)) return;
  for (std::size_t k = 0; k < count; ++k) {
    if (rotated && !is_small(sines[k]) && !is_small(cosines[k])) continue;
    const SinCos value = arithmetic == Arithmetic::framework ? sincos_f32(a.angle_f32(k) + b.angle_f32(k)) : sincos(a.phase(k) + b.phase(k));
    sines[k] = value.sin;
    cosines[k] = value.cos;
  }
}

}  // namespace pe
