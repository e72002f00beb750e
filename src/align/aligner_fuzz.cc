#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "align/aligner.h"
#include "base/hash.h"

using headroom::align::Alignment;
using headroom::align::Pin;
using headroom::wire::Api;

namespace {

/// Aligns and checks what must hold for any body and any pin.
void check(Api api, std::string_view body, const Pin* pin) {
  const auto conversation = headroom::wire::read_conversation(api, body);
  if (!conversation) return;
  const Alignment alignment = headroom::align::align(*conversation, body, pin);
  if (pin == nullptr && !(alignment.edits.empty() && alignment.drifts.empty() && alignment.tell.empty())) std::abort();
  const auto kept = Pin::from_text(alignment.pin.to_text());
  if (!kept || !(*kept == alignment.pin)) std::abort();
  const auto sent = headroom::base::splice(body, alignment.edits);
  if (!sent) std::abort();
  const auto again = headroom::wire::read_conversation(api, *sent);
  if (!again || again->blocks.size() != conversation->blocks.size()) std::abort();
  if (again->marked != conversation->marked) std::abort();
  const auto marked =
      headroom::base::splice(*sent, headroom::align::mark_edits(*again, *sent, {.cache_key = "0123abcd"}));
  if (!marked || !headroom::wire::read_conversation(api, *marked)) std::abort();
}

}  // namespace

/// Two requests of a session, a line "---" between them; and the same bytes as a stored pin.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = input.find("\n---\n");
  const std::string_view first = input.substr(0, cut);
  const std::string_view second = cut == std::string_view::npos ? first : input.substr(cut + 5);
  for (const Api api : {Api::kAnthropicMessages, Api::kOpenAiChat, Api::kOpenAiResponses, Api::kGeminiGenerate,
                        Api::kBedrockConverse}) {
    check(api, first, nullptr);
    const auto conversation = headroom::wire::read_conversation(api, first);
    if (!conversation) continue;
    const Pin pin = headroom::align::align(*conversation, first, nullptr).pin;
    check(api, second, &pin);
  }
  static_cast<void>(Pin::from_text(input));
  if (const auto pin = Pin::from_text(std::string(first) + headroom::base::content_id(first))) {
    for (const Api api : {Api::kAnthropicMessages, Api::kOpenAiChat, Api::kOpenAiResponses, Api::kGeminiGenerate,
                          Api::kBedrockConverse})
      check(api, second, &*pin);
  }
  return 0;
}
