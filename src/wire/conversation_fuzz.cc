#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/json_string.h"
#include "wire/conversation.h"

using headroom::wire::Api;

namespace {

/// The string is the block's text, with what stands around it there. In JSON in a string the text is written with other
/// escapes than the reader's, so there only what stands around it is looked at.
bool says(std::string_view string, const headroom::wire::Block& block) {
  if (block.strings > 1) return true;
  if (!string.starts_with(block.before)) return false;
  string.remove_prefix(block.before.size());
  if (!string.ends_with(block.after)) return false;
  string.remove_suffix(block.after.size());
  return (!block.spoken && !block.before.empty()) || string == block.text;
}

}  // namespace

/// Any bytes: no crash, and every editable block's span is a string literal of its text, or a JSON value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (Api api : {Api::kAnthropicMessages, Api::kOpenAiChat, Api::kOpenAiResponses, Api::kGeminiGenerate,
                  Api::kBedrockConverse, Api::kVercelMessages}) {
    const auto conversation = headroom::wire::read_conversation(api, body);
    if (!conversation) continue;
    for (const auto& block : conversation->blocks) {
      if (block.literal.begin > block.literal.end || block.literal.end > size) std::abort();
      if (!block.editable) continue;
      const std::string_view literal = body.substr(block.literal.begin, block.literal.size());
      if (!literal.starts_with('"')) {  // a JSON value that is a text as it stands
        const bool whole = literal == block.text;
        if (!whole && (api != Api::kVercelMessages || !literal.contains(block.text))) std::abort();
        continue;
      }
      const auto text = headroom::base::decode_json_string(literal);
      if (!text || !says(*text, block)) std::abort();
    }
  }
  return 0;
}
