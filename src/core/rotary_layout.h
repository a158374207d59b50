#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// Where the cosines and sines of the n angles of a row stand in a rotary table (`--layout`):
///   half          cos, sin [.., 2n]: angles 0..n-1, then again (Llama in Hugging Face, NeoX)
///   interleaved   cos, sin [.., 2n]: each angle twice in a row (GPT-J, EVA-02)
///   compact       cos, sin [.., n]: each angle once (ONNX, TensorRT)
///   complex       cis [.., n]: cos + i sin (Meta)
///   joined        cos_sin [.., 2n]: the cosines of all angles, then their sines (vLLM)
///   pairs         cos_sin [.., 2n]: cosine and sine of one angle after the other (TensorRT-LLM)
inline const std::vector<std::string> kAllRotaryLayouts{"half", "interleaved", "compact", "complex", "joined", "pairs"};
/// Those that schemes make.
inline const std::vector<std::string> kRotaryLayouts{kAllRotaryLayouts.begin(), kAllRotaryLayouts.begin() + 4};
inline constexpr const char* kRotaryLayoutHelp =
    "half: angles 0..n-1, then again; interleaved: each twice in a row; compact: once; complex: once, as cos + i sin";
inline const std::string kAllRotaryLayoutHelp = std::string(kRotaryLayoutHelp) +
    "; joined: one table of all cosines, then all sines; pairs: one table of cosine and sine in turn";

/// One number of a row: the cosine or sine of one of its angles.
struct RotaryNumber {
  bool is_sine = false;
  Index angle = 0;
  bool operator==(const RotaryNumber&) const = default;
};

/// One tensor of a layout and the numbers of its rows, in order; of a complex one real and imaginary part in turn.
struct RotaryPart {
  std::string name;
  std::vector<RotaryNumber> numbers;
};

/// The tensors of a layout of n angles: cos and sin, or cis, or cos_sin.
std::vector<RotaryPart> rotary_parts(const std::string& layout, Index n);

/// The number of angles of a tensor in that layout. Throws Error when it cannot be in it: not of floating-point numbers, complex where that is
/// not the layout or real where it is, without columns, or with an odd number of them where they are two to an angle.
Index angles_of(const Tensor& tensor, const std::string& layout);

/// A rotary table in another layout, value for value. `parts` are its tensors in the order of rotary_parts(from); where cos and sin stand
/// apart in both layouts, one of them may be missing and then is in the result. The axes before the last are kept.
/// Throws Error when the tensors do not fit together or the layout, or when the type has no complex one for `to`; filling throws Error naming
/// the first cell where columns that hold the same angle differ.
std::vector<Tensor> change_rotary_layout(std::vector<std::optional<Tensor>> parts, const std::string& from, const std::string& to);

/// Which columns of q and k a table in that layout pairs up: "half" (i and i + n), "interleaved" (2i and 2i + 1), or "" where it does not say.
std::string pairing_of(const std::string& layout);

/// For each of the 2n columns of q and k that `to` (half or interleaved) pairs up, the column that `from` has in its place: the k-th column of
/// angle a becomes the k-th column of angle a.
std::vector<Index> pairing_order(const std::string& from, const std::string& to, Index n);

}  // namespace pe
