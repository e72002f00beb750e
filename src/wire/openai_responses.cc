#include "wire/reader.h"

// OpenAI Responses: "instructions"; "input", a string or a list of items: messages, function calls and their outputs,
// and many more kinds, of which those that hold text of tools are read and the others are left whole. Reasoning is
// never touched. What "previous_response_id" names is with the provider. The tools stand in "tools", or, as Codex sends
// them, in an item "additional_tools" that the input begins with, and there in groups with a name each.
// https://platform.openai.com/docs/api-reference/responses

namespace headroom::wire {
namespace {

using base::JsonKind;
using base::JsonNode;

Role role_of(std::string_view name) {
  if (name == "system" || name == "developer") return Role::kSystem;
  return name == "assistant" ? Role::kAssistant : Role::kUser;
}

bool is_text(std::string_view type) {
  return type == "input_text" || type == "output_text" || type == "text";
}

/// A message's content, or a tool's output: a string, or a list of parts.
template <typename Add>
void read_content(Reader& reader, const JsonNode& content, Add&& add) {
  const base::JsonDocument& document = reader.document();
  if (content.kind == JsonKind::kString) return add(content);
  if (content.kind != JsonKind::kArray) return reader.note_other_part("data");  // a screenshot
  for (const JsonNode& part : document.children(content)) {
    if (part.kind != JsonKind::kObject) continue;
    if (document.find(part, "stdout") != nullptr) {  // of a shell's command
      for (const std::string_view stream : {"stdout", "stderr"}) {
        const JsonNode* text = document.find_last(part, stream);
        if (text != nullptr && text->kind == JsonKind::kString && !text->text.empty()) add(*text);
      }
      continue;
    }
    if (const std::string_view type = reader.string_member(part, "type"); !is_text(type)) {
      reader.note_other_part(type);
      continue;
    }
    const JsonNode* text = document.find_last(part, "text");
    if (text != nullptr && text->kind == JsonKind::kString) add(*text);
  }
}

/// What a call's item holds as its input.
const JsonNode* arguments_of(const base::JsonDocument& document, const JsonNode& item) {
  for (const std::string_view key : {"arguments", "input", "action", "operation"}) {
    if (const JsonNode* found = document.find_last(item, key)) return found;
  }
  return nullptr;
}

void read_tools(Reader& reader) {
  bool namespaced = true;
  const auto name_of = [&](const JsonNode& tool) {
    namespaced = namespaced && reader.string_member(tool, "type") == "namespace";
    return reader.string_member(tool, "name");
  };
  reader.read_tools(name_of);
  if (!reader.has_tools() && reader.list().kind == JsonKind::kArray && reader.list().size > 0) {
    const JsonNode& first = *reader.messages().begin();
    if (first.kind == JsonKind::kObject && reader.string_member(first, "type") == "additional_tools") {
      reader.read_tools_of(first, name_of);
    }
  }
  if (namespaced && reader.has_tools()) reader.note_namespaced();
}

void read_item(Reader& reader, std::uint32_t index, const JsonNode& item) {
  const base::JsonDocument& document = reader.document();
  const std::string_view type = reader.string_member(item, "type");
  std::string_view call_id = reader.string_member(item, "call_id");
  if (type.ends_with("_call_output")) {
    reader.begin_message(Role::kTool, item);
    const JsonNode* output = document.find_last(item, "output");
    if (output == nullptr) return;
    if (call_id.empty()) call_id = reader.string_member(item, "id");
    const std::string_view name = reader.string_member(item, "name");
    read_content(reader, *output, [&](const JsonNode& text) {
      reader.add_result(index, call_id, false, text);
      if (reader.last_block().tool_name.empty()) reader.last_block().tool_name = name;
    });
    return;
  }
  if (type.ends_with("_call")) {
    reader.begin_message(Role::kAssistant, item);
    const JsonNode* arguments = arguments_of(document, item);
    std::string_view name = reader.string_member(item, "name");
    if (name.empty()) name = type.substr(0, type.size() - 5);  // "local_shell"
    if (arguments != nullptr) reader.add_call(index, call_id, name, *arguments);
    return;
  }
  const Role role = role_of(reader.string_member(item, "role"));
  reader.begin_message(type == "reasoning" ? Role::kAssistant : role, item);
  const JsonNode* content = document.find_last(item, "content");
  if (type.empty() || type == "message") {
    if (content == nullptr) return;
    read_content(reader, *content, [&](const JsonNode& text) { reader.add_text(BlockKind::kText, role, index, text); });
  } else {
    reader.note_other_part(type == "reasoning" ? "thinking" : type);
  }
}

}  // namespace

void read_openai_responses(Reader& reader) {
  const base::JsonDocument& document = reader.document();
  read_tools(reader);
  reader.note_continued(reader.string_member(reader.root(), "previous_response_id"));
  if (const JsonNode* kept = document.find_last(reader.root(), "conversation")) {  // its id, or an object with it
    reader.note_continued(kept->kind == JsonKind::kObject ? reader.string_member(*kept, "id") : kept->text);
  }
  const JsonNode* instructions = document.find_last(reader.root(), "instructions");
  if (instructions != nullptr && instructions->kind == JsonKind::kString) {
    reader.add_text(BlockKind::kText, Role::kSystem, 0, *instructions);
  }
  if (reader.list().kind == JsonKind::kString) {
    reader.begin_message(Role::kUser, reader.list());
    reader.note_immutable();  // nothing else may stand in its place
    reader.add_text(BlockKind::kText, Role::kUser, 0, reader.list());
    return;
  }
  std::uint32_t index = 0;
  for (const JsonNode& item : reader.messages()) {
    if (item.kind == JsonKind::kObject) {
      read_item(reader, index, item);
    } else {
      reader.begin_message(Role::kUser, item);
    }
    ++index;
  }
}

}  // namespace headroom::wire
