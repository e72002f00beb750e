#include "store/checkpointer.h"

#include <array>
#include <chrono>
#include <filesystem>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "store/original_store.h"
#include "store/test_support.h"

namespace headroom::store {
namespace {

TEST(CheckpointerTest, WhatIsPutReachesTheDatabaseFileWithoutASweep) {
  const testing::TempFolder folder;
  const base::SystemClock clock;
  auto store = open_sqlite_store(folder.file("ccr.db"), {}, clock);
  ASSERT_TRUE(store);
  const Original original = testing::make_original(testing::noise(Checkpointer::kBytes));
  ASSERT_TRUE((*store)->put(std::array{original}));
  // Happens on another thread, soon; the number of tries only keeps a failure from being a hang.
  int tries = 0;
  while (std::filesystem::file_size(folder.file("ccr.db")) < original.content.size() && ++tries < 2000) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_GE(std::filesystem::file_size(folder.file("ccr.db")), original.content.size());
}

}  // namespace
}  // namespace headroom::store
