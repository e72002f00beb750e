#include "compress/prose/prose_compressor.h"

#include <algorithm>
#include <array>
#include <functional>
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

TEST(ProseCompressor, OfAHistoryOfChangesTheEntriesAreReadThatAreAskedFor) {
  std::string text = "# Changelog\n\n";
  for (int i = 60; i > 0; --i) {
    text += fmt::format("## 4.{}.0\n\n", i);
    for (int k = 0; k < 4; ++k) {
      text += fmt::format("* the crew of hall {} paints gate {} once more before the season (#{}) by @worker{}\n",
                          i * 7 % 23, k * 5 % 11, 900 + i * 4 + k, i % 9);
    }
    if (i == 21) text += "* BREAKING: the crane needs a licence now (#811)\n";
    text += "\n";
  }
  const auto out = compress(text, "Is there anything breaking?");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("* BREAKING: the crane needs a licence now (#811)"));
  EXPECT_THAT(out->text, HasSubstr("## 4.21.0"));
  EXPECT_LT(out->text.size() * 2, text.size());
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

/// Says of each sentence what a function of it says.
class FakeJudge final : public SentenceJudge {
 public:
  explicit FakeJudge(std::function<float(std::string_view)> share) : share_(std::move(share)) {}
  Opinion judge(std::string_view text, std::span<const base::Span> sentences, base::Deadline) const override {
    Opinion opinion;
    for (const base::Span& sentence : sentences) {
      opinion.shares.push_back(share_(text.substr(sentence.begin, sentence.size())));
    }
    return opinion;
  }
  std::string_view name() const override { return "Fake"; }
  std::string_view identity() const override { return "fake"; }

 private:
  std::function<float(std::string_view)> share_;
};

class MuteJudge final : public SentenceJudge {
 public:
  Opinion judge(std::string_view, std::span<const base::Span>, base::Deadline) const override {
    return {{}, "it is asleep"};
  }
  std::string_view name() const override { return "Mute"; }
  std::string_view identity() const override { return "mute"; }
};

std::optional<Output> compress_judged(std::string_view text, std::string_view ask, const SentenceJudge& judge) {
  Query query;
  query.user = ask;
  return ProseCompressor().compress({.text = text,
                                     .type = detect::ContentType::kProse,
                                     .query = query,
                                     .tokenizer = tokens::o200k_base(),
                                     .id = kId,
                                     .judge = &judge});
}

TEST(ProseJudge, WithoutAnOpinionNothingChanges) {
  const auto plain = compress(manual(), "Summarise this document.");
  const auto mute = compress_judged(manual(), "Summarise this document.", MuteJudge());
  ASSERT_TRUE(plain && mute);
  EXPECT_EQ(mute->text, plain->text);
  EXPECT_EQ(mute->notes.front(), "Mute was not heard: it is asleep");
}

/// Pages of sentences with and without guards, by the bits of a seed.
std::string pages(std::uint32_t seed) {
  static constexpr std::array<std::string_view, 12> kParts = {
      "The crew walks along the river every morning and looks at the boats that pass by the old quay.",
      "Nobody may open the valve unless the pump has been stopped.",
      "Such journeys were common among people who lived near the coast and traded in cloth and timber.",
      "The limit is 250 kg per lift.",
      "Birds gather on the roof and the yard is quiet while the carpenters have their lunch in the shade.",
      "See /etc/plant/limits.conf for the settings.",
      "Guests often remark how pleasant the colours of the doors and window frames are in spring light.",
      "Warning: the cover must not be removed.",
      "Later the paths were paved with flat stones which the neighbours had brought over in carts.",
      "Version 2.4.1 changed the default.",
      "There are stories about the place that grandparents tell when evenings get long and cold again.",
      "Contact Maria Lopez before you start."};
  std::string text = "# The quay\n\nAbout the quay and the people there.\n\n";
  for (int section = 0; section < 24; ++section) {
    text += fmt::format("## Part {}\n\n", section);
    for (int i = 0; i < 7; ++i) {
      seed = seed * 1664525u + 1013904223u;
      text += kParts[(seed >> 16) % kParts.size()];
      text += (seed >> 28) % 3 == 0 ? "\n\n" : "\n";
    }
    text += "\n";
  }
  return text;
}

std::size_t count_lines(const std::string& text, std::string_view what) {
  const auto holds = [&](std::string_view line) {
    return line.find(what) != std::string_view::npos && line.find("<<") == std::string_view::npos;
  };
  const auto lines = base::split_lines(text);
  return static_cast<std::size_t>(std::ranges::count_if(lines, holds));
}

TEST(ProseJudge, WhatStaysForAReasonStaysWhateverItSays) {
  constexpr std::array<std::string_view, 6> kGuarded = {"valve", "250 kg", "limits.conf", "Warning", "2.4.1", "Maria"};
  const std::array<FakeJudge, 3> judges = {
      FakeJudge([](std::string_view text) { return static_cast<float>(text.size() % 7) / 6; }),
      FakeJudge([](std::string_view text) { return text.size() < 70 ? 0.0f : 1.0f; }),
      FakeJudge([](std::string_view) { return 0.0f; })};
  std::size_t changed = 0;
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    const std::string text = pages(seed);
    for (std::string_view ask : {"Summarise this.", "What is the limit per lift?", "Who is to be asked first?"}) {
      const auto plain = compress(text, ask);
      for (const FakeJudge& judge : judges) {
        const auto judged = compress_judged(text, ask, judge);
        ASSERT_EQ(judged.has_value(), plain.has_value());
        if (!plain) continue;
        changed += judged->text != plain->text;
        for (std::string_view guard : kGuarded) {
          EXPECT_GE(count_lines(judged->text, guard), count_lines(plain->text, guard))
              << guard << " / " << ask << " / " << seed;
        }
        EXPECT_LE(judged->text.size() * 100, plain->text.size() * 108);
      }
    }
  }
  EXPECT_GT(changed, 20u);
}

TEST(ProseJudge, PlainSentencesThatItFindsTellingStay) {
  const std::string text = pages(3);
  const FakeJudge judge(
      [](std::string_view part) { return part.find("stories") != std::string_view::npos ? 1.0f : 0.0f; });
  const auto plain = compress(text, "Summarise this.");
  const auto judged = compress_judged(text, "Summarise this.", judge);
  ASSERT_TRUE(plain && judged);
  EXPECT_NE(judged->text, plain->text);
  EXPECT_THAT(judged->notes, ::testing::Contains(HasSubstr("the learned judge finds it telling")));
}

}  // namespace
}  // namespace headroom::compress
