#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "align/aligner.h"
#include "base/hash.h"
#include "context/turn.h"

// What a request begins with: the system prompt and the tools.

namespace headroom::context {

std::size_t Turn::newest() const {
  for (std::size_t i = conversation_.blocks.size(); i-- > 0;) {
    if (conversation_.blocks[i].role != wire::Role::kSystem) return i;
  }
  return conversation_.blocks.size() - 1;
}

/// The newest block can have a note put behind its text.
bool Turn::can_tell() const {
  if (conversation_.blocks.empty()) return false;
  const wire::Block& last = conversation_.blocks[newest()];
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

/// The list of tools as it stands in the body.
std::string_view Turn::tools_text() const {
  if (conversation_.tools.empty()) return {};
  const std::size_t begin = conversation_.tools.front().element.begin;
  return body_.substr(begin, conversation_.tools.back().element.end - begin);
}

namespace {

/// In the place of a long list of tools, which stays the same from pin to pin and is stored once. (A list begins with
/// '{'.)
std::string tools_name(std::string_view tools) {
  return '#' + base::hex(base::hash_bytes(base::hash128(tools)));
}

}  // namespace

/// Empty: it cannot be kept.
std::string Turn::write_pin(const align::Pin& pin) const {
  static constexpr std::size_t kLongestPin = std::size_t{1} << 20;
  static constexpr std::size_t kShortTools = 512;
  if (pin.tools.size() > kLongestPin) return {};
  align::Pin named = pin;
  if (pin.tools.size() > kShortTools) {
    named.tools = tools_name(pin.tools);
    const store::DecisionRow row{named.tools, pin.tools};
    const auto kept = shared_.decision_store->put(base::hash_bytes(history_.conversation), std::span(&row, 1));
    if (!kept) return {};
  }
  std::string text = named.to_text();
  return text.size() <= kLongestPin ? text : std::string();
}

std::optional<align::Pin> Turn::read_pin(std::string_view text) const {
  auto pin = align::Pin::from_text(text);
  if (!pin) return std::nullopt;
  const std::string_view now = tools_text();
  if (!pin->tools.starts_with('#')) return *std::move(pin);
  if (pin->tools == tools_name(now)) {
    pin->tools = now;
    return *std::move(pin);
  }
  const std::vector<std::string> places = {pin->tools};
  auto found = shared_.decision_store->find(base::hash_bytes(history_.conversation), places);
  if (!found || found->front().empty()) return std::nullopt;
  pin->tools = std::move(found->front());
  return *std::move(pin);
}

/// The same messages came again and again, with other instructions each time: to note yet another would only make each
/// request dearer than the one before it.
bool Turn::changes_too_often() const {
  static constexpr std::ptrdiff_t kMostPins = 64;
  const std::size_t last = newest();  // those of other branches count as behind it
  return std::ranges::count_if(revisions_, [last](const Revision& revision) {
           return revision.at >= last && !revision.pin.empty();
         }) >= kMostPins;
}

void Turn::align_prefix() {
  std::optional<align::Pin> pin;
  if (!last_pin_.empty()) pin = read_pin(last_pin_);
  const bool kept = pin.has_value() && last_pin_holds_;
  if (pin && !kept) forget_told(*pin);
  if (!pin) {
    if (const auto first = shared_.pins.find(history_.conversation)) pin = *first;
  }
  align::Alignment alignment = align::align(conversation_, body_, pin ? &*pin : nullptr, skeletons_);
  if (!pin && request_.counts_only) return;  // the first request is sent as it came
  if (!pin) {
    // Another process had the first request; what both go on with is what this one sends.
    if (use_.requests > 1) pending_.pin = write_pin(alignment.pin);
    shared_.pins.put(history_.conversation, std::move(alignment.pin));
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
  pending_.pin = request_.counts_only ? alignment.pin.to_text() : write_pin(alignment.pin);
}

}  // namespace headroom::context
