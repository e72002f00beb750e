#include "compress/json/text_order.h"

#include <gtest/gtest.h>

namespace headroom::compress::json {
namespace {

TEST(TextOrder, compares_versions_number_by_number) {
  EXPECT_TRUE(compare_versions("1.10.0", "1.9.9") > 0);
  EXPECT_TRUE(compare_versions("v2.0.0-rc1", "v2.0.0") < 0);
  EXPECT_TRUE(compare_versions("2.0.0-rc.10", "2.0.0-rc.9") > 0);
  EXPECT_TRUE(compare_versions("1.2", "1.2.1") < 0);
  EXPECT_TRUE(compare_versions("lib3-1.2.0", "lib4-1.1.9") > 0);
  EXPECT_TRUE(compare_versions("1.02", "1.2") == 0);
}

TEST(TextOrder, knows_versions_from_other_numbers) {
  EXPECT_TRUE(is_version("v1.10.0-rc1"));
  EXPECT_TRUE(is_version("lib@4.17.21"));
  EXPECT_FALSE(is_version("2024-01-02"));
  EXPECT_FALSE(is_version("12"));
  EXPECT_FALSE(is_version("src/a/b1.2.txt"));
}

TEST(TextOrder, orders_names_as_a_dictionary_does) {
  EXPECT_TRUE(compare_names("apple", "Banana") < 0);
  EXPECT_TRUE(compare_names("@zeta/core", "alpha") > 0);
  EXPECT_EQ(text_length("gr\xC3\xBC\xC3\x9F"), 4u);
}

}  // namespace
}  // namespace headroom::compress::json
