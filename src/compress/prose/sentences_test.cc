#include "compress/prose/sentences.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::compress::prose {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> sentences(std::string_view text) {
  std::vector<std::string> out;
  std::uint32_t from = 0;
  for (const std::uint32_t start : sentence_starts(text)) {
    out.emplace_back(text.substr(from, start - from));
    from = start;
  }
  out.emplace_back(text.substr(from));
  for (std::string& s : out) s.erase(s.find_last_not_of(" \n") + 1);
  return out;
}

TEST(Sentences, EndAtStopsAndMarks) {
  EXPECT_THAT(sentences("It works. Does it? Yes! \"Good.\" So be it."),
              ElementsAre("It works.", "Does it?", "Yes!", "\"Good.\"", "So be it."));
}

TEST(Sentences, GoOnAfterAbbreviationsNumbersAndNames) {
  EXPECT_EQ(sentences("Use e.g. Debian 12.5 or node.js 18.2.1, i.e. what J. Smith et al. Use. Then stop.").size(), 2u);
  EXPECT_EQ(sentences("See https://example.com/a.b?c=D. And read fig. 3 on p. 4.").size(), 2u);
  EXPECT_EQ(sentences("Call `a. B` now. Then `c`.").size(), 2u);
}

TEST(Sentences, LowerCaseStartsOneAfterTwoSpacesOnly) {
  EXPECT_EQ(sentences("The end.  curl starts here.").size(), 2u);
  EXPECT_EQ(sentences("The end. curl starts here.").size(), 1u);
}

TEST(Sentences, EntriesOneALineAreNoSentence) {
  std::string text = "Marta (30):\n\n";
  for (int i = 0; i < 30; ++i)
    text += "tide: the table of quay " + std::to_string(i) + " is read again when it has changed\n";
  EXPECT_GE(read_document(text).sentences.size(), 31u);
}

TEST(Sentences, OtherScripts) {
  EXPECT_EQ(sentences("默认超时为三十秒。可以更改。").size(), 2u);
  EXPECT_EQ(sentences("यह पहला है। यह दूसरा है।").size(), 2u);
  EXPECT_EQ(sentences("Это первое. Это второе.").size(), 2u);
}

}  // namespace
}  // namespace headroom::compress::prose
