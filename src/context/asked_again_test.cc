#include "context/asked_again.h"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::context {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string commits() {
  std::string out;
  for (int i = 0; i < 60; ++i) {
    out += fmt::format("commit {:07x}\nAuthor: A. Writer <a@example.org>\nDate:   day {}\n\n    Change {} (#{})\n\n",
                       0xabc0000 + i * 977, i, i, 1000 + i);
  }
  return out;
}

std::string orders() {
  std::string out = R"({"orders":[)";
  for (int i = 0; i < 60; ++i) {
    out += fmt::format(R"({}{{"id":"ORD-{}","tracking":"TRK{:06}"}})", i > 0 ? "," : "", 500 + i, i * 7919);
  }
  return out + "]}";
}

TEST(FindAsked, ARecordThatANumberNamesComesWithWhatItStandsBelow) {
  const std::string original = commits();
  const Shortened result{4, original, "commit abc0000\n<<2-360>>\n", "Bash git log"};
  const auto asked = find_asked("Which commit has the subject that ends in (#1031)?", {&result, 1});
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(asked[0].block, 4U);
  EXPECT_EQ(asked[0].last, 31U * 6 + 5);
  EXPECT_THAT(asked[0].text, HasSubstr(fmt::format("commit {:07x}\n", 0xabc0000 + 31 * 977)));
  EXPECT_THAT(asked[0].text, HasSubstr("(#1031)"));
}

TEST(FindAsked, AnItemThatAnIdNamesComesWhole) {
  const std::string original = orders();
  const Shortened result{2, original, R"({"orders":[{"id":"ORD-500","tracking":"TRK000000"}]})", "fetch"};
  const auto asked = find_asked("What is the tracking code of order ORD-541?", {&result, 1});
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_FALSE(asked[0].lines);
  EXPECT_EQ(asked[0].first, 41U);
  EXPECT_EQ(asked[0].text, fmt::format("{{\"id\":\"ORD-541\",\"tracking\":\"TRK{:06}\"}}\n", 41 * 7919));
}

TEST(FindAsked, OfManyRecordsThoseThatHaveItAsAValue) {
  std::string original = "[";
  for (int i = 0; i < 60; ++i) {
    original += fmt::format(R"({}{{"name":"{}","note":"asks for umber velvet {}"}})", i > 0 ? "," : "",
                            i == 41 ? "Umber velvet" : "none", i);
  }
  original += "]";
  const Shortened result{2, original, "[]", "fetch"};
  const auto asked = find_asked("what is the note of umber velvet?", {&result, 1});
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(asked[0].first, 41U);
}

TEST(FindAsked, WhatIsSentIsNotPutBack) {
  const std::string original = orders();
  const Shortened result{2, original, original, "fetch"};
  EXPECT_THAT(find_asked("What is the tracking code of order ORD-541?", {&result, 1}), IsEmpty());
}

TEST(FindAsked, AnotherResultThatShowsItCounts) {
  const std::string original = "id ORD-541 is on its way\nsomething else\nand more\n";
  const std::string log = [] {
    std::string out;
    for (int i = 0; i < 5; ++i) out += fmt::format("step {} of ORD-541\n", i);
    return out;
  }();
  const std::vector<Shortened> results = {{1, original, original, "a"}, {3, log, "<<1-5>>", "b"}};
  EXPECT_THAT(find_asked("Where is order ORD-541?", results), IsEmpty());
}

TEST(FindAsked, WhatStandsEverywhereSinglesOutNothing) {
  std::string original;
  for (int i = 0; i < 50; ++i) original += fmt::format("src/net/pump.cc:{}: something\n", i);
  const Shortened result{1, original, "<<1-50>>", "grep"};
  EXPECT_THAT(find_asked("What does src/net/pump.cc do?", {&result, 1}), IsEmpty());
}

TEST(FindAsked, PartsOfNumbersDoNotCount) {
  const std::string original = "took 15123 ms\nport 8080\n";
  const Shortened result{1, original, "<<1-2>>", "cat"};
  EXPECT_THAT(find_asked("What happened at 512?", {&result, 1}), IsEmpty());
}

TEST(FindAsked, ALineStandsBelowItsKey) {
  const std::string original = "server:\n  name: a\n  limits:\n    max_open_files: 4096\nclient:\n  name: b\n";
  const Shortened result{1, original, "<<1-6>>", "cat"};
  const auto asked = find_asked("what is max_open_files?", {&result, 1});
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(asked[0].text, "  name: a\n  limits:\n    max_open_files: 4096\n");
}

TEST(IsQuestion, TellsOrdersFromQuestions) {
  EXPECT_TRUE(is_question("Which port is it?"));
  EXPECT_TRUE(is_question("show me the trace of 10:31:02"));
  EXPECT_FALSE(is_question("Rename max_open_files to open_files."));
  EXPECT_TRUE(is_question("Explain how merge keeps the order."));
  EXPECT_FALSE(is_question(""));
}

}  // namespace
}  // namespace headroom::context
