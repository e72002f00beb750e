#include "context/asked_anew.h"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace headroom::context {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// Functions of five lines, as a viewer shows them.
std::string file(int functions, bool numbered) {
  std::string out;
  std::size_t line = 0;
  const auto add = [&](const std::string& text) {
    ++line;
    out += numbered ? fmt::format("{:6}\t{}\n", line, text) : text + "\n";
  };
  for (int f = 0; f < functions; ++f) {
    add(fmt::format("def take{}(rows):", static_cast<char>('A' + f)));
    add(fmt::format("    total = {}", f));
    add("    for row in rows:");
    add(fmt::format("        total += row.size * {}", f * 3));
    add("    return total");
    add("");
  }
  return out;
}

/// Only the first lines of functions, but for one function.
std::string outline(const std::string& text, int whole) {
  std::string out;
  std::size_t line = 0;
  for (const std::string_view each : base::split_lines(text)) {
    const std::size_t at = line++;
    if (at % 6 == 0 || at / 6 == static_cast<std::size_t>(whole)) {
      out.append(each).push_back('\n');
    } else if (at % 6 == 1) {
      out += fmt::format("    # <<{}-{}>>\n", at + 1, at + 5);
    }
  }
  return out;
}

std::vector<AskedRecords> asked(std::string_view question, const std::string& original, const std::string& sent,
                                const std::string& again, std::vector<std::string_view> told = {}) {
  const AskedAnew anew(question, std::move(told));
  const Shortened result{3, original, sent, "Read a.py", "Read a.py"};
  if (anew.likely({&result, 1}, false).empty()) return {};
  return anew.lines_of(result, again);
}

TEST(AskedAnew, TheBodyOfAFunctionThatIsNamedLater) {
  for (const bool numbered : {false, true}) {
    const std::string original = file(8, numbered);
    const auto found = asked("why does takeF return 0?", original, outline(original, 1), outline(original, 5));
    ASSERT_THAT(found, SizeIs(1)) << numbered;
    EXPECT_EQ(found[0].block, 3U);
    EXPECT_EQ(found[0].first, 32U);
    EXPECT_EQ(found[0].last, 35U);
    EXPECT_THAT(found[0].text, AllOf(HasSubstr("total += row.size * 15\n"), HasSubstr("return total\n")));
  }
}

TEST(AskedAnew, NothingWhereItIsShown) {
  const std::string original = file(8, true);
  EXPECT_THAT(asked("why does takeF return 0?", original, outline(original, 5), outline(original, 5)), IsEmpty());
  EXPECT_THAT(asked("why does takeF return 0?", original, original, original), IsEmpty());
}

TEST(AskedAnew, NothingWhereItIsNotNamed) {
  const std::string original = file(8, true);
  EXPECT_THAT(asked("why does setX return 0?", original, outline(original, 1), outline(original, 5)), IsEmpty());
  EXPECT_THAT(asked("what about the total of all rows?", original, outline(original, 1), outline(original, 5)),
              IsEmpty());
}

TEST(AskedAnew, NothingIsToldTwice) {
  const std::string original = file(8, true);
  const std::string sent = outline(original, 1);
  const auto once = asked("why does takeF return 0?", original, sent, outline(original, 5));
  ASSERT_THAT(once, SizeIs(1));
  const std::string told = "[Left out above:\nlines 32-35 of Read a.py:\n" + once[0].text + "]";
  EXPECT_THAT(asked("explain takeF", original, sent, outline(original, 5), {told}), IsEmpty());
}

TEST(AskedAnew, WhatWasToldOfAnotherFileIsNotToldOfThisOne) {
  const std::string original = file(8, false);
  const std::string sent = outline(original, 1);
  const auto once = asked("why does takeF return 0?", original, sent, outline(original, 5));
  ASSERT_THAT(once, SizeIs(1));
  const std::string told = "[Left out above:\nlines 32-35 of Read b.py:\n" + once[0].text + "]";
  EXPECT_THAT(asked("explain takeF", original, sent, outline(original, 5), {told}), SizeIs(1));
}

TEST(AskedAnew, OfAListWhatIsNamedAndNotItsNeighbours) {
  std::string original = "Options:\n";
  for (int i = 0; i < 60; ++i) {
    original +=
        fmt::format("  --{0}-mode  do the thing number {1}\n      as {1} says\n", static_cast<char>('a' + i % 26), i);
  }
  original += "  --dry-run   change nothing\n      and say what would be done\n";
  const std::string sent = "Options:\n<<2-123>>\n";
  const std::string again =
      "Options:\n<<2-117>>\n" + original.substr(original.find("  --g-mode  do the thing number 58"));
  const auto found = asked("what is --dry-run for?", original, sent, again);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].text, "  --dry-run   change nothing\n      and say what would be done\n");
}

TEST(AskedAnew, ASectionOfADocument) {
  std::string original = "# Tool\n\n";
  for (int i = 0; i < 20; ++i) original += fmt::format("## Part {0}\n\nWords of {0}.\n\nMore of {0}.\n\n", i);
  original += "## Retries\n\nThree times.\n\n### Backoff\n\nIt doubles.\n";
  const std::string sent = "# Tool\n\n## Part 0\n<<4-122>>\n## Retries\n<<124-129>>\n";
  const auto found = asked("what does it say about retries?", original, sent, original);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].text, AllOf(HasSubstr("Three times.\n"), Not(HasSubstr("Words of"))));
}

TEST(AskedAnew, AMemberOfJsonThatWasWrittenOtherwise) {
  std::string original = "{\n  \"packages\": {\n";
  std::string sent = "packages: (key)\tversion\n";
  for (int i = 0; i < 40; ++i) {
    original += fmt::format("    \"lib/p{0}x\": {{\n      \"version\": \"7.{0}.1\"\n    }},\n", i);
    if (i < 5) sent += fmt::format("lib/p{0}x\t7.{0}.1\n", i);
  }
  original += "    \"lib/jose\": {\n      \"version\": \"6.2.18\"\n    }\n  }\n}\n";
  const std::string question = "which version of jose is it?";
  EXPECT_THAT(asked(question, original, sent, sent + "lib/jose\t6.2.18\n"), IsEmpty()) << "no line is as it was";
  const Shortened result{3, original, sent, "Read a.json", "Read a.json"};
  const auto found = AskedAnew(question).members_of(result);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].first, 123U);
  EXPECT_EQ(found[0].text, "    \"lib/jose\": {\n      \"version\": \"6.2.18\"\n    }\n");
  const std::string told = "lines 123-125 of Read a.json:\n" + found[0].text;
  EXPECT_THAT(AskedAnew(question, {told}).members_of(result), IsEmpty()) << "told before";
  EXPECT_THAT(AskedAnew("which version of p3x is it?").members_of(result), IsEmpty()) << "it is shown";
}

TEST(AskedAnew, ATaskIsNoQuestionButMayNameThings) {
  const std::string original = file(8, true);
  const std::string sent = outline(original, 1);
  const Shortened result{3, original, sent, "Read a.py", "Read a.py"};
  EXPECT_THAT(AskedAnew("now mend takeF").likely({&result, 1}, true), ElementsAre(0U));
  EXPECT_THAT(AskedAnew("now mend the total").likely({&result, 1}, true), IsEmpty());
}

TEST(AskedAnew, OddTexts) {
  for (const std::string_view text : {"", "\n", "\n\n\n", "a", "<<1-9>>", "    1\t", "\xff\xfe\n\x80"}) {
    for (const std::string_view question : {"", "?", "--", "`", "what is a?", "\xff?"}) {
      const AskedAnew anew(question);
      const Shortened result{0, text, "<<ccr:abc>>", "x", "x"};
      for (const std::size_t r : anew.likely({&result, 1}, false)) EXPECT_EQ(r, 0U);
      EXPECT_LE(anew.lines_of(result, text).size(), 3U);
    }
  }
}

}  // namespace
}  // namespace headroom::context
