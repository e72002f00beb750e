#include "compress/log/stanzas.h"

#include <gtest/gtest.h>

#include "compress/log/classifier.h"
#include "compress/log/scanner.h"

namespace headroom::compress::log {
namespace {

std::vector<Stanza> stanzas(std::string_view text) {
  Document document = scan(text);
  classify(document);
  return find_stanzas(document);
}

TEST(Stanzas, BlankLinesOrNone) {
  const auto parted = stanzas("Name: a\nSize: 1\nBy: x\n\nName: b\nSize: 2\nBy: y\n");
  ASSERT_EQ(parted.size(), 2u);
  EXPECT_EQ(parted[0].last, 2u);
  EXPECT_EQ(parted[1].first, 4u);
  EXPECT_EQ(stanzas("  File: a\n  Size: 1\nAccess: x\n  File: b\n  Size: 2\nAccess: y\n").size(), 2u);
}

TEST(Stanzas, FieldsBelowANameEach) {
  const auto named =
      stanzas("git:\n  Installed: 1\n  Candidate: 2\ncurl:\n  Installed: 3\n  Candidate: 4\n     at: x\n");
  ASSERT_EQ(named.size(), 2u);
  EXPECT_TRUE(named[1].named);
  EXPECT_EQ(named[1].first, 3u);
  EXPECT_EQ(named[1].last, 6u);
  EXPECT_TRUE(stanzas("git:\n  Installed: 1\n  Candidate: 2\nnothing more\n").empty());
}

TEST(Stanzas, OtherTextsHaveNone) {
  EXPECT_TRUE(stanzas("").empty());
  EXPECT_TRUE(stanzas("Name: a\nSize: 1\n").empty());
  EXPECT_TRUE(stanzas("INFO: a\nINFO: b\nINFO: c\nINFO: d\n").empty());
}

TEST(Stanzas, Keys) {
  EXPECT_EQ(field_key("model name\t: x"), "model name");
  EXPECT_EQ(field_key("std::x"), "");
  EXPECT_EQ(field_key("http://x"), "");
  EXPECT_EQ(field_key("this is a long sentence: x"), "");
}

}  // namespace
}  // namespace headroom::compress::log
