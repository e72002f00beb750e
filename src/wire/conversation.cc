#include "wire/conversation.h"

#include "base/json_document.h"
#include "base/json_string.h"
#include "wire/reader.h"
#include "wire/wrapped_text.h"

namespace headroom::wire {

std::string_view api_name(Api api) {
  switch (api) {
    case Api::kAnthropicMessages:
      return "anthropic_messages";
    case Api::kOpenAiChat:
      return "openai_chat";
    case Api::kOpenAiResponses:
      return "openai_responses";
    case Api::kGeminiGenerate:
      return "gemini";
    case Api::kBedrockConverse:
      return "bedrock_converse";
    case Api::kVercelMessages:
      return "vercel";
  }
  return "unknown";
}

std::string_view list_name(Api api) {
  switch (api) {
    case Api::kOpenAiResponses:
      return "input";
    case Api::kGeminiGenerate:
      return "contents";
    case Api::kAnthropicMessages:
    case Api::kOpenAiChat:
    case Api::kBedrockConverse:
    case Api::kVercelMessages:
      break;
  }
  return "messages";
}

Api guess_api(std::string_view body) {
  const auto document = base::JsonDocument::parse(body);
  if (!document) return Api::kOpenAiChat;
  const base::JsonNode& root = document->root();
  for (const std::string_view key : {"inferenceConfig", "toolConfig", "additionalModelRequestFields"}) {
    if (document->find(root, key) != nullptr) return Api::kBedrockConverse;
  }
  if (document->find(root, "system") != nullptr) return Api::kAnthropicMessages;
  if (document->find(root, "contents") != nullptr) return Api::kGeminiGenerate;
  if (document->find(gemini_request(*document), "contents") != nullptr) return Api::kGeminiGenerate;
  if (document->find(root, "input") != nullptr && document->find(root, "messages") == nullptr)
    return Api::kOpenAiResponses;
  const base::JsonNode* messages = document->find_last(document->root(), "messages");
  if (messages == nullptr) return Api::kOpenAiChat;
  for (const base::JsonNode& message : document->children(*messages)) {
    if (document->find(message, "tool_calls") != nullptr) return Api::kOpenAiChat;
    const base::JsonNode* content = document->find_last(message, "content");
    if (content == nullptr) continue;
    for (const base::JsonNode& block : document->children(*content)) {
      if (document->find(block, "toolUse") != nullptr || document->find(block, "toolResult") != nullptr) {
        return Api::kBedrockConverse;
      }
      const base::JsonNode* type = document->find_last(block, "type");
      if (type != nullptr && (type->text == "tool-result" || type->text == "tool-call")) return Api::kVercelMessages;
      if (type != nullptr && (type->text == "tool_result" || type->text == "tool_use")) return Api::kAnthropicMessages;
    }
  }
  return Api::kOpenAiChat;
}

Api bedrock_invoke_api(std::string_view body) {
  // As keys: in a string their quotes would be escaped.
  if (body.contains("\"anthropic_version\"")) return Api::kAnthropicMessages;
  if (body.contains("\"inferenceConfig\"") || body.contains("\"schemaVersion\"")) return Api::kBedrockConverse;  // Nova
  return Api::kOpenAiChat;
}

std::string literal_for(const Block& block, std::string_view text) {
  if (block.spoken) return base::encode_json_string(std::string(block.before).append(text).append(block.after));
  if (!block.before.empty()) return base::encode_json_string(wrap(block.before, text, block.after, block.strings));
  const std::string literal = base::encode_json_string(text);
  return block.in_object ? std::string(block.object_head) + literal + "}" : literal;
}

bool has_own_system(Api api) {
  return api != Api::kOpenAiChat && api != Api::kVercelMessages;
}

base::Result<Conversation> read_conversation(Api api, std::string_view body, std::string_view model, bool padded) {
  // Bodies are mostly long texts, so their values are few.
  auto document = base::JsonDocument::parse(body, body.size() / 256 + 64, padded);
  if (!document) return std::unexpected(std::move(document.error()));
  if (document->root().kind != base::JsonKind::kObject) {
    return base::fail(base::ErrorCode::kParse, "the request body is not a JSON object");
  }
  const auto source = std::make_shared<Source>();
  source->document = *std::move(document);
  Reader reader(*source);
  if (auto failure = reader.read_outline(api)) return std::unexpected(std::move(*failure));
  switch (api) {
    case Api::kAnthropicMessages:
      read_anthropic_messages(reader);
      break;
    case Api::kOpenAiChat:
      read_openai_chat(reader);
      break;
    case Api::kOpenAiResponses:
      read_openai_responses(reader);
      break;
    case Api::kGeminiGenerate:
      read_gemini_generate(reader);
      break;
    case Api::kBedrockConverse:
      read_bedrock_converse(reader);
      break;
    case Api::kVercelMessages:
      read_vercel_messages(reader);
      break;
  }
  Conversation conversation = std::move(reader).finish(api);
  conversation.source = source;
  if (conversation.model.empty()) conversation.model = model;
  return conversation;
}

}  // namespace headroom::wire
