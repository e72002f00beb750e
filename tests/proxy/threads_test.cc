#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "proxy_fixture.h"

// Several I/O threads are one proxy: what one of them counts, all of them see.

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;

constexpr int kClients = 16;

class ThreadsTest : public ProxyTest {
 protected:
  /// Each client sends `requests`, each on a connection of its own, beside the others. Gives the statuses of all.
  std::vector<int> ask_at_once(const std::string& request, int requests) const {
    std::vector<std::vector<int>> statuses(kClients);
    {
      std::vector<std::jthread> clients;
      for (std::vector<int>& own : statuses) {
        clients.emplace_back([&own, &request, requests, this] {
          for (int i = 0; i < requests; ++i) own.push_back(status_of(ask(request)));
        });
      }
    }
    std::vector<int> all;
    for (const std::vector<int>& own : statuses) all.insert(all.end(), own.begin(), own.end());
    return all;
  }
};

TEST_F(ThreadsTest, LargeRequestsOfManyConnectionsAreAllServedAndCounted) {
  start_answering(answer(R"({"id":"m","usage":{"input_tokens":7,"output_tokens":1}})"));
  const std::string body = anthropic_body(5000);
  ASSERT_GT(body.size(), 250'000);
  const std::vector<int> statuses = ask_at_once(post("/v1/messages", body), 3);
  EXPECT_EQ(statuses, std::vector<int>(kClients * 3, 200));
  const std::vector<std::string> sent = upstream->requests();
  ASSERT_EQ(sent.size(), kClients * 3U);
  for (const std::string& request : sent) EXPECT_EQ(body_of(request), body_of(sent.front()));
  EXPECT_LT(body_of(sent.front()).size() * 2, body.size());
  EXPECT_THAT(ask_until("/metrics", "headroom_requests_total 48"), HasSubstr("headroom_requests_total 48\n"));
}

TEST_F(ThreadsTest, ARateLimitIsOneForAll) {
  options.rpm = 20;
  start_answering(answer("{}"));
  const auto began = std::chrono::steady_clock::now();
  const std::vector<int> statuses = ask_at_once(post("/v1/messages", anthropic_body(5), "x-api-key: k\r\n"), 4);
  EXPECT_EQ(statuses.size(), kClients * 4U);
  const auto served = std::ranges::count(statuses, 200);
  EXPECT_EQ(served, std::ssize(upstream->requests()));
  EXPECT_EQ(served + std::ranges::count(statuses, 429), kClients * 4);
  const std::chrono::duration<double, std::ratio<60>> minutes = std::chrono::steady_clock::now() - began;
  EXPECT_GE(served, 20) << "a minute's worth comes at once";
  EXPECT_LE(static_cast<double>(served), 20 + 20 * minutes.count() + 1);
}

TEST_F(ThreadsTest, ABudgetThatIsSpentIsSpentForAll) {
  options.budget = "0.001";
  start_answering(answer(R"({"id":"m","usage":{"input_tokens":1000000,"output_tokens":1000000}})",
                         "Content-Type: application/json\r\n"));
  EXPECT_EQ(status_of(ask(post("/v1/messages", anthropic_body(5)))), 200);
  ask_until("/metrics", "headroom_requests_total 1");
  EXPECT_EQ(ask_at_once(post("/v1/messages", anthropic_body(5)), 2), std::vector<int>(kClients * 2, 429));
}

}  // namespace
}  // namespace headroom::proxy_test
