#include "context/retrieval_offer.h"

#include <algorithm>

#include "base/json_document.h"
#include "base/json_writer.h"
#include "detect/tool_call.h"

namespace headroom::context {
namespace {

constexpr std::string_view kDescription =
    "Gives back the exact original of a tool result that was shortened. In a shortened result the marker <<ccr:HASH "
    "...>> names the original, and <<120-480: ...>> stands for lines (or items of a JSON array) that are not shown. "
    "Call this only when what is not shown matters, and ask for a part where that is enough.";

std::string schema() {
  base::JsonWriter json;
  const auto text = [&json](std::string_view name, std::string_view what) {
    json.key(name).begin_object().member("type", "string").member("description", what).end_object();
  };
  json.begin_object().member("type", "object").key("properties").begin_object();
  text("hash", "HASH of the marker");
  text("line_range", "only these lines, counted from 1: \"120-180\"");
  text("items", "only these items of the JSON array, counted from 0: \"3-9\"");
  text("query", "only the lines or items that fit these words best");
  json.end_object().key("required").begin_array().value("hash").end_array().end_object();
  return std::move(json).take();
}

std::string function(std::string_view parameters) {
  base::JsonWriter json;
  json.begin_object().member("name", kRetrieveTool).member("description", kDescription);
  json.key(parameters).raw(schema()).end_object();
  return std::move(json).take();
}

}  // namespace

ToolOffer tool_offer_from_name(std::string_view name) {
  if (name == "eager") return ToolOffer::kEager;
  return name == "lazy" ? ToolOffer::kLazy : ToolOffer::kNever;
}

bool is_retrieve_tool(std::string_view name) {
  return name == kRetrieveTool || name == "retrieve_original_content";
}

const std::string& retrieve_tool_definition(wire::Api api) {
  static const std::string none;
  static const std::string anthropic = function("input_schema");
  static const std::string chat = R"({"type":"function","function":)" + function("parameters") + "}";
  if (api == wire::Api::kAnthropicMessages) return anthropic;
  return api == wire::Api::kOpenAiChat ? chat : none;
}

bool has_own_retrieve_tool(const wire::Conversation& conversation) {
  return std::ranges::any_of(conversation.tools,
                             [](const wire::Tool& tool) { return detect::gives_back_original(tool.name, {}); });
}

bool may_call_any_tool(std::string_view body) {
  if (body.find("\"tool_choice\"") == std::string_view::npos) return true;
  const auto document = base::JsonDocument::parse(body);
  if (!document || document->root().kind != base::JsonKind::kObject) return false;
  const base::JsonNode* choice = document->find_last(document->root(), "tool_choice");
  if (choice == nullptr || choice->kind == base::JsonKind::kNull) return true;
  const std::string_view how =
      choice->kind == base::JsonKind::kString ? choice->text : document->string_member(*choice, "type");
  return how == "auto" || how == "any" || how == "required";
}

}  // namespace headroom::context
