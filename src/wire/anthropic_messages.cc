#include "wire/reader.h"

// Anthropic Messages: top-level "system" (string or text blocks); messages with string content or a list of blocks, of
// the user, the assistant, and the system where something is to be known from there on. The model reads tools, system,
// messages, in this order. https://docs.anthropic.com/en/api/messages

namespace headroom::wire {
namespace {

using base::JsonKind;
using base::JsonNode;

Role role_of(std::string_view name) {
  if (name == "assistant") return Role::kAssistant;
  return name == "system" ? Role::kSystem : Role::kUser;
}

/// The model is to say where in the part it has something from, by places in the text.
bool is_cited(const base::JsonDocument& document, const JsonNode& part) {
  const JsonNode* citations = document.find_last(part, "citations");
  if (citations == nullptr || citations->kind != JsonKind::kObject) return false;
  const JsonNode* enabled = document.find_last(*citations, "enabled");
  return enabled != nullptr && enabled->raw == "true";
}

/// Texts in a part of another kind: what a search has found, a document that is text.
template <typename Add>
void read_inner_texts(const Reader& reader, const JsonNode& part, std::string_view type, Add&& add) {
  const base::JsonDocument& document = reader.document();
  if (is_cited(document, part)) return;
  const JsonNode* found = document.find_last(part, type == "search_result" ? "content" : "source");
  if (found == nullptr) return;
  const auto add_member = [&](const JsonNode& object, std::string_view key) {
    if (object.kind != JsonKind::kObject || reader.string_member(object, "type") != "text") return;
    const JsonNode* text = document.find_last(object, key);
    if (text != nullptr && text->kind == JsonKind::kString) add(*text);
  };
  if (type == "document") return add_member(*found, "data");
  if (type != "search_result" || found->kind != JsonKind::kArray) return;
  for (const JsonNode& inner : document.children(*found)) add_member(inner, "text");
}

void read_tool_result(Reader& reader, std::uint32_t message, const JsonNode& block) {
  const base::JsonDocument& document = reader.document();
  const JsonNode* content = document.find_last(block, "content");
  if (content == nullptr) return;
  const std::string_view id = reader.string_member(block, "tool_use_id");
  const JsonNode* flag = document.find_last(block, "is_error");
  const bool is_error = flag != nullptr && flag->raw == "true";
  if (content->kind == JsonKind::kString) {
    reader.add_result(message, id, is_error, *content);
    return;
  }
  for (const JsonNode& part : document.children(*content)) {
    if (part.kind != JsonKind::kObject) continue;
    reader.note_mark(part);
    if (const std::string_view type = reader.string_member(part, "type"); type != "text") {
      reader.note_other_part(type);
      read_inner_texts(reader, part, type,
                       [&](const JsonNode& text) { reader.add_result(message, id, is_error, text); });
      continue;
    }
    const JsonNode* text = document.find_last(part, "text");
    if (text == nullptr || text->kind != JsonKind::kString) continue;
    reader.add_result(message, id, is_error, *text);
  }
}

void read_block(Reader& reader, std::uint32_t message, Role role, const JsonNode& block) {
  if (block.kind != JsonKind::kObject) return;
  const base::JsonDocument& document = reader.document();
  const std::string_view type = reader.string_member(block, "type");
  reader.note_mark(block);
  if (type == "text") {
    const JsonNode* text = document.find_last(block, "text");
    if (text == nullptr || text->kind != JsonKind::kString) return;
    reader.add_text(BlockKind::kText, role, message, *text);
  } else if (type == "tool_use") {
    const JsonNode* input = document.find_last(block, "input");
    if (input == nullptr) return;
    reader.add_call(message, reader.string_member(block, "id"), reader.string_member(block, "name"), *input);
  } else if (type == "tool_result") {
    read_tool_result(reader, message, block);
  } else {
    reader.note_other_part(type);
  }
}

void read_content(Reader& reader, std::uint32_t message, Role role, const JsonNode& content) {
  if (content.kind == JsonKind::kString) {
    reader.add_text(BlockKind::kText, role, message, content);
    return;
  }
  for (const JsonNode& block : reader.document().children(content)) read_block(reader, message, role, block);
}

}  // namespace

void read_anthropic_messages(Reader& reader) {
  const base::JsonDocument& document = reader.document();
  reader.read_tools([&](const JsonNode& tool) { return reader.string_member(tool, "name"); });
  const JsonNode* thread = document.find_last(document.root(), "thread");  // that the provider keeps
  if (thread != nullptr && thread->kind == JsonKind::kObject) {
    reader.note_continued(reader.string_member(*thread, "previous_message_id"));
  }
  if (const JsonNode* system = document.find_last(document.root(), "system")) {
    read_content(reader, 0, Role::kSystem, *system);
  }
  std::uint32_t index = 0;
  for (const JsonNode& message : reader.messages()) {
    const Role role = role_of(reader.string_member(message, "role"));
    reader.begin_message(role, message);
    if (const JsonNode* content = document.find_last(message, "content")) read_content(reader, index, role, *content);
    ++index;
  }
}

}  // namespace headroom::wire
