#include "align/value_starts.h"

#include <cctype>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace headroom::align {
namespace {

bool alnum(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}
bool hex(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

/// What no value begins with, one byte at a time. `at` is at least 2.
bool is_passed(std::string_view text, std::size_t at) {
  const char c = text[at], before = text[at - 1], second = text[at - 2];
  const char next = at + 1 < text.size() ? text[at + 1] : '\n';
  if (before == '\n' || c == '/' || c == '%' || c == '~' || c == '\\') return false;
  if (!alnum(c) || alnum(before)) return true;
  return before == ' ' && c >= 'a' && c <= 'z' && (alnum(second) || second == ',' || second == '.') && next != ':' &&
         !(hex(c) && hex(next));
}

TEST(ValueStarts, nothing_but_plain_words_is_passed_over) {
  constexpr std::string_view kBytes = "aAzZ09fG  ,.:=\n/%~\\-_\"\x80\xff";
  std::mt19937 random(26);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::size_t left = random() % 120; left > 0; --left) text += kBytes[random() % kBytes.size()];
    for (std::size_t at = 0; at < text.size(); ++at) {
      const std::size_t found = next_value_start(text, at);
      ASSERT_GE(found, at);
      ASSERT_LE(found, text.size());
      for (std::size_t i = at; i < found; ++i) ASSERT_TRUE(i >= 2 && is_passed(text, i)) << text << "\nat " << i;
      // The last bytes are looked at one by one.
      if (found >= 2 && found + 17 <= text.size()) {
        ASSERT_FALSE(is_passed(text, found)) << text << "\nat " << found;
      }
    }
  }
}

TEST(ValueStarts, a_value_in_prose_is_found_where_it_begins) {
  const std::string text = "We answer in the words that the reader would use, never on 2026-11-27 but on other days.";
  EXPECT_EQ(next_value_start(text, 2), text.find("2026"));
  const std::string lines = "in the words that the reader would use\nand then some more of the same words";
  EXPECT_EQ(next_value_start(lines, 3), lines.find("and then"));
}

}  // namespace
}  // namespace headroom::align
