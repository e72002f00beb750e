#include <atomic>
#include <chrono>
#include <string>

#include "proxy_fixture.h"

// The time budget of a request counts from when it came, not from when its turn came.

namespace headroom::proxy_test {
namespace {

using testing::HasSubstr;

/// Stands still until it is told otherwise.
class SteppedClock final : public base::Clock {
 public:
  std::int64_t now_ms() const override { return ms_; }
  std::int64_t monotonic_ns() const override { return ms_ * 1'000'000; }
  void advance_ms(std::int64_t ms) { ms_ += ms; }

 private:
  std::atomic<std::int64_t> ms_ = 1'700'000'000'000;
};

class TimeBudgetTest : public ProxyTest {
 protected:
  TimeBudgetTest() {
    clock_in_use = &stepped;
    pipeline_in_use = &stepped_pipeline;
    // One large body after the other, so that the next waits for as long as the test wants.
    options.threads = 1;
    limits.large_body_bytes = limits.body_room_bytes = 1000;
    limits.body_room_patience = std::chrono::minutes(1);
    start_answering(answer("{}"));
  }
  // Nothing answers any more when what it counts with goes.
  ~TimeBudgetTest() override { server.reset(); }

  /// The body that goes upstream of one that waited so long for another.
  std::string sent_after_waiting(const std::string& target, const std::string& body, int ms) {
    TestSocket first = client(), second = client();
    first.send(fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n{{", target));
    EXPECT_THAT(ask_until("/stats", R"("active":2)"), HasSubstr(R"("active":2)"));
    second.send(post(target, body));
    EXPECT_THAT(ask_until("/stats", R"("active":3)"), HasSubstr(R"("active":3)"));
    stepped.advance_ms(ms);
    first.close();
    EXPECT_EQ(status_of(second.read_message()), 200);
    return body_of(upstream->requests().back());
  }

  SteppedClock stepped;
  context::Pipeline stepped_pipeline{registry, store.get(), stepped, {.time_budget_ms = 2000}};
};

TEST_F(TimeBudgetTest, ARequestThatHasWaitedTooLongGoesOnAsItIs) {
  const std::string body = anthropic_body(400);
  EXPECT_EQ(sent_after_waiting("/v1/messages", body, 2500), body);
}

TEST_F(TimeBudgetTest, ARequestThatHasWaitedForLessIsStillCompressed) {
  const std::string body = anthropic_body(400);
  EXPECT_LT(sent_after_waiting("/v1/messages", body, 1500).size(), body.size() / 2);
}

}  // namespace
}  // namespace headroom::proxy_test
