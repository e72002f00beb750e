#include "wire/object_result.h"
#include "wire/reader.h"

// Bedrock Converse: "system", "messages" and "toolConfig"."tools". A block has no type: the name of its one member says
// what it is. A cache point is a block of its own, behind what it covers. The model stands in the path.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html

namespace headroom::wire {
namespace {

using base::JsonKind;
using base::JsonNode;

class ConverseReader {
 public:
  explicit ConverseReader(Reader& reader) : reader_(reader), document_(reader.document()) {}

  void read() {
    read_tools();
    if (const JsonNode* system = document_.find_last(reader_.root(), "system")) {
      for (const JsonNode& block : document_.children(*system)) read_block(block, 0, Role::kSystem);
    }
    std::uint32_t index = 0;
    for (const JsonNode& message : reader_.messages()) {
      const Role role = reader_.string_member(message, "role") == "assistant" ? Role::kAssistant : Role::kUser;
      reader_.begin_message(role, message);
      if (const JsonNode* content = document_.find_last(message, "content")) {
        for (const JsonNode& block : document_.children(*content)) read_block(block, index, role);
      }
      ++index;
    }
  }

 private:
  const JsonNode* member(const JsonNode& object, std::string_view key, JsonKind kind) const {
    const JsonNode* found = object.kind == JsonKind::kObject ? document_.find_last(object, key) : nullptr;
    return found != nullptr && found->kind == kind ? found : nullptr;
  }

  /// With a cache point or a tool of another kind among them they are left alone: each keeps its place.
  void read_tools() {
    const JsonNode* config = member(reader_.root(), "toolConfig", JsonKind::kObject);
    const JsonNode* tools = config == nullptr ? nullptr : member(*config, "tools", JsonKind::kArray);
    if (tools == nullptr) return;
    bool plain = true;
    for (const JsonNode& tool : document_.children(*tools)) {
      if (const JsonNode* point = member(tool, "cachePoint", JsonKind::kObject)) reader_.note_cache_point(*point);
      plain = plain && member(tool, "toolSpec", JsonKind::kObject) != nullptr;
    }
    if (!plain) return;
    for (const JsonNode& tool : document_.children(*tools)) {
      reader_.add_tool(tool, reader_.string_member(*document_.find_last(tool, "toolSpec"), "name"));
    }
  }

  void read_block(const JsonNode& block, std::uint32_t message, Role role) {
    if (block.kind != JsonKind::kObject) return;
    if (const JsonNode* text = member(block, "text", JsonKind::kString)) {
      reader_.add_text(BlockKind::kText, role, message, *text);
    } else if (const JsonNode* call = member(block, "toolUse", JsonKind::kObject)) {
      const JsonNode* input = document_.find_last(*call, "input");
      if (input == nullptr) return;
      reader_.add_call(message, reader_.string_member(*call, "toolUseId"), reader_.string_member(*call, "name"),
                       *input);
    } else if (const JsonNode* result = member(block, "toolResult", JsonKind::kObject)) {
      read_result(*result, message);
    } else if (const JsonNode* point = member(block, "cachePoint", JsonKind::kObject)) {
      reader_.note_cache_point(*point);
      reader_.note_immutable();
    } else {
      reader_.note_other_part(document_.find(block, "reasoningContent") != nullptr ? "thinking" : "other");
    }
  }

  void read_result(const JsonNode& result, std::uint32_t message) {
    const JsonNode* content = member(result, "content", JsonKind::kArray);
    if (content == nullptr) return;
    const ObjectResult answer{
        message, reader_.string_member(result, "toolUseId"), {}, reader_.string_member(result, "status") == "error"};
    for (const JsonNode& part : document_.children(*content)) {
      if (const JsonNode* text = member(part, "text", JsonKind::kString)) {
        reader_.add_result(message, answer.id, answer.is_error, *text);
      } else if (const JsonNode* object = member(part, "json", JsonKind::kObject)) {
        read_object_result(reader_, *object, answer);
      } else {
        reader_.note_other_part("other");
      }
    }
  }

  Reader& reader_;
  const base::JsonDocument& document_;
};

}  // namespace

void read_bedrock_converse(Reader& reader) {
  ConverseReader(reader).read();
}

}  // namespace headroom::wire
