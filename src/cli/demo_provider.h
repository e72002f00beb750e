#pragma once

#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "cli/loopback_http.h"

namespace headroom::cli {

/// A model provider on 127.0.0.1 that answers every request with a few words and keeps the bodies it received. Runs on
/// threads of its own until it is destroyed.
class DemoProvider {
 public:
  static base::Result<std::unique_ptr<DemoProvider>> start();
  ~DemoProvider();
  DemoProvider(const DemoProvider&) = delete;
  DemoProvider& operator=(const DemoProvider&) = delete;

  int port() const { return port_; }
  /// The bodies since the last call, oldest first.
  std::vector<std::string> take_received();

 private:
  explicit DemoProvider(Socket listener);
  void accept_all(const std::stop_token& stop);
  void serve(const std::shared_ptr<Socket>& connection);

  Socket listener_;
  int port_;
  std::mutex mutex_;
  std::vector<std::string> received_;                 // guarded by mutex_
  std::vector<std::shared_ptr<Socket>> connections_;  // guarded by mutex_
  std::vector<std::jthread> workers_;                 // touched by the acceptor only, joined after it
  std::jthread acceptor_;
};

}  // namespace headroom::cli
