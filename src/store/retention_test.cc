#include "store/retention.h"

#include <vector>

#include <gmock/gmock.h>

namespace headroom::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t kNow = 1'000'000;

TEST(ExpiryFloorTest, ExpiresExactlyAtTheLimit) {
  const ExpiryFloor floor = expiry_floor({.idle_ttl_ms = 100, .absolute_ttl_ms = 1000}, kNow);
  EXPECT_TRUE(floor.alive(kNow - 999, kNow - 99));
  EXPECT_FALSE(floor.alive(kNow - 999, kNow - 100));
  EXPECT_FALSE(floor.alive(kNow - 1000, kNow));
}

TEST(ExpiryFloorTest, ZeroIsForEver) {
  const ExpiryFloor floor = expiry_floor({.idle_ttl_ms = 0, .absolute_ttl_ms = 0}, kNow);
  EXPECT_TRUE(floor.alive(0, 0));
}

TEST(PlanSweepTest, RoomIsMadeAfterExpiryAndOnlyAsMuchAsNeeded) {
  const Retention retention{.idle_ttl_ms = 10'000, .absolute_ttl_ms = 0, .max_bytes = 100, .live_ms = 50};
  const std::vector<EntryAge> entries = {
      {80, 0, kNow - 60},      // 0: evictable, newest of these
      {500, 0, kNow - 20000},  // 1: expired, so its bytes do not count
      {10, 0, kNow - 300},     // 2: oldest
      {15, 0, kNow - 200},     // 3
      {10, 0, kNow},           // 4: live
  };
  EXPECT_THAT(plan_sweep(entries, retention, kNow), ElementsAre(1, 2, 3));
}

TEST(PlanSweepTest, LiveEntriesStayEvenOverTheLimit) {
  const Retention retention{.max_bytes = 1, .live_ms = 50};
  const std::vector<EntryAge> entries = {{80, kNow, kNow}, {80, kNow, kNow - 49}, {80, kNow, kNow + 5}};
  EXPECT_THAT(plan_sweep(entries, retention, kNow), IsEmpty());
}

}  // namespace
}  // namespace headroom::store
