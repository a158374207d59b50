#pragma once
#include <span>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// Neighbouring tokens first <= i < last of a sequence: text, whose ids are equal on all axes, or one block of patches.
struct TokenRun {
  Index first = 0, last = 0;
  std::vector<Index> sizes;   ///< of a block: how many different ids along each axis; empty for text
};

/// The runs of position ids [axis, token]. What follows a block goes on behind its largest id on any axis: so a token whose ids all
/// exceed those of the block before it begins another. Blocks of one token cannot be told from text.
std::vector<TokenRun> token_runs(std::span<const double> ids, Index axes, Index tokens);

}  // namespace pe
