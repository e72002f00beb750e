#include "context/json_records.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace headroom::context {
namespace {

std::string rows(int count, std::string_view between = ",") {
  std::string out;
  for (int i = 0; i < count; ++i) {
    if (i > 0) out += between;
    out +=
        fmt::format(R"({{"id": {}, "rule": "unused-import", "where": "src/pages/part_{}.ts", "level": "note"}})", i, i);
  }
  return out;
}

TEST(JsonRecords, RowsOfObjectsAreData) {
  EXPECT_TRUE(holds_records("[" + rows(80) + "]"));
  EXPECT_TRUE(holds_records(R"({"version": "2.1.0", "runs": [{"tool": "lint", "results": [)" + rows(80) + "]}]}"));
  EXPECT_TRUE(holds_records(rows(80, "\n")));
}

TEST(JsonRecords, SettingsAreNot) {
  EXPECT_FALSE(holds_records("[" + rows(20) + "]"));  // little
  std::string settings = "{";
  for (int i = 0; i < 200; ++i) settings += fmt::format(R"("option.{}": "some value of the option {}",)", i, i);
  EXPECT_FALSE(holds_records(settings + R"("last": 1})"));
  EXPECT_FALSE(holds_records(settings + R"("tasks": [)" + rows(9) + "]}"));
  EXPECT_FALSE(holds_records(std::string(9000, 'x')));
}

TEST(JsonRecords, ObjectsOfManyEntriesAreData) {
  std::string packages = "{";
  for (int i = 0; i < 60; ++i) {
    packages +=
        fmt::format(R"({}"node_modules/part-{}": {{"version": "1.{}.0", "resolved": "part-{}.tgz", "dev": true}})",
                    i > 0 ? "," : "", i, i, i);
  }
  EXPECT_TRUE(holds_records(packages + "}"));
}

}  // namespace
}  // namespace headroom::context
