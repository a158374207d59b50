#include "core/rotary.h"

#include <fmt/format.h>

#include "core/axes.h"
#include "core/error.h"
#include "core/text.h"

namespace pe {
namespace {

constexpr std::size_t kReadable = 512;   ///< numbers of a list that a description still repeats

/// The columns of one tensor of the table.
std::vector<WaveColumn> laid_out(const RotaryPart& part, const std::vector<Angle>& angles) {
  std::vector<WaveColumn> columns;
  for (const RotaryNumber& number : part.numbers) {
    const Angle& angle = angles[static_cast<std::size_t>(number.angle)];
    columns.push_back({number.is_sine ? Wave::sin : Wave::cos, angle.axis, angle.frequency});
  }
  return columns;
}

std::vector<double> inv_freq(const RotaryTable& table) {
  std::vector<double> frequencies;
  for (const Angle& angle : table.angles) {
    frequencies.push_back(as_used(static_cast<double>(table.waves.axes[angle.axis].frequencies[angle.frequency]), table.waves.arithmetic));
  }
  return frequencies;
}

/// "w x 16, h x 16", or a letter for each angle when they alternate.
std::string axes_of_angles(const RotaryTable& table) {
  std::vector<std::pair<std::size_t, Index>> runs;
  std::string letters;
  for (const Angle& angle : table.angles) {
    if (runs.empty() || runs.back().first != angle.axis) runs.emplace_back(angle.axis, 0);
    ++runs.back().second;
    if (letters.size() < kReadable) letters += table.waves.axes[angle.axis].name;
  }
  if (runs.size() > table.waves.axes.size()) return letters.size() < kReadable ? letters : letters + "...";
  std::vector<std::string> parts;
  for (const auto& [axis, count] : runs) parts.push_back(fmt::format("{} x {}", table.waves.axes[axis].name, count));
  return join(parts, ", ");
}

}  // namespace

std::vector<Angle> angles_in_blocks(const std::vector<WaveAxis>& axes) {
  std::vector<Angle> angles;
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    for (std::size_t i = 0; i < axes[axis].frequencies.size(); ++i) angles.push_back({axis, i});
  }
  return angles;
}

std::vector<Tensor> rotary_tensors(const std::string& scheme, const RotaryTable& table, const CommonConfig& config) {
  Dtype dtype = stored_dtype(config);
  const bool is_complex = table.layout == "complex";
  if (is_complex && dtype != Dtype::f32 && dtype != Dtype::f64) {
    throw Error(fmt::format("{}: --dtype {} has no complex type; with --layout complex use f32 or f64", scheme, config.dtype));
  }
  if (is_complex) dtype = dtype == Dtype::f64 ? Dtype::c128 : Dtype::c64;
  std::vector<Tensor> tensors;
  for (const RotaryPart& part : rotary_parts(table.layout, static_cast<Index>(table.angles.size()))) {
    WaveTable waves = table.waves;
    waves.prefix_wave = Wave::cos;
    waves.columns = laid_out(part, table.angles);
    tensors.push_back(wave_tensor(part.name, table.row_name, std::move(waves), dtype));
  }
  return tensors;
}

Tables rotary_tables(const std::string& scheme, const RotaryTable& table, const CommonConfig& config, Index head_dim) {
  Tables tables;
  tables.tensors = rotary_tensors(scheme, table, config);
  const auto n = static_cast<Index>(table.angles.size());
  const std::vector<double> frequencies = inv_freq(table);
  tables.tensors.push_back(ranged_tensor("inv_freq", {{"angle", n}}, stored_dtype(config), frequencies));
  tables.facts.push_back({"to rotate", how_to_rotate(table.layout, n, head_dim)});
  if (table.waves.axes.size() > 1) tables.facts.push_back({"axis of each angle", axes_of_angles(table)});
  tables.facts.push_back({"inv_freq", numbers_fact(frequencies)});
  return tables;
}

std::string how_to_rotate(const std::string& layout, Index n, Index head_dim, const std::string& pairing) {
  std::string sentence;
  if (layout == "half") {
    sentence = fmt::format(
        "columns i and i+{0} of q and k pair up (i < {0}): q'[i] = q[i] cos[i] - q[i+{0}] sin[i], "
        "q'[i+{0}] = q[i+{0}] cos[i+{0}] + q[i] sin[i+{0}]", n);
  } else if (layout == "interleaved") {
    sentence = fmt::format(
        "columns 2i and 2i+1 of q and k pair up (i < {}): q'[2i] = q[2i] cos[2i] - q[2i+1] sin[2i], "
        "q'[2i+1] = q[2i+1] cos[2i+1] + q[2i] sin[2i+1]", n);
  } else if (layout == "complex") {
    sentence = fmt::format("columns 2j and 2j+1 of q and k pair up as complex numbers (j < {}): q'[2j] + i q'[2j+1] = (q[2j] + i q[2j+1]) cis[j]", n);
  } else {
    const std::string half = fmt::format("j and j+{}", n), interleaved = "2j and 2j+1";
    const std::string pair = pairing == "half" ? half : pairing == "interleaved" ? interleaved
        : fmt::format("{} (Llama in Hugging Face, NeoX) or {} (GPT-J, Meta), as the weights were trained", half, interleaved);
    if (layout == "joined") sentence = fmt::format("cos[j] is column j of cos_sin, sin[j] is column j+{}; ", n);
    if (layout == "pairs") sentence = "cos[j] is column 2j of cos_sin, sin[j] is column 2j+1; ";
    sentence += fmt::format(
        "angle j turns a pair x, y of columns of q and k (j < {}), which is {}: x' = x cos[j] - y sin[j], y' = y cos[j] + x sin[j]", n, pair);
  }
  if (head_dim > 2 * n) sentence += fmt::format("; columns {} to {} stay as they are", 2 * n, head_dim - 1);
  return sentence;
}

double as_used(double frequency, Arithmetic arithmetic) {
  return arithmetic == Arithmetic::framework ? static_cast<double>(static_cast<float>(frequency)) : frequency;
}

Value numbers_fact(const std::vector<double>& numbers) {
  if (numbers.size() <= kReadable) return numbers;
  return fmt::format("{} numbers, {} to {}", numbers.size(), numbers.front(), numbers.back());
}

}  // namespace pe
