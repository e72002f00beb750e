#include <deque>
#include <string>
#include <unordered_map>

#include <fmt/format.h>

#include "wire/reader.h"

// Gemini generateContent: "systemInstruction" (a content, or a string), "contents" with roles user and model, each a
// list of parts; tools are lists of "functionDeclarations". Snake case is accepted as well. The model stands in the
// path, not in the body; the Cloud Code paths wrap all of it in {"model": ..., "request": {...}}.
// https://ai.google.dev/api/generate-content

namespace headroom::wire {
namespace {

using base::JsonKind;
using base::JsonNode;

/// A value of less text than this is counted with what surrounds it, and is no text of its own.
constexpr std::size_t kSmallest = 16;

class GeminiReader {
 public:
  explicit GeminiReader(Reader& reader) : reader_(reader), document_(reader.document()) {}

  void read() {
    read_tools();
    const JsonNode* system = either("systemInstruction", "system_instruction");
    if (system != nullptr && system->kind == JsonKind::kString) {
      reader_.add_text(BlockKind::kText, Role::kSystem, 0, *system);
    } else if (system != nullptr) {
      read_parts(*system, 0, Role::kSystem);
    }
    std::uint32_t index = 0;
    for (const JsonNode& content : reader_.messages()) {
      const Role role = reader_.string_member(content, "role") == "model" ? Role::kAssistant : Role::kUser;
      reader_.begin_message(role, content);
      read_parts(content, index++, role);
    }
  }

 private:
  const JsonNode* either(std::string_view camel, std::string_view snake) const {
    const JsonNode* found = document_.find_last(reader_.root(), camel);
    return found != nullptr ? found : document_.find_last(reader_.root(), snake);
  }

  const JsonNode* either(const JsonNode& object, std::string_view camel, std::string_view snake) const {
    const JsonNode* found = document_.find_last(object, camel);
    return found != nullptr ? found : document_.find_last(object, snake);
  }

  /// One list of declarations is a list of tools; several, or tools of other kinds beside it, keep their order.
  void read_tools() {
    const JsonNode* tools = document_.find_last(reader_.root(), "tools");
    if (tools == nullptr || tools->kind != JsonKind::kArray) return;
    const JsonNode* declared = nullptr;
    for (const JsonNode& tool : document_.children(*tools)) {
      if (tool.kind != JsonKind::kObject) return;
      const JsonNode* list = either(tool, "functionDeclarations", "function_declarations");
      if (list == nullptr) continue;
      if (declared != nullptr || list->kind != JsonKind::kArray) return;
      declared = list;
    }
    if (declared == nullptr) return;
    for (const JsonNode& declaration : document_.children(*declared)) {
      reader_.add_tool(declaration, reader_.string_member(declaration, "name"));
    }
  }

  void read_parts(const JsonNode& content, std::uint32_t message, Role role) {
    const JsonNode* parts = document_.find_last(content, "parts");
    if (parts == nullptr) return;
    if (parts->kind == JsonKind::kObject) return read_part(*parts, message, role);
    for (const JsonNode& part : document_.children(*parts)) read_part(part, message, role);
  }

  void read_part(const JsonNode& part, std::uint32_t message, Role role) {
    if (part.kind != JsonKind::kObject) return;
    const JsonNode* thought = document_.find_last(part, "thought");
    const bool signed_part = either(part, "thoughtSignature", "thought_signature") != nullptr;
    if ((thought != nullptr && thought->raw == "true") || signed_part) reader_.note_other_part("thinking");
    if (thought != nullptr && thought->raw == "true") return;
    const JsonNode* text = document_.find_last(part, "text");
    if (text != nullptr && text->kind == JsonKind::kString) {
      reader_.add_text(BlockKind::kText, role, message, *text);
    } else if (const JsonNode* call = either(part, "functionCall", "function_call")) {
      read_call(*call, message);
    } else if (const JsonNode* response = either(part, "functionResponse", "function_response")) {
      read_response(*response, message);
    } else {
      reader_.note_other_part("data");
    }
  }

  /// Calls need no id: a response without one answers the oldest call of its name that has no answer.
  void read_call(const JsonNode& call, std::uint32_t message) {
    const std::string name(reader_.string_member(call, "name"));
    std::string id(reader_.string_member(call, "id"));
    if (id.empty()) {
      id = fmt::format("{} {}", name, ++calls_);
      unanswered_[name].push_back(id);
    }
    if (const JsonNode* arguments = document_.find_last(call, "args")) reader_.add_call(message, id, name, *arguments);
  }

  void read_response(const JsonNode& response, std::uint32_t message) {
    std::string id(reader_.string_member(response, "id"));
    if (id.empty()) {
      auto& waiting = unanswered_[std::string(reader_.string_member(response, "name"))];
      if (!waiting.empty()) {
        id = waiting.front();
        waiting.pop_front();
      }
    }
    if (either(response, "parts", "parts") != nullptr) reader_.note_other_part("data");  // images and files of the tool
    const JsonNode* value = document_.find_last(response, "response");
    if (value == nullptr || value->kind != JsonKind::kObject) return;
    const bool is_error = document_.find_last(*value, "error") != nullptr;
    read_values(*value, message, id, is_error, 0);
  }

  /// The texts of a response. An object or a list that is no wrapping of one text is a text as a whole: JSON, which may
  /// be replaced by a string that says the same. The response itself must stay an object.
  void read_values(const JsonNode& object, std::uint32_t message, std::string_view id, bool is_error, int depth) {
    static constexpr int kDeepest = 6;
    for (const JsonNode& value : document_.children(object)) {
      if (value.kind == JsonKind::kString) {
        if (value.raw.size() > kSmallest) reader_.add_result(message, id, is_error, value);
      } else if (value.kind == JsonKind::kObject || value.kind == JsonKind::kArray) {
        if (depth < kDeepest && wraps_a_text(value, depth)) {
          read_values(value, message, id, is_error, depth + 1);
        } else if (value.raw.size() > kSmallest) {
          reader_.add_value_result(message, id, is_error, value);
        }
      }
    }
  }

  /// Most of the value is one string somewhere in it.
  bool wraps_a_text(const JsonNode& value, int depth) const {
    if (depth > 6) return false;
    for (const JsonNode& child : document_.children(value)) {
      if (child.raw.size() * 10 < value.raw.size() * 6) continue;
      if (child.kind == JsonKind::kString) return true;
      if (child.kind == JsonKind::kObject || child.kind == JsonKind::kArray) return wraps_a_text(child, depth + 1);
    }
    return false;
  }

  Reader& reader_;
  const base::JsonDocument& document_;
  std::size_t calls_ = 0;
  std::unordered_map<std::string, std::deque<std::string>> unanswered_;
};

}  // namespace

void read_gemini_generate(Reader& reader) {
  GeminiReader(reader).read();
}

}  // namespace headroom::wire
