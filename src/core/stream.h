#pragma once
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// Rows of a tensor on their way to a file.
struct Block {
  Index first_row = 0;
  std::span<const double> values;
};

using Consume = std::function<void(std::span<const std::byte>)>;

/// Computes a tensor block by block on `threads` threads. `encode` turns a block into bytes, on any thread and in any order;
/// `consume` gets those bytes one block after the other, in order, and before it `also`, if there is one, which may have a block while
/// `consume` has the one before (hashing and writing). While one thread consumes, the others compute; what is held is a block per
/// thread, whatever the size of the tensor. The first exception of any of them ends it and is thrown here.
void stream(const Tensor& tensor, int threads, const std::function<void(const Block&, std::vector<std::byte>&)>& encode, const Consume& consume,
            const Consume& also = {});

/// The values as elements of `stored`, in order. Where that is not the tensor's own type they are rounded to the tensor's first.
void stream_bytes(const Tensor& tensor, Dtype stored, int threads, const Consume& consume, const Consume& also = {});

}  // namespace pe
