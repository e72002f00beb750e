#include "proxy/body_room.h"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace headroom::proxy {

Task<BodyRoom::Place> BodyRoom::take(std::size_t bytes, std::chrono::milliseconds patience) {
  bytes = std::min(bytes, bytes_);
  const Executor executor = co_await asio::this_coro::executor;
  if (const auto waiting = queue(executor, bytes, patience)) {
    co_await waiting->timer.async_wait(kToken);  // cancelled when it is admitted
    insist(waiting);
  }
  co_return Place(this, bytes);
}

std::shared_ptr<BodyRoom::Waiting> BodyRoom::queue(const Executor& executor, std::size_t bytes,
                                                   std::chrono::milliseconds patience) {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty() && used_ + bytes <= bytes_) {
    used_ += bytes;
    return nullptr;
  }
  return waiting_.emplace_back(std::make_shared<Waiting>(SteadyTimer(executor, patience), bytes));
}

void BodyRoom::insist(const std::shared_ptr<Waiting>& waiting) {
  const std::lock_guard lock(mutex_);
  if (waiting->admitted) return;
  std::erase(waiting_, waiting);
  used_ += waiting->bytes;
}

void BodyRoom::release(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  used_ -= bytes;
  while (!waiting_.empty() && used_ + waiting_.front()->bytes <= bytes_) {
    const std::shared_ptr<Waiting> next = std::move(waiting_.front());
    waiting_.pop_front();
    next->admitted = true;
    used_ += next->bytes;
    asio::post(next->timer.get_executor(), [next] { next->timer.cancel(); });
  }
}

}  // namespace headroom::proxy
