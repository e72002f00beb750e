#include "fit/removal_edits.h"

#include <algorithm>

namespace headroom::fit {
namespace {

/// OpenAI's Responses take one text in the place of the list: without it the body would be no JSON.
bool stands_in_list(std::string_view body, std::size_t at) {
  const std::size_t before = body.find_last_not_of(" \t\r\n", at - 1);
  return body[before] == '[' || body[before] == ',';
}

}  // namespace

base::Result<std::vector<base::Edit>> removal_edits(std::string_view body, const wire::Conversation& conversation,
                                                    std::span<const Removal> removals) {
  const std::vector<wire::Message>& messages = conversation.messages;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
  for (const Removal& removal : removals) {
    if (removal.first_message >= removal.end_message || removal.end_message > messages.size() ||
        messages[removal.end_message - 1].element.end > body.size()) {
      return base::fail(base::ErrorCode::kInvalidArgument, "a removal is not in the conversation");
    }
    if (!stands_in_list(body, messages[removal.first_message].element.begin)) {
      return base::fail(base::ErrorCode::kInvalidArgument, "what is said is one text and no list of messages");
    }
    ranges.emplace_back(removal.first_message, removal.end_message);
  }
  std::ranges::sort(ranges);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> merged;
  for (const auto& range : ranges) {
    if (!merged.empty() && range.first < merged.back().second) {
      return base::fail(base::ErrorCode::kInvalidArgument, "removals overlap");
    }
    if (!merged.empty() && range.first == merged.back().second) {
      merged.back().second = range.second;
    } else {
      merged.push_back(range);
    }
  }
  std::vector<base::Edit> edits;
  edits.reserve(merged.size());
  for (const auto& [first, end] : merged) {
    base::Span span{messages[first].element.begin, messages[end - 1].element.end};
    if (end < messages.size()) {
      span.end = messages[end].element.begin;  // with the comma after it
    } else if (first > 0) {
      span.begin = messages[first - 1].element.end;  // with the comma before it
    }
    edits.push_back({span, {}});
  }
  return edits;
}

}  // namespace headroom::fit
