#include "tokens/ascii_cutter.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tokens/char_class.h"
#include "tokens/pretokenizer.h"
#include "tokens/rank_table.h"
#include "tokens/tables.h"

namespace headroom::tokens {
namespace {

ClassSet class_of(AsciiKind kind) {
  switch (kind) {
    case AsciiKind::kUpper:
      return kUpper;
    case AsciiKind::kLower:
      return kLower;
    case AsciiKind::kDigit:
      return kNumber;
    case AsciiKind::kBlank:
    case AsciiKind::kOtherBlank:
      return kSpace;
    case AsciiKind::kNewline:
      return kNewline;
    case AsciiKind::kNotAscii:
      return 0;
    default:
      return kOther;
  }
}

TEST(AsciiCutter, KnowsTheClassesOfTheBytes) {
  const CharClasses classes(headroom_unicode_classes_table);
  for (unsigned byte = 0; byte < 256; ++byte) {
    EXPECT_EQ(class_of(ascii_kind(byte)), classes.lead(static_cast<char>(byte))) << byte;
  }
}

std::string random_text(std::mt19937& rng) {
  static constexpr std::string_view kParts[] = {"the",  "Word", "NASA", " ",  "\n", "  ", "\t",   "7",
                                                "1234", "'s",   "\"",   "/*", "//", "-",  "\r\n", "\xc3\xa9"};
  std::string text;
  for (const auto length = 8 + rng() % 60; text.size() < length;) {
    for (auto times = 1 + (rng() % 8 == 0 ? rng() % 12 : 0); times > 0; --times) {
      text += kParts[rng() % std::size(kParts)];
    }
  }
  return text;
}

template <typename Splitter>
void check_both_ways(const std::string& text, const Splitter& splitter) {
  const char* end = text.data() + text.size();
  for (const char* at = text.data(); end - at >= 8;) {
    const char* next = splitter.split(at, end);
    ASSERT_EQ(splitter.split(load_word(at), at, end), next) << text << "\nat " << at - text.data();
    ASSERT_GT(next, at);
    at = next;
  }
}

TEST(AsciiCutter, CutsEightBytesAtOnceAsItCutsOneByOne) {
  std::mt19937 rng(3);
  const CharClasses classes(headroom_unicode_classes_table);
  for (int i = 0; i < 5000; ++i) {
    const std::string text = random_text(rng);
    check_both_ways(text, O200kSplitter(classes));
    check_both_ways(text, Cl100kSplitter(classes));
  }
}

TEST(AsciiCutter, LeavesToTheSplitterWhatMayBeMoreThanAscii) {
  using Cutter = AsciiCutter<CutRules{
      .word_contractions = true, .capital_ends_word = true, .slash_in_tail = true, .blanks_end_text = false}>;
  const auto length = [](std::string_view text) {
    const char* end = Cutter::cut(text.data(), text.data() + text.size());
    return end == nullptr ? 0 : end - text.data();
  };
  EXPECT_EQ(length("word after"), 4);
  EXPECT_EQ(length("word\xc3\xa9"), 0);
  EXPECT_EQ(length("don't"), 0);
  EXPECT_EQ(length("\xc3\xa9"), 0);
  EXPECT_EQ(length("12\xc2\xb2"), 0);
  EXPECT_EQ(length("123\xc2\xb2"), 3);
  EXPECT_EQ(length("  \n\n  x"), 4);
  EXPECT_EQ(length("    x"), 3);
  EXPECT_EQ(length("    "), 4);
}

}  // namespace
}  // namespace headroom::tokens
