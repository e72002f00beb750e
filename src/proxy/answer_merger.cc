#include "proxy/answer_merger.h"

namespace headroom::proxy {

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
