#include "proxy/body_room.h"

#include <optional>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class BodyRoomTest : public testing::Test {
 protected:
  /// Asks for a place; it is in `place` once there is one.
  void ask(std::optional<BodyRoom::Place>& place, std::size_t bytes, milliseconds patience = hours(1)) {
    ask_on(io_, place, bytes, patience);
    go_on();
  }
  void ask_on(asio::io_context& io, std::optional<BodyRoom::Place>& place, std::size_t bytes, milliseconds patience) {
    asio::co_spawn(
        io.get_executor(),
        [](BodyRoom& room, std::optional<BodyRoom::Place>& into, std::size_t size, milliseconds most) -> Task<void> {
          into = co_await room.take(size, most);
        }(room_, place, bytes, patience),
        asio::detached);
  }
  void go_on() {
    io_.restart();
    io_.poll();
  }

  BodyRoom room_{100};  // outlives who still waits
  asio::io_context io_;
  std::optional<BodyRoom::Place> a_, b_, c_;
};

TEST_F(BodyRoomTest, WhoComesLaterWaitsForWhatIsGivenBack) {
  ask(a_, 60);
  ask(b_, 60);
  ask(c_, 10);
  EXPECT_TRUE(a_);
  EXPECT_FALSE(b_);
  EXPECT_FALSE(c_) << "it would fit, but has come behind one that waits";
  a_.reset();
  go_on();
  EXPECT_TRUE(b_ && c_);
}

TEST_F(BodyRoomTest, WhoEndsWhileItWaitsIsNotWaitedFor) {
  ask(a_, 60);
  {
    asio::io_context other;
    ask_on(other, b_, 60, hours(1));
    other.poll();
  }
  ask(c_, 60);
  a_.reset();
  go_on();
  EXPECT_TRUE(c_);
}

TEST_F(BodyRoomTest, WhoDoesNotInsistGoesWithoutAPlace) {
  std::vector<std::optional<BodyRoom::Place>> before(BodyRoom::kMostRounds + 3);
  for (auto& place : before) ask(place, 100);
  asio::co_spawn(
      io_.get_executor(),
      [](BodyRoom& room, std::optional<BodyRoom::Place>& into) -> Task<void> {
        into = co_await room.try_take(100, milliseconds(1));
      }(room_, a_),
      asio::detached);
  io_.restart();
  while (!a_) io_.run_one();
  EXPECT_FALSE(*a_);
  EXPECT_FALSE(before.back()) << "there are still some before";
  for (auto& place : before) {
    go_on();
    EXPECT_TRUE(place && *place);
    place.reset();
  }
  ask(b_, 100);
  EXPECT_TRUE(b_ && *b_);
}

TEST_F(BodyRoomTest, ABodyLargerThanTheRoomTakesAllOfIt) {
  ask(a_, 1000);
  ask(b_, 1);
  EXPECT_TRUE(a_);
  EXPECT_FALSE(b_);
  a_->give_back();
  a_->give_back();
  go_on();
  EXPECT_TRUE(b_);
}

TEST_F(BodyRoomTest, WhoHasHadAPlaceForLongKeepsNobodyOut) {
  ask(a_, 100);
  ask(b_, 60, milliseconds(1));
  ask(c_, 60);
  io_.restart();
  while (!b_) io_.run_one();
  EXPECT_TRUE(a_);
  EXPECT_FALSE(c_) << "the second has its place only now";
  a_.reset();
  go_on();
  EXPECT_FALSE(c_) << "what did not count any more gives nothing back";
  b_.reset();
  go_on();
  EXPECT_TRUE(c_);
}

TEST_F(BodyRoomTest, ThoseThatWaitAreNotAllReadAtOnceAfterAPause) {
  constexpr milliseconds kPatience(10);
  ask(a_, 100);
  ask(b_, 100, kPatience);
  ask(c_, 100, kPatience);
  std::this_thread::sleep_for(2 * kPatience);
  go_on();
  EXPECT_TRUE(a_ && b_);
  EXPECT_FALSE(c_);
}

TEST_F(BodyRoomTest, NobodyWaitsForEver) {
  std::vector<std::optional<BodyRoom::Place>> ahead(20);
  ask(a_, 100);
  for (auto& place : ahead) ask(place, 100, hours(1));
  ask(b_, 100, milliseconds(1));
  io_.restart();
  while (!b_) io_.run_one();
  EXPECT_TRUE(a_);
  EXPECT_FALSE(ahead.back()) << "it would wait for an hour before it looks again";
}

}  // namespace
}  // namespace headroom::proxy
