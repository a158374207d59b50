#pragma once
#include <functional>

namespace pe {

/// Calls `work` on so many threads at once, this one among them, and returns when all have come to its end. When one throws, `stop` is
/// to bring the others there too; the first exception is thrown here.
void run_on_threads(int threads, const std::function<void()>& work, const std::function<void()>& stop);

}  // namespace pe
