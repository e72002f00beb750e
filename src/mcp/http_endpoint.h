#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/mailbox.h"
#include "mcp/session.h"
#include "proxy/guard.h"
#include "proxy/http_head.h"
#include "proxy/reply.h"

namespace headroom::mcp {

/// Messages that go to a client before the response to what it has posted; with the first, the response has become a
/// stream of events.
class Events {
 public:
  virtual ~Events() = default;
  /// False when it does not reach the client.
  virtual bool send(std::string_view message) = 0;
};

/// "Streamable HTTP" of the protocol on the path /mcp: one message a POST, its response as JSON, or as a stream of
/// events where something is said before it. Nothing is ever sent that was not asked for, so GET has no stream to give.
/// Thread-safe.
class HttpEndpoint {
 public:
  static constexpr std::string_view kPath = "/mcp";
  /// Over it the session that was used least recently goes; its client begins anew.
  static constexpr std::size_t kMaxSessions = 256;

  /// `new_id`: names of sessions that nobody can guess. `server` and `access` must outlive it.
  HttpEndpoint(const Server& server, const proxy::Access& access, std::function<std::string()> new_id);

  /// For a caller on this machine. Where `events` were sent, the body of the reply is the last of them.
  proxy::Reply answer(const proxy::RequestHead& request, std::string_view body, Events& events);

 private:
  struct Client {
    Client(std::string name, const Server& server) : id(std::move(name)), session(server) {}
    const std::string id;
    Session session;
    Mailbox mailbox;
  };

  proxy::Reply post(const proxy::RequestHead& request, std::string_view body, Events& events);
  proxy::Reply stateless(const proxy::RequestHead& request, const base::JsonDocument& document, std::string_view body,
                         Events& events);
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
