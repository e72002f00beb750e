#include "cli/file_watch.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <gtest/gtest.h>

namespace headroom::cli {
namespace {

class FileWatchTest : public testing::Test {
 protected:
  FileWatchTest() {
    std::string folder = (std::filesystem::temp_directory_path() / "headroom-watch-XXXXXX").string();
    folder_ = ::mkdtemp(folder.data());
  }
  ~FileWatchTest() override { std::filesystem::remove_all(folder_); }

  std::string path(std::string_view name) const { return folder_ + "/" + std::string(name); }
  void write(std::string_view name, std::string_view text) const { std::ofstream(path(name)) << text; }
  /// At how many of so many times a look is due.
  static int due(FileWatch& watch, int times) {
    int count = 0;
    for (int i = 0; i < times; ++i) count += watch.is_due() ? 1 : 0;
    return count;
  }

  std::string folder_;
};

TEST_F(FileWatchTest, TheFirstTimeAndOnceMore) {
  write("a", "1");
  FileWatch watch({path("a"), path("none")});
  EXPECT_TRUE(watch.is_due());
  EXPECT_TRUE(watch.is_due()) << "what the same tick of the clock may hide";
  EXPECT_EQ(due(watch, 100), 0);
}

TEST_F(FileWatchTest, WhateverIsDoneToAFile) {
  write("a", "1");
  FileWatch watch({path("a"), path("b")});
  due(watch, 3);
  write("b", "comes");
  EXPECT_EQ(due(watch, 9), 2);
  std::filesystem::remove(path("b"));
  EXPECT_EQ(due(watch, 9), 2);
  // As old and as long as the one that it replaces.
  write("c", "2");
  std::filesystem::last_write_time(path("c"), std::filesystem::last_write_time(path("a")));
  std::filesystem::rename(path("c"), path("a"));
  EXPECT_EQ(due(watch, 9), 2);
}

TEST_F(FileWatchTest, ALookThatFailedIsRepeatedWithLongerAndLongerPauses) {
  FileWatch watch({path("a")});
  ASSERT_TRUE(watch.is_due());
  std::string looks;
  for (int i = 0; i < 70; ++i) {
    watch.failed();
    int times = 1;
    while (!watch.is_due()) ++times;
    looks += std::to_string(times) + " ";
    i += times;
  }
  EXPECT_EQ(looks, "1 2 4 8 16 16 16 ");
  EXPECT_EQ(due(watch, 100), 0) << "the last one did not fail";
  watch.failed();
  write("a", "new");
  ASSERT_TRUE(watch.is_due());
  watch.failed();
  EXPECT_TRUE(watch.is_due()) << "what is new is not held up by what failed before";
}

}  // namespace
}  // namespace headroom::cli
