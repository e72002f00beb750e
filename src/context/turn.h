#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "context/asked_again.h"
#include "context/budget.h"
#include "context/history.h"
#include "context/pipeline_impl.h"
#include "context/query.h"
#include "context/request_events.h"
#include "context/revision.h"
#include "context/thinking_binding.h"
#include "fit/plan.h"
#include "wire/conversation.h"

namespace headroom::context {

/// The work on one request. Lives on one thread.
class Turn {
 public:
  Turn(const Pipeline::Impl& shared, const wire::Conversation& conversation, std::string_view body,
       const RequestOptions& request, const RequestEvents& events, Outcome& out);

  /// Fills the outcome. Throws what its caller takes for "pass it through".
  void run();
  /// Something that was decided before, or the request as a whole, was decided anew, and that is kept.
  bool revised() const { return revised_; }

 private:
  static constexpr std::uint32_t kNoResult = UINT32_MAX;
  /// A result that a decision is made for.
  struct Result {
    std::size_t block = 0;   ///< in Conversation::blocks
    std::size_t report = 0;  ///< in Outcome::blocks
    Effort effort;
    std::size_t tokens = 0;                   ///< of its text
    std::shared_ptr<const Decision> placed;   ///< what its place says
    std::shared_ptr<const Decision> decided;  ///< what holds now
    std::shared_ptr<const Decision> bound;    ///< what must hold where nothing was decided: see load_bound()
  };

  void list_results();
  void note_use();
  void load_revisions_of_history();
  void load_known();
  /// Of results that stand before bound thinking, and of which nothing is known here, what they were sent as.
  void load_bound();
  void note_sent(const std::vector<std::size_t>& results) const;
  std::string owner_in_index() const;
  bool thinking_allows_tool() const;
  void note_tool() const;
  void load_gentle();
  std::shared_ptr<const GentleTools> gentle_tools() const;
  void note_offers() const;
  void decide_new();
  bool decide_missing();
  void announce_originals(std::span<const std::size_t> results) const;
  bool tell_routed(std::span<const std::size_t> results) const;  ///< true
  std::shared_ptr<const Decision> decide(const Result& result);
  std::vector<std::size_t> alike_results(const Result& result) const;
  bool wants_what_was_left_out(const Result& result) const;
  /// The result with references to what the conversation shows already; null when that is not better than `routed`.
  std::shared_ptr<const Decision> refer(const Result& result, const Decision& routed);
  /// The result as a note that an earlier one is the very same text; null when none is.
  std::shared_ptr<const Decision> refer_whole(const Result& result, const Decision& routed) const;
  /// The result with references to earlier results of the same call, `blocks`; null when that is not better than
  /// `routed`.
  std::shared_ptr<const Decision> refer_same_call(const Result& result, const Decision& routed,
                                                  std::span<const std::size_t> blocks,
                                                  const compress::Query& query) const;
  /// The same of JSON: what it says otherwise than the earlier result. `intent`: what the assistant looks for.
  std::shared_ptr<const Decision> refer_json(const Result& result, const Decision& routed,
                                             std::span<const std::size_t> blocks, std::string_view intent) const;
  std::vector<std::size_t> earlier_of_call(std::size_t block) const;
  std::size_t reference_depth(std::size_t block) const;
  /// The user has said something between the two blocks.
  bool asked_between(std::size_t earlier, std::size_t later) const;
  /// A decision for the result that keeps `kept_lines` of it and has one handle for all of it.
  Decision referring_decision(const Result& result, const Decision& routed, std::string text, std::string_view strategy,
                              std::size_t kept_lines) const;
  void show_blocks_before(std::size_t block);
  const Decision* replacement(std::size_t block) const;
  std::string_view sent_text(std::size_t block) const;
  std::size_t sent_tokens(std::size_t block) const;
  void remember_seen();
  std::string policy_of(const Effort& effort) const;

  /// Old results that a later one has overtaken become markers, where the provider's cache is cold.
  void rewrite_old();
  void fit_token_budget();
  /// Takes out of the conversation what the model's window, or the budget, has no room for (docs/WINDOW.md).
  void fit_window();
  void gather_window();
  std::optional<std::pair<std::uint32_t, std::uint32_t>> messages_of(std::uint32_t first, std::uint32_t end) const;
  bool removed(std::size_t block) const;
  /// Puts what the requests of a session begin with back to what was sent first (docs/CACHE.md).
  void align_prefix();
  std::string_view tools_text() const;
  std::string write_pin(const align::Pin& pin) const;
  std::optional<align::Pin> read_pin(std::string_view text) const;
  bool changes_too_often() const;
  /// What a new question names and was left out of earlier results is put behind it.
  void put_back_asked();
  std::vector<AskedRecords> find_left_out(std::string_view question, std::span<const Shortened> results);
  std::string new_question() const;
  std::vector<std::string_view> told_before() const;
  bool is_told(const AskedRecords& records, std::span<const std::string_view> told) const;
  void take_alignment(align::Alignment& alignment);
  /// What cannot be told, or be kept, must not be held back.
  void send_prefix_as_it_came();
  void forget_told(align::Pin& pin) const;
  std::string tell_that_leaves();
  /// The newest block that is no instruction; there is one block at least.
  std::size_t newest() const;
  bool can_tell() const;
  /// Remembers what was decided anew; when that cannot be kept, what was known before holds.
  void keep_pending();
  void revise(Revision revision);
  std::vector<base::Edit> block_edits();
  base::Result<void> keep_named_originals();
  void write_body();
  bool has_retrieve_tool() const;
  void offer_retrieval(std::vector<base::Edit>& edits);
  void replace(Result& result, std::shared_ptr<const Decision> decision);
  bool prefix_is_new() const;
  std::uint64_t repeated_tokens() const;
  /// One more reason for what `pending_` changes.
  void because(std::string why);
  /// What became of the rewriting that rewrite_old() wanted.
  void settle_rewrite();

  const Pipeline::Impl& shared_;
  const wire::Conversation& conversation_;
  const std::string_view body_;
  const RequestOptions& request_;
  const RequestEvents& events_;
  Outcome& out_;
  const tokens::Tokenizer& tokenizer_;
  const base::Deadline deadline_;
  align::Skeletons skeletons_;
  const History history_;
  const ThinkingBinding binding_;
  std::optional<QueryTracker> queries_;
  SeenCache::Entry seen_;              ///< by an earlier request of the conversation; then what the next one will take
  std::vector<std::uint32_t> tokens_;  ///< of each block's text
  std::vector<Result> results_;
  std::vector<std::uint32_t> result_of_block_;  ///< index in results_, or kNoResult
  std::vector<std::size_t> overtaken_;          ///< in results_: those that rewrite_old() asked about
  std::optional<ShownCache::Entry> shown_;
  std::vector<Revision> revisions_;
  std::string last_pin_;                      ///< the newest that any revision of the conversation holds
  bool last_pin_holds_ = false;               ///< its revision is one of revisions_
  std::vector<store::Original> transcripts_;  ///< originals of the window's markers that are new
  std::unordered_map<std::size_t, const Revision::Text*> window_texts_;  ///< by block, over all revisions
  std::vector<fit::Removal> removals_;                                   ///< over all revisions, in order
  Revision pending_;               ///< what this request decides about more than its new blocks
  std::vector<base::Edit> edits_;  ///< before the messages
  store::ConversationUse use_;
  bool first_ = false;        ///< nobody has sent the conversation before
  bool passed_here_ = false;  ///< some of what bound thinking stands behind was sent from here
  bool revised_ = false;
};

}  // namespace headroom::context
