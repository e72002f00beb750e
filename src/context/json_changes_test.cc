#include "context/json_changes.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::context {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> changes(std::string_view earlier, std::string_view later) {
  const auto found = json_changes(earlier, later, 1000);
  return found ? found->lines : std::vector<std::string>{"none"};
}

TEST(JsonChanges, AValueIsToldByItsPath) {
  EXPECT_THAT(changes(R"({"id":7,"jobs":[{"name":"lint","status":"queued"},{"name":"unit","status":"queued"}]})",
                      R"({"id":7,"jobs":[{"name":"lint","status":"done"},{"name":"unit","status":"queued"}]})"),
              ElementsAre(R"(jobs[0].status: "done")"));
  EXPECT_THAT(changes(R"({"jobs":[{"s":1,"e":null,"n":"a"},{"s":1,"e":null}]})",
                      R"({"jobs":[{"s":2,"e":3,"n":"a"},{"s":1,"e":null}]})"),
              ElementsAre("jobs[0].{s: 2, e: 3}"));
  EXPECT_THAT(changes(R"({"s":[{"s":1},{"s":1},{"s":1},{"s":1}]})", R"({"s":[{"s":2},{"s":2},{"s":2},{"s":1}]})"),
              ElementsAre("s[0-2].s: 2"));
  EXPECT_THAT(changes(R"({"a b":1,"c":{"d":null}})", R"({"a b":2,"c":{"d":[1, 2]}})"),
              ::testing::UnorderedElementsAre(R"(["a b"]: 2)", "c.d: [1,2]"));
}

TEST(JsonChanges, WhiteSpaceAndTheOrderOfMembersSayNothing) {
  EXPECT_THAT(changes(R"({"a":1,"b":[1,2]})", "{\n  \"a\": 1,\n  \"b\": [\n    1,\n    2\n  ]\n}"), IsEmpty());
  EXPECT_THAT(changes(R"({"a":1,"b":2})", R"({"b":2,"a":1})"), IsEmpty());
}

TEST(JsonChanges, KeysMayBeSpelledOtherwise) {
  EXPECT_THAT(changes(R"({"\u00e9":1,"b":2})", R"({"é":1,"b":3})"), ElementsAre("b: 3"));
}

TEST(JsonChanges, MembersComeAndGo) {
  EXPECT_THAT(changes(R"({"a":1,"b":2})", R"({"a":1,"c":{"x": 3}})"), ElementsAre(R"(c: {"x":3})", "b not there"));
}

TEST(JsonChanges, ItemsComeInFrontAndBehind) {
  EXPECT_THAT(changes(R"({"events":[{"n":2},{"n":1}]})", R"({"events":[{"n":4},{"n":3},{"n":2},{"n":1}]})"),
              ElementsAre(R"(events, 2 new before [0]: {"n":4}, {"n":3})"));
  EXPECT_THAT(changes("[1,2]", "[1,2,3]"), ElementsAre("1 new at the end: 3"));
  EXPECT_THAT(changes(R"({"l":[1,2,3,4]})", R"({"l":[9,1,2,3]})"),
              ElementsAre("l[3] not there", "l, 1 new before [0]: 9"));
  EXPECT_THAT(changes(R"({"l":[1,2,3,4]})", R"({"l":[2,3,4,5]})"),
              ElementsAre("l[0] not there", "l, 1 new at the end: 5"));
  EXPECT_THAT(changes(R"({"l":[1,2,3,4]})", R"({"l":[1,4]})"), ElementsAre("l[1-2] not there"));
}

TEST(JsonChanges, WhatHoldsForAllItemsIsSaidOnce) {
  EXPECT_THAT(changes(R"([{"v":[1,2,3],"n":1},{"v":[1,2,3],"n":2},{"v":[1,2,3],"n":3}])",
                      R"([{"v":[2,3],"n":4},{"v":[2,3],"n":5},{"v":[2,3],"n":6}])"),
              ElementsAre("[0-2].v[0] not there", "[0].n: 4", "[1].n: 5", "[2].n: 6"));
}

TEST(JsonChanges, ItemsThatAreAllTheSameTakeNoLonger) {
  std::string same = "[0";
  for (int i = 0; i < 300'000; ++i) same += ",0";
  EXPECT_THAT(changes(same + ",1]", same + ",2]"), ElementsAre("[300001]: 2"));  // by the square, this took a minute
}

TEST(JsonChanges, WhatDiffersByTooMuchIsNoChange) {
  EXPECT_FALSE(json_changes("[1,2,3]", R"(["a long text","another","a third one"])", 20));
  EXPECT_FALSE(json_changes("[1]", R"({"a":1})", 1000));
  EXPECT_FALSE(json_changes("1", "2", 1000));
  EXPECT_FALSE(json_changes("{", "{}", 1000));
  EXPECT_FALSE(json_changes(R"({"a":1})", R"({"a":1,"a":2})", 1000)) << "a key that stands there twice";
}

}  // namespace
}  // namespace headroom::context
