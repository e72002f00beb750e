#include "compress/prose/prose_compressor.h"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "compress/marker.h"

namespace headroom::compress {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kId = "0123456789abcdef01234567";

std::optional<Output> compress(std::string_view text, std::string_view ask, std::string_view id = kId) {
  Query query;
  query.user = ask;
  return ProseCompressor().compress(
      {.text = text, .type = detect::ContentType::kProse, .query = query, .tokenizer = tokens::o200k_base(), .id = id});
}

/// Forty sections of three paragraphs each.
std::string manual() {
  std::string out = "# The Works\n\nThe works turn raw parts into goods. They have forty halls.\n\n";
  for (int i = 0; i < 40; ++i) {
    out += fmt::format("## Hall {}\n\nHall {} was built for machine type {}. It stands by the river.\n\n", i, i, i * 7);
    out += fmt::format("Workers enter hall {} through gate {}. The gate is painted every spring by the crew.\n\n", i,
                       i + 3);
    out += "Visitors walk along the yellow line. They see the machines from a gallery above the floor.\n\n";
    if (i == 23) out += "Nobody may lift more than 40 kg here unless a second worker helps.\n\n";
  }
  return out;
}

TEST(ProseCompressor, KeepsTheAnswerAndTheOutline) {
  const auto out = compress(manual(), "How heavy a load may a single worker lift?");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("Nobody may lift more than 40 kg here unless a second worker helps."));
  EXPECT_THAT(out->text, HasSubstr("## Hall 23"));
  EXPECT_LT(out->text.size() * 10, manual().size() * 8);
  EXPECT_EQ(out->strategy, "prose:extract");
  EXPECT_TRUE(out->lossy);
}

TEST(ProseCompressor, ASummaryHasSomethingOfEverySection) {
  const auto out = compress(manual(), "Summarise this document.");
  ASSERT_TRUE(out);
  for (int i = 0; i < 40; ++i) EXPECT_THAT(out->text, HasSubstr(fmt::format("Hall {} was built", i))) << i;
}

TEST(ProseCompressor, WhatNeedsEveryWordStays) {
  EXPECT_FALSE(compress(manual(), "Translate this document into French."));
  EXPECT_FALSE(compress(manual(), "Please proofread the text for typos."));
}

TEST(ProseCompressor, StringsOfTheQuestionStay) {
  const auto out = compress(manual(), "What is said about \"gate 31\"?");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("Workers enter hall 28 through gate 31."));
}

TEST(ProseCompressor, ACollectionNamesEverything) {
  std::string text = "TOOL(1)  Commands  TOOL(1)\n\nNAME\n       tool - works\n\nOPTIONS\n";
  for (int i = 0; i < 60; ++i) {
    text += fmt::format(
        "       -{}, --option-{}\n              Makes the tool do what number {} asks of it and no more.\n"
        "              This is explained further in the handbook of the works.\n\n",
        i, i, i);
  }
  const auto out = compress(text, "List all options");
  ASSERT_TRUE(out);
  for (int i = 0; i < 60; ++i) EXPECT_THAT(out->text, HasSubstr(fmt::format("--option-{}", i)));
}

TEST(ProseCompressor, ATargetMakesItSmaller) {
  const std::string text = manual();
  Query query;
  query.user = "When is the gate painted?";
  Input input{.text = text, .query = query, .tokenizer = tokens::o200k_base(), .id = kId};
  input.target_tokens = 400;
  const auto tight = ProseCompressor().compress(input);
  input.target_tokens = 2000;
  const auto loose = ProseCompressor().compress(input);
  ASSERT_TRUE(tight && loose);
  EXPECT_LT(tight->text.size(), loose->text.size());
}

TEST(ProseCompressor, DropsNothingWithoutAnId) {
  EXPECT_FALSE(compress(manual(), "What is it?", ""));
}

TEST(ProseCompressor, HandleStandsAtTheEnd) {
  const auto out = compress(manual(), "When is the gate painted?");
  ASSERT_TRUE(out);
  EXPECT_TRUE(base::split_lines(out->text).back().starts_with("<<ccr:0123456789abcdef01234567 "));
  EXPECT_THAT(marker_ids(out->text), ::testing::ElementsAre(std::string(kId)));
}

TEST(ProseCompressor, StopsWhenTheDeadlineIsSpent) {
  base::FakeClock clock;
  Query query;
  const std::string text = manual();
  EXPECT_FALSE(ProseCompressor().compress({.text = text,
                                           .query = query,
                                           .tokenizer = tokens::o200k_base(),
                                           .id = kId,
                                           .deadline = base::Deadline::after_ms(clock, 0)}));
}

}  // namespace
}  // namespace headroom::compress
