#include "context/router.h"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "compress/marker.h"

namespace headroom::context {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string log_lines(int count) {
  std::string out;
  for (int i = 0; i < count; ++i)
    out += fmt::format("2026-01-02T03:04:{:02d}Z INFO worker {} took job\n", i % 60, i % 3);
  return out;
}

std::string json_rows(int count) {
  std::string out = "[";
  for (int i = 0; i < count; ++i)
    out += fmt::format(R"({}{{"id": {}, "state": "running", "zone": "eu"}})", i > 0 ? ", " : "", i);
  return out + "]";
}

Decision decide(const std::string& text, Effort effort = {}, const compress::Query& query = {}) {
  static const compress::Registry registry = compress::Registry::standard();
  const tokens::Tokenizer& tokenizer = tokens::o200k_base();
  return route(registry, {text, query, tokenizer, detect::ContentType::kOther, tokenizer.count(text), effort});
}

TEST(Router, PartsHaveOriginalsOfTheirOwn) {
  const std::string text = log_lines(80) + "DEBUG body: " + json_rows(60) + "\n" + log_lines(90);
  const Decision made = decide(text);
  ASSERT_TRUE(made.replaced) << made.report.reason;
  ASSERT_GE(made.report.parts.size(), 3U);
  EXPECT_EQ(made.report.parts.front().first_line, 1U);
  EXPECT_EQ(made.report.parts.back().last_line, 171U);
  ASSERT_GE(made.originals.size(), 2U);
  std::vector<std::string> ids;
  for (const KeptOriginal& kept : made.originals) {
    EXPECT_EQ(kept.id, base::content_id(std::string_view(text).substr(kept.begin, kept.size)));
    ids.push_back(kept.id);
  }
  EXPECT_EQ(compress::marker_ids(made.text), ids);
  EXPECT_EQ(made.report.ids, ids);
  EXPECT_EQ(made.report.tokens_after, tokens::o200k_base().count(made.text));
}

TEST(Router, NotesOfTheClientStayToTheByte) {
  const std::string note = "<system-reminder>\nDo not touch 123.\n</system-reminder>\n";
  const Decision made = decide(log_lines(200) + "\n" + note);
  ASSERT_TRUE(made.replaced);
  EXPECT_TRUE(made.text.ends_with(">>\n" + note)) << made.text;
}

TEST(Router, LosslessPartsHoldNoMarker) {
  const Decision made = decide("HTTP/1.1 200 OK\n\n" + json_rows(80) + "\n", {.lossless = true});
  ASSERT_TRUE(made.replaced);
  EXPECT_THAT(made.text, StartsWith("HTTP/1.1 200 OK\n\n"));
  EXPECT_TRUE(made.originals.empty());
  EXPECT_FALSE(compress::has_marker(made.text));
}

TEST(Router, PartsShareTheTarget) {
  const std::string text = log_lines(300) + "body: " + json_rows(60) + "\n" + log_lines(300);
  const Decision tight = decide(text, {.target_tokens = 300});
  const Decision loose = decide(text);
  EXPECT_LE(tight.report.tokens_after, loose.report.tokens_after);
}

TEST(Router, TheSameTextTwiceInOneBlockHasOneOriginalName) {
  const std::string files = "==> a.log <==\n" + log_lines(100) + "\n==> b.log <==\n" + log_lines(100) + "\n";
  const Decision made = decide(files);
  ASSERT_TRUE(made.replaced);
  EXPECT_EQ(compress::marker_ids(made.text), made.report.ids);
}

}  // namespace
}  // namespace headroom::context
