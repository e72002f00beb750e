#include "compress/text/line_times.h"

#include <string>

#include <gtest/gtest.h>

namespace headroom::compress::text {
namespace {

std::string log_of(std::string_view names, std::size_t lines) {
  std::string out;
  for (std::size_t i = 0; i < lines; ++i) {
    out.append(names).append("2026-11-02T10:08:5").append(std::to_string(i % 10)).append(".1180423Z line ");
    out.append(std::to_string(i)).push_back('\n');
  }
  return out;
}

TEST(LineTimes, OfAJobsLogGo) {
  const auto out = without_times(log_of("", 8));
  ASSERT_TRUE(out);
  EXPECT_EQ(out->text, "line 0\nline 1\nline 2\nline 3\nline 4\nline 5\nline 6\nline 7\n");
  EXPECT_EQ(out->what, "times of 8 lines (2026-11-02T10:08:50Z to 2026-11-02T10:08:57Z) taken out");
}

TEST(LineTimes, NamesThatAllLinesHaveGoWithThem) {
  const auto out = without_times(log_of("test (20)\tnpm test\t", 6));
  ASSERT_TRUE(out);
  EXPECT_EQ(out->text, "line 0\nline 1\nline 2\nline 3\nline 4\nline 5\n");
  EXPECT_TRUE(out->what.ends_with(" and \"test (20) npm test\" taken out")) << out->what;
  const auto two = without_times(log_of("a\tb\t", 6) + log_of("a\tc\t", 1));
  ASSERT_TRUE(two);
  EXPECT_TRUE(two->text.starts_with("a\tb\tline 0\n")) << two->text;
}

TEST(LineTimes, OfOtherLogsStay) {
  EXPECT_FALSE(without_times(log_of("", 3))) << "too short";
  EXPECT_FALSE(without_times(log_of("", 6) + "one\ntwo\n")) << "not all lines";
  std::string service = log_of("", 8);
  for (std::size_t at = service.find("0423Z"); at != std::string::npos; at = service.find("0423Z"))
    service.erase(at, 4);
  EXPECT_FALSE(without_times(service)) << "a service tells milliseconds";
}

TEST(LineTimes, QuestionsAboutTime) {
  EXPECT_TRUE(asks_about_time("How long did the tests run?"));
  EXPECT_TRUE(asks_about_time("what happened at 10:08?"));
  EXPECT_FALSE(asks_about_time("Why is CI red?"));
}

TEST(LineTimes, TheAssistantMayLookForThem) {
  EXPECT_TRUE(looks_for_time("Let me see when the publish step ran."));
  EXPECT_TRUE(looks_for_time("I check how long each step took."));
  EXPECT_FALSE(looks_for_time("Let me take a look at the log this time."));
}

}  // namespace
}  // namespace headroom::compress::text
