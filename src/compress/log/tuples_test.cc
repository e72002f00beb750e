#include "compress/log/tuples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::compress::log {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> telling(const std::string& line, const std::vector<std::string>& numbers = {}) {
  std::vector<std::string> out;
  for (const Tuple& t : telling_tuples(line, tuples_in(line), numbers))
    out.push_back(line.substr(t.begin, t.end - t.begin));
  return out;
}

TEST(Tuples, AreGroupsWithCommasBetween) {
  EXPECT_EQ(tuples_in("INSERT INTO t (a, b) VALUES (1,'a'), (2,'b)'),(3,'it''s'),(4,f(1)),(5,'\\''),(6,1),(7,1),(8,1);")
                .size(),
            8u);
  EXPECT_TRUE(tuples_in("f(1) and g(2), (3), (4)").empty());
  EXPECT_TRUE(tuples_in("(1),(2),(3),(4),(5),(6),(7),('never closed").empty());
}

TEST(Tuples, TheOnesThatDifferTell) {
  const std::string line =
      "INSERT INTO c VALUES (1,'A1',5,'2025-07-01'),(2,'A2',20,'2025-07-01'),(3,'A3',5,'2025-08-01'),"
      "(4,'A4',20,'2025-08-01'),(5,'ALL',100,'2099-12-31'),(6,'A6',20,'2025-07-01'),(7,'A7',5,'2025-08-01'),"
      "(8,'A8',5,'2025-07-01'),(9,'A9',20,'2025-07-01');";
  EXPECT_THAT(telling(line), ElementsAre("(5,'ALL',100,'2099-12-31')"));
  EXPECT_THAT(telling(line, {"7"}), ElementsAre("(5,'ALL',100,'2099-12-31')", "(7,'A7',5,'2025-08-01')"));
}

TEST(Tuples, OneWideRowMakesNoWideTable) {
  std::string line = "INSERT INTO t VALUES (1";
  for (int i = 0; i < 100'000; ++i) line += ",1";
  line += ')';
  for (int i = 0; i < 100'000; ++i) line += ",(1)";
  EXPECT_LE(telling(line).size(), 16u);  // takes minutes when each column is looked at in each row
}

}  // namespace
}  // namespace headroom::compress::log
