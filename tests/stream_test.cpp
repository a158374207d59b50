#include "core/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "support.h"

namespace pe {
namespace {

/// A table of 1000 columns whose value is its place; `filling` sees every call.
Tensor numbered_table(Index rows, std::function<void(Index, std::size_t)> filling = {}) {
  Tensor t;
  t.name = "table";
  t.axes = {{"row", rows}, {"column", 1000}};
  t.dtype = Dtype::f64;
  t.fill = [filling](Index first, std::span<double> out) {
    if (filling) filling(first, out.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<double>(first * 1000) + static_cast<double>(i);
  };
  return t;
}

void encode_doubles(Block& block, std::vector<std::byte>& bytes) {
  bytes.resize(block.values().size_bytes());
  encode(block.values(), Dtype::f64, bytes);
}

const auto ignore = [](std::span<const std::byte>) {};

TEST(stream, blocks_are_consumed_in_order_and_one_at_a_time_on_any_number_of_threads) {
  for (const int threads : {1, 2, 5, 16}) {
    double next = 0;
    std::atomic<int> inside = 0;
    bool in_order = true, alone = true;
    stream(numbered_table(3001), threads, encode_doubles, [&](std::span<const std::byte> bytes) {
      alone &= ++inside == 1;
      std::vector<double> values(bytes.size() / 8);
      decode(bytes, Dtype::f64, values);
      for (const double value : values) in_order &= value == next++;
      --inside;
    });
    EXPECT_TRUE(in_order && alone) << threads;
    EXPECT_EQ(next, 3001000) << threads;
  }
}

TEST(stream, both_consumers_get_every_block_in_order) {
  for (const int threads : {1, 2, 5}) {
    std::vector<std::byte> written, hashed;
    const auto append_to = [](std::vector<std::byte>& all) {
      return [&all](std::span<const std::byte> bytes) { all.insert(all.end(), bytes.begin(), bytes.end()); };
    };
    stream(numbered_table(3001), threads, encode_doubles, append_to(written), append_to(hashed));
    EXPECT_EQ(written.size(), std::size_t{8} * 3001000);
    EXPECT_TRUE(written == hashed) << threads;
  }
}

TEST(stream, no_block_is_larger_than_a_megabyte_of_doubles_unless_one_row_is) {
  std::mutex mutex;
  std::size_t largest = 0;
  stream(numbered_table(3001, [&](Index, std::size_t numbers) {
           const std::lock_guard lock(mutex);
           largest = std::max(largest, numbers);
         }), 3, encode_doubles, ignore);
  EXPECT_LE(largest, std::size_t{1} << 17);
  EXPECT_GE(largest, std::size_t{1000});
}

TEST(stream, each_thread_has_at_most_one_block_that_is_not_yet_consumed) {
  constexpr int kThreads = 4;
  std::atomic<int> filled = 0, consumed = 0, most = 0;
  stream(numbered_table(5000, [&](Index, std::size_t) {
           const int started = ++filled;
           const int ahead = started - consumed;
           for (int seen = most; ahead > seen && !most.compare_exchange_weak(seen, ahead);) continue;
         }), kThreads, encode_doubles, [&](std::span<const std::byte>) { ++consumed; });
  EXPECT_LE(most, kThreads);
}

TEST(stream, a_thread_that_waits_long_for_its_turn_still_gets_it) {
  std::vector<Index> first_rows;
  const auto number = [](Block& block, std::vector<std::byte>& bytes) {
    const Index first = block.first_row();
    bytes.resize(sizeof first);
    std::memcpy(bytes.data(), &first, sizeof first);
  };
  stream(numbered_table(5000), 3, number, [&](std::span<const std::byte> bytes) {
    std::memcpy(&first_rows.emplace_back(), bytes.data(), sizeof(Index));
    if (first_rows.size() % 3 == 1) std::this_thread::sleep_for(std::chrono::milliseconds(2));   // longer than anyone stays awake
  });
  EXPECT_GT(first_rows.size(), std::size_t{10});
  EXPECT_EQ(first_rows.front(), 0);
  EXPECT_TRUE(std::is_sorted(first_rows.begin(), first_rows.end(), std::less_equal<>()));   // none twice
}

TEST(stream, an_error_while_filling_ends_it_and_is_thrown_to_the_caller) {
  for (const int threads : {1, 4}) {
    const Tensor t = numbered_table(5000, [](Index first, std::size_t) {
      if (first > 1000) throw std::runtime_error("fill");
    });
    std::atomic<int> consumed = 0;
    try {
      stream(t, threads, encode_doubles, [&](std::span<const std::byte>) { ++consumed; });
      FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "fill");
    }
    EXPECT_LT(consumed, 40);   // of 5000 / 128 blocks
  }
}

TEST(stream, an_error_while_encoding_ends_it_and_is_thrown_to_the_caller) {
  for (const int threads : {1, 4}) {
    const auto encode_some = [](Block& block, std::vector<std::byte>& bytes) {
      if (block.first_row() > 1000) throw Error("cannot hold it");
      encode_doubles(block, bytes);
    };
    EXPECT_EQ(message_of([&] { stream(numbered_table(5000), threads, encode_some, ignore); }), "cannot hold it");
  }
}

TEST(stream, an_error_while_consuming_ends_it_and_nothing_is_consumed_behind_it) {
  for (const int threads : {1, 4}) {
    int calls = 0;
    const auto fail_at_the_third = [&](std::span<const std::byte>) {
      if (++calls == 3) throw Error(ErrorKind::io, "disk full");
    };
    EXPECT_EQ(message_of([&] { stream(numbered_table(5000), threads, encode_doubles, fail_at_the_third); }), "disk full");
    EXPECT_EQ(calls, 3);
  }
}

TEST(stream, a_table_without_rows_or_columns_asks_for_nothing) {
  const auto never = [](std::span<const std::byte>) { FAIL() << "nothing to consume"; };
  stream(counting_tensor({0, 7}), 2, encode_doubles, never);
  stream(counting_tensor({7, 0}), 2, encode_doubles, never);
}

TEST(stream, a_row_longer_than_a_block_comes_whole) {
  const Tensor t = counting_tensor({3, 300000}, Dtype::u8);
  std::vector<std::size_t> sizes;
  stream_bytes(t, Dtype::u8, 2, [&](std::span<const std::byte> bytes) { sizes.push_back(bytes.size()); });
  EXPECT_EQ(sizes, (std::vector<std::size_t>{300000, 300000, 300000}));
}

TEST(stream, values_stored_in_a_wider_type_are_first_rounded_to_the_tensors_own) {
  const Tensor t = held_tensor("table", {{"column", 2}}, Dtype::bf16, {1.0009765625, 3.14159265358979});
  std::vector<double> found(2);
  stream_bytes(t, Dtype::f32, 1, [&](std::span<const std::byte> bytes) { decode(bytes, Dtype::f32, found); });
  EXPECT_EQ(found, (std::vector<double>{1, 3.140625}));   // 8 significant bits
}

}  // namespace
}  // namespace pe
