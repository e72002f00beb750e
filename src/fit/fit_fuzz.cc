#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "base/json_document.h"
#include "fit/intelligent_context.h"
#include "fit/removal_edits.h"
#include "fit/rolling_window.h"
#include "fit/tool_schema.h"

namespace {

using namespace headroom;

void must(bool holds) {
  if (!holds) std::abort();
}

/// The edits give a body that is read again and has so many messages and as many tools.
wire::Conversation check(std::string_view body, const wire::Conversation& before, const std::vector<base::Edit>& edits,
                         std::size_t messages) {
  const auto edited = base::splice(body, edits);
  must(edited.has_value());
  auto after = wire::read_conversation(before.api, *edited);
  must(after.has_value());
  must(after->messages.size() == messages);
  must(after->tools.size() == before.tools.size());
  for (std::size_t t = 0; t < before.tools.size(); ++t) {
    must(after->tools[t].name == before.tools[t].name);
    must(after->tools[t].marked == before.tools[t].marked);
  }
  return std::move(*after);
}

}  // namespace

/// Any body: plans and edits leave a body that reads, and a plan says the truth about its removals.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (wire::Api api : {wire::Api::kAnthropicMessages, wire::Api::kOpenAiChat, wire::Api::kOpenAiResponses,
                        wire::Api::kGeminiGenerate, wire::Api::kBedrockConverse}) {
    const auto conversation = wire::read_conversation(api, body);
    if (!conversation) continue;
    const std::size_t count = conversation->messages.size();
    for (fit::SchemaLevel level : {fit::SchemaLevel::kAnnotations, fit::SchemaLevel::kDescriptions}) {
      check(body, *conversation, fit::tool_schema_edits(body, *conversation, level), count);
    }
    for (std::uint32_t first = 0; first < count && first < 4; ++first) {
      for (std::uint32_t end = first + 1; end <= count && end < first + 4; ++end) {
        const std::vector<fit::Removal> removals = {{first, end, 0, {}}};
        const auto edits = fit::removal_edits(body, *conversation, removals);
        if (!edits && count == 1 && body[conversation->messages[0].element.begin] == '"') continue;  // no list
        must(edits.has_value());
        check(body, *conversation, *edits, count - (end - first));
      }
    }
    std::vector<fit::SentBlock> sent;
    for (const wire::Block& block : conversation->blocks) sent.push_back({block.text, block.text.size()});
    const fit::Window window{*conversation, sent, tokens::o200k_base(), 1 + size / 3, 0, 0.8, 1, 1};
    for (const fit::Plan& plan : {fit::rolling_window(window), fit::intelligent_context(window)}) {
      std::size_t gone = 0;
      for (const fit::Removal& removal : plan.removals) gone += removal.end_message - removal.first_message;
      const auto edits = fit::removal_edits(body, *conversation, plan.removals);
      must(edits.has_value());
      check(body, *conversation, *edits, count - gone);
    }
  }
  return 0;
}
