#include "core/channel_first.h"

#include <utility>

namespace pe {

Tensor channel_first_tensor(std::string name, ChannelFirst table, Dtype dtype) {
  Tensor tensor;
  tensor.name = std::move(name);
  tensor.axes = {{"channel", table.channels}, {"h", table.height}, {"w", table.width}};
  if (table.images) tensor.axes.insert(tensor.axes.begin(), {"image", *table.images});
  tensor.dtype = dtype;
  tensor.fill = [table = std::move(table)](Index row, std::span<double> out) {
    const auto width = static_cast<std::size_t>(table.width);
    ChannelRow channel;
    Index opened = -1;
    for (; !out.empty(); out = out.subspan(width), ++row) {
      const Index number = row / table.height;
      if (number != opened) channel = table.open(number / table.channels, number % table.channels);
      opened = number;
      channel(row % table.height, out.first(width));
    }
  };
  return tensor;
}

}  // namespace pe
