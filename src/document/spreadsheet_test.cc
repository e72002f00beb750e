#include "document/spreadsheet.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <minizip/zip.h>
#include <unistd.h>

#include "document/number_format.h"
#include "document/zip_archive.h"

namespace headroom::document {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string sample(const std::string& name) {
  return read_file(std::string(HEADROOM_SOURCE_DIR) + "/src/document/samples/" + name);
}

std::string text_of(const std::string& name) {
  const std::string bytes = sample(name);
  EXPECT_TRUE(is_spreadsheet(bytes)) << name;
  const auto text = spreadsheet_text(bytes);
  return text ? *text : text.error().message;
}

/// A zip archive with one file of so many zero bytes.
std::string archive_of(const std::string& name, std::size_t bytes) {
  const std::string path =
      std::filesystem::temp_directory_path() / fmt::format("headroom_zip_{}_{}.zip", getpid(), bytes);
  zipFile file = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
  zipOpenNewFileInZip64(file, name.c_str(), nullptr, nullptr, 0, nullptr, 0, nullptr, Z_DEFLATED, 1, 1);
  const std::string block(1 << 20, '\0');
  for (std::size_t written = 0; written < bytes; written += block.size())
    zipWriteInFileInZip(file, block.data(), static_cast<unsigned>(block.size()));
  zipCloseFileInZip(file);
  zipClose(file, nullptr);
  std::string out = read_file(path);
  std::filesystem::remove(path);
  return out;
}

TEST(Spreadsheet, WhatOpenpyxlWrites) {
  EXPECT_EQ(text_of("openpyxl.xlsx"),
            "## Sheet \"Sales\" (A1:D9)\n"
            "Sales 2026,,,\n"
            "region,month,revenue,share\n"
            "north,2026-01-01,1000.1,0%\n"
            "north,2026-02-01,2000.2,12.5%\n"
            "north,2026-03-01,3000.3,25%\n"
            "south,2026-04-01,4000.4,0%\n"
            "south,2026-05-01,5000.5,12.5%\n"
            "south,2026-06-01,6000.6,25%\n"
            ",,=SUM(C3:C8),\n"
            "\n"
            "## Sheet \"A, \"B\" & C\" (B2:D6)\n"
            "\"text, with \"\"quotes\"\"\nand lines\",TRUE,#DIV/0!\n"
            "\n"
            "2026-03-01 13:05:09,13:05:00,30:05:00\n"
            "\" blank ends \",rich text,\n"
            "\n"
            "## Sheet \"secret\", hidden (A1:A3)\n"
            "1e+21\n"
            "0.3\n"
            "-5\n"
            "\n"
            "## Sheet \"nothing\" (empty)\n");
}

TEST(Spreadsheet, SharedStringsPrefixesCachedResultsAndDaysFrom1904) {
  EXPECT_EQ(text_of("shared_strings.xlsx"), "## Sheet \"Log\" (A1:C2)\nwhen,total,\n2026-03-02,2,ab\n");
}

TEST(Spreadsheet, OtherFormats) {
  EXPECT_EQ(text_of("xlwt.xls"),
            "## Sheet \"Alt\" (A1:C4)\nid,name,when\n1,n\xC3\xA4me 1,2026-01-01\n2,n\xC3\xA4me 2,2026-01-02\n"
            "3,n\xC3\xA4me 3,2026-01-03\n");
  EXPECT_EQ(text_of("odfpy.ods"),
            "## Sheet \"Data\" (A1:C5)\nid,name,x\n1,a,0.5\n2,b,0.25\nsame,same,2026-03-01 10:00:00\n"
            "same,same,2026-03-01 10:00:00\n");
}

TEST(Spreadsheet, WhatIsNone) {
  EXPECT_FALSE(is_spreadsheet("id,name\n1,a\n"));
  EXPECT_FALSE(is_spreadsheet(archive_of("readme.txt", 1)));
  const auto text = spreadsheet_text("id,name\n1,a\n");
  ASSERT_FALSE(text.has_value());
  EXPECT_EQ(text.error().code, base::ErrorCode::kInvalidArgument);
}

TEST(Spreadsheet, DamagedFilesAreErrorsThatSayWhat) {
  for (const char* name : {"openpyxl.xlsx", "shared_strings.xlsx", "xlwt.xls", "odfpy.ods"}) {
    const std::string whole = sample(name);
    for (std::size_t cut = 0; cut < whole.size(); cut += 97) {
      const auto text = spreadsheet_text(std::string_view(whole).substr(0, cut));
      if (!text) {
        EXPECT_FALSE(text.error().message.empty()) << name << " cut at " << cut;
      }
      std::string changed = whole;
      changed[cut] = static_cast<char>(changed[cut] ^ 0x55);
      const auto other = spreadsheet_text(changed);
      if (!other) {
        EXPECT_FALSE(other.error().message.empty()) << name << " changed at " << cut;
      }
    }
  }
}

TEST(Spreadsheet, ABombIsRefused) {
  const std::string bomb = archive_of("xl/workbook.xml", ZipArchive::kMaxFileBytes + (1 << 20));
  EXPECT_LT(bomb.size(), std::size_t{1} << 20);
  const auto text = spreadsheet_text(bomb);
  ASSERT_FALSE(text.has_value());
  auto archive = ZipArchive::open(bomb);
  ASSERT_TRUE(archive.has_value());
  EXPECT_EQ(archive->read("xl/workbook.xml").error().code, base::ErrorCode::kTooLarge);
}

TEST(NumberFormat, KindsOfCodes) {
  EXPECT_EQ(kind_of_format("yyyy\\-mm\\-dd"), NumberKind::kDate);
  EXPECT_EQ(kind_of_format("m/d/yy h:mm"), NumberKind::kDateTime);
  EXPECT_EQ(kind_of_format("h:mm AM/PM"), NumberKind::kTime);
  EXPECT_EQ(kind_of_format("[h]:mm:ss"), NumberKind::kDuration);
  EXPECT_EQ(kind_of_format("mmm"), NumberKind::kDate);
  EXPECT_EQ(kind_of_format("0.00%"), NumberKind::kPercent);
  EXPECT_EQ(kind_of_format("#,##0.00\" days\""), NumberKind::kNumber);
  EXPECT_EQ(kind_of_format("[Red]0;[Blue]-0"), NumberKind::kNumber);
  EXPECT_EQ(kind_of_format("General"), NumberKind::kNumber);
  EXPECT_EQ(kind_of_format("[$-409]d-mmm-yy;@"), NumberKind::kDate);
  EXPECT_EQ(kind_of_format("\"unclosed"), NumberKind::kNumber);
}

TEST(NumberFormat, NumbersAsText) {
  EXPECT_EQ(number_text(0.1 + 0.2, NumberKind::kNumber, false), "0.3");
  EXPECT_EQ(number_text(1200, NumberKind::kNumber, false), "1200");
  EXPECT_EQ(number_text(0.125, NumberKind::kPercent, false), "12.5%");
  EXPECT_EQ(number_text(1, NumberKind::kDate, false), "1900-01-01");
  EXPECT_EQ(number_text(61, NumberKind::kDate, false), "1900-03-01");
  EXPECT_EQ(number_text(46082.5, NumberKind::kDateTime, false), "2026-03-01 12:00:00");
  EXPECT_EQ(number_text(0.5, NumberKind::kTime, false), "12:00:00");
  EXPECT_EQ(number_text(1.5, NumberKind::kDuration, false), "36:00:00");
  EXPECT_EQ(number_text(-3, NumberKind::kDate, false), "-3");
  EXPECT_EQ(number_text(1e300, NumberKind::kDate, false), "1e+300");
}

}  // namespace
}  // namespace headroom::document
