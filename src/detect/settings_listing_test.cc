#include "detect/settings_listing.h"

#include <list>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace headroom::detect {
namespace {

/// What is read are views of the text, which is kept to the end.
std::optional<SettingsListing> read(std::string text) {
  static std::list<std::string> texts;
  return read_settings(base::split_lines(texts.emplace_back(std::move(text))));
}

std::string repeated(int n, auto line) {
  std::string text;
  for (int i = 0; i < n; ++i) text += line(i) + "\n";
  return text;
}

TEST(SettingsListing, ReadsKeysAndValues) {
  const auto out = read(repeated(20, [](int i) { return fmt::format("net.key_{} = {}", i, i % 3); }));
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(out->mark, SettingMark::kEqual);
  ASSERT_EQ(out->settings.size(), 20U);
  EXPECT_EQ(out->settings[7].key, "net.key_7");
  EXPECT_EQ(out->settings[7].value, "1");
}

TEST(SettingsListing, ReadsEachMark) {
  EXPECT_EQ(read(repeated(20, [](int i) { return fmt::format("Some key {}:   {} kB", i, i); }))->mark,
            SettingMark::kEqual);
  EXPECT_EQ(read(repeated(20, [](int i) { return fmt::format("key_{}|{}", i, i % 2 == 0 ? "on" : "off"); }))->mark,
            SettingMark::kBar);
  EXPECT_EQ(read(repeated(20, [](int i) { return fmt::format("KEY_{:<20}{}", i, i % 4); }))->mark, SettingMark::kGap);
  EXPECT_EQ(
      read(repeated(20, [](int i) { return fmt::format("someoption{} {}", i, i % 2 == 0 ? "yes" : "no"); }))->mark,
      SettingMark::kBlank);
}

TEST(SettingsListing, WhatWasSaidWhenIsNone) {
  EXPECT_FALSE(read(repeated(40, [](int i) {
    return fmt::format("Nov 02 11:{:02}:{:02} app-03 job-{}[{}]: pass {} done", i / 6, i, i % 9, i * 7, i);
  })));
}

TEST(SettingsListing, ValuesMayComeFirst) {
  const auto out = read(repeated(20, [](int i) { return fmt::format("{:>9} K pages{} in all", i * i, i); }));
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(out->settings[3].key, "pages3 in all");
  EXPECT_EQ(out->settings[3].value, "9");
  EXPECT_FALSE(read(repeated(20, [](int i) { return fmt::format("{:>9} word{}", i, i); })).has_value());
}

TEST(SettingsListing, TypesInFrontOfKeysAreNoPartOfThem) {
  const auto out =
      read(repeated(20, [](int i) { return fmt::format("{:>9} Flag{} = {}", i % 2 == 0 ? "bool" : "uintx", i, i); }));
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(out->settings[3].key, "Flag3");
}

TEST(SettingsListing, CommentsBelongToWhatStandsBelow) {
  const auto out = read("# What one is.\n# And more.\none = 1\n\ntwo = 2\n" +
                        repeated(20, [](int i) { return fmt::format("key{} = {}", i, i); }));
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(out->settings[0].begin, 0U);
  EXPECT_EQ(out->settings[0].line, 2U);
  EXPECT_EQ(out->settings[1].begin, 4U);
}

TEST(SettingsListing, DeeperLinesBelongToTheValueAbove) {
  const auto out =
      read("path = /a\n    /b\n    /c\n" + repeated(20, [](int i) { return fmt::format("key{} = {}", i, i); }));
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(out->settings[0].end, 3U);
}

TEST(SettingsListing, BothSignsMayStandInOneListing) {
  const auto out =
      read(repeated(20, [](int i) { return fmt::format("    key{}{} {}", i, i % 2 == 0 ? " =" : ":", i); }));
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(out->settings[3].key, "key3");
  EXPECT_EQ(out->settings[4].key, "key4");
}

TEST(SettingsListing, KeysMayBeSetFlushRight) {
  const auto out =
      read(repeated(20,
                    [](int i) {
                      return fmt::format("{:>20} : {}", std::string(3 + static_cast<std::size_t>(i) % 14, 'k'), i);
                    }) +
           "                       more of it\n");
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(out->settings[0].key, "kkk");
  EXPECT_EQ(out->settings.back().end, 21U);
}

TEST(SettingsListing, TitlesAreNoSettings) {
  const auto out = read("First part:\n" + repeated(10, [](int i) { return fmt::format("    a{} = {}", i, i); }) +
                        "Second part:\n" + repeated(10, [](int i) { return fmt::format("    b{} = {}", i, i); }));
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(out->settings.size(), 20U);
}

TEST(SettingsListing, IsNoTableNoListNoCodeAndNoProse) {
  EXPECT_FALSE(read(repeated(20, [](int i) { return fmt::format("package{:<12} 1.{}.{}", i, i, i); })).has_value());
  EXPECT_FALSE(read(repeated(20, [](int i) { return fmt::format("{:>6} file{}.cc", i * 37, i); })).has_value());
  EXPECT_FALSE(
      read(repeated(20, [](int i) { return fmt::format("a{}    RUNNING    0    10.0.0.{}", i, i); })).has_value());
  EXPECT_FALSE(read(repeated(20, [](int i) { return fmt::format("const int kValue{} = {};", i, i); })).has_value());
  EXPECT_FALSE(read(repeated(20, [](int i) {
                 return fmt::format("user{}:x:{}:{}:/home/u{}:/bin/sh", i, i, i, i);
               })).has_value());
  EXPECT_FALSE(read(repeated(20, [](int i) {
                 return fmt::format("a{}={}      b{}={}     c{}={}", i, i, i, i, i, i);
               })).has_value());
  EXPECT_FALSE(read(repeated(20, [](int i) { return fmt::format("worker: started job {}", i); })).has_value());
  EXPECT_FALSE(read(repeated(20, [](int i) {
                 return fmt::format(
                     "Note {}: what stands here is a sentence of quite some words, as people write them.", i);
               })).has_value());
  EXPECT_FALSE(
      read(repeated(20, [](int i) { return fmt::format("tests/a.py::case_{} PASSED   [ {}%]", i, i); })).has_value());
}

TEST(SettingsListing, NoDescriptionOfOneThingWithFieldsAtSeveralDepths) {
  std::string text;
  for (int i = 0; i < 6; ++i) text += fmt::format("Name{}:  checkout-{}\n", i, i);
  text += "Containers:\n  app:\n";
  for (int i = 0; i < 24; ++i) text += fmt::format("    Field{}:  value-{}\n", i, i);
  EXPECT_FALSE(read(text).has_value());
}

TEST(SettingsListing, BlocksOfSettingsAreTold) {
  const std::string part = repeated(5, [](int i) {
    return fmt::format("  Part {0}:\n    Serial of {0} : {0}77\n    Speed of {0}  : {0} %\n    Mode of {0}   : Low", i);
  });
  EXPECT_TRUE(is_nested_listing(base::split_lines("Units : 5\n" + part)));
  EXPECT_FALSE(is_nested_listing(
      base::split_lines("units: 5\n" + repeated(20, [](int i) { return fmt::format("  - name: u{}", i); }))));
  EXPECT_FALSE(is_nested_listing(base::split_lines(repeated(30, [](int i) {
    return fmt::format("Started unit {} after the one before it had said that it was ready", i);
  }))));
}

TEST(SettingsListing, LinesOfThreeCellsAreNone) {
  EXPECT_FALSE(
      read(repeated(40, [](int i) { return fmt::format("shop.tide{}.reads:{}|c|#env:prod", i, i); })).has_value());
}

TEST(SettingsListing, AFewLinesAreNone) {
  EXPECT_FALSE(read(repeated(5, [](int i) { return fmt::format("key{} = {}", i, i); })).has_value());
}

}  // namespace
}  // namespace headroom::detect
