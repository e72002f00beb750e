#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "compress/table/expand.h"
#include "compress/table/factoring.h"
#include "compress/table/grid.h"
#include "compress/table/padding.h"

namespace headroom::compress::table {
namespace {

constexpr std::string_view kPs =
    "USER       PID %CPU COMMAND\n"
    "root         1  0.4 /sbin/init splash\n"
    "root      1203 12.5 /usr/bin/python3 -m http.server\n"
    "a-name-that-is-too-long 1204  0.0 sh\n"
    "www-data  1310  0.0 nginx: worker\n"
    "www-data  1311  0.0 nginx: worker\n"
    "www-data  1312  0.0 nginx: worker\n"
    "www-data  1313  0.0 nginx: worker\n"
    "www-data  1314  0.0 nginx: worker\n"
    "www-data  1315  0.0 nginx: worker\n"
    "www-data  1316  0.0 nginx: worker\n"
    "www-data  1317  0.0 nginx: worker\n"
    "www-data  1318  0.0 nginx: worker\n"
    "www-data  1319  0.0 nginx: worker\n"
    "www-data  1320  0.0 nginx: worker\n";

TEST(Padding, GoesAndComesBack) {
  const auto grid = read_grid(kPs);
  ASSERT_TRUE(grid.has_value());
  const auto text = leave_padding_out(*grid, true, false);
  ASSERT_TRUE(text.has_value());
  EXPECT_NE(text->find("\nwww-data 1310 0.0 nginx: worker\n"), std::string::npos) << *text;
  EXPECT_NE(text->find("\n~a-name-that-is-too-long 1204"), std::string::npos) << *text;
  EXPECT_EQ(put_padding_back(*text).value_or("an error"), kPs);
}

TEST(Padding, GapsHaveNoPaddingToPutBack) {
  EXPECT_FALSE(put_padding_back("no table").has_value());
  EXPECT_FALSE(put_padding_back("").has_value());
  EXPECT_FALSE(put_padding_back("[padding left out; columns at]\nx\n").has_value());
  EXPECT_FALSE(put_padding_back("[padding left out; columns at 0]\nx\n").has_value());
  EXPECT_FALSE(put_padding_back("[padding left out; columns at 1 5]\nx\n").has_value());
  EXPECT_EQ(put_padding_back("[padding left out; columns at 1 5]\nx y\n").value_or(""), "x   y\n");
  EXPECT_EQ(put_padding_back("[padding left out; widths 3 -4 in |]\n| x | y |\n~| x |").value_or(""),
            "| x   |    y |\n| x |");
}

TEST(Factoring, GoesAndComesBack) {
  std::string csv = "ts,region,host,note\r\n";
  for (int i = 0; i < 30; ++i)
    csv += fmt::format("2026-03-01T00:{:02}:00Z,eu-west-1,web-{},\"a, {}\"\r\n", i, i % 4, i);
  const auto grid = read_grid(csv);
  ASSERT_TRUE(grid.has_value());
  const auto text = factor_columns(*grid, csv);
  ASSERT_TRUE(text.has_value());
  EXPECT_TRUE(
      text->starts_with("[left out of each row below the titles: column 1 begins with \"2026-03-01T00:\" ends with "
                        "\":00Z\"; column 2 \"region\" is \"eu-west-1\""))
      << *text;
  EXPECT_LT(text->size() * 2, csv.size());
  EXPECT_EQ(put_columns_back(*text).value_or("an error"), csv);
}

TEST(Factoring, OtherTextsAreErrors) {
  for (const char* text :
       {"", "x", "[left out of each row: column 1 is \"a\"]", "[left out of each row: column 0 is \"a\"]\nb\n",
        "[left out of each row: column 1 is a]\nb\n", "[left out of each row: column 99999 is \"a\"]\nb\n"})
    EXPECT_FALSE(put_columns_back(text).has_value()) << text;
}

/// A table of random cells in a random form.
std::string random_table(std::mt19937& random) {
  static const std::vector<std::string> kCells = {"",          "a",     "eu-west-1", "2026-03-01T10:00:00Z",
                                                  "12",        "-3.5",  "99%",       "\xC3\xA4",
                                                  "two words", "\"q\"", "~",         "x|y",
                                                  "a,b",       "1,234", "[",         "<<3>>"};
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  const std::size_t columns = 2 + pick(6), rows = 3 + pick(40), form = pick(5);
  std::string out;
  for (std::size_t row = 0; row <= rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      std::string cell = row == 0          ? fmt::format("COL{}", column)
                         : column % 3 == 0 ? fmt::format("host-{}", 100 + row)
                                           : kCells[pick(column % 2 == 0 ? 5 : kCells.size())];
      const char* separator = form == 0 ? "," : form == 1 ? "\t" : form == 2 ? " | " : form == 3 ? "  " : ";";
      if (form == 2 || form == 3) cell.resize(std::max<std::size_t>(cell.size(), 14), ' ');
      out += (column > 0 ? separator : "") + cell;
    }
    out += pick(20) == 0 ? "\r\n" : "\n";
    if (row == 0 && form == 2) out += std::string(8, '-') + "+" + std::string(8, '-') + "\n";
  }
  if (pick(3) == 0) out.pop_back();
  return out;
}

TEST(Rewriting, RandomTablesComeBackByteForByte) {
  std::mt19937 random(20260301);
  std::size_t rewritten = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string text = random_table(random);
    const auto grid = read_grid(text);
    if (!grid) continue;
    if (const auto out = leave_padding_out(*grid, text.ends_with('\n'), i % 2 == 0)) {
      ++rewritten;
      EXPECT_TRUE(is_rewritten(*out));
      EXPECT_EQ(expand(*out).value_or("an error"), text);
    }
    if (const auto out = factor_columns(*grid, text)) {
      EXPECT_TRUE(is_rewritten(*out));
      rewritten += expand(*out).value_or("an error") == text;
    }
  }
  EXPECT_GT(rewritten, 300U);
}

}  // namespace
}  // namespace headroom::compress::table
