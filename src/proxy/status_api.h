#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "config/options.h"
#include "proxy/answer_cache.h"
#include "proxy/reply.h"
#include "proxy/retrieval_counts.h"
#include "proxy/server.h"
#include "proxy/upstream_url.h"

namespace headroom::proxy {

/// What only the running server knows, at the moment of the question.
struct ServerState {
  std::int64_t started_ms = 0;
  std::int64_t started_ns = 0;  ///< monotonic
  bool draining = false;
  std::int64_t active = 0;    ///< requests being served now, this one included
  std::int64_t accepted = 0;  ///< requests of every route since the start
  RetrievalCounts::Sums retrievals;
  std::int64_t cache_s = 0;  ///< for how long answers are kept; 0: they are not
  AnswerCache::Counts answers;
};

// Answers about the program itself. Every figure about requests and tokens is a query over the ledger, so that no two
// of them can disagree; each says its window. They block on the ledger and the store.

/// GET /livez: the process serves.
Reply live_api(const Services& services, const ServerState& state);
/// GET /readyz: 503 while draining or when the store cannot be read.
Reply ready_api(const Services& services, const ServerState& state);
/// A challenge of a program that wants to know whether this is the proxy of its workspace.
inline constexpr std::string_view kChallengeHeader = "x-headroom-challenge";
/// What loopback callers get of GET /health beyond readyz.
struct HealthDetails {
  const config::Options& options;
  std::string_view challenge;  ///< kChallengeHeader; empty: none
  int port = 0;                ///< where the caller found us
};
/// GET /health: readyz, but always 200; `details` nullptr for those who may not see them.
Reply health_api(const Services& services, const ServerState& state, const HealthDetails* details);
/// A request with this header goes nowhere, and is told what would be done with it.
inline constexpr std::string_view kProbeHeader = "x-headroom-probe";
/// The answer: what would be done with it. `api`: the format that it is compressed as; empty: it
/// is relayed as it is.
Reply probe_api(std::string_view api, const UpstreamUrl& upstream);
/// GET /stats[?window=process|lifetime]: the window is the process unless said otherwise. Of a project only what is the
/// project's.
Reply stats_api(const Services& services, const ServerState& state, store::Scope scope, std::string_view query);
/// GET /stats-history[?format=json|csv][&series=history|hourly|daily|weekly|monthly]: what was saved in the course of
/// time, in UTC; csv gives one series (history: by the hour).
Reply history_api(const Services& services, const ServerState& state, store::Scope scope, std::string_view query);
/// GET /debug/memory: what the process holds; 501 where the system does not say.
Reply memory_api();
/// GET /metrics: Prometheus text 0.0.4; the window is the process.
Reply metrics_api(const Services& services, const ServerState& state, store::Scope scope);

}  // namespace headroom::proxy
