#include "core/stream.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "core/interrupt.h"

namespace pe {
namespace {

constexpr Index kBlockValues = 1 << 16;   ///< 0.5 MB of doubles: inside a core's cache
constexpr Index kSmallBlock = 1 << 13;    ///< for small tables, where fresh memory costs more than computing
constexpr Index kManyBlocks = 16;         ///< of the larger size, from which on that does not count
constexpr Index kRowMultiple = 64;        ///< blocks of whole stretches between two anchors, where that many rows fit

Index rows_per_block(const Tensor& tensor) {
  const Index width = std::max<Index>(tensor.row_width(), 1);
  const Index values = tensor.rows() / kManyBlocks < kBlockValues / width ? kSmallBlock : kBlockValues;
  const Index rows = std::max<Index>(values / width, 1);
  return rows > kRowMultiple ? rows / kRowMultiple * kRowMultiple : rows;
}

/// Whose block each consumer takes next, and whether all should stop.
class Turns {
 public:
  Index next_block() {
    const std::lock_guard lock(mutex_);
    return error_ ? -1 : next_++;
  }

  /// Waits for the turn of `block` at a consumer; false when somebody failed before.
  bool wait_for(std::size_t consumer, Index block) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return turn_[consumer] == block || error_; });
    return !error_;
  }

  void pass_on(std::size_t consumer) {
    const std::lock_guard lock(mutex_);
    ++turn_[consumer];
    changed_.notify_all();
  }

  void fail(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
    changed_.notify_all();
  }

  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Index next_ = 0;
  std::array<Index, 2> turn_{};
  std::exception_ptr error_;
};

}  // namespace

void Block::move_to(Index first_row, Index rows) {
  first_row_ = first_row;
  rows_ = rows;
  has_values_ = false;
}

std::span<const double> Block::values() {
  if (!has_values_) {
    values_.resize(static_cast<std::size_t>(rows_ * tensor_.row_width()));
    tensor_.fill(first_row_, values_);
    has_values_ = true;
  }
  return values_;
}

void Block::elements(std::vector<std::byte>& out) {
  out.resize(static_cast<std::size_t>(rows_ * tensor_.columns_count()) * size_of(tensor_.dtype));
  if (const Fill::Elements& stored = tensor_.fill.elements_of(tensor_.dtype)) return stored(first_row_, out);
  encode(values(), tensor_.dtype, out);
}

void stream(const Tensor& tensor, int threads, const std::function<void(Block&, std::vector<std::byte>&)>& encode, const Consume& consume,
            const Consume& also) {
  const Index rows = tensor.rows(), width = tensor.row_width();
  if (rows == 0 || width == 0) return;
  const Index step = rows_per_block(tensor);
  const Index blocks = (rows + step - 1) / step;
  Turns turns;
  const std::array consumers{&also, &consume};
  const auto work = [&] {
    try {
      Block rows_of_block(tensor);
      std::vector<std::byte> bytes;
      for (Index block = turns.next_block(); block >= 0 && block < blocks; block = turns.next_block()) {
        check_interrupt();
        rows_of_block.move_to(block * step, std::min(step, rows - block * step));
        bytes.clear();
        encode(rows_of_block, bytes);
        for (std::size_t i = 0; i < consumers.size(); ++i) {
          if (!*consumers[i]) continue;
          if (!turns.wait_for(i, block)) return;
          (*consumers[i])(bytes);
          turns.pass_on(i);
        }
      }
    } catch (...) {
      turns.fail(std::current_exception());
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (Index i = 1; i < std::min<Index>(threads, blocks); ++i) helpers.emplace_back(work);
    work();
  }
  turns.rethrow();
}

void stream_bytes(const Tensor& tensor, Dtype stored, int threads, const Consume& consume, const Consume& also) {
  const auto encode_block = [&](Block& block, std::vector<std::byte>& bytes) {
    block.elements(bytes);
    if (stored == tensor.dtype) return;
    const std::size_t count = bytes.size() / size_of(tensor.dtype);
    std::vector<double> rounded(count * static_cast<std::size_t>(components(stored)));
    decode(bytes, tensor.dtype, rounded);
    bytes.resize(count * size_of(stored));
    encode(rounded, stored, bytes);
  };
  stream(tensor, threads, encode_block, consume, also);
}

}  // namespace pe
