#include "context/ages.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::context {
namespace {

using ::testing::ElementsAre;

std::vector<std::int64_t> seconds_of(std::string_view row) {
  std::vector<std::int64_t> seconds;
  for (const Age& age : without_ages(row).ages) seconds.push_back(age.seconds);
  return seconds;
}

TEST(Ages, AreReadAsTablesTellThem) {
  EXPECT_THAT(seconds_of("api-1   1/1   Running   57 (2m1s ago)   6d4h"), ElementsAre(121, 6 * 86400 + 4 * 3600));
  EXPECT_THAT(seconds_of("f3a1   nginx   Up 3 hours   2 weeks ago"), ElementsAre(3 * 3600, 14 * 86400));
  EXPECT_THAT(seconds_of("disk1m 512Mi 4m2x 3h4d 100 8080:80 1:2 12:30:1 2026-11-26 7 rows"), ElementsAre());
}

TEST(Ages, QueuesTellThemAsClocksDo) {
  EXPECT_THAT(seconds_of("88112 a100 R 0:12 4 gpu1"), ElementsAre(12));
  EXPECT_THAT(seconds_of("88113 a100 R 1:07:31 4 gpu2"), ElementsAre(4051));
  EXPECT_THAT(seconds_of("88114 h100 R 2-03:00:59 4 gpu3"), ElementsAre(2 * 86400 + 3 * 3600 + 59));
}

TEST(Ages, TheRestOfARowIsKeptWithoutPadding) {
  EXPECT_EQ(without_ages("a   1/1  5s").text, without_ages("a 1/1      2h").text);
  EXPECT_NE(without_ages("a   1/1  5s").text, without_ages("a   0/1  5s").text);
  EXPECT_NE(without_ages("a   (5s").text, without_ages("a   5s").text);
}

TEST(Ages, WhatARowSaysIsNotTakenForTheMarkOfAnAge) {
  EXPECT_NE(without_ages("a \x01 b").text, without_ages("a 5s b").text);
  EXPECT_NE(without_ages("a \x02 b").text, without_ages("a 0:12 b").text);
  EXPECT_NE(without_ages("a (\x01").text, without_ages("a (5s").text);
}

TEST(Ages, TabsPartCells) {
  EXPECT_NE(without_ages("a\t\tb").text, without_ages("a\tb\t").text);
  EXPECT_EQ(without_ages("a\tb").text, without_ages("a\tb").text);
}

TEST(Ages, OtherSpansAreToldByTheHeader) {
  EXPECT_TRUE(names_other_spans("NAME    CPU(cores)   MEMORY(bytes)\napi-1   4m   100Mi\n"));
  EXPECT_TRUE(names_other_spans("route  timeout\n/a  30s\n"));
  EXPECT_FALSE(names_other_spans("NAME    READY   STATUS   AGE\ncpu-1   1/1   Running   4m\n"));
  EXPECT_FALSE(names_other_spans("NAME    FLAGS   AGE\nweb-1   x   4m\n"));
  EXPECT_FALSE(names_other_spans(""));
}

TEST(Ages, TheTimeBetweenIsWhatMostHaveGrownBy) {
  const std::vector<AgePair> pairs = {
      {{10, 1, false}, {30, 1, false}}, {{3600, 60, false}, {3600, 60, false}}, {{86400, 3600, false}, {5, 1, false}}};
  const auto growth = common_growth(pairs);
  ASSERT_TRUE(growth);
  EXPECT_EQ(growth->least, 20);
  EXPECT_EQ(growth->most, 20);
  EXPECT_THAT(growth->fits, ElementsAre(true, true, false));
}

TEST(Ages, NothingIsSaidOfTimesThatDisagree) {
  EXPECT_FALSE(common_growth(std::vector<AgePair>{{{10, 1, false}, {30, 1, false}}, {{10, 1, false}, {90, 1, false}}}));
  EXPECT_FALSE(common_growth(std::vector<AgePair>{{{50, 1, false}, {3, 1, false}}}));
  EXPECT_FALSE(common_growth({}));
}

TEST(Ages, AQuestionMayAskForThem) {
  EXPECT_TRUE(asks_for_time("How old is api-2 exactly?"));
  EXPECT_TRUE(asks_for_time("since when is it running"));
  EXPECT_TRUE(asks_for_time("When was worker-3 restarted?"));
  EXPECT_TRUE(asks_for_time("which job runs the longest"));
  EXPECT_FALSE(asks_for_time("are the pods up now?"));
  EXPECT_FALSE(asks_for_time("Watch the new deployment and tell me when all are ready."));
  EXPECT_FALSE(asks_for_time("Orders are slow since 9:40, find who blocks whom this time."));
  EXPECT_FALSE(asks_for_time(""));
}

TEST(Ages, ASpanIsToldInTheUnitThatFits) {
  EXPECT_EQ(span_text({20, 22, {}}), "+21s");
  EXPECT_EQ(span_text({840, 840, {}}), "+14m");
  EXPECT_EQ(span_text({0, 3599, {}}), "+59m at most");
  EXPECT_EQ(span_text({3 * 86400, 3 * 86400, {}}), "+3d");
}

}  // namespace
}  // namespace headroom::context
