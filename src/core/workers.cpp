#include "core/workers.h"

#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace pe {

void run_on_threads(int threads, const std::function<void()>& work, const std::function<void()>& stop) {
  std::once_flag first;
  std::exception_ptr error;
  const auto guarded = [&] {
    try {
      work();
    } catch (...) {
      std::call_once(first, [&] { error = std::current_exception(); });
      stop();
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (int i = 1; i < threads; ++i) helpers.emplace_back(guarded);
    guarded();
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace pe
