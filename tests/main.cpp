// Runs the tests; the last line is "N passed, N failed".

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace {

class Count : public testing::EmptyTestEventListener {
  void OnTestProgramEnd(const testing::UnitTest& all) override {
    fmt::print("{} passed, {} failed\n", all.successful_test_count(), all.failed_test_count());
  }
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  // The end of a program is told to listeners from the last to the first: the count must be the first to be the last to speak.
  testing::TestEventListeners& listeners = testing::UnitTest::GetInstance()->listeners();
  testing::TestEventListener* const printer = listeners.Release(listeners.default_result_printer());
  listeners.Append(new Count);
  if (printer != nullptr) listeners.Append(printer);
  return RUN_ALL_TESTS();
}
