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

}  // namespace

SinCos sincos_f32(double position, float frequency) {
  const float angle = static_cast<float>(position * static_cast<double>(frequency));
  const SinCos exact = sincos(phase(static_cast<double>(angle), one_radian()));
  return {static_cast<double>(static_cast<float>(exact.sin)), static_cast<double>(static_cast<float>(exact.cos))};
}

struct SinCosRows::State {
  Positions positions;
  Arithmetic arithmetic;
  bool keep;
  Index n;
  Index turns_count;                         // positions from one anchor to the next
  std::vector<Frequency> frequencies;        // of the unscaled positions, exact
  std::vector<float> framework_frequencies;
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

  SinCos value(Index i, std::size_t k) const {
    if (arithmetic != Arithmetic::framework) return sincos(phase_of(i, k));
    const double cell = listed() ? positions.list[static_cast<std::size_t>(i)] : positions.first + static_cast<double>(i) * positions.step;
    return sincos_f32(cell * static_cast<double>(positions.scale), framework_frequencies[k]);
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

}  // namespace pe
