#include "core/held.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "core/error.h"

namespace pe {
namespace {

struct Held {
  std::function<std::vector<std::vector<double>>()> make;
  std::once_flag made;
  std::vector<std::vector<double>> values;

  const std::vector<double>& of(std::size_t tensor) {
    std::call_once(made, [this] { values = make(); });
    return values[tensor];
  }
};

void check_memory(const std::vector<Tensor>& tensors) {
  double needed = 0;
  for (const Tensor& tensor : tensors) {
    check_size(tensor);
    needed += static_cast<double>(tensor.rows()) * static_cast<double>(tensor.row_width()) * sizeof(double);
  }
  const double there = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  if (needed <= there) return;
  throw Error(fmt::format("{} of {} values is held in memory: all needs {:.3g} GB, there are {:.3g}; make it smaller", tensors.front().name,
                          shape_text(tensors.front()), needed * 1e-9, there * 1e-9));
}

}  // namespace

std::vector<Tensor> held_tensors(std::vector<Tensor> tensors, std::function<std::vector<std::vector<double>>()> make) {
  check_memory(tensors);
  const auto held = std::make_shared<Held>();
  held->make = std::move(make);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    tensors[i].fill = [held, i, width = tensors[i].row_width()](Index first_row, std::span<double> out) {
      std::copy_n(held->of(i).begin() + first_row * width, out.size(), out.begin());
    };
  }
  return tensors;
}

}  // namespace pe
