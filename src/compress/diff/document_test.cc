#include "compress/diff/document.h"

#include <gtest/gtest.h>

namespace headroom::compress::diff {
namespace {

TEST(DiffDocument, CountsSayWhereAHunkEnds) {
  // "--- x" inside the hunk is a removed line, the one after it opens a file.
  const Document d =
      read_document("--- a/x\n+++ b/x\n@@ -1,3 +1,2 @@ head\n a\n--- x\n b\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-c\n+d\n");
  ASSERT_EQ(d.files.size(), 2u);
  EXPECT_EQ(d.files[0].path, "x");
  EXPECT_EQ(d.files[0].removed, 1u);
  EXPECT_EQ(d.files[1].path, "y");
  EXPECT_EQ(d.kinds[4], Kind::kRemoved);
  EXPECT_EQ(d.kinds[6], Kind::kHeader);
  ASSERT_EQ(d.hunks.size(), 2u);
  EXPECT_EQ(d.hunks[0].section, "head");
  EXPECT_EQ(d.runs.size(), 2u);
}

TEST(DiffDocument, PlacesAreThoseOfTheNewFile) {
  const Document d = read_document("--- a\n+++ b\n@@ -10,3 +20,4 @@\n a\n-b\n+c\n+d\n e\n");
  EXPECT_EQ(d.place[3], 20u);
  EXPECT_EQ(d.place[4], 21u);
  EXPECT_EQ(d.place[6], 22u);
  EXPECT_EQ(d.place[7], 23u);
}

TEST(DiffDocument, RenamesModesAndBinaries) {
  const Document d = read_document(
      "diff --git a/old.c b/new.c\nsimilarity index 100%\nrename from old.c\nrename to new.c\n"
      "diff --git a/l.png b/l.png\nindex 1..2 100644\nGIT binary patch\nliteral 4\nabcd\n\nliteral 2\nab\n\n"
      "diff --git a/run b/run\nold mode 100644\nnew mode 100755\n");
  ASSERT_EQ(d.files.size(), 3u);
  EXPECT_EQ(d.files[0].old_path, "old.c");
  EXPECT_EQ(d.files[0].path, "new.c");
  EXPECT_EQ(d.kinds[7], Kind::kData);
  EXPECT_EQ(d.files[2].path, "run");
}

TEST(DiffDocument, CombinedDiffsHaveAColumnPerParent) {
  const Document d =
      read_document("diff --cc x\nindex 1,2..3\n--- a/x\n+++ b/x\n@@@ -1,2 -1,2 +1,3 @@@\n  a\n++b\n +c\n- d\n");
  ASSERT_EQ(d.hunks.size(), 1u);
  EXPECT_EQ(d.kinds[6], Kind::kAdded);
  EXPECT_EQ(d.source(6), "b");
  EXPECT_EQ(d.kinds[8], Kind::kRemoved);
}

TEST(DiffDocument, AnythingElseIsText) {
  for (const char* text :
       {"", "\n", "@@", "@@ -1 +1", "--- ", "diff --git", "+a\n-b\n", "@@ -1,99999999999 +1 @@\n a"}) {
    const Document d = read_document(text);
    EXPECT_EQ(d.kinds.size(), d.lines.size());
  }
}

}  // namespace
}  // namespace headroom::compress::diff
