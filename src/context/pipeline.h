#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "align/aligner.h"
#include "base/clock.h"
#include "base/result.h"
#include "compress/compressor.h"
#include "compress/registry/registry.h"
#include "context/events.h"
#include "context/gentleness.h"
#include "context/level.h"
#include "context/retrieval_offer.h"
#include "detect/classifier.h"
#include "detect/content_type.h"
#include "fit/tool_schema.h"
#include "money/rewrite.h"
#include "store/decision_store.h"
#include "store/offer_record.h"
#include "store/original_store.h"
#include "wire/conversation.h"

namespace headroom::context {

struct PipelineOptions {
  bool lossless = false;          ///< drop nothing, write no markers
  std::size_t min_tokens = 200;   ///< smaller blocks are left as they are
  std::size_t target_tokens = 0;  ///< per block; 0: adaptive
  compress::Profile profile = compress::Profile::kBalanced;
  std::int64_t time_budget_ms = 2000;              ///< per request; what is not done by then is passed through
  const detect::Classifier* classifier = nullptr;  ///< a second opinion on what a text is; must outlive the pipeline
  const compress::SentenceJudge* judge = nullptr;  ///< which sentences tell most; must outlive the pipeline
  std::vector<wire::Api> unjudged;                 ///< requests of these formats are compressed without it
  store::DecisionStore* decisions = nullptr;       ///< where decisions outlive the process; must outlive the pipeline
  bool align = true;                               ///< keep what a session's requests begin with as it was sent first
  bool put_back = true;                            ///< what a question names and was left out stands behind it
  std::optional<fit::SchemaLevel> tool_schemas;    ///< what leaves the definitions of tools; none: they stay
  bool place_marks = false;                        ///< ask the provider to cache where the client does not
  std::vector<std::string> protected_tools;  ///< globs, case-insensitive: results of these tools are never touched
  std::vector<ToolLevel> tool_levels;        ///< the first whose glob fits a result's tool counts instead of the above
  /// Where it is noted which originals models can ask for; what they often did ask for is left out less in
  /// conversations that begin later. nullptr: nothing is learned. Must outlive the pipeline.
  store::OfferRecord* offers = nullptr;
  EventSink* events = nullptr;  ///< is told each step of each request; must outlive the pipeline
};

/// What one request may say for itself.
struct RequestOptions {
  std::optional<Level> level;    ///< instead of the pipeline's; tool_levels still hold
  std::size_t token_budget = 0;  ///< for all that the model reads; 0: none
  std::string owner;             ///< whose it is: nothing decided for one owner is found by another
  std::string project;           ///< as owner: nothing of one project is found by another
  std::string session;           ///< what the client calls the conversation; empty: told apart by what was said
  std::string model;             ///< that answers, where the body does not say it
  bool details = true;           ///< of blocks: notes, what was removed, parts; else they stay empty
  std::uint64_t number = 0;      ///< what events call the request, from EventSink::next_request(); 0: it gets one
  bool padded = false;           ///< base::kJsonPadding bytes behind the body may be read, which spares a copy of it
  bool counts_only = false;      ///< it only asks for its tokens: the same body as else, but nothing is kept or noted
  bool only_new_goes = false;    ///< what earlier requests sent does not go out again, so nothing of it can change
  std::int64_t arrived_ns = 0;   ///< from when on the time budget counts, by the clock's monotonic_ns(); 0: from now on
  ToolOffer offer = ToolOffer::kNever;  ///< the caller answers the model's calls of the retrieve tool
};

/// What happened to one part of a block that holds several things.
struct PartReport {
  std::size_t first_line = 0, last_line = 0;  ///< of the block, from 1, both included
  detect::Detection detection;
  std::string path;      ///< of the file that the part shows
  std::string strategy;  ///< as in BlockReport
  std::string reason;
  std::size_t tokens_before = 0, tokens_after = 0;
  std::size_t records_before = 0, records_kept = 0;
  std::string id;
  Gentleness gentleness = Gentleness::kUsual;  ///< notes say why
  std::vector<std::string> notes;
  std::vector<std::string> removed;  ///< as in BlockReport
};

/// What happened to one block, for --explain.
struct BlockReport {
  std::size_t block = 0;  ///< index in Conversation::blocks
  std::string tool_name;
  detect::Detection detection;
  std::string strategy;  ///< of the compressor; empty when untouched
  std::string reason;    ///< why untouched, when untouched: "under 200 tokens", "not smaller", ...
  std::size_t tokens_before = 0, tokens_after = 0;
  std::size_t records_before = 0, records_kept = 0;
  std::vector<std::string> ids;  ///< of the stored originals that markers name; several when the block has parts
  Gentleness gentleness = Gentleness::kUsual;  ///< of the compressor that was asked; of several, the gentlest
  std::vector<std::string> notes;
  std::vector<std::string> removed;  ///< "120-480: what stood there", for each gap, in the compressor's units
  std::vector<PartReport> parts;     ///< of a block that holds several things; else empty
};

/// Old results that later ones of the same call have overtaken: what it costs and saves to put markers in their place,
/// and whether that was done. Asked of every request in which there are such results.
struct RewriteReport {
  bool done = false;
  std::size_t results = 0;        ///< that were overtaken; of them, those that became markers, when it was done
  std::size_t first_message = 0;  ///< what is sent is other from here on, when it is done
  std::int64_t idle_s = 0;        ///< since the conversation's last request
  std::uint64_t broken_tokens = 0, saved_tokens = 0;  ///< as in money::RewriteQuestion
  money::RewriteChoice choice;

  /// Why nothing was rewritten; empty when it was.
  std::string why_not() const;
  /// All of it in one line.
  std::string line() const;
};

/// Tokens of a request's input that an answer bills; -1: it does not say.
struct Billed {
  std::int64_t input = -1;    ///< all of them
  std::int64_t cached = -1;   ///< read from the provider's cache
  std::int64_t written = -1;  ///< written to it
};

/// What of a request a provider may have in its cache, for Pipeline::note_answer().
struct Cacheable {
  std::string conversation;
  std::string model;
  std::uint64_t repeated_tokens = 0;  ///< as in money::CacheAnswer
  std::int64_t idle_ms = -1;
};

struct Outcome {
  bool changed = false;
  bool failed = false;  ///< something of ours broke, and bytes went through untouched for it; skip_reason says what
  std::string body;     ///< the new body (or text); empty when not changed: use the caller's own bytes
  std::size_t tokens_before = 0, tokens_after = 0;  ///< of all text the model reads, same tokenizer
  bool estimate = false;                            ///< the tokenizer is an estimate
  std::string model;
  std::string conversation;  ///< a name for it, the same in all its requests; 32 hex digits
  bool stream = false;
  std::vector<std::string> transforms;  ///< strategies used, each once, in order of first use
  std::vector<std::string> ids;         ///< originals that markers in the body name
  std::vector<BlockReport> blocks;
  std::string skip_reason;            ///< why nothing was saved, when nothing was
  std::vector<align::Drift> drifts;   ///< what of system prompt and tools was not as before, and what was done
  std::vector<std::string> put_back;  ///< what was left out before and stands behind the question: "lines 4-9 of ..."
  std::optional<RewriteReport> rewrite;  ///< when there was something old to rewrite
  std::string revision_note;  ///< why this request changed what earlier ones had sent, when it did; holds from then on
  Cacheable cacheable;        ///< `idle_ms` is -1 where nothing was noted of the conversation
  bool offers_retrieval = false;  ///< the body's list of tools has the retrieve tool at its end
  std::string budget_note;        ///< why the request's token budget is not met, when it is not
};

/// Request in, smaller request out. Thread-safe; one per process. A block is decided once: decisions are functions of
/// the conversation up to the block, are remembered by its place there (History), and are replayed from then on, so a
/// grown conversation keeps its prefix byte for byte and only new bytes cost time. What is decided about old blocks
/// later (a token budget, a cache that went cold) is remembered as a Revision and replayed in the same way.
class Pipeline {
 public:
  /// `store` may be nullptr: then nothing may be dropped. All must outlive the pipeline.
  Pipeline(const compress::Registry& registry, store::OriginalStore* store, const base::Clock& clock,
           PipelineOptions options);
  ~Pipeline();

  /// Never fails: whatever goes wrong, the outcome is "not changed" with a reason. Originals are durable when it
  /// returns.
  Outcome compress_request(wire::Api api, std::string_view body, const RequestOptions& request = {}) const;

  /// One text on its own (`headroom compress FILE`). `type` kOther: detect.
  Outcome compress_text(std::string_view text, const compress::Query& query, std::string_view model,
                        detect::ContentType type = detect::ContentType::kOther,
                        const RequestOptions& request = {}) const;

  /// The provider's answer says what it bills for the request. A conversation of which nothing is ever cached may be
  /// rewritten whenever that saves tokens.
  void note_answer(const Cacheable& request, const Billed& billed) const;

  const PipelineOptions& options() const;

 private:
  friend class Turn;  // one request's work; internal
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace headroom::context
