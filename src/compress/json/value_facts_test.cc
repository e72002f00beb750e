#include "compress/json/value_facts.h"

#include <charconv>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

namespace headroom::compress::json {
namespace {

base::JsonNode string_node(std::string_view literal) {
  base::JsonNode node;
  node.kind = base::JsonKind::kString;
  node.raw = literal;
  node.text = literal.substr(1, literal.size() - 2);
  return node;
}

TEST(ValueFacts, reads_quantities_with_units) {
  EXPECT_DOUBLE_EQ(quantity_of(string_node("\"1.5 GB\"")).value_or(0), 1.5e9);
  EXPECT_DOUBLE_EQ(quantity_of(string_node("\"512Mi\"")).value_or(0), 536870912.0);
  EXPECT_DOUBLE_EQ(quantity_of(string_node("\"$12.50\"")).value_or(0), 12.5);
  EXPECT_LT(quantity_of(string_node("\"980MB\"")).value_or(0), quantity_of(string_node("\"3.42GB\"")).value_or(0));
  EXPECT_DOUBLE_EQ(quantity_of(string_node("\"12 allocs/op\"")).value_or(0), 12);
  EXPECT_LT(quantity_of(string_node("\"80 ns/op\"")).value_or(0), quantity_of(string_node("\"3 us/op\"")).value_or(0));
  EXPECT_FALSE(quantity_of(string_node("\"2026/11/20\"")).has_value());
  EXPECT_FALSE(quantity_of(string_node("\"v1.2\"")).has_value());
  EXPECT_FALSE(quantity_of(string_node("\"10.0.0.1\"")).has_value());
  EXPECT_FALSE(quantity_of(string_node(std::string_view("\"5\0s\"", 5))).has_value());
}

TEST(ValueFacts, reads_numbers_as_the_standard_library_does) {
  for (const std::string number : {"0",
                                   "-0",
                                   "7",
                                   "0.1",
                                   "-0.3",
                                   "0.30000000000000004",
                                   "123456789012345",
                                   "1234567890123456",
                                   "9007199254740993",
                                   "12345678.9012345",
                                   "0.000000000000001",
                                   "0.0000000000000001",
                                   "1e5",
                                   "1E-7",
                                   "2.5e300",
                                   "99999999999999.9",
                                   "179769313486231580793",
                                   "4.35",
                                   "1.005",
                                   "100000000000000000000000.5",
                                   "-123456789.123456"}) {
    base::JsonNode node;
    node.kind = base::JsonKind::kNumber;
    node.raw = number;
    double expected = 0;
    std::from_chars(number.data(), number.data() + number.size(), expected);
    const std::optional<double> read = quantity_of(node);
    ASSERT_TRUE(read.has_value()) << number;
    EXPECT_EQ(*read, expected) << number;
    EXPECT_EQ(std::signbit(*read), std::signbit(expected)) << number;
  }
}

TEST(ValueFacts, orders_times_of_any_precision) {
  EXPECT_LT(time_of("2026-01-02").value_or(0), time_of("2026-01-02T00:00:01Z").value_or(0));
  EXPECT_LT(time_of("2026-01-02T03:04:05Z").value_or(0), time_of("2026-01-02 03:04:05.250").value_or(0));
  EXPECT_FALSE(time_of("192-168-1-1-x").has_value());
  EXPECT_FALSE(time_of("short").has_value());
}

TEST(ValueFacts, gives_values_of_one_template_one_shape) {
  EXPECT_EQ(shape_of(string_node("\"req-f0ec2aa712\"")), shape_of(string_node("\"req-0069c58c76\"")));
  EXPECT_EQ(shape_of(string_node("\"job 12 done\"")), shape_of(string_node("\"job 7 failed\"")));
  EXPECT_NE(shape_of(string_node("\"127.0.0.1:80\"")), shape_of(string_node("\"*:80\"")));
}

TEST(ValueFacts, knows_what_is_nothing) {
  for (const char* literal : {"\"\"", "\"  \"", "\"-\"", "\"none\""}) EXPECT_TRUE(is_empty_value(string_node(literal)));
  EXPECT_FALSE(is_empty_value(string_node("\"nobody\"")));
}

}  // namespace
}  // namespace headroom::compress::json
