#include "compress/json/value_facts.h"

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
  EXPECT_FALSE(quantity_of(string_node("\"v1.2\"")).has_value());
  EXPECT_FALSE(quantity_of(string_node("\"10.0.0.1\"")).has_value());
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
