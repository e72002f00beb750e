#include "compress/json/sequence.h"

#include <gtest/gtest.h>

#include "compress/json/expand.h"
#include "compress/json/layout.h"

namespace headroom::compress::json {
namespace {

std::string there_and_back(std::string_view text, bool ndjson) {
  const base::Result<Layout> layout = Layout::parse(text, ndjson);
  if (!layout) return layout.error().message;
  return expand(layout->write({})).value_or("cannot be expanded");
}

TEST(Sequence, takes_values_apart_by_their_brackets) {
  const auto sequence = split_sequence("{\n \"a\": \"}{\"\n}\n[1, 2]\n");
  ASSERT_TRUE(sequence.has_value());
  ASSERT_EQ(sequence->values.size(), 2u);
  EXPECT_EQ(sequence->values[1], "[1, 2]");
  EXPECT_FALSE(sequence->touching);
  EXPECT_EQ(joined(*sequence), "[{\n \"a\": \"}{\"\n},[1, 2]]");
}

TEST(Sequence, is_no_single_value_and_nothing_with_other_bytes_between) {
  EXPECT_FALSE(split_sequence("{}").has_value());
  EXPECT_FALSE(split_sequence("{},{}").has_value());
  EXPECT_FALSE(split_sequence("{} x {}").has_value());
  EXPECT_FALSE(split_sequence("{}{} {}").has_value());
  EXPECT_FALSE(split_sequence("{}{").has_value());
}

TEST(Sequence, can_be_expanded_again) {
  EXPECT_EQ(there_and_back("{\n\"a\": 1\n}\n{\n\"a\": 2\n}\n{\n\"a\": 3\n}", false), "{\"a\":1}\n{\"a\":2}\n{\"a\":3}");
  EXPECT_EQ(there_and_back("{\"a\": 1}{\"a\": 2}{\"a\": 3}", false), "{\"a\":1}{\"a\":2}{\"a\":3}");
  EXPECT_EQ(there_and_back("{\"a\": 1}{\"b\": 2}", false), "{\"a\":1}{\"b\":2}");
  EXPECT_EQ(there_and_back("[1,\n2]\n{\"b\": 2}", true), "[1,2]\n{\"b\":2}");
}

}  // namespace
}  // namespace headroom::compress::json
