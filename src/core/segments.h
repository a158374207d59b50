#pragma once
#include <algorithm>
#include <functional>
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

/// The tokens of a segment from `first` on; of an image or a video `merge` patches squared become one token.
TokenRun run_of(const Segment& segment, Index first, Index merge = 1);

/// The block that holds a token, of blocks that follow one another and know their `first_token`.
template <class Block>
const Block& block_of(const std::vector<Block>& blocks, Index token) {
  const auto after = std::upper_bound(blocks.begin(), blocks.end(), token, [](Index t, const Block& block) { return t < block.first_token; });
  return *std::prev(after);
}

/// The position of a token on an axis.
using TokenPosition = std::function<double(Index token, std::size_t axis)>;

/// The tensor [axes, tokens] of those positions, which are in `range`.
Tensor positions_tensor(std::string name, Index axes, Index tokens, Dtype dtype, Range range, TokenPosition position);

}  // namespace pe
