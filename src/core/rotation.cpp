#include "core/rotation.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "core/clones.h"

namespace pe {
namespace {

constexpr double kSmall = 0x1p-20;             ///< values nearer to zero are computed directly
constexpr Index kMaxTurns = 64;                ///< positions between anchors
constexpr Index kMaxTurnValues = 1 << 18;      ///< of the stored small turns: 4 MB
constexpr Index kMaxKeptValues = 1 << 19;      ///< of the rows an axis holds: 8 MB

/// Turns n anchors by n small angles; says whether any result is nearer to zero than kSmall.
PE_CLONES bool rotate(Index n, const double* anchor_sin, const double* anchor_cos, const double* turn_sin, const double* turn_cos,
                      double* __restrict out_sin, double* __restrict out_cos) {
  std::int64_t small = 0;
  for (Index k = 0; k < n; ++k) {
    const double s = anchor_sin[k] * turn_cos[k] + anchor_cos[k] * turn_sin[k];
    const double c = anchor_cos[k] * turn_cos[k] - anchor_sin[k] * turn_sin[k];
    out_sin[k] = s;
    out_cos[k] = c;
    small |= static_cast<std::int64_t>(std::fabs(s) < kSmall) | static_cast<std::int64_t>(std::fabs(c) < kSmall);
  }
  return small != 0;
}

const Frequency& one_radian() {
  static const Frequency one{Real(1)};
  return one;
}

double to_f32(double value) { return static_cast<double>(static_cast<float>(value)); }

/// Sine and cosine, rounded to f32, of the angle rounded to f32.
SinCos sincos_of_f32(double angle) {
  const SinCos exact = sincos(phase(to_f32(angle), one_radian()));
  return {to_f32(exact.sin), to_f32(exact.cos)};
}

}  // namespace

SinCos sincos_f32(double position, float frequency) { return sincos_of_f32(position * static_cast<double>(frequency)); }

struct SinCosRows::State {
  Positions positions;
  Arithmetic arithmetic;
  bool keep;
  Index n;
  Index turns_count;                         // positions from one anchor to the next
  std::vector<Frequency> frequencies;        // of the unscaled positions, exact
  std::vector<float> framework_frequencies;
  double scale, scale_tail;                  // positions.scale as the sum of two doubles
  std::once_flag prepared;
  std::vector<Phase> first, step;            // of position 0, and from one position to the next
  std::vector<double> turns;                 // [turns_count][sin, cos][n]
  std::vector<double> kept;                  // [count][sin, cos][n]

  bool listed() const { return !positions.list.empty(); }
  bool rotates() const { return arithmetic == Arithmetic::rotated && !listed(); }

  Phase phase_of(Index i, std::size_t k) const {
    if (listed()) return phase(positions.list[static_cast<std::size_t>(i)], frequencies[k]);
    return first[k] + step[k] * static_cast<std::uint64_t>(i);
  }

  double position(Index i) const {
    const double cell = listed() ? positions.list[static_cast<std::size_t>(i)] : std::fma(static_cast<double>(i), positions.step, positions.first);
    return std::fma(cell, scale, cell * scale_tail);
  }

  SinCos value(Index i, std::size_t k) const {
    if (arithmetic != Arithmetic::framework) return sincos(phase_of(i, k));
    return sincos_f32(position(i), framework_frequencies[k]);
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
    const Index number = i / turns_count;
    if (anchor.number != number) {
      anchor.values.resize(static_cast<std::size_t>(2 * n));
      compute_row(number * turns_count, anchor.values.data());
      anchor.number = number;
    }
    const double* turn = turns.data() + (i % turns_count) * 2 * n;
    if (!rotate(n, anchor.values.data(), anchor.values.data() + n, turn, turn + n, row, row + n)) return;
    for (std::size_t k = 0; k < frequencies.size(); ++k) {
      if (std::fabs(row[k]) < kSmall || std::fabs(row[static_cast<std::size_t>(n) + k]) < kSmall) put(row, k, value(i, k));
    }
  }

  void make_row(Index i, Anchor& anchor, double* row) const { rotates() ? rotate_row(i, anchor, row) : compute_row(i, row); }

  void prepare() {
    for (const Frequency& frequency : frequencies) {
      first.push_back(phase(positions.first, frequency));
      step.push_back(phase(positions.step, frequency));
    }
    if (rotates()) {
      turns.resize(static_cast<std::size_t>(turns_count * 2 * n));
      for (Index b = 0; b < turns_count; ++b) {
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

SinCosRows::SinCosRows(const std::vector<Real>& frequencies, Positions positions, Arithmetic arithmetic, bool keep)
    : state_(std::make_unique<State>()) {
  State& state = *state_;
  if (!positions.list.empty()) positions.count = static_cast<Index>(positions.list.size());
  const Index count = std::max<Index>(positions.count, 1);
  const Index width = std::max<Index>(2 * static_cast<Index>(frequencies.size()), 1);
  state.positions = std::move(positions);
  state.scale = static_cast<double>(state.positions.scale);
  state.scale_tail = static_cast<double>(state.positions.scale - Real(state.scale));
  state.arithmetic = arithmetic;
  state.n = static_cast<Index>(frequencies.size());
  state.keep = keep && count <= kMaxKeptValues / width;
  state.turns_count = std::clamp<Index>(kMaxTurnValues / width, 1, std::min(kMaxTurns, count));
  for (const Real& frequency : frequencies) {
    state.frequencies.emplace_back(frequency * state.positions.scale);
    state.framework_frequencies.push_back(static_cast<float>(static_cast<double>(frequency)));
  }
}

SinCosRows::~SinCosRows() = default;

Index SinCosRows::count() const { return state_->positions.count; }

double SinCosRows::position(Index i) const {
  const double position = state_->position(i);
  return state_->arithmetic == Arithmetic::framework ? to_f32(position) : position;
}

Range SinCosRows::extent() const {
  const Index last = count() - 1;
  Range range{std::min(position(0), position(last)), std::max(position(0), position(last))};
  for (Index i = 1; state_->listed() && i < last; ++i) range = {std::min(range.low, position(i)), std::max(range.high, position(i))};
  return range;
}

SinCosRows::Cursor::Cursor(const SinCosRows& rows) : rows_(rows) {
  State& state = *rows_.state_;
  std::call_once(state.prepared, [&] { state.prepare(); });
  if (!state.keep) buffer_.resize(static_cast<std::size_t>(2 * state.n));
}

void SinCosRows::Cursor::load(Index i) {
  if (i == position_) return;
  const State& state = *rows_.state_;
  if (!state.keep) state.make_row(i, anchor_, buffer_.data());
  sin_ = state.keep ? state.kept.data() + i * 2 * state.n : buffer_.data();
  cos_ = sin_ + state.n;
  position_ = i;
}

SinCosSum::SinCosSum(const std::vector<SinCosRows::Cursor>& cursors, Arithmetic arithmetic)
    : cursors_(cursors), arithmetic_(arithmetic), n_(cursors.front().rows_.state_->n), values_(static_cast<std::size_t>(2 * n_)), turned_(values_.size()) {}

void SinCosSum::load() {
  const bool rotates = arithmetic_ == Arithmetic::rotated;
  bool small = false;
  if (rotates) std::copy_n(cursors_.front().sin(), 2 * n_, values_.data());
  for (std::size_t a = 1; rotates && a < cursors_.size(); ++a) {
    small |= rotate(n_, sin(), cos(), cursors_[a].sin(), cursors_[a].cos(), turned_.data(), turned_.data() + n_);
    values_.swap(turned_);
  }
  if (rotates && !small) return;
  for (std::size_t k = 0; k < static_cast<std::size_t>(n_); ++k) {
    double& sine = values_[k];
    double& cosine = values_[static_cast<std::size_t>(n_) + k];
    if (rotates && std::fabs(sine) >= kSmall && std::fabs(cosine) >= kSmall) continue;
    const SinCos exact = value(k);
    sine = exact.sin;
    cosine = exact.cos;
  }
}

SinCos SinCosSum::value(std::size_t k) const {
  Phase phases;
  double angle = 0;
  for (const SinCosRows::Cursor& cursor : cursors_) {
    const SinCosRows::State& axis = *cursor.rows_.state_;
    if (arithmetic_ == Arithmetic::framework) {
      angle += axis.position(cursor.position_) * static_cast<double>(axis.framework_frequencies[k]);
    } else {
      phases = phases + axis.phase_of(cursor.position_, k);
    }
  }
  return arithmetic_ == Arithmetic::framework ? sincos_of_f32(angle) : sincos(phases);
}

}  // namespace pe
