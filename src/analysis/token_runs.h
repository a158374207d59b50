#pragma once
#include <span>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// The runs of position ids [axis, token], read off the ids themselves: texts, whose ids are equal on all axes, and blocks of patches,
/// whose sizes are how many different ids they have along each axis. What follows a block goes on behind its largest id on any axis:
/// so a token whose ids all exceed those of the block before it begins another. Blocks of one token cannot be told from text.
std::vector<TokenRun> token_runs(std::span<const double> ids, Index axes, Index tokens);

}  // namespace pe
