#include "replay/rereads.h"

#include <algorithm>
#include <vector>

#include "detect/tool_call.h"

namespace headroom::replay {
namespace {

/// So many results later it is still "right after": calls come in batches.
constexpr std::size_t kRightAfter = 3;

}  // namespace

void Rereads::take(wire::Api api, std::string_view body, const context::Outcome& outcome) {
  const auto conversation = wire::read_conversation(api, body);
  if (!conversation) return;
  std::unordered_map<std::size_t, bool> gaps;
  for (const context::BlockReport& report : outcome.blocks) gaps[report.block] = !report.ids.empty();
  std::size_t seen = 0;
  for (std::size_t i = 0; i < conversation->blocks.size(); ++i) {
    const wire::Block& block = conversation->blocks[i];
    if (block.kind != wire::BlockKind::kToolResult || ++seen <= results_) continue;
    const detect::ToolCall call = detect::read_tool_call(block.tool_name, block.tool_arguments);
    const std::string file = detect::shown_file(block.tool_name, call);
    if (file.empty()) {
      gapped_.erase(call.path);  // it may have been edited
      continue;
    }
    if (const auto before = gapped_.find(file); before != gapped_.end()) {
      if (seen - before->second <= kRightAfter) ++count_;
      gapped_.erase(before);
    }
    if (gaps[i]) gapped_[file] = seen;
  }
  results_ = seen;
}

}  // namespace headroom::replay
