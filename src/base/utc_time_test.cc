#include "base/utc_time.h"

#include <gtest/gtest.h>

namespace headroom::base {
namespace {

TEST(UtcTime, IsReadWithAndWithoutAnOffset) {
  EXPECT_EQ(parse_time("1970-01-02T00:00:01Z"), 86'401'000);
  EXPECT_EQ(parse_time("2026-11-25T11:38:09.123Z"), 1'795'606'689'123);
  EXPECT_EQ(parse_time("2026-11-25T13:38:09.123456+02:00"), 1'795'606'689'123);
  for (const char* bad : {"", "yesterday", "2026-13-01T00:00:00Z", "2026-11-25", "2026-11-25T25:00:00Z"}) {
    EXPECT_EQ(parse_time(bad), 0) << bad;
  }
}

}  // namespace
}  // namespace headroom::base
