#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/post.hpp>

#include "proxy/byte_buffer.h"
#include "proxy/net.h"

namespace headroom::proxy {

/// What a client sends. A read may be started before anybody waits for its bytes, to notice that the client leaves; who
/// wants bytes next then waits for that same read. So a connection that carries request after request costs one read a
/// request, and nothing is cancelled in between.
class ClientInput {
 public:
  explicit ClientInput(Socket& socket) : socket_(socket) {}

  std::string_view view() const { return bytes_.view(); }
  std::size_t size() const { return bytes_.size(); }
  bool empty() const { return bytes_.empty(); }
  void consume(std::size_t size) { bytes_.consume(size); }
  void shrink() { bytes_.shrink(); }

  /// Starts a read of up to `size` bytes, unless one is under way, and keeps `owner` alive until it ends. When it ends
  /// and nobody waits in more(), it calls owner->on_input(error).
  template <typename Owner>
  void start(const std::shared_ptr<Owner>& owner, std::size_t size) {
    if (waiting_ != nullptr) return;
    auto waiting = std::make_unique<Waiting>();
    waiting_ = waiting.get();
    // The read owns who waits for it, so that a read that never ends takes them along when the thread ends.
    socket_.async_read_some(bytes_.prepare(size),
                            [this, owner, waiting = std::move(waiting)](error_code error, std::size_t received) {
                              waiting_ = nullptr;
                              bytes_.commit(received);
                              if (waiting->resume) return waiting->resume(error);
                              if (error != asio::error::operation_aborted) failure_ = error;
                              owner->on_input(error);
                            });
  }

  /// Waits until there are more bytes, or says why there will be none: once an error that nobody waited for, else that
  /// of a read of up to `size` bytes. One caller at a time.
  template <typename Owner>
  Task<error_code> more(std::shared_ptr<Owner> owner, std::size_t size) {
    if (failure_) co_return std::exchange(failure_, error_code());
    start(owner, size);
    auto [error] = co_await asio::async_initiate<decltype(kToken), void(error_code)>(
        [this](auto handler) {
          waiting_->resume = [handler = std::move(handler)](error_code why) mutable { std::move(handler)(why); };
        },
        kToken);
    co_return error;
  }

  /// Whether what comes next may be read to somewhere else: nothing is held, and no read is under way.
  bool may_append_to() const { return empty() && waiting_ == nullptr && !failure_; }

  /// Where may_append_to() says so: waits for bytes and puts up to `most` of them behind `to`, past the buffer here; or
  /// says why there will be none. No page of `to` is touched for bytes that have not come. The socket must be in the
  /// non-blocking mode; nobody else may read meanwhile.
  Task<error_code> append_to(std::string& to, std::size_t most) {
    for (bool waited = false;; waited = true) {
      error_code error;
      const std::size_t before = to.size();
      to.resize_and_overwrite(before + most, [&](char* bytes, std::size_t) {
        return before + socket_.read_some(asio::buffer(bytes + before, most), error);
      });
      if (error != asio::error::would_block) {
        // A client that is never waited for keeps the thread's other sessions waiting: they go on first.
        if (!waited) co_await asio::post(socket_.get_executor(), kToken);
        co_return error;
      }
      auto [failure] = co_await socket_.async_wait(Socket::wait_read, kToken);
      if (failure) co_return failure;
    }
  }

 private:
  struct Waiting {
    std::move_only_function<void(error_code)> resume;
  };

  Socket& socket_;
  ByteBuffer bytes_;
  Waiting* waiting_ = nullptr;  // of the read under way
  error_code failure_;
};

}  // namespace headroom::proxy
