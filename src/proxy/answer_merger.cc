#include "proxy/answer_merger.h"

#include <algorithm>

namespace headroom::proxy {

void AnswerMerger::report_usage(std::string_view lines) const {
  while (usage_reader_ != nullptr && !lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    usage_reader_->take_line(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

std::unique_ptr<AnswerMerger> make_answer_merger(wire::Api api, bool events) {
  switch (api) {
    case wire::Api::kAnthropicMessages:
      return make_anthropic_merger(events);
    case wire::Api::kOpenAiChat:
      return make_chat_merger(events);
    case wire::Api::kOpenAiResponses:
      return make_responses_merger(events);
    case wire::Api::kGeminiGenerate:
      return make_gemini_merger(events);
    default:
      return nullptr;
  }
}

}  // namespace headroom::proxy
