#include "compress/phrases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::compress {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Phrases, WordsSideBySide) {
  EXPECT_THAT(phrases_of("what does Umber velvet cost?"), ElementsAre("umber velvet", "velvet cost"));
  EXPECT_THAT(phrases_of("is the mail of the gateway, port, late?"), IsEmpty());
  EXPECT_THAT(phrases_of("payment gateway"), ElementsAre("payment gateway"));
  EXPECT_THAT(phrases_of("  "), IsEmpty());
  EXPECT_THAT(phrases_of(""), IsEmpty());
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "word" + std::to_string(i) + " ";
  EXPECT_THAT(phrases_of(many), SizeIs(16));
}

TEST(Phrases, AreFoundAsWords) {
  EXPECT_EQ(find_phrase("the umber velvet", "umber velvet"), 4U);
  EXPECT_EQ(find_phrase("lumber velvet, umber velvets, \"umber velvet\"", "umber velvet"), 31U);
  EXPECT_EQ(find_phrase("umber velvet", "umber velvet", 1), std::string_view::npos);
  EXPECT_EQ(find_phrase("", "a b"), std::string_view::npos);
}

}  // namespace
}  // namespace headroom::compress
