#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compress/testing/case.h"
#include "compress/text/blobs.h"
#include "compress/text/clean.h"
#include "compress/text/prefix_fold.h"
#include "compress/text/text_compressor.h"

namespace headroom::compress {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

std::string unfold(std::string_view output) {
  const std::size_t handle = output.rfind("<<ccr:");
  return handle == std::string_view::npos ? text::expand(output) : std::string(output.substr(0, handle));
}

TEST(TextCases, Hold) {
  const std::vector<testing::Case> cases = testing::read_cases("compress/text");
  EXPECT_GE(cases.size(), 8U);
  for (const testing::Case& c : cases) testing::check_case(TextCompressor(), c, detect::ContentType::kOther, unfold);
}

TEST(Clean, EscapesOverstrikesAndProgressGo) {
  const auto cleaned = text::clean(
      "\x1b[1;31merror\x1b[0m: x\n\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\\nN\bNA\bAM\bME\bE\n"
      "get 10%\rget 55%\rget 100%, done\nplain\r\n");
  EXPECT_EQ(cleaned.text, "error: x\nlink\nNAME\nget 100%, done\nplain\r\n");
  EXPECT_EQ(cleaned.states, 2U);
}

TEST(Clean, StatesThatTellAProblemStay) {
  const std::string text = "get 10%\rget 20% ERROR disk\rget 100%\n";
  EXPECT_FALSE(text::clean(text).changed());
  EXPECT_FALSE(text::clean("one\rtwo\rthree\rfour\rfive words\n").changed()) << "old line ends";
  EXPECT_FALSE(text::clean("<p class=\"w50%\">one</p>\r<p class=\"w60%\">two</p>\n").changed()) << "a page";
}

TEST(Clean, PaddingGoesOnlyWhereThereIsMuch) {
  EXPECT_FALSE(text::clean("a line  \nanother line\n").changed());
  EXPECT_EQ(text::clean("a" + std::string(40, ' ') + "\nb" + std::string(40, ' ') + "\n").text, "a\nb\n");
}

TEST(PrefixFold, GoesBackExactly) {
  std::string text = "head\n";
  for (int i = 0; i < 30; ++i) text += "/usr/lib/python3/dist-packages/app/part" + std::to_string(i) + ".py ok\n";
  text += "tail";
  const auto folded = text::fold_prefixes(text);
  ASSERT_TRUE(folded);
  EXPECT_THAT(*folded, HasSubstr("<<next 30 lines begin with: /usr/lib/python3/dist-packages/app/>>\npart0.py ok\n"));
  EXPECT_EQ(text::expand_prefixes(*folded), text);
  EXPECT_LT(folded->size(), text.size() / 2);
  EXPECT_FALSE(text::fold_prefixes(*folded)) << "holds such a line already";
}

TEST(Blobs, AreNamed) {
  std::string base64;
  for (int i = 0; i < 400; ++i) base64 += "aB3/xY9z"[i % 8];
  base64 += base64;
  EXPECT_THAT(text::blob_kind("  icon: data:image/png;base64," + base64),
              EndsWith("data:image/png;base64, 800 bytes of base64"));
  EXPECT_EQ(text::blob_kind(std::string(800, 'f')), "800 bytes of hex");
  EXPECT_EQ(text::blob_kind(std::string(800, ' ')), "");
  std::string path;
  for (int i = 0; i < 90; ++i) path += "folder/name";
  EXPECT_EQ(text::blob_kind(path), "") << "words are no blob";
}

}  // namespace
}  // namespace headroom::compress
