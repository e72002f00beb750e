#include "context/sought.h"

#include <gtest/gtest.h>

namespace headroom::context {
namespace {

constexpr std::string_view kNow =
    "order 40001 done\norder 40213 was slow\norder 40300 done\norder 40301 done\norder 40302 done\n";
constexpr std::string_view kBefore = "order 40001 done\n<<2-4: 3x order # done>>\norder 40302 done\n";

TEST(Sought, WhatOnlyTheNewTextNamesIsLookedFor) {
  const Sought sought("I need to see what happened to order 40213.", kNow, kBefore);
  EXPECT_TRUE(sought.named_in("order 40213 was slow"));
  EXPECT_FALSE(sought.named_in("order 40001 done"));
}

TEST(Sought, WhatMostLinesNameTellsNothing) {
  EXPECT_TRUE(Sought("I look at the orders again.", kNow, kBefore).empty());
  EXPECT_TRUE(Sought("Is order 40001 there?", kNow, kBefore).empty());
  EXPECT_TRUE(Sought("", kNow, kBefore).empty());
  EXPECT_FALSE(Sought().named_in("order 40213"));
}

}  // namespace
}  // namespace headroom::context
