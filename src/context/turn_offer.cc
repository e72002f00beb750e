#include <algorithm>
#include <array>

#include "context/retrieval_offer.h"
#include "context/turn.h"

// The retrieve tool: whether the conversation has it, and where it stands.

namespace headroom::context {

/// Once a conversation has the tool it keeps it, so that what its requests begin with stays the same, also after a
/// restart and whatever else is sent.
bool Turn::has_retrieve_tool() const {
  if (request_.offer == ToolOffer::kNever || shared_.store == nullptr || conversation_.tools.empty()) return false;
  if (retrieve_tool_definition(conversation_.api).empty() || has_own_retrieve_tool(conversation_, body_)) return false;
  if (!answer_can_be_continued(conversation_)) return false;
  const std::string conversation = base::hash_bytes(history_.conversation);
  const std::string place = base::hash_bytes(base::hash128(history_.conversation, kRetrieveTool));
  const auto known = shared_.decision_store->find(conversation, std::array{place});
  if (!known) return false;
  if (!known->empty() && !known->front().empty()) return true;
  if (!thinking_allows_tool()) return false;
  const bool begins = request_.offer == ToolOffer::kEager && use_.requests <= 1 && !shared_.options.lossless;
  if ((!begins && out_.ids.empty()) || !may_call_any_tool(conversation_)) return false;
  if (request_.counts_only) return true;
  // What could not be kept would be forgotten by a restart. A conversation that begins can be told by its use, which is
  // noted late, too; where there are markers already, they rely on the tool.
  const store::DecisionRow row{place, "1"};
  note_tool();
  if (out_.ids.empty()) return shared_.decision_store->put_late(conversation, row).has_value();
  return shared_.decision_store->put(conversation, std::array{row}).has_value();
}

/// Puts the tool behind the client's last one.
void Turn::offer_retrieval(std::vector<base::Edit>& edits) {
  out_.offers_retrieval = has_retrieve_tool();
  if (!out_.offers_retrieval) return;
  const std::string element = "," + retrieve_tool_definition(conversation_.api, conversation_.namespaced);
  const std::size_t end = conversation_.tools.back().element.end;
  const auto over = std::ranges::find_if(
      edits, [&](const base::Edit& edit) { return edit.span.begin < end && end <= edit.span.end; });
  if (over == edits.end()) {
    edits.push_back({{end, end}, element});
  } else if (over->span.end == end) {
    over->replacement += element;  // the whole list, as it was sent first
  } else {
    out_.offers_retrieval = false;
  }
}

}  // namespace headroom::context
