#include "store/original_list.h"

#include <array>

#include <gtest/gtest.h>

#include "store/original_store.h"
#include "store/test_support.h"

namespace headroom::store {
namespace {

using testing::make_original;

TEST(OriginalListTest, TellsWhatIsThereNewestFirst) {
  const testing::TempFolder folder;
  const std::string path = folder.file("ccr.db");
  ASSERT_TRUE(list_originals(path, 10));
  EXPECT_TRUE(list_originals(path, 10)->empty()) << "without a file";
  base::FakeClock clock;
  auto store = open_sqlite_store(path, {}, clock);
  ASSERT_TRUE(store);
  const Original first = make_original("the first");
  const Original second = make_original("the second one");
  ASSERT_TRUE((*store)->put(std::array{first}));
  clock.advance_ms(1000);
  ASSERT_TRUE((*store)->put(std::array{second}));
  const auto all = list_originals(path, 10);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ(all->front().id, second.id);
  EXPECT_EQ(all->front().bytes, 14);
  EXPECT_EQ(all->front().content_type, second.content_type);
  EXPECT_EQ(all->back().id, first.id);
  EXPECT_EQ(list_originals(path, 1)->size(), 1U);
}

}  // namespace
}  // namespace headroom::store
