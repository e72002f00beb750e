#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace headroom::proxy_test {

/// A blocking loopback socket. Reads give up after 10 s, so a test that waits for what never comes fails instead of
/// hanging.
class TestSocket {
 public:
  explicit TestSocket(int fd = -1) : fd_(fd) {}
  TestSocket(TestSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)), rest_(std::move(other.rest_)) {}
  TestSocket& operator=(TestSocket&& other) noexcept;
  ~TestSocket() { close(); }
  static TestSocket connect(int port);

  int fd() const { return fd_; }
  bool send(std::string_view bytes);
  /// Everything up to and with `end`; what came until then when the peer closes first.
  std::string read_until(std::string_view end);
  std::string read_exactly(std::size_t size);
  std::string read_to_end();
  /// True when the peer ends the connection, whatever it sends before that.
  bool sees_end();
  void close();
  /// Ends the connection with a reset.
  void reset();
  void shutdown_send();

  /// One whole message: head and body, by Content-Length or chunked framing; `has_body` false for answers to HEAD.
  std::string read_message(bool has_body = true);

 private:
  bool fill();
  int fd_ = -1;
  std::string rest_;
};

/// Value of a header in a raw message, or "".
std::string header(const std::string& message, std::string_view name);
int status_of(const std::string& message);
std::string body_of(const std::string& message);
/// An answer with a Content-Length.
std::string answer(std::string_view body, std::string_view extra_headers = "", std::string_view status = "200 OK");

/// An upstream on a port of its own. Each connection is served by `serve` on a thread; the server ends with the object.
class FakeUpstream {
 public:
  using Serve = std::function<void(TestSocket&)>;
  explicit FakeUpstream(Serve serve);
  /// Answers every request with `response` and keeps the connection.
  static Serve always(std::string response);
  ~FakeUpstream();
  /// Ends every connection and joins its threads.
  void stop();

  int port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }
  /// Waits until so many connections have been closed here: what the peer writes after that arrives nowhere. Gives up
  /// after 60 s.
  void await_closed(int count) const;
  /// Requests that always() has seen, as they came.
  void record(std::string request);
  std::vector<std::string> requests();

 private:
  void accept_all();

  Serve serve_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  std::atomic<int> closed_ = 0;
  std::mutex mutex_;
  std::vector<std::string> requests_;  // guarded by mutex_
  std::vector<int> open_;              // guarded by mutex_
  std::vector<std::thread> threads_;   // guarded by mutex_
  std::thread acceptor_;
};

}  // namespace headroom::proxy_test
