#include "mcp/message.h"

#include <algorithm>

#include "base/json_writer.h"

namespace headroom::mcp {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

/// The id as JSON, when it is one that may be used.
std::string_view usable_id(const JsonNode* id) {
  if (id == nullptr) return {};
  if (id->kind == JsonKind::kString && id->decoded) return id->raw;
  const auto whole = [](char c) { return (c >= '0' && c <= '9') || c == '-'; };
  return id->kind == JsonKind::kNumber && std::ranges::all_of(id->raw, whole) ? id->raw : std::string_view();
}

Message invalid(std::string_view id, std::string message, int code = kInvalidRequest) {
  Message out;
  out.id = id;
  out.failure = {code, std::move(message), {}};
  return out;
}

Message read_call(const JsonDocument& document, const JsonNode& value, const JsonNode& method, const JsonNode* id) {
  const std::string_view usable = usable_id(id);
  if (method.kind != JsonKind::kString) return invalid(usable, "method must be a string");
  if (id != nullptr && usable.empty()) return invalid({}, "id must be a string or a whole number");
  const JsonNode* params = document.find_last(value, "params");
  if (params != nullptr && params->kind == JsonKind::kNull) params = nullptr;
  if (params != nullptr && params->kind != JsonKind::kObject) {
    return invalid(usable, "params must be an object", kInvalidParams);
  }
  Message out;
  out.kind = id == nullptr ? Message::Kind::kNotification : Message::Kind::kRequest;
  out.id = usable;
  out.method = method.text;
  out.params = params;
  return out;
}

}  // namespace

Message read_message(const JsonDocument& document, const JsonNode& value) {
  if (value.kind != JsonKind::kObject) return invalid({}, "a message must be a JSON object");
  const JsonNode* id = document.find_last(value, "id");
  if (document.string_member(value, "jsonrpc") != "2.0") return invalid(usable_id(id), "jsonrpc must be \"2.0\"");
  if (const JsonNode* method = document.find_last(value, "method")) return read_call(document, value, *method, id);
  const JsonNode* result = document.find_last(value, "result");
  if (result == nullptr && document.find_last(value, "error") == nullptr) {
    return invalid(usable_id(id), "neither method, result nor error is there");
  }
  Message out;
  out.kind = Message::Kind::kResponse;
  out.id = usable_id(id);
  out.result = result;
  return out;
}

std::string response_text(std::string_view id, const Answer& answer) {
  base::JsonWriter json;
  json.begin_object().member("jsonrpc", "2.0").key("id").raw(id.empty() ? "null" : id);
  if (answer) {
    json.key("result").raw(*answer).end_object();
    return std::move(json).take();
  }
  json.key("error").begin_object().member("code", answer.error().code).member("message", answer.error().message);
  if (!answer.error().data.empty()) json.key("data").raw(answer.error().data);
  json.end_object().end_object();
  return std::move(json).take();
}

}  // namespace headroom::mcp
