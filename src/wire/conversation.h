#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/json_document.h"
#include "base/result.h"
#include "base/splice.h"

namespace headroom::wire {

/// A provider's request format.
enum class Api : std::uint8_t {
  kAnthropicMessages,
  kOpenAiChat,
  kOpenAiResponses,
  kGeminiGenerate,
  kBedrockConverse,
  kVercelMessages,  ///< of the AI SDK, which no provider takes: libraries and /v1/compress only
};
std::string_view api_name(Api api);

/// What the format calls its list of messages: "messages", "contents", "input".
std::string_view list_name(Api api);

/// The format that a body's messages are in, for callers that have no route to tell: tool blocks and a top-level
/// "system" are Anthropic's; role "tool" and "tool_calls" are OpenAI's; what is neither reads the same in both and
/// counts as OpenAI's. "contents" are Gemini's, "input" is of OpenAI's Responses, "toolUse" of Bedrock's Converse,
/// parts of type "tool-call" and "tool-result" of the Vercel AI SDK.
Api guess_api(std::string_view body);

/// The format of what Bedrock passes on to a model as it is: the model's provider decided on it.
Api bedrock_invoke_api(std::string_view body);

enum class Role : std::uint8_t { kSystem, kUser, kAssistant, kTool };
enum class BlockKind : std::uint8_t { kText, kToolCall, kToolResult };

/// A piece of text that the model reads. Everything else in the body is just bytes. Views as in Conversation.
struct Block {
  BlockKind kind = BlockKind::kText;
  Role role = Role::kUser;
  std::uint32_t message =
      0;  ///< index in the body's message list; a system prompt beside it has the index 0 of its own
  base::Span
      literal;  ///< the JSON string literal that holds the text, quotes included (kToolCall: the input's JSON value)
  std::string_view text;          ///< decoded; for kToolCall the arguments as JSON text
  std::string_view tool_call_id;  ///< kToolCall, kToolResult
  std::string_view tool_name;     ///< kToolCall; kToolResult: from the call with the same id, empty when there is none
  std::string_view tool_arguments;  ///< kToolResult: the matching call's arguments
  base::Hash128 hash;               ///< of the text
  bool exact = false;  ///< kText, kToolResult: the text decoded exactly, so a changed one can be written in its place
  bool editable = false;                          ///< the text may be replaced: a tool result that decoded exactly
  bool is_error = false;                          ///< a tool result that the client flags as an error
  bool in_object = false;                         ///< what stands in its place must be an object: see literal_for()
  std::string_view object_head = "{\"output\":";  ///< what such an object begins with; a constant
  std::string_view before,
      after;             ///< JSON that stands around the text inside the literal: {"output": and }; else empty
  unsigned strings = 1;  ///< with `before`: JSON strings that the text stands in there, one in the other
  bool spoken = false;   ///< a result that the client gives in the user's name; `before`, `after`: plain text
};

/// The JSON that says `text` in the place of the block's literal: a string, or an object around it.
std::string literal_for(const Block& block, std::string_view text);

/// An element of the body's message list.
struct Message {
  Role role = Role::kUser;                       ///< kTool: OpenAI's; Anthropic's results are in messages of the user
  base::Span element;                            ///< the whole JSON object
  std::uint32_t first_block = 0, end_block = 0;  ///< its blocks, half open; none for one of unknown parts
  bool immutable = false;                        ///< holds signed thinking or a cache mark: it may not be taken away
  bool opaque = false;    ///< holds something besides its blocks: an image, a document, a part of unknown type
  bool thinking = false;  ///< holds what the model thought, as the provider gave it: signed, or encrypted
};

/// An element of the body's list of tools.
struct Tool {
  std::string name;
  base::Span element;
  bool marked = false;  ///< carries a cache mark
};

/// Texts that do not stand in the body as the model reads them: strings with escapes, decoded, and names that a format
/// leaves out.
struct Source {
  base::JsonDocument document;
  std::deque<std::string> names;
};

/// What a body says. Views are into the body, which must outlive the conversation and its copies and must not move, or
/// into `source`.
struct Conversation {
  Api api = Api::kAnthropicMessages;
  std::string model;
  bool stream = false;
  std::size_t max_output = 0;  ///< tokens that the answer may have at most; 0: it does not say
  std::string continues;  ///< what the provider keeps of the conversation, by its name there ("previous_response_id")
  std::string session;    ///< what the client calls it, or whom it speaks for: "metadata"."user_id", "prompt_cache_key"
  std::vector<Block> blocks;  ///< in the order in which the model reads them
  std::vector<Message> messages;
  std::vector<Tool> tools;
  bool namespaced = false;  ///< each tool of the list is a group of tools with a name (OpenAI Responses)
  bool marked = false;      ///< a cache mark stands somewhere
  bool long_ttl = false;    ///< what is cached is to be kept for longer than usual
  std::shared_ptr<const Source> source;
};

/// The system prompt stands beside the message list, not in it.
bool has_own_system(Api api);

/// Reads a request body once. kParse when it is not a JSON object of that format's outline; then it is forwarded as it
/// is. Unknown block types, images and members are skipped, never an error. `model`: what the body does not say itself.
/// `padded`: base::kJsonPadding bytes behind the body may be read, which spares a copy of it.
base::Result<Conversation> read_conversation(Api api, std::string_view body, std::string_view model = {},
                                             bool padded = false);

}  // namespace headroom::wire
