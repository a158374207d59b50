#include "core/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "support.h"

namespace pe {
namespace {

TEST(workers, all_work_at_once_and_this_thread_is_one_of_them) {
  for (const int threads : {1, 2, 5}) {
    std::atomic<int> arrived = 0;
    std::atomic<bool> is_here = false;
    const std::thread::id here = std::this_thread::get_id();
    run_on_threads(threads, [&] {
      if (std::this_thread::get_id() == here) is_here = true;
      ++arrived;
      while (arrived < threads) std::this_thread::yield();   // one after the other they would never get past this
    }, [] {});
    EXPECT_EQ(arrived, threads);
    EXPECT_TRUE(is_here);
  }
}

TEST(workers, the_first_exception_stops_the_others_and_is_thrown_here) {
  for (const int threads : {1, 2, 5}) {
    std::atomic<bool> stopped = false;
    std::atomic<int> number = 0;
    const std::string message = message_of([&] {
      run_on_threads(threads, [&] {
        if (number++ == 0) throw Error("first");
        while (!stopped) std::this_thread::yield();
        throw Error("later");
      }, [&] { stopped = true; });
    });
    EXPECT_EQ(message, "first");
    EXPECT_TRUE(stopped);
  }
}

}  // namespace
}  // namespace pe
