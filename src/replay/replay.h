#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compress/registry/registry.h"
#include "context/pipeline.h"
#include "money/cache_simulator.h"
#include "money/prices.h"
#include "replay/asked_facts.h"
#include "replay/session.h"

namespace headroom::replay {

enum class CacheMode : std::uint8_t {
  kWarm,      ///< requests come seconds apart
  kNone,      ///< every token costs the input price
  kRecorded,  ///< as far apart as they were; seconds, where no time is recorded
};

struct ReplayOptions {
  CacheMode cache = CacheMode::kRecorded;
  std::string model;  ///< count, cache and price as this one; empty: as recorded
  context::PipelineOptions pipeline;
};

/// Why a cached prefix was paid for again.
enum class BustCause : std::uint8_t { kClient, kHeadroom, kExpired, kLookBack };
std::string_view bust_cause_name(BustCause cause);

struct Bust {
  std::size_t turn = 0;  ///< from 0
  std::size_t unit = 0;  ///< the first that is no longer found
  BustCause cause = BustCause::kClient;
  std::uint64_t lost_tokens = 0;
};

/// One way of sending a session: as it was, or through Headroom.
struct Side {
  money::Usage usage;
  double input_usd = 0;
  double output_usd = 0;
  std::vector<double> usd_per_turn;
  std::vector<Bust> busts;
  std::size_t too_short = 0;  ///< requests that found nothing, as the one before was under the minimum of the cache

  double usd() const { return input_usd + output_usd; }
};

/// The results of one tool, each counted when it is first sent.
struct ToolUse {
  std::size_t results = 0;
  std::uint64_t tokens_before = 0, tokens_after = 0;
};
using ToolUses = std::map<std::string, ToolUse>;
/// Tokens of results that were left as they are, by the reason.
using Untouched = std::map<std::string, std::uint64_t>;

struct SessionResult {
  std::string name, format, model;
  std::size_t turns = 0;
  Side passthrough, headroom;
  ToolUses tools;
  Untouched untouched;
  std::uint64_t unrecorded_tokens = 0;  ///< in front of the first request: tools and system prompt, by the bill
  std::size_t originals = 0;            ///< that would be stored, each once
  std::size_t retrievals = 0;           ///< estimated: a file read again right after a view of it with gaps
  std::size_t failures = 0;             ///< requests that went through untouched because something of ours broke
  FactCount facts;                      ///< that requests ask for; fetching them is part of Headroom's cost
  double retrieval_usd = 0;             ///< of it
  std::uint64_t own_us = 0;             ///< time that Headroom took
  bool times_recorded = false;
  bool marks_assumed = false;        ///< the cache marks are not in the record, and taken to be as agents set them
  bool prices_assumed = false;       ///< see money::Prices::assumed
  bool estimate = false;             ///< the model's tokenizer is not public
  std::optional<double> billed_usd;  ///< what the provider counted in the record, at today's prices
  double billed_simulated_usd = 0;   ///< passthrough, for the requests with such a count
};

/// Sends the session twice to a simulated provider cache: as it is, and through a pipeline of its own whose originals
/// are in memory. The only effect is the result; sessions may be replayed on several threads.
SessionResult replay_session(const Session& session, const compress::Registry& registry, const ReplayOptions& options);

/// Sums over sessions.
struct Totals {
  std::size_t sessions = 0, turns = 0;
  Side passthrough, headroom;                                            ///< without turns and busts
  std::map<std::string, std::size_t> passthrough_busts, headroom_busts;  ///< by the name of the cause
  ToolUses tools;
  Untouched untouched;
  std::size_t originals = 0, retrievals = 0, failures = 0;
  FactCount facts;
  double retrieval_usd = 0;
  std::uint64_t own_us = 0, unrecorded_tokens = 0;
  bool marks_assumed = false, prices_assumed = false, estimate = false, times_missing = false;
  std::size_t billed_sessions = 0;
  double billed_usd = 0, billed_simulated_usd = 0;  ///< of the requests whose bill is recorded
};
Totals total_of(const std::vector<SessionResult>& results);

}  // namespace headroom::replay
