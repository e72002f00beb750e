#include "proxy/body_room.h"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace headroom::proxy {

Task<BodyRoom::Place> BodyRoom::take(std::size_t bytes, std::chrono::milliseconds patience) {
  return take(bytes, patience, true);
}

Task<BodyRoom::Place> BodyRoom::try_take(std::size_t bytes, std::chrono::milliseconds patience) {
  return take(bytes, patience, false);
}

Task<BodyRoom::Place> BodyRoom::take(std::size_t bytes, std::chrono::milliseconds patience, bool insists) {
  const Executor executor = co_await asio::this_coro::executor;
  std::shared_ptr<Lease> lease;
  if (const auto waiting = queue(executor, std::min(bytes, bytes_), lease)) {
    const Queued queued(*this, waiting);
    for (int round = 1; lease == nullptr && round <= kMostRounds; ++round) {
      waiting->timer.expires_after(patience);
      co_await waiting->timer.async_wait(kToken);  // cancelled when it is admitted
      lease = go_on(waiting, patience, insists && round == kMostRounds);
    }
    if (lease == nullptr) lease = leave(waiting);
  }
  if (lease == nullptr) co_return Place();
  co_return Place(this, std::move(lease));
}

std::shared_ptr<BodyRoom::Waiting> BodyRoom::queue(const Executor& executor, std::size_t bytes,
                                                   std::shared_ptr<Lease>& lease) {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty() && used_ + bytes <= bytes_) {
    lease = admit(bytes);
    return nullptr;
  }
  return waiting_.emplace_back(std::make_shared<Waiting>(SteadyTimer(executor), bytes, nullptr));
}

std::shared_ptr<BodyRoom::Lease> BodyRoom::go_on(const std::shared_ptr<Waiting>& waiting,
                                                 std::chrono::milliseconds patience, bool insists) {
  const std::lock_guard lock(mutex_);
  if (waiting->lease) return waiting->lease;
  stop_counting(std::chrono::steady_clock::now() - patience);
  admit_waiting();
  if (waiting->lease || !insists) return waiting->lease;
  std::erase(waiting_, waiting);
  return admit(waiting->bytes);
}

std::shared_ptr<BodyRoom::Lease> BodyRoom::leave(const std::shared_ptr<Waiting>& waiting) {
  const std::lock_guard lock(mutex_);
  std::erase(waiting_, waiting);
  return waiting->lease;
}

std::shared_ptr<BodyRoom::Lease> BodyRoom::admit(std::size_t bytes) {
  used_ += bytes;
  return leases_.emplace_back(std::make_shared<Lease>(bytes, std::chrono::steady_clock::now()));
}

void BodyRoom::stop_counting(Time before) {
  for (; !leases_.empty() && leases_.front()->since <= before; leases_.pop_front()) {
    used_ -= leases_.front()->bytes;
    leases_.front()->counts = false;
  }
}

void BodyRoom::admit_waiting() {
  while (!waiting_.empty() && used_ + waiting_.front()->bytes <= bytes_) {
    const std::shared_ptr<Waiting> next = std::move(waiting_.front());
    waiting_.pop_front();
    next->lease = admit(next->bytes);
    asio::post(next->timer.get_executor(), [next] { next->timer.cancel(); });
  }
}

void BodyRoom::release(const std::shared_ptr<Lease>& lease) {
  const std::lock_guard lock(mutex_);
  if (!std::exchange(lease->counts, false)) return;
  used_ -= lease->bytes;
  std::erase(leases_, lease);
  admit_waiting();
}

}  // namespace headroom::proxy
