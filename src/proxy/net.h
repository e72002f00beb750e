#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

// Names for the parts of Asio that the proxy uses. Coroutines take long to compile: only upstream.cc, session*.cc and
// server.cc include this.

namespace headroom::proxy {

namespace asio = boost::asio;
using boost::system::error_code;

using Executor = asio::io_context::executor_type;
using Tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using SteadyTimer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// A coroutine on one I/O thread. Everything of a session runs on the thread that accepted it, so nothing of it is
/// locked.
template <typename T>
using Task = asio::awaitable<T, Executor>;

/// Errors come back as values: auto [error, size] = co_await socket.async_read_some(buffer, kToken);
inline constexpr auto kToken = asio::as_tuple(asio::use_awaitable_t<Executor>{});

/// Bytes that have arrived and are not used up yet.
class ByteBuffer {
 public:
  std::string_view view() const { return {bytes_.data() + begin_, end_ - begin_}; }
  std::size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  void consume(std::size_t size) {
    begin_ += size;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  /// Room for `size` more bytes; moves what is there, so views die.
  asio::mutable_buffer prepare(std::size_t size) {
    if (bytes_.size() - end_ < size) {
      if (begin_ > 0) {
        std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_),
                  bytes_.begin() + static_cast<std::ptrdiff_t>(end_), bytes_.begin());
        end_ -= begin_;
        begin_ = 0;
      }
      if (bytes_.size() - end_ < size) bytes_.resize(end_ + size);
    }
    return {bytes_.data() + end_, size};
  }
  void commit(std::size_t size) { end_ += size; }
  /// Gives memory back when nothing is held.
  void shrink() {
    if (empty() && bytes_.size() > 8192) std::vector<char>().swap(bytes_);
  }

 private:
  std::vector<char> bytes_;
  std::size_t begin_ = 0, end_ = 0;
};

/// One deadline that moves often and passes rarely: arming it again for later costs no timer operation.
class Watchdog {
 public:
  explicit Watchdog(const Executor& executor) : timer_(executor) {}

  /// Calls `expired` (on the executor's thread) once, `delay` from now, unless armed again or disarmed before. `owner`
  /// is kept alive while the timer waits.
  template <typename Owner>
  void arm(const std::shared_ptr<Owner>& owner, std::chrono::milliseconds delay) {
    deadline_ = std::chrono::steady_clock::now() + delay;
    if (!waiting_ || timer_.expiry() > deadline_) wait(owner);
  }
  void disarm() { deadline_ = kNever; }
  void stop() {
    disarm();
    timer_.cancel();
  }

 private:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr Time kNever = Time::max();

  template <typename Owner>
  void wait(const std::shared_ptr<Owner>& owner) {
    waiting_ = true;
    const auto generation = ++generation_;
    timer_.expires_at(deadline_);
    timer_.async_wait([this, owner, generation](error_code error) {
      if (generation != generation_) return;
      waiting_ = false;
      if (error || deadline_ == kNever) return;
      if (std::chrono::steady_clock::now() < deadline_) return wait(owner);
      deadline_ = kNever;
      owner->on_deadline();
    });
  }

  SteadyTimer timer_;
  Time deadline_ = kNever;
  bool waiting_ = false;
  std::uint64_t generation_ = 0;
};

}  // namespace headroom::proxy
