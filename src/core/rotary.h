#pragma once
#include <string>
#include <vector>

#include "core/rotary_layout.h"
#include "core/scheme.h"
#include "core/sinusoid.h"

namespace pe {

inline constexpr const char* kRotaryPrefixHelp = "rows of angle 0 (cos 1, sin 0) before the first (class token, registers)";
inline constexpr double kMaxHeadDim = 65536;

/// Which frequency of which axis of a table an angle turns with.
struct Angle {
  std::size_t axis = 0, frequency = 0;
};

/// A rotary table before its angles are laid out.
struct RotaryTable {
  WaveTable waves;             ///< without columns
  std::vector<Angle> angles;   ///< of a row, in order
  std::string layout;          ///< of kRotaryLayouts
  std::string row_name;        ///< "position", "token"
};

/// All frequencies of axis 0, then all of axis 1, ...
std::vector<Angle> angles_in_blocks(const std::vector<WaveAxis>& axes);

/// cos and sin, or cis. Throws Error when --dtype has no complex type.
std::vector<Tensor> rotary_tensors(const std::string& scheme, const RotaryTable& table, const CommonConfig& config);

/// Those, `inv_freq` [n] in the order of the angles, and as facts the frequencies, the angles' axes and how to rotate with the table
/// columns 0..D-1 of a head of `head_dim`.
Tables rotary_tables(const std::string& scheme, const RotaryTable& table, const CommonConfig& config, Index head_dim);

/// One sentence: which columns of q and k pair up, and what becomes of them. `n` angles turn the first 2n of `head_dim` columns.
/// `pairing`: what is known of the pairs where the layout does not say it, see pairing_of.
std::string how_to_rotate(const std::string& layout, Index n, Index head_dim, const std::string& pairing = "");

/// A frequency as `arithmetic` uses it: of a framework it is an f32.
double as_used(double frequency, Arithmetic arithmetic);

/// Numbers as a fact: themselves, or how many and from where to where when they are too many to read.
Value numbers_fact(const std::vector<double>& numbers);

}  // namespace pe
