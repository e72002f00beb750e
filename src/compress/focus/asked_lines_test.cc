#include "compress/focus/asked_lines.h"

#include <string>

#include <gtest/gtest.h>

#include "base/text.h"

namespace headroom::compress::focus {
namespace {

std::vector<std::uint8_t> asked(const std::string& text, const std::string& question) {
  return asked_lines(text, base::split_lines(text), Query{.user = question});
}

std::string lines(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "plain line of text\n";
  return out;
}

TEST(AskedLines, NamesAndNumbersAreWordsOfTheirOwn) {
  const auto hit =
      asked("port: 8080\nport: 18080\nname: get_user_by_id\n", "Who listens on port 8080, and who calls `get_user`?");
  EXPECT_EQ(hit[0], 1);
  EXPECT_EQ(hit[1], 0);
  EXPECT_EQ(hit[2], 1);
}

TEST(AskedLines, RareWordsSingleOut) {
  const std::string text = lines(60) + "the breaker tripped\n" + lines(60);
  const auto hit = asked(text, "When did the breaker trip?");
  EXPECT_EQ(hit[60], 1);
  EXPECT_EQ(hit[0], 0);
}

TEST(AskedLines, ANameWithANumberNamesNoneOfItsKind) {
  const auto hit = asked("service1:\n  port: 1\nservice2:\n  port: 2\nservice3:\n  port: 3\n", "Where is service2?");
  EXPECT_EQ(hit, (std::vector<std::uint8_t>{0, 0, 1, 0, 0, 0}));
}

TEST(AskedLines, NothingForNothing) {
  EXPECT_TRUE(asked("", "anything 12345").empty());
  EXPECT_EQ(asked("a\nb\n", ""), (std::vector<std::uint8_t>{0, 0}));
}

TEST(EstimatedTokens, GrowsWithTheText) {
  EXPECT_LT(estimated_tokens("a"), estimated_tokens("a b c d"));
  EXPECT_LT(gap_tokens(1, 2, {}), gap_tokens(1200, 1300, "something"));
}

}  // namespace
}  // namespace headroom::compress::focus
