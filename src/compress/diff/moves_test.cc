#include "compress/diff/moves.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace headroom::compress::diff {
namespace {

std::string lines(const std::string& sign, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += fmt::format("{}    statement number {} of the function\n", sign, i);
  return out;
}

TEST(DiffMoves, RemovedLinesThatWereAddedElsewhere) {
  const std::string text =
      "--- a/x\n+++ b/x\n@@ -0,0 +1,8 @@\n" + lines("+", 8) + "--- a/y\n+++ b/y\n@@ -1,8 +0,0 @@\n" + lines("-", 8);
  const Document d = read_document(text);
  const std::vector<Copy> copies = find_copies(d);
  ASSERT_EQ(copies.size(), 1u);
  EXPECT_EQ(copies[0].begin, 14u);
  EXPECT_EQ(copies[0].end, 22u);
  EXPECT_EQ(copies[0].from, 3u);
}

TEST(DiffMoves, ShortBlocksAreNoCopies) {
  const std::string text =
      "--- a/x\n+++ b/x\n@@ -0,0 +1,3 @@\n" + lines("+", 3) + "--- a/y\n+++ b/y\n@@ -1,3 +0,0 @@\n" + lines("-", 3);
  EXPECT_TRUE(find_copies(read_document(text)).empty());
}

TEST(DiffMoves, RespacedLinesComeBackInOrder) {
  const Document d = read_document(
      "--- a/x\n+++ b/x\n@@ -1,4 +1,5 @@\n-a = 1\n-b = 2\n-c = 3\n-d = 4\n+if x:\n+  a = 1\n+  b = 2\n+  c = 3\n+  d = "
      "5\n");
  const auto stretches = respaced_lines(d, d.runs[0], 3);
  ASSERT_EQ(stretches.size(), 1u);
  EXPECT_EQ(stretches[0], (std::pair<std::uint32_t, std::uint32_t>{3, 6}));
}

}  // namespace
}  // namespace headroom::compress::diff
