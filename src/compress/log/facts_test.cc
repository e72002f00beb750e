#include "compress/log/facts.h"

#include <gtest/gtest.h>

#include "compress/log/scanner.h"

namespace headroom::compress::log {
namespace {

std::string_view name_of(std::string_view text) {
  const Document document = scan(text);  // its views are of `text`
  return fact_name(document.lines.front());
}

TEST(Facts, AreNamesWithValues) {
  EXPECT_EQ(name_of("used_memory:8589"), "used_memory");
  EXPECT_EQ(name_of("MemoryMax=2147483648"), "MemoryMax");
  EXPECT_EQ(name_of("  errors_seen:count=4"), "errors_seen");
  EXPECT_EQ(name_of("maxclients:10000\r"), "maxclients");
}

TEST(Facts, OtherLinesAreNone) {
  for (const char* line : {"https://example.com/a", "listening on port 80", "name:", "12:30", "ab:cd:ef:01:23:45",
                           "fe80:1:2:3::1", "key: value", "topic:a=1,b=2", "src/a.rs:33:9", "main.c:33"}) {
    EXPECT_EQ(name_of(line), "") << line;
  }
}

}  // namespace
}  // namespace headroom::compress::log
