#include "context/revision.h"

#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"

namespace headroom::context {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RevisionTest : public ::testing::Test {
 protected:
  Revision with_pin(std::string pin, std::size_t at = 0) const {
    Revision revision;
    revision.at = at;
    revision.place = history_.places[at];
    revision.pin = std::move(pin);
    return revision;
  }

  const History history_{base::hash128("talk"), {base::hash128("one"), base::hash128("two"), base::hash128("three")}};
  base::FakeClock clock_;
  RevisionReader reader_{std::size_t{1} << 16};
  std::unique_ptr<store::DecisionStore> store_ = store::make_memory_decisions({}, clock_);
};

TEST_F(RevisionTest, TheNewestPinIsFoundByItsName) {
  for (std::size_t at = 0; at < 3; ++at) {
    const auto kept = keep_revision(*store_, history_, with_pin("pin " + std::to_string(at), at), 0);
    ASSERT_TRUE(kept);
    EXPECT_TRUE(kept->ours);
    EXPECT_EQ(kept->revision.pin, "pin " + std::to_string(at));
  }
  ASSERT_TRUE(load_revisions(*store_, history_, reader_)) << "and what was read is known from here on";
  const auto known = load_revisions(*store_, history_, reader_);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->revisions.size(), 3U);
  EXPECT_EQ(known->last_pin, "pin 2");
  EXPECT_TRUE(known->last_pin_holds);
  const auto rows = store_->revisions(base::hash_bytes(history_.conversation));
  ASSERT_TRUE(rows);
  for (const store::DecisionRow& row : *rows)
    EXPECT_THAT(row.value, Not(HasSubstr("pin 1"))) << "each is read each time";
}

TEST_F(RevisionTest, OfTwoAtOnePlaceTheFirstCountsWithItsPin) {
  ASSERT_TRUE(keep_revision(*store_, history_, with_pin("the first"), 0));
  const auto other = keep_revision(*store_, history_, with_pin("the second"), 0);
  ASSERT_TRUE(other);
  EXPECT_FALSE(other->ours);
  EXPECT_EQ(other->revision.pin, "the first");
}

TEST_F(RevisionTest, APinThatStandsInTheRevisionIsReadToo) {
  const store::DecisionRow row{base::hash_bytes(history_.places[0]),
                               write_revision(with_pin("as older programs wrote"))};
  ASSERT_TRUE(store_->add_revision(base::hash_bytes(history_.conversation), row));
  const auto known = load_revisions(*store_, history_, reader_);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->last_pin, "as older programs wrote");
}

}  // namespace
}  // namespace headroom::context
