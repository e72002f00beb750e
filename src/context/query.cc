#include "context/query.h"

#include "base/text.h"

namespace headroom::context {

using wire::Block;
using wire::BlockKind;
using wire::Role;

std::string without_reminders(std::string_view text) {
  static constexpr std::string_view kOpen = "<system-reminder>";
  static constexpr std::string_view kClose = "</system-reminder>";
  std::string out;
  while (true) {
    const std::size_t open = text.find(kOpen);
    out += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find(kClose, open);
    if (close == std::string_view::npos) break;
    text.remove_prefix(close + kClose.size());
  }
  return std::string(base::trim(out));
}

void QueryTracker::take_message(std::size_t index) {
  const Block& first = conversation_.blocks[index];
  std::string said;
  std::size_t at = index;
  for (; at < conversation_.blocks.size(); ++at) {
    const Block& block = conversation_.blocks[at];
    if (block.message != first.message || (block.role == Role::kSystem) != (first.role == Role::kSystem)) break;
    if (block.kind != BlockKind::kText) continue;
    if (block.role == Role::kUser || block.role == Role::kAssistant) {
      if (!said.empty()) said += '\n';
      said += block.role == Role::kUser ? without_reminders(block.text) : block.text;
    }
  }
  taken_ = at;
  if (first.role == Role::kSystem) return;
  if (first.role == Role::kAssistant) {
    intent_ = said;
  } else if (!said.empty()) {
    user_ = said;
  }
}

compress::Query QueryTracker::query_for(std::size_t index) {
  while (taken_ <= index) take_message(taken_);
  const Block& block = conversation_.blocks[index];
  return {user_, intent_, block.tool_name, block.tool_arguments};
}

}  // namespace headroom::context
