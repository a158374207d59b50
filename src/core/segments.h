#pragma once
#include <string>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// A piece of a sequence of text, images and videos, as `--segments` names it: "text:8", "image:4x6", "video:2x4x6".
struct Segment {
  std::string kind;
  Index frames = 1, height = 1, width = 1;   ///< of a text, its tokens are the width
  std::string where;                         ///< "--segments, at character 8: 'image:4x6'", for messages

  Index size() const { return frames * height * width; }
};

inline constexpr Index kMaxTokens = 100'000'000;   ///< of a sequence

/// The segments of words such as "text:8 image:4x6 text:5". `kinds` are those that the scheme knows: text has one size, an image HxW or
/// TxHxW, a video TxHxW, all from 1. Throws Error that points at the first wrong word.
std::vector<Segment> parse_segments(const std::string& scheme, const std::string& text, const std::vector<std::string>& kinds);

}  // namespace pe
