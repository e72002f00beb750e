#include "wire/reader.h"

// Messages of the Vercel AI SDK (ModelMessage[], and the prompt of a language model): no provider takes them, but
// programs hold their conversations in them. Parts have a type with a hyphen: "text", "tool-call", "tool-result". A
// result's text is in "output", an object that says what it is; before version 5 it was "result". What a provider's own
// tools gave stands in messages of the assistant and stays. https://ai-sdk.dev/docs/reference/ai-sdk-core/model-message

namespace headroom::wire {
namespace {

using base::JsonKind;
using base::JsonNode;

class VercelReader {
 public:
  explicit VercelReader(Reader& reader) : reader_(reader), document_(reader.document()) {}

  void read() {
    reader_.read_tools([&](const JsonNode& tool) { return reader_.string_member(tool, "name"); });
    for (const JsonNode& message : reader_.messages()) {
      const std::string_view name = reader_.string_member(message, "role");
      const Role role = name == "system"      ? Role::kSystem
                        : name == "assistant" ? Role::kAssistant
                        : name == "tool"      ? Role::kTool
                                              : Role::kUser;
      reader_.begin_message(role, message);
      note_marks(message);
      if (const JsonNode* content = member(message, "content")) read_content(*content, role);
      ++index_;
    }
  }

 private:
  const JsonNode* member(const JsonNode& object, std::string_view key) const {
    return object.kind == JsonKind::kObject ? document_.find_last(object, key) : nullptr;
  }

  const JsonNode* member(const JsonNode& object, std::string_view key, JsonKind kind) const {
    const JsonNode* found = member(object, key);
    return found != nullptr && found->kind == kind ? found : nullptr;
  }

  /// Cache marks stand among what is meant for one provider only.
  void note_marks(const JsonNode& object) {
    const JsonNode* options = member(object, "providerOptions", JsonKind::kObject);
    if (options == nullptr) return;
    for (const JsonNode& provider : document_.children(*options)) {
      const JsonNode* mark = member(provider, "cacheControl", JsonKind::kObject);
      if (mark == nullptr) mark = member(provider, "cache_control", JsonKind::kObject);
      if (mark == nullptr) continue;
      reader_.note_cache_point(*mark);
      reader_.note_immutable();
    }
  }

  void read_content(const JsonNode& content, Role role) {
    if (content.kind == JsonKind::kString) {
      reader_.add_text(BlockKind::kText, role, index_, content);
      return;
    }
    for (const JsonNode& part : document_.children(content)) {
      if (part.kind != JsonKind::kObject) continue;
      note_marks(part);
      read_part(part, role);
    }
  }

  void read_part(const JsonNode& part, Role role) {
    const std::string_view type = reader_.string_member(part, "type");
    const JsonNode* input = member(part, "input");
    if (input == nullptr) input = member(part, "args");
    if (const JsonNode* text = member(part, "text", JsonKind::kString); text != nullptr && type == "text") {
      reader_.add_text(BlockKind::kText, role, index_, *text);
    } else if (type == "tool-call" && input != nullptr) {
      reader_.add_call(index_, reader_.string_member(part, "toolCallId"), reader_.string_member(part, "toolName"),
                       *input);
    } else if (type == "tool-result" && role == Role::kTool) {
      read_result(part);
    } else {
      reader_.note_other_part(type == "reasoning" ? "thinking" : type);
    }
  }

  void read_result(const JsonNode& part) {
    const std::string_view id = reader_.string_member(part, "toolCallId");
    const JsonNode* output = member(part, "output", JsonKind::kObject);
    if (output == nullptr) {
      const JsonNode* failed = member(part, "isError");
      if (const JsonNode* result = member(part, "result")) add(*result, id, failed != nullptr && failed->raw == "true");
      return;
    }
    const std::string_view type = reader_.string_member(*output, "type");
    const JsonNode* value = member(*output, "value");
    if (value == nullptr) return;
    if (type == "json") {
      // A shortened value is JSON no more, so the whole output gives way to a text.
      add(*value, id, false);
      Block& block = reader_.last_block();
      block.literal = document_.span(*output);
      block.in_object = true;
      block.object_head = R"({"type":"text","value":)";
      block.editable = block.editable && member(*output, "providerOptions") == nullptr;
    } else if (type == "text" || type == "error-text" || type == "error-json") {
      add(*value, id, type != "text");
    } else if (type == "content") {
      for (const JsonNode& each : document_.children(*value)) {
        const JsonNode* text = member(each, "text", JsonKind::kString);
        if (text == nullptr || reader_.string_member(each, "type") != "text") {
          reader_.note_other_part("other");
        } else {
          reader_.add_result(index_, id, false, *text);
        }
      }
    }
  }

  void add(const JsonNode& value, std::string_view id, bool is_error) {
    if (value.kind == JsonKind::kString) {
      reader_.add_result(index_, id, is_error, value);
    } else {
      reader_.add_value_result(index_, id, is_error, value);
    }
    if (is_error) reader_.last_block().editable = false;
  }

  Reader& reader_;
  const base::JsonDocument& document_;
  std::uint32_t index_ = 0;
};

}  // namespace

void read_vercel_messages(Reader& reader) {
  VercelReader(reader).read();
}

}  // namespace headroom::wire
