#include <array>
#include <utility>

#include "wire/reader.h"

// OpenAI Chat Completions: messages with roles system/developer, user, assistant (tool_calls, of functions and of
// custom tools, whose input is free text), tool, and the older function. Content is a string, null, or a list of parts.
// https://platform.openai.com/docs/api-reference/chat

namespace headroom::wire {
namespace {

using base::JsonKind;
using base::JsonNode;

Role role_of(std::string_view name) {
  if (name == "system" || name == "developer") return Role::kSystem;
  if (name == "assistant") return Role::kAssistant;
  if (name == "tool" || name == "function") return Role::kTool;
  return Role::kUser;
}

/// The member that says what is called, by the kind of the tool, and the member of it that holds the input.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kKinds{
    {{"function", "arguments"}, {"custom", "input"}}};

void add(Reader& reader, std::uint32_t index, Role role, std::string_view call_id, const JsonNode& text) {
  if (role == Role::kTool) {
    reader.add_result(index, call_id, false, text);
  } else {
    reader.add_text(BlockKind::kText, role, index, text);
  }
}

void read_content(Reader& reader, std::uint32_t index, Role role, std::string_view call_id, const JsonNode& content) {
  const base::JsonDocument& document = reader.document();
  if (content.kind == JsonKind::kString) {
    add(reader, index, role, call_id, content);
    return;
  }
  for (const JsonNode& part : document.children(content)) {
    if (part.kind != JsonKind::kObject) continue;
    reader.note_mark(part);  // some providers behind this format take them
    if (const std::string_view type = reader.string_member(part, "type"); type != "text") {
      reader.note_other_part(type);
      continue;
    }
    const JsonNode* text = document.find_last(part, "text");
    if (text != nullptr && text->kind == JsonKind::kString) add(reader, index, role, call_id, *text);
  }
}

void read_calls(Reader& reader, std::uint32_t index, const JsonNode& calls) {
  const base::JsonDocument& document = reader.document();
  for (const JsonNode& call : document.children(calls)) {
    for (const auto& [kind, input] : kKinds) {
      const JsonNode* called = document.find_last(call, kind);
      const JsonNode* arguments = called == nullptr ? nullptr : document.find_last(*called, input);
      if (arguments == nullptr) continue;
      reader.add_call(index, reader.string_member(call, "id"), reader.string_member(*called, "name"), *arguments);
      break;
    }
  }
}

/// Thinking that gateways carry for models of others, signed or encrypted.
bool holds_signed_thinking(const Reader& reader, const JsonNode& message) {
  const base::JsonDocument& document = reader.document();
  if (!reader.string_member(message, "reasoning_opaque").empty()) return true;
  const JsonNode* details = document.find_last(message, "reasoning_details");
  if (details == nullptr || details->kind != JsonKind::kArray) return false;
  for (const JsonNode& detail : document.children(*details)) {
    if (detail.kind != JsonKind::kObject) continue;
    for (const std::string_view key : {"signature", "data"}) {
      if (!reader.string_member(detail, key).empty()) return true;
    }
  }
  return false;
}

}  // namespace

void read_openai_chat(Reader& reader) {
  const base::JsonDocument& document = reader.document();
  reader.read_tools([&](const JsonNode& tool) {
    for (const auto& [kind, input] : kKinds) {
      const JsonNode* named = document.find_last(tool, kind);
      if (named != nullptr) return reader.string_member(*named, "name");
    }
    return std::string_view{};
  });
  std::uint32_t index = 0;
  for (const JsonNode& message : reader.messages()) {
    const Role role = role_of(reader.string_member(message, "role"));
    reader.begin_message(role, message);
    if (message.kind == JsonKind::kObject && holds_signed_thinking(reader, message)) reader.note_other_part("thinking");
    if (const JsonNode* content = document.find_last(message, "content")) {
      read_content(reader, index, role, reader.string_member(message, "tool_call_id"), *content);
    }
    if (const JsonNode* calls = document.find_last(message, "tool_calls")) read_calls(reader, index, *calls);
    ++index;
  }
}

}  // namespace headroom::wire
