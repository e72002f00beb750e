#include "proxy/names.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

/// Answers for a name when the test says so.
class Server {
 public:
  Names::Found resolve(const std::string& host, const std::string& port) {
    std::unique_lock lock(mutex_);
    ++asked_[host];
    ++now_;
    most_ = std::max(most_, now_);
    changed_.notify_all();
    changed_.wait(lock, [&] { return answers_.contains(host); });
    --now_;
    if (host.starts_with("no.")) return {asio::error::host_not_found, {}};
    return {{}, {Tcp::endpoint(asio::ip::make_address("127.0.0.1"), static_cast<std::uint16_t>(std::stoi(port)))}};
  }
  void answer(const std::string& host) {
    const std::lock_guard lock(mutex_);
    answers_.insert(host);
    changed_.notify_all();
  }
  void await_asked(const std::string& host) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return asked_.contains(host); });
  }
  int asked(const std::string& host) {
    const std::lock_guard lock(mutex_);
    return asked_[host];
  }
  int most_at_once() {
    const std::lock_guard lock(mutex_);
    return most_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, int> asked_;
  std::set<std::string> answers_;
  int now_ = 0, most_ = 0;
};

class NamesTest : public testing::Test {
 protected:
  /// Threads that are still in a lookup outlive the test, and so does what they use.
  std::unique_ptr<Names> make(std::size_t most = Names::kMostAtOnce) {
    return std::make_unique<Names>(
        [server = server](const std::string& host, const std::string& port) { return server->resolve(host, port); },
        most);
  }
  auto ask(Names& names, const std::string& host, const std::string& port = "443") {
    return names.look_up(host, port, context.get_executor(), [this, host](const Names::Found& found) {
      told.push_back(found.error ? host + ": " + found.error.message()
                                 : host + " " + std::to_string(found.endpoints.at(0).port()));
    });
  }
  /// Runs what is posted until so many have been told something.
  void await_told(std::size_t count) {
    const auto guard = asio::make_work_guard(context);
    context.restart();
    while (told.size() < count) context.run_one();
  }

  std::shared_ptr<Server> server = std::make_shared<Server>();
  asio::io_context context{1};
  std::vector<std::string> told;
};

TEST_F(NamesTest, ANameThatNobodyAnswersForHoldsUpNoOther) {
  const auto names = make();
  const auto dead = ask(*names, "dead.test");
  server->await_asked("dead.test");
  server->answer("alive.test");
  server->answer("no.test");
  const auto alive = ask(*names, "alive.test", "8443");
  await_told(1);
  const auto none = ask(*names, "no.test");
  await_told(2);
  EXPECT_THAT(told, ElementsAre("alive.test 8443", "no.test: Host not found (authoritative)"));
  server->answer("dead.test");
  await_told(3);
  EXPECT_EQ(told.back(), "dead.test 443");
}

TEST_F(NamesTest, WhoAsksForANameThatIsBeingLookedUpGetsTheSameAnswer) {
  const auto names = make();
  const auto first = ask(*names, "a.test"), second = ask(*names, "a.test"), other_port = ask(*names, "a.test", "80");
  server->answer("a.test");
  await_told(3);
  EXPECT_THAT(told, UnorderedElementsAre("a.test 443", "a.test 443", "a.test 80"));
  EXPECT_EQ(server->asked("a.test"), 2);
  const auto later = ask(*names, "a.test");
  await_told(4);
  EXPECT_EQ(server->asked("a.test"), 3) << "nothing is kept";
}

TEST_F(NamesTest, NamesBeyondTheMostAtOnceWaitForAThread) {
  const auto names = make(2);
  const auto a = ask(*names, "a.test"), b = ask(*names, "b.test"), c = ask(*names, "c.test");
  server->await_asked("a.test");
  server->await_asked("b.test");
  server->answer("c.test");
  server->answer("b.test");
  await_told(2);
  EXPECT_THAT(told, ElementsAre("b.test 443", "c.test 443"));
  server->answer("a.test");
  await_told(3);
  EXPECT_EQ(server->most_at_once(), 2);
}

TEST_F(NamesTest, NamesThatHadAddressesDoNotWaitBehindDeadOnes) {
  const auto names = make(2);
  server->answer("provider.test");
  const auto before = ask(*names, "provider.test");
  await_told(1);
  const auto a = ask(*names, "dead-a.test"), b = ask(*names, "dead-b.test"), c = ask(*names, "dead-c.test");
  server->await_asked("dead-a.test");
  server->await_asked("dead-b.test");
  const auto again = ask(*names, "provider.test");
  await_told(2);
  EXPECT_THAT(told, ElementsAre("provider.test 443", "provider.test 443"));
  for (const char* dead : {"dead-a.test", "dead-b.test", "dead-c.test"}) server->answer(dead);
  await_told(5);
}

TEST_F(NamesTest, WhoIsNoLongerInterestedIsNotTold) {
  auto names = make();
  {
    const auto gone = ask(*names, "a.test");
    server->await_asked("a.test");
  }
  const auto stays = ask(*names, "a.test");
  server->answer("a.test");
  await_told(1);
  const auto late = ask(*names, "b.test");
  server->await_asked("b.test");
  names.reset();
  server->answer("b.test");
  context.restart();
  context.run();
  EXPECT_THAT(told, ElementsAre("a.test 443"));
}

TEST_F(NamesTest, TheSystemKnowsThisMachine) {
  Names names;
  const auto asked = names.look_up("localhost", "80", context.get_executor(), [this](const Names::Found& found) {
    for (const auto& endpoint : found.endpoints) told.push_back(endpoint.address().is_loopback() ? "loopback" : "else");
  });
  await_told(1);
  EXPECT_EQ(told.front(), "loopback");
}

}  // namespace
}  // namespace headroom::proxy
