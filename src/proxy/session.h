#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "aws/account.h"
#include "proxy/answer_cache.h"
#include "proxy/answered_beside.h"
#include "proxy/body_room.h"
#include "proxy/budget.h"
#include "proxy/forward_proxy.h"
#include "proxy/guard.h"
#include "proxy/live_settings.h"
#include "proxy/log.h"
#include "proxy/names.h"
#include "proxy/net.h"
#include "proxy/rate_limit.h"
#include "proxy/retrieval_counts.h"
#include "proxy/server.h"
#include "proxy/socket_history.h"
#include "proxy/status_api.h"
#include "proxy/tls_context.h"
#include "proxy/told_lines.h"
#include "proxy/upstream.h"

namespace headroom::proxy {

class Session;

/// What all sessions share. Immutable after the start but for the atomics.
struct Shared {
  config::Options options;
  Services services;
  Limits limits;
  LiveSettings& settings;
  Budget& budget;
  RateLimit& rate_limit;
  Access access;
  Log* log = nullptr;
  TlsContext tls;
  ForwardProxies forward_proxies;
  asio::thread_pool& workers;
  Names& names;
  std::int64_t started_ms = 0;
  std::int64_t started_ns = 0;
  std::atomic<bool> draining = false;
  std::atomic<std::int64_t> active = 0;
  std::atomic<std::int64_t> accepted = 0;
  RetrievalCounts retrievals;
  AnsweredBesideMemory answered_beside{services.pipeline.options().decisions};
  AnswerCache answers;
  aws::Account aws{services.aws};
  ToldLines told_of_signatures;
  BodyRoom body_room{limits.body_room_bytes};
  SocketHistory::Total socket_histories = 0;

  ServerState state() const {
    return {started_ms,
            started_ns,
            draining.load(),
            active.load(std::memory_order_relaxed),
            accepted.load(std::memory_order_relaxed),
            retrievals.sums(),
            options.response_cache,
            answers.counts()};
  }
};

/// What the sessions of one I/O thread share; used on that thread only.
struct Lane {
  Lane(Shared& shared_in, const Upstreams& upstreams) : shared(shared_in) {
    for (const UpstreamUrl& url : upstreams) fixed.push_back(make_pool(url));
  }
  /// The connections to a provider; `region` counts where the options name no address of its own.
  std::shared_ptr<UpstreamPool> pool(Provider provider, std::string_view region);
  template <typename Act>
  void for_each_pool(Act&& act) {
    for (const auto& pool : fixed) act(*pool);
    for (const auto& [host, pool] : regional) act(*pool);
  }

  Shared& shared;
  std::vector<std::shared_ptr<UpstreamPool>> fixed;                            ///< by Provider
  std::map<std::string, std::shared_ptr<UpstreamPool>, std::less<>> regional;  ///< by host
  std::unordered_set<Session*> sessions;

 private:
  std::shared_ptr<UpstreamPool> make_pool(const UpstreamUrl& url) const {
    return std::make_shared<UpstreamPool>(url, shared.limits.pool_idle_timeout);
  }
};

/// Serves one client connection to its end; `on_end` is called on the lane's thread after that. Must be called there,
/// too.
void start_session(Lane& lane, Socket socket, std::function<void()> on_end);

/// Lets go of sessions that wait for a next request; the others end after the one they serve. On the lane's thread.
void drain_sessions(Lane& lane);
/// Cuts every session. On the lane's thread.
void cut_sessions(Lane& lane);

}  // namespace headroom::proxy
