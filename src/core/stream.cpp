#include "core/stream.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "core/interrupt.h"
#include "core/workers.h"

namespace pe {
namespace {

constexpr Index kManyBlocks = 16;         ///< a table is cut into so many at least, within these limits:
constexpr Index kSmallBlock = 1 << 13;    ///< numbers; in a small table fresh memory costs more than computing
constexpr Index kLargeBlock = 1 << 17;    ///< half a megabyte of f32: inside a core's cache
constexpr Index kStretch = 64;            ///< rows between two anchors of SinCosRows, at least in most tables

/// A power of two, so that blocks end where stretches between anchors do; for a whole stretch a block may be twice as large.
Index rows_per_block(const Tensor& tensor) {
  const Index width = std::max<Index>(tensor.row_width(), 1);
  const Index numbers = std::clamp(tensor.rows() / kManyBlocks * width, kSmallBlock, kLargeBlock);
  const Index rows = std::max({numbers / width, std::min(2 * numbers / width, kStretch), Index{1}});
  return static_cast<Index>(std::bit_floor(static_cast<std::uint64_t>(rows)));
}

/// Something that takes blocks in their order, one at a time: a hash, a file. Each thread brings the block it has computed, which is
/// still in the cache of its core.
class Stage {
 public:
  Stage(const Consume& consume, int threads) : consume_(consume), seats_(static_cast<std::size_t>(threads)) {}

  /// Waits for the block's turn and takes it. False: somebody has failed, the turn will never come.
  bool take(Index block, std::span<const std::byte> bytes) {
    if (!wait_for(block)) return false;
    consume_(bytes);
    const std::lock_guard lock(mutex_);
    ++next_;
    seat(next_).notify_one();
    seat(next_ + 1).notify_one();
    return true;
  }

  void fail() {
    const std::lock_guard lock(mutex_);
    failed_ = true;
    for (std::condition_variable& waiting : seats_) waiting.notify_one();
  }

 private:
  using Clock = std::chrono::steady_clock;

  /// To wake a thread takes as long as to write a block. So who is next but one sleeps, and who is next stays awake, for so long.
  static constexpr Clock::duration kAwake = std::chrono::microseconds(300);

  bool wait_for(Index block) {
    sleep(block, block - 1);
    for (const Clock::time_point until = Clock::now() + kAwake; next_ != block && !failed_ && Clock::now() < until;) relax();
    sleep(block, block);
    return !failed_;
  }

  /// Until it is the turn of block number `turn`, or a later one.
  void sleep(Index block, Index turn) {
    std::unique_lock lock(mutex_);
    seat(block).wait(lock, [&] { return next_ >= turn || failed_; });
  }

  static void relax() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }

  /// Where who has the block waits: blocks that wait are neighbours, one for each thread.
  std::condition_variable& seat(Index block) { return seats_[static_cast<std::size_t>(block) % seats_.size()]; }

  const Consume& consume_;
  std::atomic<Index> next_ = 0;   ///< block
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::vector<std::condition_variable> seats_;
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
  std::deque<Stage> stages;
  if (also) stages.emplace_back(also, workers);
  if (consume) stages.emplace_back(consume, workers);
  std::atomic<Index> next = 0;
  const auto work = [&] {
    Block rows_of_block(tensor);
    std::vector<std::byte> bytes;
    for (Index block = next++; block < blocks; block = next++) {
      check_interrupt();
      rows_of_block.move_to(block * step, std::min(step, rows - block * step));
      encode(rows_of_block, bytes);
      for (Stage& stage : stages) {
        if (!stage.take(block, bytes)) return;
      }
    }
  };
  const auto stop = [&] {
    next = blocks;
    for (Stage& stage : stages) stage.fail();
  };
  run_on_threads(workers, work, stop);
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
