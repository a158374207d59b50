#include "core/stream.h"

#include <algorithm>
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

/// Blocks of one table on their way through computing and consuming. Every thread does what is there to do: what is ready goes on first, so
/// that little is held; otherwise the next block is computed. A thread waits only when there is nothing to do.
class Pipeline {
 public:
  Pipeline(Index blocks, int threads, const std::vector<const Consume*>& consumers)
      : blocks_(blocks), consumers_(consumers.begin(), consumers.end()), slots_(static_cast<std::size_t>(2 * threads)) {}

  /// Works until all is consumed or somebody fails. `compute` turns the number of a block into its bytes.
  void work(const std::function<void(Index block, std::vector<std::byte>& bytes)>& compute) {
    std::unique_lock lock(mutex_);
    while (!error_ && consumed() < blocks_) {
      try {
        if (consume_one(lock) || compute_one(lock, compute)) continue;
      } catch (...) {
        if (!lock.owns_lock()) lock.lock();
        if (!error_) error_ = std::current_exception();
        break;
      }
      ++waiting_;
      changed_.wait(lock);
      --waiting_;
    }
    changed_.notify_all();
  }

  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  struct Slot {
    std::vector<std::byte> bytes;
    bool is_computed = false;
  };
  struct Consumer {
    const Consume* consume = nullptr;
    Index next = 0;   ///< block
    bool is_busy = false;

    explicit Consumer(const Consume* function) : consume(function) {}
  };

  Slot& slot(Index block) { return slots_[static_cast<std::size_t>(block) % slots_.size()]; }
  Index consumed() const { return consumers_.back().next; }

  /// Hands a block to a consumer that is free for it, in order, behind the consumer before.
  bool consume_one(std::unique_lock<std::mutex>& lock) {
    for (std::size_t i = 0; i < consumers_.size(); ++i) {
      Consumer& consumer = consumers_[i];
      const bool is_there = i == 0 ? consumer.next < computing_ && slot(consumer.next).is_computed : consumer.next < consumers_[i - 1].next;
      if (consumer.is_busy || !is_there) continue;
      consumer.is_busy = true;
      lock.unlock();
      (*consumer.consume)(slot(consumer.next).bytes);
      lock.lock();
      consumer.is_busy = false;
      ++consumer.next;
      if (i + 1 == consumers_.size()) slot(consumer.next - 1).is_computed = false;
      wake();
      return true;
    }
    return false;
  }

  bool compute_one(std::unique_lock<std::mutex>& lock, const std::function<void(Index, std::vector<std::byte>&)>& compute) {
    if (computing_ == blocks_ || computing_ - consumed() == static_cast<Index>(slots_.size())) return false;
    const Index block = computing_++;
    lock.unlock();
    compute(block, slot(block).bytes);
    lock.lock();
    slot(block).is_computed = true;
    wake();
    return true;
  }

  void wake() {
    if (waiting_ > 0) changed_.notify_all();
  }

  const Index blocks_;
  std::vector<Consumer> consumers_;
  std::vector<Slot> slots_;   ///< block b is in slot b modulo their number
  std::mutex mutex_;
  std::condition_variable changed_;
  Index computing_ = 0;       ///< the next block to compute
  int waiting_ = 0;
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
  const int workers = static_cast<int>(std::clamp<Index>(threads, 1, blocks));
  const Consume nobody = [](std::span<const std::byte>) {};
  std::vector<const Consume*> consumers;
  if (also) consumers.push_back(&also);
  consumers.push_back(consume ? &consume : &nobody);
  Pipeline pipeline(blocks, workers, consumers);
  const auto work = [&] {
    Block rows_of_block(tensor);
    pipeline.work([&](Index block, std::vector<std::byte>& bytes) {
      check_interrupt();
      rows_of_block.move_to(block * step, std::min(step, rows - block * step));
      bytes.clear();
      encode(rows_of_block, bytes);
    });
  };
  {
    std::vector<std::jthread> helpers;
    for (int i = 1; i < workers; ++i) helpers.emplace_back(work);
    work();
  }
  pipeline.rethrow();
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
