#include <algorithm>
#include <array>

#include "context/retrieval_offer.h"
#include "context/turn.h"

// What stands before thinking that is bound to it (context/thinking_binding.h) goes out as it went out when the model
// thought so. Nearly always that is what the conversation has decided. A result of which it has decided nothing may
// have been sent under another name of the conversation (context/sent_index.h): with another model, with other
// settings, or before the client changed something above it. Else it did not pass through here, or went through
// untouched: then it stays as the client sends it. Nothing of this holds where decisions end with the process: one that
// began later could not tell what it has forgotten, and decides as the one before it did.

namespace headroom::context {
namespace {

constexpr std::string_view kBound = "the model's thinking behind it holds only while it stays as it was";

std::shared_ptr<const Decision> as_it_is(const wire::Block& block, std::size_t index, std::size_t tokens) {
  Decision decision;
  decision.report.block = index;
  decision.report.tool_name = block.tool_name;
  decision.report.tokens_before = decision.report.tokens_after = tokens;
  decision.report.reason = kBound;
  return keep(std::move(decision));
}

}  // namespace

/// Whose the conversation is, whichever model answers.
std::string Turn::owner_in_index() const {
  return request_.project.empty() ? request_.owner : request_.owner + '\0' + request_.project;
}

void Turn::load_bound() {
  if (binding_.end == 0 || !shared_.sent.knows_more_than_the_process()) return;
  std::vector<Result*> unknown;
  std::vector<base::Hash128> names;
  const std::string owner = owner_in_index();
  for (Result& result : results_) {
    if (result.block >= binding_.end) break;
    passed_here_ = passed_here_ || result.decided != nullptr;
    if (result.decided != nullptr) continue;
    unknown.push_back(&result);
    names.push_back(SentIndex::name_of_result(conversation_.blocks[result.block], owner).value_or(base::Hash128{}));
  }
  if (unknown.empty()) return;
  const auto places = shared_.sent.find(owner, names);
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    Result& result = *unknown[i];
    if (!places[i]) {
      result.bound = as_it_is(conversation_.blocks[result.block], result.block, result.tokens);
      continue;
    }
    passed_here_ = true;
    auto sent = shared_.placed.find(places[i]->conversation, std::array{places[i]->key}).front();
    // What refers to other results is decided again, from what stands above it now: the same where that is the same.
    if (sent != nullptr && sent->refers_to.empty()) result.bound = std::move(sent);
  }
}

/// Where nothing is thought, nothing will be bound.
void Turn::note_sent(const std::vector<std::size_t>& results) const {
  if (std::ranges::none_of(conversation_.messages, &wire::Message::thinking)) return;
  const std::string owner = owner_in_index();
  for (const std::size_t k : results) {
    const auto name = SentIndex::name_of_result(conversation_.blocks[results_[k].block], owner);
    if (name && results_[k].bound == nullptr) shared_.sent.note(owner, *name, {history_.conversation, seen_.keys[k]});
  }
}

/// A tool that comes later costs all that the model has thought so far; so does one that is not there any more.
bool Turn::thinking_allows_tool() const {
  if (!binding_.any || !shared_.sent.knows_more_than_the_process()) return true;
  if (request_.offer != ToolOffer::kEager || use_.requests > 1) return false;
  if (passed_here_) return true;  // under another name, which had it from its first request on
  const std::string owner = owner_in_index();
  return shared_.sent.find(owner, std::array{SentIndex::name_of_tool(conversation_, owner)}).front().has_value();
}

void Turn::note_tool() const {
  if (request_.counts_only || !binds_thinking(conversation_.model)) return;
  const std::string owner = owner_in_index();
  shared_.sent.note(owner, SentIndex::name_of_tool(conversation_, owner), {history_.conversation, {}});
}

}  // namespace headroom::context
