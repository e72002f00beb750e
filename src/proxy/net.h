#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

// Names for the parts of Asio that the proxy uses. Coroutines take long to compile: only upstream.cc,
// otlp_transport.cc, session*.cc and server.cc include this.

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

/// Writing more than this leaves the thread to other streams in between.
inline constexpr std::size_t kMaxAtOnce = 64 * 1024;

/// Writes what the socket, which must be in the non-blocking mode, takes of both without waiting: nearly always all.
/// True when nothing is left to do, as all has gone or `error` says why not; else both are what is left.
inline bool write_at_once(Socket& socket, std::string_view& first, std::string_view& second, error_code& error) {
  if (first.size() + second.size() > kMaxAtOnce) return false;
  const std::array<asio::const_buffer, 2> both{asio::buffer(first), asio::buffer(second)};
  const std::size_t written = first.empty() && second.empty() ? 0 : socket.write_some(both, error);
  const std::size_t of_first = std::min(written, first.size());
  first.remove_prefix(of_first);
  second.remove_prefix(written - of_first);
  if (error == asio::error::would_block) error = {};
  return error || (first.empty() && second.empty());
}

/// Writes all of both: at once when the socket takes it, so that it costs one system call and no turn of the event
/// loop; else as the socket takes it. The socket must be in the non-blocking mode.
inline Task<error_code> write_all(Socket& socket, std::string_view first, std::string_view second = {}) {
  error_code at_once;
  if (write_at_once(socket, first, second, at_once)) co_return at_once;
  const std::array<asio::const_buffer, 2> rest{asio::buffer(first), asio::buffer(second)};
  auto [error, size] = co_await asio::async_write(socket, rest, kToken);
  co_return error;
}

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
