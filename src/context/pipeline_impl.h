#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "context/beginning.h"
#include "context/decision_cache.h"
#include "context/pin_cache.h"
#include "context/pipeline.h"
#include "context/placed_decisions.h"
#include "context/revision.h"
#include "context/router.h"
#include "context/seen_cache.h"
#include "context/sent_index.h"
#include "context/shown_cache.h"
#include "tokens/count_cache.h"
#include "tokens/tokenizer.h"

namespace headroom::context {

/// What all requests share. Thread-safe: the settings do not change, and each cache has its own lock.
struct Pipeline::Impl {
  Impl(const compress::Registry& registry_in, store::OriginalStore* store_in, const base::Clock& clock_in,
       PipelineOptions options_in)
      : registry(registry_in),
        store(store_in),
        clock(clock_in),
        options(std::move(options_in)),
        own_decisions(options.decisions == nullptr ? store::make_memory_decisions({}, clock) : nullptr),
        decision_store(options.decisions == nullptr ? own_decisions.get() : options.decisions),
        placed(options.decisions, kPlacedBytes),
        sent(options.decisions, clock) {}

  /// Why a block is left alone before anything is looked at; empty when it may be compressed.
  std::string untouchable(const wire::Block& block, std::size_t tokens) const;
  /// What to do with one text, looked at by itself; remembered by all that it depends on.
  std::shared_ptr<const Decision> decide(std::string_view text, const compress::Query& query,
                                         const tokens::Tokenizer& tokenizer, detect::ContentType forced,
                                         std::size_t tokens_before, const Effort& effort,
                                         base::Deadline deadline) const;
  /// The settings for a result of the tool: the request's, or those that the tool has of its own.
  Effort effort_for(std::string_view tool, const RequestOptions& request, const compress::SentenceJudge* judge) const;
  /// When the time budget of a request is spent that is begun now.
  base::Deadline deadline_of(const RequestOptions& request) const;
  /// Makes originals durable: marks those that are stored as used, stores the others.
  base::Result<void> keep_originals(std::span<const store::Original> originals, std::string_view project) const;

  // Together what a proxy that runs for long holds on to. What has gone is read from the store, or made again.
  static constexpr std::size_t kDecisionBytes = std::size_t{2} << 20;
  static constexpr std::size_t kPlacedBytes = std::size_t{2} << 20;
  static constexpr std::size_t kShownBytes = std::size_t{2} << 20;
  static constexpr std::size_t kSeenBytes = std::size_t{2} << 20;
  static constexpr std::size_t kPinBytes = std::size_t{1} << 20;
  static constexpr std::size_t kRevisionBytes = std::size_t{1} << 19;
  static constexpr std::size_t kBeginningBytes = std::size_t{1} << 19;

  const compress::Registry& registry;
  store::OriginalStore* store;
  const base::Clock& clock;
  const PipelineOptions options;
  const std::unique_ptr<store::DecisionStore> own_decisions;  ///< for the life of the process, where none is given
  store::DecisionStore* const decision_store;
  mutable tokens::CountCache counts;
  mutable DecisionCache decisions{kDecisionBytes};
  mutable PlacedDecisions placed;
  mutable SentIndex sent;
  mutable ShownCache shown{kShownBytes};
  mutable SeenCache seen{kSeenBytes};
  mutable PinCache pins{kPinBytes};
  mutable RevisionReader revisions{kRevisionBytes};
  mutable Beginnings beginnings{kBeginningBytes};
  /// Keys of the decision cache cannot be guessed from outside, so no text can be made to collide with another.
  const std::uint64_t seed = std::random_device{}() | static_cast<std::uint64_t>(std::random_device{}()) << 32;
};

/// What a marker names, cut from the text that it was part of.
store::Original original_of(const KeptOriginal& kept, std::string_view text, std::string_view tool,
                            std::string_view project);

/// Carries over what a block's report says about the whole. `ids`: those that `out` has, views of reports.
void tell(const BlockReport& report, Outcome& out, std::unordered_set<std::string_view>& ids);

}  // namespace headroom::context
