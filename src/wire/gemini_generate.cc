#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "wire/object_result.h"
#include "wire/reader.h"

// Gemini generateContent: "systemInstruction" (a content, or a string), "contents" with roles user and model, each a
// list of parts; tools are lists of "functionDeclarations". Snake case is accepted as well. The model stands in the
// path, not in the body; the Cloud Code paths wrap all of it in {"model": ..., "request": {...}}.
// https://ai.google.dev/api/generate-content

namespace headroom::wire {
namespace {

using base::JsonKind;
using base::JsonNode;

class GeminiReader {
 public:
  explicit GeminiReader(Reader& reader) : reader_(reader), document_(reader.document()) {}

  void read() {
    read_tools();
    const JsonNode* system = either(reader_.root(), "systemInstruction", "system_instruction");
    if (system != nullptr && system->kind == JsonKind::kString) {
      reader_.add_text(BlockKind::kText, Role::kSystem, 0, *system);
    } else if (system != nullptr) {
      read_parts(*system, 0, Role::kSystem);
    }
    if (reader_.list().kind == JsonKind::kObject) return read_content(reader_.list(), 0);
    std::uint32_t index = 0;
    for (const JsonNode& content : reader_.messages()) read_content(content, index++);
  }

 private:
  void read_content(const JsonNode& content, std::uint32_t index) {
    const Role role = reader_.string_member(content, "role") == "model" ? Role::kAssistant : Role::kUser;
    reader_.begin_message(role, content);
    read_parts(content, index, role);
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

  /// Calls need no id: a response without one, or with one that the client made up, answers the oldest call of its name
  /// that has no answer.
  void read_call(const JsonNode& call, std::uint32_t message) {
    const std::string_view name = reader_.string_member(call, "name");
    std::string_view id = reader_.string_member(call, "id");
    if (id.empty()) {
      id = reader_.keep(fmt::format("{} {}", name, ++calls_));
      unanswered_[name].push_back(id);
    } else {
      ids_.insert(id);
    }
    if (const JsonNode* arguments = document_.find_last(call, "args")) {
      reader_.add_call(message, id, name, *arguments);
    } else {
      reader_.add_call(message, id, name, call, "{}");
    }
  }

  void read_response(const JsonNode& response, std::uint32_t message) {
    ObjectResult answer{message, reader_.string_member(response, "id"), reader_.string_member(response, "name")};
    if (!ids_.contains(answer.id)) {
      auto& waiting = unanswered_[answer.name];
      if (!waiting.empty()) {
        answer.id = waiting.front();
        waiting.pop_front();
      }
    }
    // Images and files of the tool.
    if (document_.find_last(response, "parts") != nullptr) reader_.note_other_part("data");
    const JsonNode* value = document_.find_last(response, "response");
    if (value == nullptr || value->kind != JsonKind::kObject) return;
    const JsonNode* error = document_.find_last(*value, "error");
    answer.is_error = error != nullptr && says_something(*error);
    read_object_result(reader_, *value, answer);
  }

  static bool says_something(const JsonNode& error) {
    if (error.kind == JsonKind::kString) return !error.text.empty();
    if (error.kind == JsonKind::kObject || error.kind == JsonKind::kArray) return error.size > 0;
    return error.raw != "null" && error.raw != "false" && error.raw != "0";
  }

  Reader& reader_;
  const base::JsonDocument& document_;
  std::size_t calls_ = 0;
  std::unordered_set<std::string_view> ids_;  // of calls that have one
  std::unordered_map<std::string_view, std::deque<std::string_view>> unanswered_;
};

}  // namespace

void read_gemini_generate(Reader& reader) {
  GeminiReader(reader).read();
}

}  // namespace headroom::wire
