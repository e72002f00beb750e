#include "mcp/caller.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/json_writer.h"

namespace headroom::mcp {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;
using base::JsonWriter;

constexpr std::array<std::string_view, 8> kLevels = {"debug", "info",     "notice", "warning",
                                                     "error", "critical", "alert",  "emergency"};

std::string notification(std::string_view method, std::string_view params) {
  JsonWriter json;
  json.begin_object().member("jsonrpc", "2.0").member("method", method).key("params").raw(params).end_object();
  return std::move(json).take();
}

}  // namespace

std::optional<LogLevel> read_log_level(std::string_view name) {
  const auto* const found = std::ranges::find(kLevels, name);
  if (found == kLevels.end()) return std::nullopt;
  return static_cast<LogLevel>(found - kLevels.begin());
}

const JsonNode* Caller::param(std::string_view name) const {
  return message_.params == nullptr ? nullptr : document_.find_last(*message_.params, name);
}

std::string_view Caller::text(std::string_view name) const {
  const JsonNode* found = param(name);
  return found != nullptr && found->kind == JsonKind::kString ? found->text : std::string_view();
}

bool Caller::can(std::string_view capability) const {
  return std::ranges::find(facts_.capabilities, capability) != facts_.capabilities.end();
}

void Caller::progress(double done, double total) {
  const JsonNode* meta = object_member(document_, message_.params, "_meta");
  const JsonNode* token = meta == nullptr ? nullptr : document_.find_last(*meta, "progressToken");
  if (token == nullptr || (token->kind != JsonKind::kString && token->kind != JsonKind::kNumber)) return;
  JsonWriter json;
  json.begin_object().key("progressToken").raw(token->raw);
  json.member("progress", done).member("total", total).end_object();
  link_.send(notification("notifications/progress", json.text()));
}

void Caller::log(LogLevel level, std::string_view text) {
  if (!facts_.least || level < *facts_.least) return;
  JsonWriter json;
  json.begin_object().member("level", kLevels[static_cast<std::size_t>(level)]).member("data", text).end_object();
  link_.send(notification("notifications/message", json.text()));
}

std::optional<std::string> Caller::ask(std::string_view method, std::string_view params) {
  if (stateless()) return std::nullopt;
  const std::string id = fmt::format("\"headroom-{}\"", ++asked_);
  JsonWriter json;
  json.begin_object().member("jsonrpc", "2.0").key("id").raw(id).member("method", method);
  json.key("params").raw(params).end_object();
  const auto answer = link_.ask(id, std::move(json).take());
  if (!answer) return std::nullopt;
  const auto document = JsonDocument::parse(*answer);
  if (!document) return std::nullopt;
  const Message message = read_message(*document, document->root());
  if (message.kind != Message::Kind::kResponse || message.id != id || message.result == nullptr) return std::nullopt;
  return std::string(message.result->raw);
}

const JsonNode* Caller::given(std::string_view name) const {
  return object_member(document_, object_member(document_, message_.params, "inputResponses"), name);
}

std::string input_required(std::string_view requests, std::string_view state) {
  JsonWriter json;
  json.begin_object().member("resultType", "input_required").key("inputRequests").raw(requests);
  if (!state.empty()) json.member("requestState", state);
  json.end_object();
  return std::move(json).take();
}

const JsonNode* object_member(const JsonDocument& document, const JsonNode* object, std::string_view name) {
  if (object == nullptr || object->kind != JsonKind::kObject) return nullptr;
  const JsonNode* found = document.find_last(*object, name);
  return found != nullptr && found->kind == JsonKind::kObject ? found : nullptr;
}

}  // namespace headroom::mcp
