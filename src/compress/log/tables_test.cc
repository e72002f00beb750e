#include "compress/log/tables.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "compress/log/classifier.h"
#include "compress/log/scanner.h"

namespace headroom::compress::log {
namespace {

std::vector<Table> tables_of(const std::string& text) {
  Document document = scan(text);
  classify(document);
  return find_tables(document);
}

TEST(Tables, KnowsColumnsTitlesAndRareCategories) {
  std::string text = "NAME      STATE    SIZE   AGE\n";
  for (int i = 0; i < 30; ++i) {
    text += fmt::format("disk-{:<4} {:<8} {:<6} {}d\n", i, i == 11 ? "broken" : "fine",
                        fmt::format("{}K", 4 + i * 7 % 90), 3 + i * 5 % 17);
  }
  const std::vector<Table> tables = tables_of(text);
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].header, 0u);
  EXPECT_EQ(tables[0].rows.size(), 30u);
  ASSERT_EQ(tables[0].columns.size(), 2u);
  EXPECT_EQ(tables[0].columns[0].kind, ColumnKind::kSize);
  EXPECT_EQ(tables[0].columns[0].title, "SIZE");
  EXPECT_EQ(tables[0].columns[1].kind, ColumnKind::kSpan);
  EXPECT_EQ(tables[0].odd, std::vector<std::uint32_t>{12});
}

TEST(Tables, SumsAreNoEntries) {
  std::string text;
  for (int i = 0; i < 12; ++i) text += fmt::format("{}\t./src/part{}\n", 10 + i * 3 % 11, i);
  text += "120\t./src\n130\t.\n";
  const std::vector<Table> tables = tables_of(text);
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].nested, (std::vector<std::uint32_t>{12, 13}));
}

TEST(Tables, DatesSortWithAndWithoutYear) {
  std::string text;
  for (int i = 0; i < 9; ++i)
    text += fmt::format("-rw-r--r-- 1 a a {:5} Mar {:2} 10:0{} f{}.txt\n", 100 + i * i, 3 + i, i, i);
  text += "-rw-r--r-- 1 a a   120 Dec 24  2019 old.txt\n";
  const std::vector<Table> tables = tables_of(text);
  ASSERT_EQ(tables.size(), 1u);
  ASSERT_EQ(tables[0].columns.size(), 2u);
  EXPECT_EQ(tables[0].columns[1].kind, ColumnKind::kDate);
  EXPECT_EQ(tables[0].columns[1].cells.front().line, 9u);
  EXPECT_EQ(tables[0].columns[1].cells.back().line, 8u);
}

TEST(Tables, ProseAndLogsAreNone) {
  std::string prose;
  std::string log;
  for (int i = 0; i < 40; ++i) {
    prose += fmt::format("step {} of the job went well and nothing of note was seen\n", i);
    log += fmt::format("2026-04-02 09:00:{:02} INFO {}\n", i, i % 3 == 0 ? "cache warm" : "listening on all ports");
  }
  EXPECT_TRUE(tables_of(log).empty());
  EXPECT_TRUE(tables_of(prose).empty());
}

}  // namespace
}  // namespace headroom::compress::log
