#include "compress/prose/vocabulary.h"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compress/prose/traits.h"

namespace headroom::compress::prose {
namespace {

using ::testing::ElementsAre;

TEST(Vocabulary, ScriptsWithoutSpacesGivePairs) {
  EXPECT_THAT(terms_of_text("超时为三十"), ElementsAre("超时", "时为", "为三", "三十"));
  EXPECT_THAT(terms_of_text("用 apt。"), ElementsAre("用", "apt"));
}

TEST(Vocabulary, FoldsCaseOfOtherScripts) {
  EXPECT_EQ(terms_of_text("ПРИВЕТ"), terms_of_text("привет"));
  EXPECT_EQ(terms_of_text("ÉTÉ"), terms_of_text("été"));
}

TEST(Vocabulary, JoinsWordsThatALineBreakDivides) {
  const Document d = read_document("  The con\xE2\x80\x90\n  figuration is read.\n");
  const Vocabulary v(d);
  EXPECT_TRUE(
      std::ranges::any_of(v.terms(), [](const Term& t) { return t.text == terms_of_text("configuration")[0]; }));
}

TEST(Vocabulary, SeesWhatASentenceIsAbout) {
  const auto traits = [](std::string_view text) { return Vocabulary(read_document(text)).traits_of(0); };
  EXPECT_NE(traits("It must not run twice.") & kNegation, 0u);
  EXPECT_NE(traits("It waits 30 seconds.") & kTime, 0u);
  EXPECT_NE(traits("It waits 30s here.") & kTime, 0u);
  EXPECT_EQ(traits("A second look helps.") & kTime, 0u);
  EXPECT_NE(traits("Since 2.3.1 it is so.") & kVersion, 0u);
  EXPECT_NE(traits("See /etc/hosts for it.") & kPath, 0u);
}

}  // namespace
}  // namespace headroom::compress::prose
