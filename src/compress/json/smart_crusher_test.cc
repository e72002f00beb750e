#include "compress/json/smart_crusher.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compress/json/exact_frame.h"
#include "compress/marker.h"

namespace headroom::compress {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kId = "0123456789abcdef01234567";

/// cases/*.case: "question:", "tool:", "arguments:", "saves:" (per cent of tokens, at least) and any number of
/// "needle:" lines (strings that must be inline), then "---" and the tool result.
struct Case {
  std::string name;
  Query query;
  double saves = 0;
  std::vector<std::string> needles;
  std::string text;
};

Case read_case(const std::filesystem::path& path) {
  Case out;
  out.name = path.stem().string();
  std::ifstream file(path, std::ios::binary);
  std::string line;
  while (std::getline(file, line) && line != "---") {
    const std::size_t colon = line.find(": ");
    const std::string key = line.substr(0, colon);
    const std::string value = colon == std::string::npos ? "" : line.substr(colon + 2);
    if (key == "question") out.query.user = value;
    if (key == "tool") out.query.tool_name = value;
    if (key == "arguments") out.query.tool_arguments = value;
    if (key == "saves") out.saves = std::atof(value.c_str());
    if (key == "needle") out.needles.push_back(value);
  }
  out.text.assign(std::istreambuf_iterator<char>(file), {});
  return out;
}

std::vector<Case> all_cases() {
  std::vector<Case> out;
  const std::filesystem::path folder = std::string(HEADROOM_SOURCE_DIR) + "/src/compress/json/cases";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".case") out.push_back(read_case(entry.path()));
  }
  std::ranges::sort(out, {}, &Case::name);
  return out;
}

bool is_ndjson(const std::string& text) {
  return text.starts_with("{\"") && text.find("}\n{\"") != std::string::npos;
}

std::optional<Output> crush(const std::string& text, const Query& query, std::string_view id,
                            std::size_t target_tokens = 0) {
  const Input input{.text = text,
                    .type = is_ndjson(text) ? detect::ContentType::kNdjson : detect::ContentType::kJson,
                    .query = query,
                    .tokenizer = tokens::o200k_base(),
                    .id = id,
                    .target_tokens = target_tokens};
  return SmartCrusher().compress(input);
}

/// As a reader sees it: escaped quotes and white space do not matter.
std::string normalized(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    char c = text[at];
    if (c == '\\' && at + 1 < text.size() && std::string_view("\"/nt").find(text[at + 1]) != std::string_view::npos) {
      c = text[++at];
      if (c == 'n' || c == 't') c = ' ';
    }
    if (std::string_view(" \n\t\r").find(c) == std::string_view::npos) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
  return out;
}

TEST(SmartCrusherCases, what_the_question_asks_for_stays_inline) {
  const std::vector<Case> cases = all_cases();
  ASSERT_GE(cases.size(), 25u);
  for (const Case& one : cases) {
    const std::optional<Output> output = crush(one.text, one.query, kId);
    ASSERT_TRUE(output.has_value()) << one.name;
    const std::string text = normalized(output->text);
    for (const std::string& needle : one.needles) {
      EXPECT_THAT(text, HasSubstr(normalized(needle))) << one.name;
    }
  }
}

TEST(SmartCrusherCases, saves_at_least_the_stated_share_of_tokens) {
  for (const Case& one : all_cases()) {
    const std::optional<Output> output = crush(one.text, one.query, kId);
    ASSERT_TRUE(output.has_value()) << one.name;
    const auto before = static_cast<double>(tokens::o200k_base().count(one.text));
    const auto after = static_cast<double>(tokens::o200k_base().count(output->text));
    EXPECT_GE(100 * (1 - after / before), one.saves) << one.name;
  }
}

TEST(SmartCrusherCases, without_an_id_everything_can_be_expanded_again) {
  for (const Case& one : all_cases()) {
    const std::optional<Output> output = crush(one.text, one.query, {});
    if (!output) continue;
    EXPECT_FALSE(output->lossy);
    const base::Result<std::string> back = json::expand_exactly(output->text);
    ASSERT_TRUE(back.has_value()) << one.name << ": " << back.error().message;
    EXPECT_EQ(*back, one.text) << one.name;
  }
}

TEST(SmartCrusherCases, every_row_that_stays_is_a_row_of_the_lossless_table_and_every_gap_is_marked) {
  for (const Case& one : all_cases()) {
    const std::optional<Output> output = crush(one.text, one.query, kId);
    ASSERT_TRUE(output.has_value()) << one.name;
    if (!output->lossy) continue;
    EXPECT_EQ(marker_ids(output->text), std::vector<std::string>{std::string(kId)}) << one.name;
    if (output->strategy == "json:rows") {
      EXPECT_LT(output->records_kept, output->records_before) << one.name;
    }
    // Gaps add up to what is reported as dropped.
    std::size_t missing = 0;
    for (std::size_t at = output->text.find("<<"); at != std::string::npos; at = output->text.find("<<", at + 2)) {
      char* end = nullptr;
      const unsigned long first = std::strtoul(output->text.c_str() + at + 2, &end, 10);
      if (end == output->text.c_str() + at + 2 || (*end != '-' && *end != '>')) continue;
      const unsigned long last = *end == '-' ? std::strtoul(end + 1, &end, 10) : first;
      missing += last - first + 1;
    }
    EXPECT_EQ(missing, output->records_before - output->records_kept) << one.name;
  }
}

TEST(SmartCrusherCases, the_result_is_a_function_of_the_input) {
  for (const Case& one : all_cases()) {
    const std::string copy = one.text;
    EXPECT_EQ(crush(one.text, one.query, kId)->text, crush(copy, one.query, kId)->text) << one.name;
  }
}

std::string many_rows(int count, int odd_row, std::string_view odd) {
  std::string out = "[";
  for (int at = 0; at < count; ++at) {
    if (at > 0) out += ",\n";
    out += at == odd_row ? std::string(odd)
                         : "{\"id\": " + std::to_string(at) + ", \"state\": \"ready\", \"host\": \"node-" +
                               std::to_string(at % 7) + ".example\", \"load\": " + std::to_string((at * 37) % 50) + "}";
  }
  return out + "]";
}

TEST(SmartCrusher, leaves_small_results_whole) {
  const std::optional<Output> output = crush(many_rows(30, -1, ""), {}, kId);
  ASSERT_TRUE(output.has_value());
  EXPECT_FALSE(output->lossy);
  EXPECT_EQ(output->strategy, "json:table");
}

TEST(SmartCrusher, keeps_a_failure_that_nobody_asked_for) {
  const std::string text = many_rows(
      400, 233, R"({"id": 233, "state": "ready", "host": "node-2.example", "load": 11, "error": "disk full"})");
  const std::optional<Output> output = crush(text, {}, kId);
  ASSERT_TRUE(output.has_value());
  EXPECT_TRUE(output->lossy);
  EXPECT_THAT(output->text, HasSubstr("disk full"));
  EXPECT_THAT(output->notes, ::testing::Contains(HasSubstr("[233] kept: error in error")));
}

TEST(SmartCrusher, keeps_every_row_of_the_category_that_a_word_beside_a_common_one_picks) {
  static constexpr std::array<std::string_view, 20> kWhy = {
      "disk",   "network", "quota",  "timeout", "panic", "oom",   "auth",  "dns",   "tls",    "proxy",
      "kernel", "driver",  "sensor", "voltage", "lease", "mutex", "cache", "index", "schema", "parser"};
  std::string text = "[";
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < 300; ++i) {
    const std::size_t why = i * i * 31 % 61 % kWhy.size();
    if (kWhy[why] == "timeout") asked.push_back(i);
    text += fmt::format(R"({}{{"id":{},"x":"job failed {}","v":{},"w":{}}})", i > 0 ? "," : "", i, kWhy[why],
                        i * 7919 % 100'003, i * 104'729 % 1'299'709);
  }
  ASSERT_GT(asked.size(), 10U);
  const auto out = crush(
      text + "]",
      Query{.user = "Which jobs failed because of a timeout?", .intent = {}, .tool_name = {}, .tool_arguments = {}},
      kId);
  ASSERT_TRUE(out && out->lossy);
  for (const std::size_t row : asked) EXPECT_THAT(out->text, HasSubstr(fmt::format("\n{}\tjob failed timeout", row)));
}

TEST(SmartCrusher, opens_json_in_a_string_whose_escapes_it_can_not_give_back_only_when_the_original_is_stored) {
  std::string inner;
  for (int at = 0; at < 12; ++at)
    inner += (at > 0 ? ",\\n" : "") + std::string(R"({\"name\":\"a\u0026b\",   \"v\":)") + std::to_string(at) + "}";
  const std::string text = "{\"text\":\"[" + inner + "]\"}";
  const std::optional<Output> output = crush(text, {}, kId);
  ASSERT_TRUE(output.has_value());
  EXPECT_TRUE(output->lossy);
  EXPECT_THAT(output->text, HasSubstr("json-string reformatted:[12 rows"));
  EXPECT_EQ(marker_ids(output->text).size(), 1u);
  EXPECT_FALSE(crush(text, {}, {}).has_value());
}

TEST(SmartCrusher, sums_up_all_rows) {
  const std::optional<Output> output =
      crush(many_rows(400, 17, R"({"id": 17, "state": "drained", "host": "node-3.example", "load": 20})"), {}, kId);
  ASSERT_TRUE(output.has_value());
  EXPECT_THAT(output->text, HasSubstr("state ready:399, drained:1"));
  EXPECT_THAT(output->text, HasSubstr("load 0..49"));
}

TEST(SmartCrusher, aims_at_the_tokens_it_is_given) {
  const std::string text = many_rows(600, -1, "");
  const std::optional<Output> wide = crush(text, {}, kId, 2000);
  const std::optional<Output> narrow = crush(text, {}, kId, 400);
  ASSERT_TRUE(wide && narrow);
  EXPECT_LT(narrow->text.size(), wide->text.size());
}

TEST(SmartCrusher, stops_when_the_time_is_spent) {
  base::FakeClock clock;
  const std::string text = many_rows(400, -1, "");
  const Query query;
  const Input input{.text = text,
                    .type = detect::ContentType::kJson,
                    .query = query,
                    .tokenizer = tokens::o200k_base(),
                    .id = kId,
                    .deadline = base::Deadline::after_ms(clock, 0)};
  EXPECT_FALSE(SmartCrusher().compress(input).has_value());
}

TEST(SmartCrusher, has_nothing_to_say_about_text_that_is_no_json) {
  EXPECT_FALSE(crush("{\"a\":", {}, kId).has_value());
  EXPECT_FALSE(crush("plain words", {}, kId).has_value());
}

TEST(SmartCrusher, JsonThatWasCutOffIsCrushedAsFarAsItIsWhole) {
  std::string text = R"({"total": 400, "rows": [)";
  for (int i = 0; i < 200; ++i) {
    text += fmt::format(R"({}{{"id": {}, "state": "{}", "node": "worker-{}"}})", i > 0 ? ",\n" : "", 1000 + i,
                        i == 117 ? "failed" : "ok", i % 5);
  }
  text += R"(, {"id": 1200, "sta)";
  const auto out = crush(text, {}, "0123456789abcdef01234567");
  ASSERT_TRUE(out);
  EXPECT_TRUE(out->lossy);
  EXPECT_LT(out->text.size() * 3, text.size());
  EXPECT_THAT(out->text, ::testing::HasSubstr("failed"));
  EXPECT_THAT(out->text, ::testing::HasSubstr(R"(, {"id": 1200, "sta)"));
  EXPECT_TRUE(out->text.ends_with(">>"));
  EXPECT_FALSE(crush(text, {}, {})) << "without a handle nothing may be closed that was not";
}

}  // namespace
}  // namespace headroom::compress
