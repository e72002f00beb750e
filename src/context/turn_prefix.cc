#include <algorithm>
#include <utility>

#include "align/aligner.h"
#include "context/turn.h"

// What a request begins with: the system prompt and the tools.

namespace headroom::context {

/// The newest block can have a note put behind its text.
bool Turn::can_tell() const {
  if (conversation_.blocks.empty()) return false;
  const wire::Block& last = conversation_.blocks.back();
  return last.exact && (last.kind == wire::BlockKind::kToolResult ||
                        (last.kind == wire::BlockKind::kText && last.role == wire::Role::kUser));
}

/// The pin is of another branch of the conversation: what was told there need not stand here.
void Turn::forget_told(align::Pin& pin) const {
  const bool told = std::ranges::any_of(revisions_, [](const Revision& revision) { return !revision.tell.empty(); });
  // What an earlier note here says may be out of date: then all is told anew.
  const auto forget = [&](align::PinnedValue& value) { value.told = told ? std::string("\n?") : value.pinned; };
  for (align::PinnedBlock& block : pin.blocks) std::ranges::for_each(block.values, forget);
  std::ranges::for_each(pin.tool_values, forget);
}

/// The newest note, when the window takes away the message that it stands in.
std::string Turn::tell_that_leaves() {
  if (pending_.removed.empty() || !can_tell()) return {};
  for (auto revision = revisions_.rbegin(); revision != revisions_.rend(); ++revision) {
    if (revision->tell.empty()) continue;
    const bool leaves = std::ranges::any_of(pending_.removed, [&](const auto& span) {
      return span.first <= revision->at && revision->at < span.second && !removed(revision->at);
    });
    if (leaves) pending_.tell_ids = revision->tell_ids;
    return leaves ? revision->tell : std::string();
  }
  return {};
}

/// The edits, and what they are for; numbered by the requests of the conversation.
void Turn::take_alignment(align::Alignment& alignment) {
  edits_ = std::move(alignment.edits);
  out_.drifts = std::move(alignment.drifts);
  for (align::Drift& drift : out_.drifts) drift.turn = static_cast<std::uint32_t>(use_.requests);
}

void Turn::send_prefix_as_it_came() {
  edits_.clear();
  for (align::Drift& drift : out_.drifts) drift.action = align::Action::kAccepted;
}

/// The same messages came again and again, with other instructions each time: to note yet another would only make each
/// request dearer than the one before it.
bool Turn::changes_too_often() const {
  static constexpr std::ptrdiff_t kMostPins = 64;
  const std::size_t last = conversation_.blocks.size() - 1;  // those of other branches count as behind it
  return std::ranges::count_if(revisions_, [last](const Revision& revision) {
           return revision.at >= last && !revision.pin.empty();
         }) >= kMostPins;
}

void Turn::align_prefix() {
  static constexpr std::size_t kLongestPin = std::size_t{1} << 20;
  std::optional<align::Pin> pin;
  if (!last_pin_.empty()) {
    if (auto known = align::Pin::from_text(last_pin_)) pin = *std::move(known);
  }
  const bool kept = pin.has_value() && last_pin_holds_;
  if (pin && !kept) forget_told(*pin);
  if (!pin) {
    if (const auto first = shared_.pins.find(history_.conversation)) pin = *first;
  }
  align::Alignment alignment = align::align(conversation_, body_, pin ? &*pin : nullptr);
  if (!pin && request_.counts_only) return;  // the first request is sent as it came
  if (!pin) {
    std::string text = use_.requests > 1 ? alignment.pin.to_text() : std::string();
    shared_.pins.put(history_.conversation, std::move(alignment.pin));
    // Another process had the first request; what both go on with is what this one sends.
    if (!text.empty() && text.size() <= kLongestPin) pending_.pin = std::move(text);
    return;
  }
  align::Pin now = alignment.pin;
  now.turn = pin->turn;
  const bool as_before = kept && now == *pin;
  // What cannot be told, or is not noted, must not be held back either.
  const bool held_back = (!alignment.tell.empty() && !can_tell()) || (!as_before && changes_too_often());
  take_alignment(alignment);
  if (held_back) return send_prefix_as_it_came();
  pending_.tell = std::move(alignment.tell);
  if (pending_.tell.empty()) pending_.tell = tell_that_leaves();
  if (as_before) return;
  std::string text = alignment.pin.to_text();
  if (text.size() <= kLongestPin) pending_.pin = std::move(text);
}

}  // namespace headroom::context
