#include "config/option_table.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/compat_flags.h"
#include "config/options_doc.h"

namespace headroom::config {
namespace {

std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(OptionTable, NamesKeysAndEnvironmentNamesAreEachUsedOnce) {
  std::set<std::string> seen;
  for (const OptionSpec& spec : option_table()) {
    EXPECT_TRUE(seen.insert("--" + std::string(spec.name)).second) << spec.name;
    if (spec.value_name.empty()) {
      EXPECT_TRUE(seen.insert("--" + opposite_flag(spec)).second) << spec.name;
    }
    if (!spec.key.empty()) {
      EXPECT_TRUE(seen.insert(std::string(spec.key)).second) << spec.key;
    }
    for (std::string_view name : spec.env) EXPECT_TRUE(seen.insert(std::string(name)).second) << name;
  }
  for (const CompatFlag& flag : compat_flags()) {
    EXPECT_TRUE(seen.insert("--" + std::string(flag.name)).second) << flag.name;
  }
}

TEST(OptionTable, DefaultsAreValuesThatTheOptionItselfAccepts) {
  for (const OptionSpec& spec : option_table()) {
    const std::string usual = option_text(spec, Options{});
    if (usual.empty()) continue;
    Options options;
    EXPECT_TRUE(set_option(spec, usual, options)) << spec.name;
    EXPECT_EQ(option_text(spec, options), usual) << spec.name;
  }
}

TEST(OptionTable, EveryOptionNamesATestOfItsBehaviourThatExistsAndMentionsIt) {
  for (const OptionSpec& spec : option_table()) {
    const std::string path = std::string(HEADROOM_SOURCE_DIR) + "/" + std::string(spec.behaviour_test);
    ASSERT_TRUE(std::filesystem::is_regular_file(path)) << spec.name << ": " << spec.behaviour_test;
    const std::string text = file_text(path);
    std::string member(spec.name);
    for (char& c : member) c = c == '-' ? '_' : c;
    EXPECT_THAT(text, ::testing::AnyOf(::testing::HasSubstr(std::string(spec.name)), ::testing::HasSubstr(member),
                                       ::testing::HasSubstr(std::string(spec.env.front()))))
        << spec.behaviour_test;
  }
}

TEST(OptionTable, BoolsTakeTheUsualWords) {
  const OptionSpec& spec = *find_option("lossless");
  Options options;
  for (std::string_view yes : {"1", "true", "YES", "on"}) {
    options.lossless = false;
    EXPECT_TRUE(set_option(spec, yes, options));
    EXPECT_TRUE(options.lossless) << yes;
  }
  for (std::string_view no : {"0", "False", "no", "off"}) {
    EXPECT_TRUE(set_option(spec, no, options));
    EXPECT_FALSE(options.lossless) << no;
  }
  EXPECT_FALSE(set_option(spec, "maybe", options));
  EXPECT_FALSE(set_option(spec, "", options));
}

TEST(OptionTable, NumbersAreWholeAndInRange) {
  const OptionSpec& spec = *find_option("port");
  Options options;
  for (std::string_view bad : {"", " 1", "1 ", "0x10", "1e3", "-1", "65536", "99999999999999999999", "port"}) {
    EXPECT_FALSE(set_option(spec, bad, options)) << bad;
  }
  EXPECT_TRUE(set_option(spec, "65535", options));
  EXPECT_EQ(options.port, 65535);
}

TEST(OptionTable, SecretsAreNotShown) {
  Options options;
  const OptionSpec& token = *find_option("proxy-token");
  EXPECT_EQ(shown_text(token, options), "");
  ASSERT_TRUE(set_option(token, "what-nobody-guesses", options));
  EXPECT_EQ(shown_text(token, options), "(set)");
  const auto refused = set_option(token, "too-short", options);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, ::testing::Not(::testing::HasSubstr("too-short")));
  options.openai_api_url = "https://me:mine@gateway.example/v1";
  EXPECT_EQ(shown_text(*find_option("openai-api-url"), options), "https://(set)@gateway.example/v1");
}

TEST(OptionTable, OppositeFlags) {
  EXPECT_EQ(opposite_flag(*find_option("no-ccr")), "ccr");
  EXPECT_EQ(opposite_flag(*find_option("lossless")), "no-lossless");
  EXPECT_EQ(find_option("nonsense"), nullptr);
}

TEST(OptionsDoc, TheFileInTheTreeIsInStep) {
  EXPECT_EQ(file_text(std::string(HEADROOM_SOURCE_DIR) + "/docs/OPTIONS.md"), options_markdown())
      << "run: headroom config docs > docs/OPTIONS.md";
}

}  // namespace
}  // namespace headroom::config
