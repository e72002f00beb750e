#include "wire/reader.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "wire/spoken_results.h"
#include "wire/wrapped_text.h"

namespace headroom::wire {

using base::JsonKind;
using base::JsonNode;

const JsonNode& gemini_request(const base::JsonDocument& document) {
  const JsonNode* request = &document.root();
  for (const std::string_view wrapping : {"request", "generateContentRequest", "generate_content_request"}) {
    const JsonNode* wrapped = document.find_last(document.root(), wrapping);
    if (wrapped != nullptr && wrapped->kind == JsonKind::kObject) request = wrapped;
  }
  return *request;
}

std::optional<base::Error> Reader::read_outline(Api api) {
  const JsonNode& body = document_.root();
  const std::string_view list = list_name(api);
  if (api == Api::kGeminiGenerate) root_ = &gemini_request(document_);
  messages_ = document_.find_last(*root_, list);
  const bool alone = messages_ != nullptr && ((messages_->kind == JsonKind::kString && api == Api::kOpenAiResponses) ||
                                              (messages_->kind == JsonKind::kObject && api == Api::kGeminiGenerate));
  if (messages_ == nullptr || (messages_->kind != JsonKind::kArray && !alone)) {
    return base::Error{base::ErrorCode::kParse, fmt::format("the request body has no \"{}\" list", list)};
  }
  conversation_.model = string_member(body, "model");
  const JsonNode* stream = document_.find_last(body, "stream");
  conversation_.stream = stream != nullptr && stream->raw == "true";
  conversation_.max_output = read_max_output();
  conversation_.session = string_member(body, "prompt_cache_key");
  const JsonNode* metadata = document_.find_last(body, "metadata");
  if (metadata != nullptr && metadata->kind == JsonKind::kObject && conversation_.session.empty()) {
    conversation_.session = string_member(*metadata, "user_id");
  }
  read_mark(body);  // for the whole request
  conversation_.long_ttl = conversation_.long_ttl || document_.find(body, "prompt_cache_retention") != nullptr;
  return std::nullopt;
}

std::size_t Reader::read_max_output() const {
  const JsonNode* settings = root_;
  for (const std::string_view key : {"generationConfig", "inferenceConfig"}) {
    if (const JsonNode* inner = document_.find_last(*root_, key)) settings = inner;
  }
  for (const std::string_view key :
       {"max_completion_tokens", "max_tokens", "max_output_tokens", "maxOutputTokens", "maxTokens"}) {
    const JsonNode* value = document_.find_last(*settings, key);
    if (value == nullptr || value->kind != JsonKind::kNumber) continue;
    std::size_t tokens = 0;
    const char* const last = value->raw.data() + value->raw.size();
    const auto [end, error] = std::from_chars(value->raw.data(), last, tokens);
    if (error == std::errc{} && end == last) return tokens;
  }
  return 0;
}

std::string_view Reader::string_member(const JsonNode& object, std::string_view key) const {
  return document_.string_member(object, key);
}

Block& Reader::add_text(BlockKind kind, Role role, std::uint32_t message, const JsonNode& text) {
  Block& block = conversation_.blocks.emplace_back();
  block.kind = kind;
  block.role = role;
  block.message = message;
  block.literal = document_.span(text);
  block.text = text.text;
  block.exact = text.decoded;
  return block;
}

void Reader::add_call(std::uint32_t message, std::string_view id, std::string_view name, const JsonNode& arguments,
                      std::string_view text) {
  Block& block = conversation_.blocks.emplace_back();
  block.kind = BlockKind::kToolCall;
  block.role = Role::kAssistant;
  block.message = message;
  block.literal = document_.span(arguments);
  block.text = !text.empty() ? text : arguments.kind == JsonKind::kString ? arguments.text : arguments.raw;
  block.tool_call_id = id;
  block.tool_name = name;
  calls_.insert_or_assign(block.tool_call_id, Call{block.tool_name, block.text});
}

void Reader::add_result(std::uint32_t message, std::string_view call_id, bool is_error, const JsonNode& text) {
  Block& block = add_text(BlockKind::kToolResult, Role::kTool, message, text);
  if (auto wrapped = block.exact ? unwrap(block.text) : std::nullopt) {
    block.before = keep(std::move(wrapped->before));
    block.after = keep(std::move(wrapped->after));
    block.strings = wrapped->strings;
    block.text = keep(std::move(wrapped->text));
  }
  answer(block, call_id, is_error);
}

Block& Reader::add_value_result(std::uint32_t message, std::string_view call_id, bool is_error, const JsonNode& value) {
  Block& block = add_text(BlockKind::kToolResult, Role::kTool, message, value);
  block.text = value.raw;
  block.exact = true;
  answer(block, call_id, is_error);
  return block;
}

void Reader::answer(Block& block, std::string_view call_id, bool is_error) {
  block.tool_call_id = call_id;
  block.editable = block.exact;
  block.is_error = is_error;
  if (const auto call = calls_.find(block.tool_call_id); call != calls_.end()) {
    block.tool_name = call->second.name;
    block.tool_arguments = call->second.arguments;
  }
}

void Reader::begin_message(Role role, const JsonNode& message) {
  const auto next = static_cast<std::uint32_t>(conversation_.blocks.size());
  if (!conversation_.messages.empty()) conversation_.messages.back().end_block = next;
  Message& begun = conversation_.messages.emplace_back();
  begun.role = role;
  begun.element = document_.span(message);
  begun.first_block = begun.end_block = next;
}

void Reader::note_other_part(std::string_view type) {
  if (conversation_.messages.empty()) return;
  Message& message = conversation_.messages.back();
  message.opaque = true;
  if (type.find("thinking") != std::string_view::npos) message.immutable = message.thinking = true;
}

bool Reader::read_mark(const JsonNode& object) {
  const JsonNode* mark = object.kind == JsonKind::kObject ? document_.find_last(object, "cache_control") : nullptr;
  if (mark == nullptr) return false;
  conversation_.marked = true;
  conversation_.long_ttl = conversation_.long_ttl || string_member(*mark, "ttl") == "1h";
  return true;
}

void Reader::note_mark(const JsonNode& object) {
  if (read_mark(object)) note_immutable();
}

void Reader::note_cache_point(const JsonNode& point) {
  conversation_.marked = true;
  conversation_.long_ttl = conversation_.long_ttl || string_member(point, "ttl") == "1h";
}

void Reader::note_immutable() {
  if (!conversation_.messages.empty()) conversation_.messages.back().immutable = true;
}

void Reader::add_tool(const JsonNode& tool, std::string_view name) {
  const bool marked = read_mark(tool);
  conversation_.tools.push_back({std::string(name), document_.span(tool), marked});
}

Conversation Reader::finish(Api api) && {
  if (!conversation_.messages.empty()) {
    conversation_.messages.back().end_block = static_cast<std::uint32_t>(conversation_.blocks.size());
  }
  conversation_.api = api;
  read_spoken_results(conversation_, names_);
  for (Block& block : conversation_.blocks) block.hash = base::hash128(block.text);
  return std::move(conversation_);
}

}  // namespace headroom::wire
