#include "compress/config/asked_settings.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.h"

namespace headroom::compress::config {
namespace {

constexpr std::string_view kText =
    "include = /usr/include/tool\n"
    "prefix = /usr\n"
    "CFLAGS = -O2 -g\n"
    "CFLAGS_EXTRA = -Wall\n"
    "LDFLAGS = -L/usr/lib\n"
    "connect-timeout = 30\n"
    "read-timeout = 60\n"
    "retry-count = 3\n"
    "serveraliveinterval = 0\n"
    "cache = /var/cache/tool\n"
    "page_size = 4096\n"
    "use-color = yes\n"
    "use-pager = no\n"
    "editor = vi\n"
    "proxy =\n"
    "status = failed\n";

struct Asked {
  std::vector<std::string> keys;
  bool all = false;
};

Asked ask(std::string_view question, const std::vector<std::size_t>& problems = {}) {
  const std::vector<std::string_view> lines = base::split_lines(kText);
  const auto listing = detect::read_settings(lines);
  EXPECT_TRUE(listing.has_value());
  Query query;
  query.user = question;
  const AskedSettings asked = ask_settings(*listing, problems, query);
  Asked out{.all = asked.said >= Said::kAll};
  for (std::size_t i = 0; i < asked.named.size(); ++i) {
    if (asked.named[i] != 0) out.keys.emplace_back(listing->settings[i].key);
  }
  return out;
}

using Keys = std::vector<std::string>;

TEST(AskedSettings, AKeyIsNamedByItsName) {
  EXPECT_EQ(ask("What is LDFLAGS set to?").keys, (Keys{"LDFLAGS"}));
  EXPECT_TRUE(ask("What is LDFLAGS set to?").all);
}

TEST(AskedSettings, WordsOfAPartOfTheQuestionAddUp) {
  EXPECT_EQ(ask("What is the read timeout?").keys, (Keys{"read-timeout"}));
  EXPECT_EQ(ask("Which timeouts are set?").keys, (Keys{"connect-timeout", "read-timeout"}));
}

TEST(AskedSettings, KeysAreNamedByOtherWordsForTheSame) {
  EXPECT_EQ(ask("Where are the headers?").keys, (Keys{"include"}));
  EXPECT_EQ(ask("How often is it tried again?").keys, (Keys{"retry-count"}));
  EXPECT_EQ(ask("Are keepalives sent?").keys, (Keys{"serveraliveinterval"}));
}

TEST(AskedSettings, AWordThatNoKeyHasLeavesItOpen) {
  EXPECT_FALSE(ask("What is the read timeout of the gateway?").all);
  EXPECT_FALSE(ask("Give me an overview of the timeouts.").all);
  EXPECT_FALSE(ask("").all);
}

TEST(AskedSettings, WhereIsAnsweredWithAPlace) {
  EXPECT_TRUE(ask("Where is the cache?").all);
  EXPECT_FALSE(ask("Where is the editor?").all);
}

TEST(AskedSettings, HowManyIsAnsweredWithANumber) {
  EXPECT_TRUE(ask("How large is a page?").all);
  EXPECT_FALSE(ask("How many editors are there?").all);
}

TEST(AskedSettings, PathsOutsideAFolder) {
  EXPECT_EQ(ask("Does anything point outside /usr?").keys, (Keys{"cache"}));
  EXPECT_TRUE(ask("Does anything point outside /usr?").all);
}

TEST(AskedSettings, ProblemsAreNamedAndAreWhatTroubleIsAbout) {
  EXPECT_EQ(ask("Why did it crash?", {15}).keys, (Keys{"status"}));
  EXPECT_TRUE(ask("Why did it crash?", {15}).all);
  EXPECT_FALSE(ask("Why did it crash?").all);
}

TEST(AskedSettings, WhatTheCommandIsAboutNamesNothing) {
  const std::vector<std::string_view> lines = base::split_lines(kText);
  Query query;
  query.user = "What is the read timeout of connect?";
  query.tool_arguments = "connect --show";
  EXPECT_TRUE(ask_settings(*detect::read_settings(lines), {}, query).said >= Said::kAll);
}

TEST(AskedSettings, WordsOfOtherPartsOfTheQuestionDoNotAddUp) {
  EXPECT_EQ(ask("What is the read timeout, and which editor?").keys, (Keys{"read-timeout", "editor"}));
}

TEST(AskedSettings, OfALongValueOnlyWhatIsAskedFor) {
  std::string text(kText);
  text += "features =";
  for (int i = 0; i < 60; ++i) text += " feature" + std::to_string(i);
  text += " simd2 simd4f\n";
  const std::vector<std::string_view> lines = base::split_lines(text);
  const auto listing = detect::read_settings(lines);
  ASSERT_TRUE(listing.has_value());
  Query query;
  query.user = "Is SIMD there?";
  const AskedSettings asked = ask_settings(*listing, {}, query);
  ASSERT_EQ(asked.parts.size(), 1U);
  EXPECT_EQ(asked.parts.begin()->second, "simd2 simd4f");
  EXPECT_EQ(asked.said, Said::kSurelyAll);
}

TEST(AskedSettings, AWordMayBeInTheTitleAbove) {
  std::string text;
  for (const std::string part : {"inner net:", "outer net:"}) {
    text += part + "\n";
    text += "    members = 3\n";
    for (int i = 0; i < 6; ++i) text += "    " + part.substr(0, 5) + std::to_string(i) + " = 0\n";
  }
  const std::vector<std::string_view> lines = base::split_lines(text);
  const auto listing = detect::read_settings(lines);
  ASSERT_TRUE(listing.has_value());
  Query query;
  query.user = "How many members does the outer net have?";
  const AskedSettings asked = ask_settings(*listing, {}, query);
  EXPECT_EQ(asked.named[7], 1);
  EXPECT_EQ(asked.said, Said::kSurelyAll);
}

TEST(AskedSettings, CapitalsAreInitials) {
  EXPECT_EQ(ask("What is RT?").keys, (Keys{"read-timeout"}));
}

TEST(AskedSettings, SwitchesThatAreOn) {
  EXPECT_EQ(ask("Which options are on?").keys, (Keys{"use-color"}));
  EXPECT_EQ(ask("What is turned off?").keys, (Keys{"serveraliveinterval", "use-pager"}));
}

}  // namespace
}  // namespace headroom::compress::config
