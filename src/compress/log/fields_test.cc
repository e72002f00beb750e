#include "compress/log/fields.h"

#include <gtest/gtest.h>

namespace headroom::compress::log {
namespace {

Field first(std::string_view line) {
  std::vector<Field> fields;
  split_fields(line, fields);
  return fields.at(0);
}

TEST(Fields, KnowTheirMeasure) {
  EXPECT_EQ(first("4.0K x").value, 4000);
  EXPECT_EQ(first("4.0K x").kind, FieldKind::kSize);
  EXPECT_EQ(first("12 MB x").value, 12e6);
  EXPECT_EQ(first("2 weeks ago").value, 14 * 86400);
  EXPECT_EQ(first("1,204,551 x").value, 1204551);
  EXPECT_EQ(first("0:07 x").value, 420);
  EXPECT_EQ(first("- x").kind, FieldKind::kEmpty);
  EXPECT_EQ(first("10.0.0.1 x").kind, FieldKind::kWord);
  EXPECT_EQ(first("v12 x").kind, FieldKind::kWord);
}

TEST(Fields, DatesTakeTheirTimeAlong) {
  EXPECT_LT(first("2026-04-02 09:12 x").value, first("2026-04-02 09:13 x").value);
  EXPECT_LT(first("Dec 24 2025 x").value, first("Apr 2 09:12 x").value);
  std::vector<Field> fields;
  split_fields("2026-04-02 09:12 x", fields);
  EXPECT_EQ(fields[1].kind, FieldKind::kPart);
  EXPECT_EQ(fields[2].kind, FieldKind::kWord);
}

}  // namespace
}  // namespace headroom::compress::log
