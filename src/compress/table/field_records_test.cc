#include "compress/table/field_records.h"

#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compress/table/records_compressor.h"
#include "compress/table/table_compressor.h"

namespace headroom::compress::table {
namespace {

using ::testing::HasSubstr;

TEST(FieldRecords, NumberedOnesBecomeRows) {
  std::string text = "Expanded display is on.\n";
  for (int i = 1; i <= 12; ++i) {
    text +=
        fmt::format("-[ RECORD {} ]-+-----------\nname         | index_{}\nschema       | public\nidx_scan     | {}\n",
                    i, i, i % 3 == 0 ? "" : std::to_string(i * 7));
  }
  text += "\n(12 rows)\n";
  const auto rows = fields_to_columns(text);
  ASSERT_TRUE(rows);
  EXPECT_THAT(*rows,
              HasSubstr("[12 records as rows, parted by tabs; each under \"-[ RECORD {} ]-+-----------\" from 1; of "
                        "\"name         | \", \"schema       | \" always \"public\", \"idx_scan     | \"]\n"
                        "index_1\t7\nindex_2\t14\nindex_3\t\n"));
  EXPECT_THAT(*rows, HasSubstr("\n\n(12 rows)\n"));
  EXPECT_EQ(columns_to_fields(*rows).value_or("an error"), text);
}

TEST(FieldRecords, LongerNumbersMayTakeFromTheRule) {
  for (const bool keeps_width : {false, true}) {
    std::string text;
    for (int i = 7; i <= 104; ++i) {
      const std::string rule(keeps_width ? 12 - std::to_string(i).size() : 12, '-');
      text += fmt::format("-[ RECORD {} ]{}+---\na | {}\nb | x{}\nc | same\n", i, rule, i * 3, i);
    }
    const auto rows = fields_to_columns(text);
    ASSERT_TRUE(rows);
    EXPECT_TRUE(rows->starts_with("[98 records as rows")) << *rows;
    EXPECT_EQ(columns_to_fields(*rows).value_or("an error"), text);
  }
}

TEST(FieldRecords, ThoseThatBlankLinesPartToo) {
  std::string text;
  for (int i = 0; i < 9; ++i)
    text += fmt::format("Name: part {}\nState: ready\nSize: {}\n{}", i, i * 33, i < 8 ? "\n" : "");
  text.pop_back();
  const auto rows = fields_to_columns(text);
  ASSERT_TRUE(rows);
  EXPECT_THAT(*rows, HasSubstr("; a blank line between them; of "));
  EXPECT_EQ(columns_to_fields(*rows).value_or("an error"), text);
}

TEST(FieldRecords, WhateverIsWrittenAsRowsComesBack) {
  const std::vector<std::string> pieces = {"a | 1\n",
                                           "a | 2\n",
                                           "b: x\n",
                                           "b: \n",
                                           "b:\n",
                                           "c = y z\n",
                                           "c = y\tz\n",
                                           "\n",
                                           "-[ RECORD 1 ]---\n",
                                           "-[ RECORD 2 ]---\n",
                                           "*** 3. row ***\n",
                                           "text\n",
                                           "a | "};
  std::mt19937 random(7);
  std::size_t written = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string one, text;
    for (int k = 0; k < 4; ++k) one += pieces[random() % (round % 2 == 0 ? 7 : pieces.size())];
    for (int k = 0; k < 6; ++k) text += random() % 9 == 0 ? pieces[random() % pieces.size()] : one;
    const auto rows = fields_to_columns(text);
    if (!rows) continue;
    ++written;
    EXPECT_EQ(columns_to_fields(*rows).value_or("an error"), text) << *rows;
  }
  EXPECT_GT(written, 0u);
}

TEST(FieldRecords, AreNoTableOfNamesAndValues) {
  std::string text;
  for (int i = 1; i <= 40; ++i) {
    text += fmt::format("-[ RECORD {} ]{}+------\nname       | part_{}\nsetting    | {}\nunit       | ms\n", i,
                        i < 10 ? "-" : "", i, i * 37 % 11);
  }
  const Query query{.user = "Which parts are slow?", .intent = {}, .tool_name = {}, .tool_arguments = {}, .call = {}};
  const Input input{.text = text,
                    .type = detect::ContentType::kTable,
                    .query = query,
                    .tokenizer = tokens::o200k_base(),
                    .id = "0123456789abcdef01234567"};
  EXPECT_FALSE(TableCompressor().compress(input));
  const auto out = RecordsCompressor().compress(input);
  ASSERT_TRUE(out);
  EXPECT_EQ(out->strategy, "table:records");
  EXPECT_FALSE(out->lossy);
  EXPECT_EQ(columns_to_fields(out->text).value_or("an error"), text);
}

TEST(FieldRecords, OtherTextsStay) {
  EXPECT_FALSE(fields_to_columns(""));
  EXPECT_FALSE(fields_to_columns("a: 1\nb: 2\nc: 3\n"));
  EXPECT_FALSE(fields_to_columns("a: 1\nb: 2\nc: 3\na: 1\nb: 2\nd: 3\na: 1\nc: 2\nb: 3\n"));
  EXPECT_FALSE(columns_to_fields("no rows\n").has_value());
  EXPECT_FALSE(columns_to_fields("[3 records as rows, parted by tabs; of \"a: \", \"b: \"]\n1\t2\n").has_value());
  EXPECT_FALSE(columns_to_fields("[1 records as rows, parted by tabs; of \"a: \", \"b: \"]\n1\n").has_value());
  EXPECT_EQ(columns_to_fields("[1 records as rows, parted by tabs; of \"a: \", \"b: \"]\n1\t2\n").value_or(""),
            "a: 1\nb: 2\n");
}

}  // namespace
}  // namespace headroom::compress::table
