#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "core/tensor.h"

namespace pe {

/// Writes row h of one channel of an image: a value per column of the image.
using ChannelRow = std::function<void(Index h, std::span<double> row)>;

/// What a table with the channels first holds.
struct ChannelFirst {
  std::optional<Index> images;   ///< empty: no axis of images
  Index channels = 0, height = 0, width = 0;
  /// Makes a channel ready; called whenever a stretch of rows enters a channel, from many threads.
  std::function<ChannelRow(Index image, Index channel)> open;
};

/// The tensor [channel, h, w] or [image, channel, h, w].
Tensor channel_first_tensor(std::string name, ChannelFirst table, Dtype dtype);

}  // namespace pe
