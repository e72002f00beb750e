#include "compress/config/config_compressor.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace headroom::compress {
namespace {

constexpr std::string_view kId = "0123456789abcdef01234567";

std::optional<Output> compressed(const std::string& text, const std::string& question = {}) {
  const Query query{.user = question};
  return ConfigCompressor().compress({.text = text,
                                      .type = detect::ContentType::kConfig,
                                      .query = query,
                                      .tokenizer = tokens::o200k_base(),
                                      .id = kId});
}

std::string services() {
  std::string text = "services:\n";
  for (int i = 0; i < 20; ++i) {
    text += fmt::format(
        "  svc-{0:02}:\n    image: acme/svc-{0:02}:1\n    environment:\n      DB_PASSWORD: hunter{0}\n      LOG: info\n"
        "    command:\n      - serve\n      - --secret=abc{0}\n    restart: always\n    memory: 1g\n",
        i);
  }
  return text;
}

/// Many services of which one has no health check, one has most memory, and ten have no owner.
std::string fleet() {
  std::string text = "services:\n";
  for (int i = 0; i < 60; ++i) {
    text += fmt::format("  svc{0}:\n    image: reg/x{0}:{1}\n    memory: {2}\n    replicas: {3}\n", i, i * 3,
                        i == 33 ? 9000 : 64 + i * 37 % 500, 1 + i * 7 % 23);
    if (i != 41) text += fmt::format("    healthcheck: curl-{}\n", i);
    if (i % 6 != 5) text += fmt::format("    owner: team-{}\n", i * 7 % 31);
  }
  return text;
}

TEST(ConfigCompressor, OfManyRecordsTheOneThatLacksAKeyStays) {
  const auto out = compressed(fleet(), "Is there one that differs?");
  ASSERT_TRUE(out.has_value());
  EXPECT_NE(out->text.find("svc41:"), std::string::npos);
}

TEST(ConfigCompressor, RecordsWithoutWhatTheQuestionNamesStay) {
  const auto out = compressed(fleet(), "Which service has no owner?");
  ASSERT_TRUE(out.has_value());
  for (int i = 5; i < 60; i += 6)
    EXPECT_NE(out->text.find(fmt::format("svc{}:", i)), std::string::npos) << i << '\n' << out->text;
}

TEST(ConfigCompressor, RecordsWithAValueThatTheQuestionSaysStay) {
  std::string text = "hosts:\n";
  for (int i = 0; i < 60; ++i) {
    text += fmt::format("  host{0}:\n    address: 10.0.0.{0}\n    port: {1}\n    sort: {2}\n", i, 1000 + i * 7,
                        i % 4 == 1   ? "web"
                        : i % 4 == 3 ? "db"
                                     : "cache");
    if (i % 3 == 0) text += "    spare: true\n";
  }
  const auto missing = [&](const char* question, int step, int first) {
    const auto out = compressed(text, question);
    int lost = 0;
    for (int i = first; out && i < 60; i += step) lost += !out->text.contains(fmt::format("host{}:", i));
    return lost;
  };
  EXPECT_EQ(missing("Which of them are for the web?", 4, 1), 0);
  EXPECT_EQ(missing("Which sorts do they have?", 1, 0), 0);
  EXPECT_EQ(missing("Which ones are spare?", 3, 0), 0);
  EXPECT_EQ(missing("How many are there?", 1, 0), 0);
  EXPECT_EQ(missing("What are the databases?", 4, 3), 0) << "they say db";
  EXPECT_GT(missing("What is the address of host17?", 1, 0), 40);
}

TEST(ConfigCompressor, RecordsThatTheQuestionComparesStay) {
  for (const char* question : {"Which service has the most memory?", "Which services have more than 400 memory?"}) {
    const auto out = compressed(fleet(), question);
    if (out) {
      EXPECT_NE(out->text.find("svc33:"), std::string::npos) << out->text;
    }
  }
}

TEST(ConfigCompressor, NoMarkerAndNoNoteHoldsASecret) {
  const auto out = compressed(services());
  ASSERT_TRUE(out.has_value());
  for (std::size_t at = out->text.find("<<"); at != std::string::npos; at = out->text.find("<<", at + 2)) {
    const std::string marker = out->text.substr(at, out->text.find(">>", at) - at);
    EXPECT_EQ(marker.find("hunter"), std::string::npos) << marker;
    EXPECT_EQ(marker.find("=abc"), std::string::npos) << marker;
  }
  for (const std::string& note : out->notes) EXPECT_EQ(note.find("hunter"), std::string::npos);
}

TEST(ConfigCompressor, ABlockThatTheQuestionNamesStaysWhole) {
  const auto out = compressed(services(), "How is svc-07 started?");
  ASSERT_TRUE(out.has_value());
  EXPECT_NE(out->text.find(
                "  svc-07:\n    image: acme/svc-07:1\n    environment:\n      DB_PASSWORD: hunter7\n      LOG: info\n"
                "    command:\n      - serve\n      - --secret=abc7\n    restart: always\n    memory: 1g\n"),
            std::string::npos);
}

TEST(ConfigCompressor, AQuestionThatListsGetsTheValueOfEveryBlock) {
  const auto out = compressed(services(), "List the images of all services.");
  ASSERT_TRUE(out.has_value());
  for (int i = 0; i < 20; ++i)
    EXPECT_NE(out->text.find(fmt::format("image: acme/svc-{:02}:1\n", i)), std::string::npos) << i;
}

TEST(ConfigCompressor, CommentsThatWarnStay) {
  std::string text;
  for (int i = 0; i < 20; ++i) {
    text += fmt::format(
        "# What option {0} is for, in a sentence or two that nobody needs.\n# And some more of the same.\noption_{0} = "
        "{0}\n\n",
        i);
  }
  text += "# WARNING: never enable this in production.\ndebug = false\n";
  const auto out = compressed(text);
  ASSERT_TRUE(out.has_value());
  EXPECT_NE(out->text.find("never enable this"), std::string::npos);
  EXPECT_EQ(out->text.find("nobody needs"), std::string::npos);
  EXPECT_NE(out->text.find("option_19 = 19"), std::string::npos);
}

TEST(ConfigCompressor, TextThatIsAllCommentsIsLeftAlone) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += fmt::format("#define OPTION_{} 1\n", i);
  EXPECT_FALSE(compressed(text).has_value());
}

}  // namespace
}  // namespace headroom::compress
