#include "compress/text/common_head.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::compress::text {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string folded(std::string_view text) {
  const auto out = fold_common_head(text);
  if (!out) return "";
  EXPECT_EQ(expand_common_head(*out), text);
  return *out;
}

TEST(CommonHead, WhatAllLinesBeginWithStandsOnce) {
  std::string text;
  for (int i = 0; i < 12; ++i)
    text += "==4711== by 0x10" + std::to_string(i) + ": main (list.c:" + std::to_string(i) + ")\n";
  EXPECT_THAT(folded(text), StartsWith("<<next 12 lines begin with: ==4711==>>\n by 0x100: main (list.c:0)\n"));
}

TEST(CommonHead, TimesPathsAndOwnersStayWhole) {
  std::string times, paths, owners;
  for (int i = 10; i < 40; ++i) {
    times += "2026-11-02 11:" + std::to_string(i) + ":07 cron: run\n";
    paths += "src/shop/prices.py 12 " + std::to_string(i) + "\n";
    owners += "-rw-r--r-- 1 root root " + std::to_string(i * 7) + " file\n";
  }
  EXPECT_EQ(folded(times), "");
  EXPECT_EQ(folded(paths), "");
  EXPECT_EQ(folded(owners), "");
}

TEST(CommonHead, OtherLinesAreMarkedAndGapsStay) {
  std::string text = "a heading\n";
  for (int i = 0; i < 9; ++i) text += "web-frontend-1  | " + std::to_string(i * i) + " requests served\n";
  text +=
      "<<11-40: 30x request # served>>\n\nweb-frontend-1  | stopped\n<<ccr:0123456789abcdef01234567 30 of 43 lines "
      "dropped>>";
  const std::string out = folded(text);
  EXPECT_THAT(out, StartsWith("<<next 13 lines, but not those behind ~, begin with: web-frontend-1  |>>\n~a heading\n "
                              "0 requests served\n"));
  EXPECT_THAT(out, HasSubstr("\n<<11-40: 30x request # served>>\n~\n stopped\n<<ccr:"));
}

TEST(CommonHead, LinesThatWouldReadDifferentlyAreLeftAlone) {
  std::string text;
  for (int i = 0; i < 12; ++i) text += "prefix:~" + std::to_string(i) + "\n";
  EXPECT_EQ(folded(text), "");
  EXPECT_EQ(folded("one\ntwo\nthree\nfour\nfive\nsix\nseven\n"), "") << "nothing in common";
  EXPECT_EQ(folded("prefix: one\nprefix: two\n"), "") << "too few";
  EXPECT_EQ(expand_common_head("plain\nlines\n"), "plain\nlines\n");
}

}  // namespace
}  // namespace headroom::compress::text
