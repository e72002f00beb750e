#include "context/same_result.h"

#include <optional>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace headroom::context {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Forty functions of three lines, each behind its number.
std::string file(int changed = 0, int first_number = 1) {
  std::string out;
  int number = first_number;
  for (int i = 1; i <= 40; ++i) {
    out += fmt::format("{:6}\tdef f{}(x):\n", number++, i);
    out += fmt::format("{:6}\t    y = x + {}\n", number++, i == changed ? 999 : i);
    out += fmt::format("{:6}\t    return y\n", number++);
  }
  return out;
}

/// The same with the bodies left out, but that of one function.
std::string outline(int shown = 0, int changed = 0) {
  std::string out;
  for (int i = 1; i <= 40; ++i) {
    const int line = (i - 1) * 3 + 1;
    out += fmt::format("{:6}\tdef f{}(x):\n", line, i);
    if (i == shown) {
      out += fmt::format("{:6}\t    y = x + {}\n{:6}\t    return y\n", line + 1, i == changed ? 999 : i, line + 2);
    } else {
      out += fmt::format("    ...  # <<{}-{}>>\n", line + 1, line + 2);
    }
  }
  return out + "# <<ccr:0123456789abcdef01234567 80 of 120 lines left out>>\n";
}

/// A result with the texts that it is made of.
struct Told {
  std::string text, sent;
  operator SentResult() const { return {text, sent, text == sent}; }
};

Told whole(const std::string& text) {
  return {text, text};
}

constexpr Comparison kTable = {.columns = true, .edge = 0};

std::optional<SameResult> same(const Told& fresh, const std::vector<Told>& earlier, Comparison how = {}) {
  const std::vector<SentResult> results(earlier.begin(), earlier.end());
  return same_result(fresh, results, how);
}

std::string text_of(const SameResult& same) {
  return with_references(same, std::vector<EarlierName>{{"Read a.py above", 0}}, "<<ccr:id>>");
}

TEST(SameResult, AnOutlineIsNotSentTwice) {
  const auto found = same({file(), outline()}, {{file(), outline()}});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->runs.size(), 1U);
  EXPECT_EQ(found->runs[0].repeat.first, 1U);
  EXPECT_EQ(found->runs[0].repeat.last, 120U);
  EXPECT_EQ(found->kept, 0U);
  EXPECT_EQ(text_of(*found), "<<1-120: as lines 1-120 of Read a.py above, gaps included>>\n<<ccr:id>>");
}

TEST(SameResult, WhatTheEarlierDoesNotShowIsSent) {
  const auto found = same({file(), outline(20)}, {{file(), outline()}});
  ASSERT_TRUE(found);
  EXPECT_THAT(text_of(*found), HasSubstr("    59\t    y = x + 20\n"));
  EXPECT_THAT(text_of(*found), Not(HasSubstr("y = x + 21")));
  EXPECT_EQ(found->runs.size(), 2U);
}

TEST(SameResult, WhatTheEarlierShowsBesidesDoesNoHarm) {
  const auto found = same({file(), outline()}, {{file(), outline(20)}});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kept, 0U);
}

TEST(SameResult, AChangeStaysInItsPlace) {
  const auto found = same({file(20), outline(20, 20)}, {{file(), outline(20)}});
  ASSERT_TRUE(found);
  EXPECT_THAT(text_of(*found), HasSubstr("    58\tdef f20(x):\n    59\t    y = x + 999\n    60\t    return y\n"));
}

TEST(SameResult, LinesThatMovedAreFound) {
  const std::string added = "     1\timport os\n" + file(0, 2);
  std::string sent = "     1\timport os\n";
  for (int i = 1; i <= 40; ++i) {
    const int line = (i - 1) * 3 + 2;
    sent += fmt::format("{:6}\tdef f{}(x):\n    ...  # <<{}-{}>>\n", line, i, line + 1, line + 2);
  }
  const auto found = same({added, sent}, {{file(), outline()}});
  ASSERT_TRUE(found);
  EXPECT_THAT(text_of(*found), HasSubstr("of Read a.py above, now "));
  EXPECT_THAT(text_of(*found), HasSubstr("import os"));
}

TEST(SameResult, OfTestsThatRunAgainOnlyWhatIsNewIsSent) {
  std::string first, second;
  for (int i = 0; i < 30; ++i) {
    const std::string failure =
        fmt::format("____ test_{0} ____\n    def test_{0}(self):\n>       check({0})\nE       got {0}\n", i);
    first += failure;
    if (i != 12) second += failure;
  }
  const auto found = same(whole(second + "29 failed\n"), {whole(first + "30 failed\n")});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->runs.size(), 2U);
  EXPECT_EQ(text_of(*found),
            "<<1-46: as lines 1-46 of Read a.py above>>\n>       check(11)\nE       got 11\n____ test_13 ____\n"
            "    def test_13(self):\n<<51-114: as lines 55-118 there>>\n>       check(29)\nE       got 29\n29 failed\n"
            "<<ccr:id>>");
}

TEST(SameResult, SeveralEarlierOnesStandForOne) {
  std::string a, b;
  for (int i = 0; i < 9; ++i) a += fmt::format("the warning number {} of the first part, as it was\n", i);
  for (int i = 0; i < 9; ++i) b += fmt::format("the warning number {} of the other part, as it was\n", i);
  const auto found = same(whole(a + b), {whole("one\n" + a), whole(b + "two\n")});
  ASSERT_TRUE(found);
  const std::vector<EarlierName> names = {{"Bash: make above (number 1 of 2)", 1},
                                          {"Bash: make above (number 2 of 2)", 2}};
  EXPECT_EQ(with_references(*found, names, "<<ccr:id>>"),
            "<<1-7: as lines 2-8 of Bash: make above (number 1 of 2)>>\n"
            "the warning number 7 of the first part, as it was\nthe warning number 8 of the first part, as it was\n"
            "the warning number 0 of the other part, as it was\nthe warning number 1 of the other part, as it was\n"
            "<<12-18: as lines 3-9 of number 2>>\n<<ccr:id>>");
  const std::vector<EarlierName> others = {{"Bash: make above (number 1 of 2)", 1},
                                           {"Bash: make -k above (number 2 of 2)", 2}};
  EXPECT_THAT(with_references(*found, others, "<<ccr:id>>"), HasSubstr("of Bash: make -k above (number 2 of 2)>>"));
}

std::string pods(int minute, bool replaced) {
  std::string out = "NAME      READY  STATUS             RESTARTS       AGE\n";
  for (int i = 0; i < 12; ++i) {
    out += fmt::format("worker-{}  1/1    Running            0              {}d{}h\n", i, i + 1, i);
    if (i != 5) continue;
    out += replaced
               ? fmt::format("api-new   1/1    Running            0              {}m\n", 1)
               : fmt::format("api-old   0/1    CrashLoopBackOff   {} ({}m ago)     {}m\n", 6, minute + 2, minute + 11);
  }
  return out;
}

TEST(SameResult, OfWhatIsPolledOnlyTheTimeGoesOn) {
  const auto found = same(whole(pods(4, false)), {whole(pods(0, false))}, kTable);
  ASSERT_TRUE(found);
  EXPECT_EQ(text_of(*found), "<<1-14: as lines 1-14 of Read a.py above, ages +4m>>\n<<ccr:id>>");
}

TEST(SameResult, ARowThatIsNewIsSentWhateverItsAge) {
  const auto found = same(whole(pods(4, true)), {whole(pods(0, false))}, kTable);
  ASSERT_TRUE(found);
  EXPECT_EQ(text_of(*found),
            "<<1-7: as lines 1-7 of Read a.py above>>\napi-new   1/1    Running            0              1m\n"
            "<<9-14: as lines 9-14 there>>\n<<ccr:id>>");
}

TEST(SameResult, WhereAgesCountOnlyRowsThatTellTheSameOnesAreReferredTo) {
  Comparison exact = kTable;
  exact.ages = false;
  const auto found = same(whole(pods(4, false)), {whole(pods(0, false))}, exact);
  ASSERT_TRUE(found);
  EXPECT_EQ(text_of(*found),
            "<<1-7: as lines 1-7 of Read a.py above>>\n"
            "api-old   0/1    CrashLoopBackOff   6 (6m ago)     15m\n"
            "<<9-14: as lines 9-14 there>>\n<<ccr:id>>");
}

TEST(SameResult, ARowThatHasGrownYoungerIsNews) {
  std::string before = pods(0, false), after = pods(4, false);
  const std::size_t at = after.find("8d7h");
  ASSERT_NE(at, std::string::npos);
  after.replace(at, 4, "3s  ");
  const auto found = same(whole(after), {whole(before)}, kTable);
  ASSERT_TRUE(found);
  EXPECT_THAT(text_of(*found), HasSubstr("worker-7  1/1    Running            0              3s"));
}

TEST(SameResult, WhatWasDullIsDullStill) {
  std::string log, sent;
  for (int i = 0; i < 40; ++i)
    log += fmt::format("2026-11-26 09:{:02}:00 rank0 step={} loss=1.{}\n", i, i * 10, i * 37 % 101);
  const std::string rest = log.substr(log.find("2026-11-26 09:20"));
  sent = log.substr(0, log.find("2026-11-26 09:02")) + "<<3-38>>\n" + log.substr(log.find("2026-11-26 09:38"));
  const std::string fresh_sent =
      rest.substr(0, rest.find("2026-11-26 09:22")) + "<<3-18>>\n" + rest.substr(rest.find("2026-11-26 09:38"));
  SentResult earlier{log, sent, false, true};
  const auto found = same_result({rest, fresh_sent}, std::span(&earlier, 1), {.columns = false, .edge = 0});
  ASSERT_TRUE(found);
  EXPECT_EQ(text_of(*found), "<<1-20: as lines 21-40 of Read a.py above, gaps included>>\n<<ccr:id>>");
  earlier.same_question = false;
  EXPECT_FALSE(same_result({rest, fresh_sent}, std::span(&earlier, 1), {.columns = false, .edge = 0}));
}

TEST(SameResult, WhatTheAssistantLooksForNowIsShown) {
  std::string log;
  for (int i = 0; i < 40; ++i) log += fmt::format("2026-11-26 09:{:02}:00 order {} done in 5 ms\n", i, 40000 + i);
  const std::string gap =
      log.substr(0, log.find("2026-11-26 09:02")) + "<<3-38>>\n" + log.substr(log.find("2026-11-26 09:38"));
  SentResult earlier{log, gap, false, true};
  earlier.sought = Sought("What became of order 40013?", log, gap);
  const auto found = same_result({log, log, true}, std::span(&earlier, 1), {.columns = false, .edge = 0});
  ASSERT_TRUE(found);
  EXPECT_THAT(text_of(*found), HasSubstr("order 40013 done"));
  EXPECT_THAT(text_of(*found), Not(HasSubstr("order 40015 done")));
}

TEST(SameResult, WhatARowSaysIsNotTakenForAnAge) {
  std::string odd, plain;
  for (int i = 0; i < 20; ++i) {
    odd += fmt::format("api-{}-7d9f8b6c5-x0q1 Running \x01\n", i);
    plain += fmt::format("api-{}-7d9f8b6c5-x0q1 Running 5d\n", i);
  }
  EXPECT_FALSE(same(whole(plain), {whole(odd)}, kTable));
}

TEST(SameResult, ANameUnderAnotherColumnIsNews) {
  std::string owners = "ID     TITLE                OWNER     REVIEWER\n", reviewers = owners;
  for (int i = 10; i < 30; ++i) {
    owners += fmt::format("T-{}   fix the thing {}     alice{}           \n", i, i, i);
    reviewers += fmt::format("T-{}   fix the thing {}               alice{}\n", i, i, i);
  }
  EXPECT_TRUE(same(whole(owners), {whole(owners)}, kTable));
  EXPECT_FALSE(same(whole(reviewers), {whole(owners)}, kTable));
}

TEST(SameResult, AProblemIsShownEachTime) {
  std::string log;
  for (int i = 0; i < 20; ++i)
    log += fmt::format("2026-11-26 09:{:02}:00 retry {} of the lookup{}\n", i, i * 7, i == 9 ? " failed" : "");
  const std::string gap =
      log.substr(0, log.find("2026-11-26 09:02")) + "<<3-18>>\n" + log.substr(log.find("2026-11-26 09:18"));
  const SentResult earlier{log, gap, false, true};
  const auto found = same_result({log, log, true}, std::span(&earlier, 1), {.columns = false, .edge = 0});
  ASSERT_TRUE(found);
  EXPECT_THAT(text_of(*found), HasSubstr("retry 63 of the lookup failed\n"));
}

TEST(SameResult, WhereReferencesLeadOnNearlyAllMustBeTheSame) {
  const std::string reference = "<<1-120: as lines 1-120 of Read a.py above>>\n";
  const std::string half = file().substr(0, file().size() / 2);
  const std::string text = file();
  const SentResult earlier{text, reference, false, true, true};
  const auto all = same_result({text, text, true}, std::span(&earlier, 1), {});
  ASSERT_TRUE(all);
  EXPECT_EQ(text_of(*all), "<<1-120: as lines 1-120 of Read a.py above, gaps included>>\n<<ccr:id>>");
  const std::string other = half + std::string(half.size() / 2, 'x') + "\n" + std::string(40, '\n');
  EXPECT_FALSE(same_result({other, other, true}, std::span(&earlier, 1), {}));
}

TEST(SameResult, LongRunsThatAreNotNearlyAllTakeNoLonger) {
  std::string text, other;
  for (int i = 0; i < 14'000; ++i) text += fmt::format("line {} of what comes again\n", i % 900);
  for (int i = 0; i < 5'000; ++i) other += fmt::format("line {} of something else\n", i);
  const SentResult earlier{text, "<<1-14000: as lines 1-14000 of Read a.py above>>\n", false, true, true};
  const std::string fresh = text + other;
  EXPECT_FALSE(same_result({fresh, fresh, true}, std::span(&earlier, 1), {}));  // by the square, this took seconds
}

TEST(SameResult, BlanksAtTheEndOfLinesSayNothing) {
  std::string text;
  for (int i = 0; i < 12; ++i) text += fmt::format(" {:4} | app     | idle                | COMMIT              \n", i);
  std::string sent;
  for (int i = 0; i < 12; ++i) sent += fmt::format(" {:4} | app     | idle                | COMMIT\n", i);
  const auto found = same({text, sent}, {{text, sent}}, kTable);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kept, 0U);
}

TEST(SameResult, AReferenceStandsForNothing) {
  EXPECT_FALSE(same({file(), outline()}, {{file(), "<<1-120: as lines 1-120 of Read a.py above>>\n"}}));
}

TEST(SameResult, WhatIsNotMadeOfLinesIsLeft) {
  EXPECT_FALSE(same({file(), "a summary\n" + outline()}, {{file(), outline()}}));
  EXPECT_FALSE(same({file(), outline()}, {{file(), "a summary\n" + outline()}}));
  EXPECT_FALSE(same({"", ""}, {{"", ""}}));
}

/// What stands in the place of the runs, put back.
std::string expanded(const SameResult& same, const std::vector<std::string>& earlier) {
  std::string out;
  for (std::size_t k = 0; k < same.runs.size(); ++k) {
    out += same.rest[k];
    const Repeat& repeat = same.runs[k].repeat;
    const auto lines = base::split_lines(earlier[repeat.block]);
    for (std::size_t i = 0; i <= repeat.last - repeat.first; ++i) {
      out.append(lines.at(repeat.shown_first - 1 + i)).push_back('\n');
    }
  }
  return out + same.rest.back();
}

TEST(SameResult, WhatIsReferredToIsWhatStoodThere) {
  std::mt19937 random(20261127);
  const auto upto = [&](std::size_t most) { return static_cast<std::size_t>(random() % (most + 1)); };
  std::size_t found_some = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < 10 + upto(60); ++i)
      lines.push_back(fmt::format("line of kind {} with {}", upto(9), upto(3)));
    std::vector<std::string> texts;
    for (int version = 0; version < 4; ++version) {
      for (std::size_t change = 0; change < upto(5); ++change) {
        const auto at = lines.begin() + static_cast<std::ptrdiff_t>(upto(lines.size() - 1));
        if (upto(1) == 0)
          lines.insert(at, fmt::format("new {}", upto(99)));
        else if (lines.size() > 5)
          lines.erase(at);
      }
      texts.push_back(fmt::format("{}\n", fmt::join(lines, "\n")));
    }
    const std::string fresh = texts.back();
    texts.pop_back();
    std::vector<SentResult> earlier;
    for (const std::string& text : texts) earlier.push_back({text, text, true});
    const auto same = same_result({fresh, fresh, true}, earlier, {.columns = false, .ages = false, .edge = upto(2)});
    if (!same) continue;
    ++found_some;
    EXPECT_EQ(expanded(*same, texts), fresh);
  }
  EXPECT_GT(found_some, 150U);
}

}  // namespace
}  // namespace headroom::context
