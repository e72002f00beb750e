#include "compress/code/listing.h"

#include <gtest/gtest.h>

namespace headroom::compress::code {
namespace {

TEST(Listing, GuttersComeOff) {
  EXPECT_EQ(read_listing("     1\tint a;\n     2\t\n     3\t  int b;\n").code, "int a;\n\n  int b;\n");
  EXPECT_EQ(read_listing("  98\xE2\x86\x92x\n  99\xE2\x86\x92  y\n 100\xE2\x86\x92z\n").code, "x\n  y\nz\n");
  EXPECT_EQ(read_listing("1: x\n2:   y\n3: z\n").code, "x\n  y\nz\n");
  EXPECT_EQ(read_listing("1:x\n2:  y\n3:z\n").code, "x\n  y\nz\n");
  EXPECT_EQ(read_listing("00001| x\n00002|   y\n00003| \n").code, "x\n  y\n\n");
  EXPECT_EQ(read_listing("1|x\n2|  y\n3|z\n").code, "x\n  y\nz\n");
}

TEST(Listing, SaysWhatTheGutterShows) {
  const Listing listing = read_listing("<file>\n  41\ta\n  42\tb\n  43\tc\n</file>\n(End of file)\n");
  EXPECT_EQ(listing.first, 1u);
  EXPECT_EQ(listing.last, 4u);
  EXPECT_EQ(listing.first_number, 41u);
  EXPECT_EQ(listing.code, "a\nb\nc\n");
}

TEST(Listing, NumbersThatAreNoGutterStay) {
  const std::string_view table = "1: one\n3: three\n2: two\n4: four\n";
  EXPECT_TRUE(read_listing(table).gutter.empty());
  EXPECT_EQ(read_listing(table).code, table);
}

TEST(Listing, WhatStandsAroundIsNotCode) {
  EXPECT_EQ(read_listing("```go\nfunc main() {\n}\n```\n").code, "func main() {\n}\n");
  EXPECT_EQ(read_listing("#include <a>\nint x;\nint y;\n").code, "#include <a>\nint x;\nint y;\n");
  EXPECT_EQ(read_listing("").rows(), 0u);
}

}  // namespace
}  // namespace headroom::compress::code
