#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "align/pin.h"
#include "align/skeleton.h"
#include "base/result.h"
#include "base/splice.h"
#include "wire/conversation.h"

namespace headroom::align {

/// What was done about something that differs from the session's earlier requests.
enum class Action : std::uint8_t {
  kPinned,     ///< sent as it was first; the model cannot care
  kTold,       ///< sent as it was first; the new value is in `tell`
  kReordered,  ///< the tools are the same, and are sent in the order and the bytes in which they were first
  kAccepted,   ///< sent as it came: the instructions or the tools themselves changed, so the cached prefix ends there
};
/// "pinned", "told", "reordered", "accepted"
std::string_view action_name(Action action);

struct Drift {
  std::string where;       ///< "system", "tools", "tool Read"
  std::string what;        ///< kind_name() of a value; "order", "order of keys", "instructions", "tools"
  std::string old_value;   ///< for reports: shortened, without what looks like a key; "" where it is not known
  std::string new_value;   ///< likewise
  std::size_t offset = 0;  ///< in the client's body
  std::size_t size = 0;    ///< bytes there
  std::uint32_t turn = 0;  ///< the request of the session, from 1
  Action action = Action::kPinned;
};

struct Alignment {
  std::vector<base::Edit> edits;  ///< on the body as the client sent it; none on a session's first request
  Pin pin;                        ///< to be given with the session's next request
  std::string tell;               ///< "" or a text for the end of the prompt
  std::vector<Drift> drifts;
};

/// Gives a request the beginning that the session's earlier ones had, where it differs only in what is clearly
/// volatile: the system prompt (the system blocks before the first message of anyone else) and the list of tools. The
/// first request (`pin` nullptr) is never changed. What is not clearly volatile is a change of the instructions: it is
/// sent as it came and pinned from then on.
///
/// `conversation` is read from `body`. Keep one pin for each session and model: side requests of an agent (titles,
/// summaries) have other instructions. A tell says each new value once, so it has to be sent again at its place in all
/// later requests, as history; put it behind the newest message's content. Cache marks are never touched.
///
/// `skeletons`: of the conversation's texts, as far as they are made. Otherwise pure, linear in the body, for any
/// format that wire/ reads into system blocks and tools: nothing here knows a provider's members, so Gemini's needs
/// only its reader.
Alignment align(const wire::Conversation& conversation, std::string_view body, const Pin* pin, Skeletons& skeletons);
Alignment align(const wire::Conversation& conversation, std::string_view body, const Pin* pin);

struct MarkOptions {
  std::string cache_key;  ///< OpenAI's prompt_cache_key, the same for a whole session; "": none is set
};

/// For users who ask for it: the edits that make a provider cache the prefix where the client does not. Anthropic, when
/// no cache mark stands anywhere: marks on the last tool, on the last block of the system prompt, and on the last block
/// of the newest user message; a string content becomes a list of one text, which is the same to the model. OpenAI:
/// "prompt_cache_key" when it is not there. Make them on the body that align()'s edits have been spliced into, read
/// again; a pin must never be made from a body with such marks.
std::vector<base::Edit> mark_edits(const wire::Conversation& conversation, std::string_view body,
                                   const MarkOptions& options);

}  // namespace headroom::align
