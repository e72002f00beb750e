#include "context/retrieval_offer.h"

#include <algorithm>

#include <fmt/format.h>

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

std::string function(std::string_view parameters, bool typed = false) {
  base::JsonWriter json;
  json.begin_object();
  if (typed) json.member("type", "function");
  json.member("name", kRetrieveTool).member("description", kDescription);
  json.key(parameters).raw(schema());
  if (typed) json.member("strict", false);  // else all arguments would be required
  json.end_object();
  return std::move(json).take();
}

/// The request itself, which the Cloud Code paths wrap.
const base::JsonNode& gemini_request(const base::JsonDocument& document) {
  const base::JsonNode* request = document.find_last(document.root(), "request");
  return request != nullptr && request->kind == base::JsonKind::kObject ? *request : document.root();
}

bool gemini_may_call_any(const base::JsonDocument& document) {
  const auto member = [&](const base::JsonNode* object, std::string_view camel, std::string_view snake) {
    if (object == nullptr || object->kind != base::JsonKind::kObject)
      return static_cast<const base::JsonNode*>(nullptr);
    const base::JsonNode* found = document.find_last(*object, camel);
    return found != nullptr ? found : document.find_last(*object, snake);
  };
  const base::JsonNode* config = member(&gemini_request(document), "toolConfig", "tool_config");
  const base::JsonNode* calling = member(config, "functionCallingConfig", "function_calling_config");
  const base::JsonNode* mode = member(calling, "mode", "mode");
  const base::JsonNode* allowed = member(calling, "allowedFunctionNames", "allowed_function_names");
  return (mode == nullptr || mode->text != "NONE") && (allowed == nullptr || allowed->size == 0);
}

}  // namespace

ToolOffer tool_offer_from_name(std::string_view name) {
  if (name == "eager") return ToolOffer::kEager;
  return name == "lazy" ? ToolOffer::kLazy : ToolOffer::kNever;
}

bool is_retrieve_tool(std::string_view name) {
  return name == kRetrieveTool || name == "retrieve_original_content";
}

const std::string& retrieve_tool_definition(wire::Api api, bool namespaced) {
  static const std::string none;
  static const std::string anthropic = function("input_schema");
  static const std::string chat = R"({"type":"function","function":)" + function("parameters") + "}";
  static const std::string responses = function("parameters", true);
  static const std::string group = fmt::format(
      R"({{"type":"namespace","name":"headroom","description":"What was shortened above.","tools":[{}]}})", responses);
  static const std::string gemini = function("parameters");
  switch (api) {
    case wire::Api::kAnthropicMessages:
      return anthropic;
    case wire::Api::kOpenAiChat:
      return chat;
    case wire::Api::kOpenAiResponses:
      return namespaced ? group : responses;
    case wire::Api::kGeminiGenerate:
      return gemini;
    default:
      return none;
  }
}

bool has_own_retrieve_tool(const wire::Conversation& conversation, std::string_view body) {
  return std::ranges::any_of(conversation.tools, [&](const wire::Tool& tool) {
    if (detect::gives_back_original(tool.name, {})) return true;
    return conversation.namespaced && body.substr(tool.element.begin, tool.element.size()).contains(kRetrieveTool);
  });
}

bool may_call_any_tool(const wire::Conversation& conversation) {
  const base::JsonDocument& document = conversation.source->document;
  if (conversation.api == wire::Api::kGeminiGenerate) return gemini_may_call_any(document);
  const base::JsonNode* choice = document.find_last(document.root(), "tool_choice");
  if (choice == nullptr || choice->kind == base::JsonKind::kNull) return true;
  const std::string_view how =
      choice->kind == base::JsonKind::kString ? choice->text : document.string_member(*choice, "type");
  return how == "auto" || how == "any" || how == "required";
}

bool answer_can_be_continued(const wire::Conversation& conversation) {
  const base::JsonDocument& document = conversation.source->document;
  const base::JsonNode& root = document.root();
  switch (conversation.api) {
    case wire::Api::kAnthropicMessages: {
      // A thread that Anthropic keeps would hold the call, as what OpenAI keeps would.
      const base::JsonNode* thread = document.find_last(root, "thread");
      return thread == nullptr || thread->kind == base::JsonKind::kNull;
    }
    case wire::Api::kOpenAiResponses: {
      const base::JsonNode* store = document.find_last(root, "store");
      const base::JsonNode* background = document.find_last(root, "background");
      return store != nullptr && store->raw == "false" && (background == nullptr || background->raw != "true");
    }
    case wire::Api::kGeminiGenerate: {
      const base::JsonNode* config = document.find_last(gemini_request(document), "generationConfig");
      if (config == nullptr || config->kind != base::JsonKind::kObject) return true;
      const base::JsonNode* count = document.find_last(*config, "candidateCount");
      return count == nullptr || count->raw == "1" || count->kind == base::JsonKind::kNull;
    }
    default:
      return true;
  }
}

}  // namespace headroom::context
