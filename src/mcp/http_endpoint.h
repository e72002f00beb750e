#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/session.h"
#include "proxy/guard.h"
#include "proxy/http_head.h"
#include "proxy/reply.h"

namespace headroom::mcp {

/// "Streamable HTTP" of the protocol on the path /mcp: one message a POST, its response as JSON. Nothing is ever sent
/// that was not asked for, so GET has no stream to give. Thread-safe.
class HttpEndpoint {
 public:
  static constexpr std::string_view kPath = "/mcp";
  /// Over it the session that was used least recently goes; its client begins anew.
  static constexpr std::size_t kMaxSessions = 256;

  /// `new_id`: names of sessions that nobody can guess. `server` and `access` must outlive it.
  HttpEndpoint(const Server& server, const proxy::Access& access, std::function<std::string()> new_id);

  /// For a caller on this machine.
  proxy::Reply answer(const proxy::RequestHead& request, std::string_view body);

 private:
  struct Client {
    Client(std::string name, const Server& server) : id(std::move(name)), session(server, false) {}
    const std::string id;
    std::mutex mutex;
    Session session;  // guarded by mutex
  };

  proxy::Reply post(const proxy::RequestHead& request, std::string_view body);
  proxy::Reply stateless(const proxy::RequestHead& request, const base::JsonDocument& document, std::string_view body);
  proxy::Reply begin(std::string_view body);
  std::shared_ptr<Client> find(std::string_view id);
  bool forget(std::string_view id);

  const Server& server_;
  const proxy::Access& access_;
  const std::function<std::string()> new_id_;
  std::mutex mutex_;
  std::list<std::shared_ptr<Client>> clients_;  // guarded by mutex_; the last used first
};

}  // namespace headroom::mcp
