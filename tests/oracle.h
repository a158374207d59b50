#pragma once
// The judge of sinusoidal tables: what their columns must hold, in multiple precision.

#include <fmt/format.h>

#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/scheme.h"
#include "mpfr.h"

namespace pe {

/// Works out every row of a sinusoidal table from what the table says of itself: its columns (function, axis, frequency number), its
/// grid, and the scheme's parameters.
///
/// It covers tables whose coordinates are start + i * step or --positions on an axis called "position", or cell + start on the axes of
/// a grid. Frequencies are exact when they are base^(-i/n), base^(-i/(n-1)) or 2^-i, times the grid's scale, for the n that columns show.
/// Else the double that a column records stands for them, and errors are allowed to be larger by what its rounding can do.
class Oracle {
 public:
  /// One number of a table next to its true value.
  struct Verdict {
    double distance = 0;   ///< from the truth
    double ulps = 0;       ///< the same in units in the last place of the stored type
    double allowed = 0;    ///< of those, what the frequency's rounding can have caused; 0 when it is exact
  };

  /// Nothing when the columns are not sines and cosines, or the coordinates others than those above: then values are far off, not by
  /// their last digits.
  static std::optional<Oracle> of(const Opened& opened, const Tensor& tensor, const std::vector<double>& listed_positions = {}) {
    Oracle oracle;
    if (!tensor.columns || tensor.axes.size() != 2 || !oracle.add_lines(opened, tensor, listed_positions)) return std::nullopt;
    if (!oracle.add_columns(tensor)) return std::nullopt;
    oracle.find_exact_frequencies(opened);
    oracle.gain_ = tensor.range ? tensor.range->high : 1;
    oracle.dtype_ = Dtype::f64;
    for (const Index row : {oracle.prefix_, tensor.rows() / 3, tensor.rows() / 2, tensor.rows() - 1}) {
      std::vector<double> values(static_cast<std::size_t>(tensor.row_width()));
      tensor.fill(row, values);
      for (const Verdict& verdict : oracle.judge(row, values)) {
        if (verdict.distance > 1e-3) return std::nullopt;
      }
    }
    oracle.dtype_ = tensor.dtype;
    return oracle;
  }

  bool is_exact() const { return exact_; }
  const std::vector<double>& frequencies(std::size_t axis) const { return lines_[axis].recorded; }
  std::size_t axes_count() const { return lines_.size(); }

  /// Judges the numbers of a row as they are stored. A row of zeros or of a prefix has no angle and gives no verdicts.
  std::vector<Verdict> judge(Index row, const std::vector<double>& values) const {
    if (row == zero_row_ || row < prefix_) return {};
    std::vector<Index> cell(lines_.size());
    Index rest = reversed_ ? prefix_ + cells_count() - 1 - row : row - prefix_;
    for (std::size_t slot = order_.size(); slot-- > 0; rest /= lines_[order_[slot]].count) cell[order_[slot]] = rest % lines_[order_[slot]].count;
    std::map<std::pair<std::size_t, std::size_t>, std::pair<Mpfr, Mpfr>> known;
    std::vector<Verdict> verdicts;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const Part& part = parts_[i];
      if (part.function == Function::zero) {
        verdicts.push_back({std::fabs(values[i]), values[i] == 0 ? 0.0 : HUGE_VAL, 0});
        continue;
      }
      const Line& line = lines_[part.axis];
      const Mpfr angle = line.position(cell[part.axis]) * line.frequencies[part.frequency];
      const std::pair key(part.axis, part.frequency);
      if (!known.contains(key)) known.emplace(key, sin_cos(angle));
      const auto& [sine, cosine] = known.at(key);
      const Mpfr truth = Mpfr(gain_) * (part.function == Function::sin ? sine : cosine);
      const double unit = unit_in_last_place(dtype_, truth.to_double(MPFR_RNDZ)), distance = abs(truth - Mpfr(values[i])).to_double();
      const double slack = exact_ ? 0 : std::fabs(gain_ * angle.to_double()) * 0x1p-53 / unit;
      verdicts.push_back({distance, distance / unit, slack});
    }
    return verdicts;
  }

  /// Rows where an angle of this axis is nearest to a zero of its sine or cosine: the `nearest` of each frequency that turns at all.
  std::vector<Index> rows_next_to_zeros(std::size_t axis, std::size_t nearest) const {
    const Line& line = lines_[axis];
    const Mpfr quarter = Mpfr::pi() / 2;
    Index stride = 1;
    for (std::size_t slot = order_.size(); order_[--slot] != axis;) stride *= lines_[order_[slot]].count;
    std::vector<Index> found;
    for (const Mpfr& frequency : line.frequencies) {
      // Quarter turns as a fraction of 64 bits: the sums wrap as the angles do, and 2^20 steps lose 20 of the bits.
      const std::uint64_t first = (line.first * frequency / quarter).fraction_bits(), step = (line.step * frequency / quarter).fraction_bits();
      std::vector<std::pair<std::uint64_t, Index>> best;
      for (Index cell = 1; cell < line.count; ++cell) {
        const std::uint64_t at = first + step * static_cast<std::uint64_t>(cell);
        const std::uint64_t distance = std::min(at, -at);
        if (best.size() == nearest && distance >= best.back().first) continue;
        best.insert(std::upper_bound(best.begin(), best.end(), std::pair(distance, cell)), {distance, cell});
        if (best.size() > nearest) best.pop_back();
      }
      for (const auto& [distance, cell] : best) found.push_back(prefix_ + (reversed_ ? cells_count() - 1 - cell * stride : cell * stride));
    }
    return found;
  }

 private:
  enum class Function { sin, cos, zero };
  struct Part {                       ///< one number of a row
    Function function = Function::zero;
    std::size_t axis = 0, frequency = 0;
  };
  struct Line {                       ///< the positions of one axis, and its frequencies
    std::string name;
    Mpfr first, step, scale;
    Index count = 0;
    std::vector<double> list;
    std::vector<Mpfr> frequencies;
    std::vector<double> recorded;

    Mpfr position(Index cell) const {
      return list.empty() ? first + step * Mpfr(static_cast<double>(cell)) : Mpfr(list[static_cast<std::size_t>(cell)]);
    }
  };

  static const Value* parameter(const Opened& opened, const std::string& name) {
    for (const auto& [known, value] : opened.parameters) {
      if (known == name && !std::holds_alternative<std::monostate>(value)) return &value;
    }
    return nullptr;
  }

  static double number(const Opened& opened, const std::string& name, double otherwise, std::size_t axis = 0) {
    const Value* value = parameter(opened, name);
    if (value == nullptr) return otherwise;
    if (const auto* index = std::get_if<Index>(value)) return static_cast<double>(*index);
    if (const auto* list = std::get_if<std::vector<double>>(value)) return list->size() == 1 ? list->front() : list->at(axis);
    if (const auto* flag = std::get_if<bool>(value)) return *flag ? 1 : 0;
    return std::get<double>(*value);
  }

  Index cells_count() const {
    return std::accumulate(lines_.begin(), lines_.end(), Index{1}, [](Index all, const Line& line) { return all * line.count; });
  }

  bool add_lines(const Opened& opened, const Tensor& tensor, const std::vector<double>& listed) {
    if (tensor.grid) {
      const std::string letters = tensor.grid->sizes.size() == 3 ? "thw" : "hw";
      for (std::size_t axis = 0; axis < letters.size(); ++axis) {
        const Index count = tensor.grid->sizes[axis];
        Mpfr scale = Mpfr(number(opened, "scale", 1, axis)) / Mpfr(number(opened, "interpolation-scale", 1, axis));
        if (parameter(opened, "base-size") != nullptr) scale = scale * Mpfr(number(opened, "base-size", 1)) / Mpfr(static_cast<double>(count));
        lines_.push_back({letters.substr(axis, 1), number(opened, "start", 0, axis), 1, scale, count, {}, {}, {}});
      }
      for (const char letter : tensor.grid->order) order_.push_back(letters.find(letter));
      prefix_ = tensor.grid->prefix;
    } else {
      const auto count = listed.empty() ? static_cast<Index>(number(opened, "length", 0)) : static_cast<Index>(listed.size());
      lines_.push_back({"position", number(opened, "start", 0), number(opened, "step", 1), 1, count, listed, {}, {}});
      order_ = {0};
      prefix_ = static_cast<Index>(number(opened, "prefix-tokens", 0));
      reversed_ = number(opened, "reverse", 0) != 0;
      if (parameter(opened, "zero-row") != nullptr) zero_row_ = static_cast<Index>(number(opened, "zero-row", 0));
    }
    return tensor.rows() == prefix_ + cells_count();
  }

  bool add_columns(const Tensor& tensor) {
    for (const Column& column : tensor.columns()) {
      if (column.function == "zero") {
        parts_.insert(parts_.end(), static_cast<std::size_t>(components(tensor.dtype)), Part());
        continue;
      }
      const auto line = std::find_if(lines_.begin(), lines_.end(), [&](const Line& l) { return l.name == column.axis; });
      if (line == lines_.end()) return false;
      const auto axis = static_cast<std::size_t>(line - lines_.begin()), index = static_cast<std::size_t>(column.index);
      if (line->recorded.size() <= index) line->recorded.resize(index + 1);
      line->recorded[index] = column.frequency;
      if (column.function == "cos + i sin") {
        parts_.push_back({Function::cos, axis, index});
        parts_.push_back({Function::sin, axis, index});
      } else if (column.function == "sin" || column.function == "cos") {
        parts_.push_back({column.function == "sin" ? Function::sin : Function::cos, axis, index});
      } else {
        return false;
      }
    }
    for (Line& line : lines_) line.frequencies.assign(line.recorded.begin(), line.recorded.end());
    return static_cast<Index>(parts_.size()) == tensor.row_width();
  }

  /// Tries the ladders that there are: with one n for all axes or each axis its own, and powers of two.
  void find_exact_frequencies(const Opened& opened) {
    const Value* spacing = parameter(opened, "spacing");
    const bool has_base = parameter(opened, "base") != nullptr, endpoint = spacing != nullptr && *spacing == Value("endpoint");
    const Mpfr base = number(opened, "base", 1);
    const auto ladder = [&](std::size_t i, std::size_t n) {
      const double steps = endpoint ? std::max(static_cast<double>(n) - 1, 1.0) : static_cast<double>(n);
      return pow(base, Mpfr(-static_cast<double>(i)) / Mpfr(steps));
    };
    std::size_t most = 0;
    for (const Line& line : lines_) most = std::max(most, line.recorded.size());
    exact_ = (has_base && all_are([&](const Line&, std::size_t i) { return ladder(i, most); })) ||
             (has_base && all_are([&](const Line& line, std::size_t i) { return ladder(i, line.recorded.size()); })) ||
             all_are([](const Line&, std::size_t i) { return Mpfr(std::ldexp(1.0, -static_cast<int>(i))); });
    if (exact_) return;
    for (Line& line : lines_) line.frequencies.assign(line.recorded.begin(), line.recorded.end());
  }

  /// Whether every recorded frequency is `exact(line, i)` times the axis' scale, rounded (or the neighbour of that); then takes those.
  template <class Exact>
  bool all_are(Exact exact) {
    for (Line& line : lines_) {
      for (std::size_t i = 0; i < line.recorded.size(); ++i) {
        if (line.recorded[i] == 0) continue;   // no column has it
        line.frequencies[i] = exact(line, i) * line.scale;
        const double nearest = line.frequencies[i].to_double();
        if (std::fabs(nearest - line.recorded[i]) > 4e-16 * std::fabs(nearest)) return false;
      }
    }
    return true;
  }

  std::vector<Line> lines_;
  std::vector<std::size_t> order_;   ///< numbers of the axes, slowest first
  std::vector<Part> parts_;
  Index prefix_ = 0;
  std::optional<Index> zero_row_;
  bool reversed_ = false, exact_ = false;
  double gain_ = 1;
  Dtype dtype_ = Dtype::f32;
};

}  // namespace pe
