#include "compress/diff/header_fold.h"

#include <gtest/gtest.h>

namespace headroom::compress::diff {
namespace {

constexpr std::string_view kGit =
    "diff --git a/src/x.c b/src/x.c\nindex 1a2b..3c4d 100644\n--- a/src/x.c\n+++ b/src/x.c\n"
    "@@ -10,3 +10,4 @@ int f()\n a\n+b\n c\n d\n@@ -40,2 +41 @@\n-e\n f\n";

TEST(DiffHeaderFold, SaysPathsAndCountsOnce) {
  const auto folded = fold_headers(kGit);
  ASSERT_TRUE(folded.has_value());
  EXPECT_EQ(*folded,
            "diff --git src/x.c\nindex 1a2b..3c4d 100644\n@@ -10 @@ int f()\n a\n+b\n c\n d\n@@ -40 @@\n-e\n f\n");
  EXPECT_EQ(expand_headers(*folded), kGit);
}

TEST(DiffHeaderFold, WhatDoesNotFollowStays) {
  // A wrong count, a path with another name on the right, and no line break at the end.
  const std::string text =
      "diff --git a/x b/y\nindex 1..2\n--- a/x\n+++ b/y\n@@ -1,9 +1,9 @@\n a\n"
      "diff --git a/z b/z\nindex 1..2\n--- a/z\n+++ b/z\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b";
  const auto folded = fold_headers(text);
  ASSERT_TRUE(folded.has_value());
  EXPECT_NE(folded->find("@@ -1,9 +1,9 @@"), std::string::npos);
  EXPECT_EQ(expand_headers(*folded), text);
}

TEST(DiffHeaderFold, TextThatLooksFoldedIsLeftAlone) {
  EXPECT_FALSE(fold_headers("diff --git x\nindex 1..2\n" + std::string(kGit)).has_value());
  EXPECT_FALSE(fold_headers("nothing\n").has_value());
}

}  // namespace
}  // namespace headroom::compress::diff
