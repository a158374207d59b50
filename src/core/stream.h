#pragma once
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "core/tensor.h"

namespace pe {

/// Rows of a tensor on their way to a file, computed when they are asked for.
class Block {
 public:
  explicit Block(const Tensor& tensor) : tensor_(tensor) {}

  /// Makes this the block of these rows.
  void move_to(Index first_row, Index rows);

  Index first_row() const { return first_row_; }

  /// The numbers of the rows.
  std::span<const double> values();

  /// Makes `out` the rows as elements of the tensor's own type.
  void elements(std::vector<std::byte>& out);

 private:
  const Tensor& tensor_;
  Index first_row_ = 0, rows_ = 0;
  bool has_values_ = false;
  std::vector<double> values_;
};

using Consume = std::function<void(std::span<const std::byte>)>;

/// Computes a tensor block by block on `threads` threads. `encode` makes its bytes those of a block, on any thread and in any order;
/// `consume` gets those bytes one block after the other, in order, and before it `also`, if there is one, which may have a block while
/// `consume` has one before (hashing and writing). A thread takes its block through all of that before it computes another, so what is
/// held is a block per thread, whatever the size of the tensor. The first exception of any of them ends it and is thrown here.
void stream(const Tensor& tensor, int threads, const std::function<void(Block&, std::vector<std::byte>&)>& encode, const Consume& consume,
            const Consume& also = {});

/// The values as elements of `stored`, in order. Where that is not the tensor's own type they are rounded to the tensor's first.
void stream_bytes(const Tensor& tensor, Dtype stored, int threads, const Consume& consume, const Consume& also = {});

}  // namespace pe
