#include "mcp/relay.h"

#include <algorithm>

#include "base/glob.h"
#include "base/json_string.h"
#include "base/json_writer.h"
#include "detect/tool_call.h"
#include "mcp/tools.h"
#include "mcp/twin.h"
#include "tokens/tokenizer.h"

namespace headroom::mcp {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

constexpr std::string_view kRetrieve = "headroom_retrieve";
// Ids of requests that never get a response must not pile up.
constexpr std::size_t kMaxCalls = 10'000;

Server own_server(const Workbench& bench) {
  Server server;
  server.name = "headroom";
  server.title = "Headroom";
  server.version = "1";
  server.tools.push_back(retrieve_tool(bench));
  return server;
}

const JsonNode* member(const JsonDocument& document, const JsonNode* object, std::string_view name, JsonKind kind) {
  if (object == nullptr || object->kind != JsonKind::kObject) return nullptr;
  const JsonNode* found = document.find_last(*object, name);
  return found != nullptr && found->kind == kind ? found : nullptr;
}

/// With the comma before it or, where it is the first, with all up to the next.
void drop_member(const JsonDocument& document, const JsonNode& object, const JsonNode& gone,
                 std::vector<base::Edit>& edits) {
  std::size_t begin = document.span(object).begin + 1;
  bool found = false;
  for (const JsonNode& one : document.children(object)) {
    if (found) {
      const std::size_t key = document.span(one).begin - static_cast<std::size_t>(one.raw.data() - one.key_raw.data());
      edits.push_back({{begin, key}, ""});
      return;
    }
    found = &one == &gone;
    if (found && begin != document.span(object).begin + 1) {
      edits.push_back({{begin, document.span(one).end}, ""});
      return;
    }
    if (!found) begin = document.span(one).end;
  }
  edits.push_back({{begin, document.span(object).end - 1}, ""});
}

void drop_output_schemas(const JsonDocument& document, const JsonNode& tools, std::vector<base::Edit>& edits) {
  for (const JsonNode& tool : document.children(tools)) {
    const JsonNode* schema = member(document, &tool, "outputSchema", JsonKind::kObject);
    if (schema != nullptr) drop_member(document, tool, *schema, edits);
  }
}

std::string request(std::string_view method, std::string_view params) {
  base::JsonWriter json;
  json.begin_object().member("jsonrpc", "2.0").member("id", 1).member("method", method).key("params").raw(params);
  json.end_object();
  return std::move(json).take();
}

}  // namespace

Relay::Relay(const Workbench& bench) : bench_(bench), server_(own_server(bench)), own_(server_) {}

Relay::Routed Relay::from_client(std::string line) {
  const auto document = JsonDocument::parse(line);
  if (!document) return {std::move(line), {}};
  const JsonNode& root = document->root();
  if (root.kind == JsonKind::kArray) {
    for (const JsonNode& value : document->children(root)) note(*document, read_message(*document, value));
    return {std::move(line), {}};
  }
  const Message message = read_message(*document, root);
  if (message.method == "notifications/cancelled") forget_cancelled(*document, message);
  if (message.kind != Message::Kind::kRequest) return {std::move(line), {}};
  if (message.method == "tools/call" && message.params != nullptr &&
      document->string_member(*message.params, "name") == kRetrieve) {
    const std::lock_guard lock(mutex_);
    if (offered_) return {std::nullopt, own_.handle(line, nobody_)};
  }
  note(*document, message);
  return {std::move(line), {}};
}

void Relay::note(const JsonDocument& document, const Message& message) {
  if (message.kind != Message::Kind::kRequest) return;
  const bool calls = message.method == "tools/call";
  if (!calls && message.method != "tools/list" && message.method != "initialize") return;
  Call call{std::string(message.method), {}, {}, {}};
  if (const JsonNode* meta = member(document, message.params, "_meta", JsonKind::kObject)) call.meta = meta->raw;
  if (calls && message.params != nullptr) {
    call.tool = document.string_member(*message.params, "name");
    if (const JsonNode* given = member(document, message.params, "arguments", JsonKind::kObject)) {
      call.arguments = given->raw;
    }
  }
  const std::lock_guard lock(mutex_);
  if (calls_.size() < kMaxCalls) calls_.insert_or_assign(std::string(message.id), std::move(call));
}

void Relay::forget_cancelled(const JsonDocument& document, const Message& message) {
  if (message.params == nullptr) return;
  if (const JsonNode* id = document.find_last(*message.params, "requestId")) take(id->raw);
}

std::optional<Relay::Call> Relay::take(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = calls_.find(id);
  if (found == calls_.end()) return std::nullopt;
  Call call = std::move(found->second);
  calls_.erase(found);
  return call;
}

std::string Relay::from_server(std::string line) {
  const auto document = JsonDocument::parse(line);
  if (!document) return line;
  std::vector<base::Edit> edits;
  const JsonNode& root = document->root();
  if (root.kind == JsonKind::kArray) {
    for (const JsonNode& value : document->children(root)) edit(*document, value, edits);
  } else {
    edit(*document, root, edits);
  }
  if (edits.empty()) return line;
  auto edited = base::splice(line, edits);
  return edited ? *std::move(edited) : line;
}

void Relay::edit(const JsonDocument& document, const JsonNode& value, std::vector<base::Edit>& edits) {
  const Message message = read_message(document, value);
  if (message.kind != Message::Kind::kResponse) return;
  const auto call = take(message.id);
  if (!call || message.result == nullptr || message.result->kind != JsonKind::kObject) return;
  if (call->method == "initialize") return note_version(document, message);
  if (call->method == "tools/list") return edit_list(document, *message.result, *call, edits);
  edit_result(document, *message.result, *call, edits);
}

/// Calls of our own tool are answered in the version that the two have agreed on.
void Relay::note_version(const JsonDocument& document, const Message& response) {
  base::JsonWriter json;
  json.begin_object().member("protocolVersion", document.string_member(*response.result, "protocolVersion"));
  json.end_object();
  const std::lock_guard lock(mutex_);
  own_.handle(request("initialize", json.text()), nobody_);
}

void Relay::edit_list(const JsonDocument& document, const JsonNode& result, const Call& call,
                      std::vector<base::Edit>& edits) {
  const JsonNode* tools = member(document, &result, "tools", JsonKind::kArray);
  // The last page gets it.
  if (tools == nullptr || member(document, &result, "nextCursor", JsonKind::kString) != nullptr) return;
  for (const JsonNode& tool : document.children(*tools)) {
    if (tool.kind == JsonKind::kObject && document.string_member(tool, "name") == kRetrieve) return;
  }
  base::JsonWriter params;
  params.begin_object();
  if (!call.meta.empty()) params.key("_meta").raw(call.meta);
  params.end_object();
  const std::lock_guard lock(mutex_);
  const auto answer = own_.handle(request("tools/list", params.text()), nobody_);
  const auto listed = answer ? JsonDocument::parse(*answer) : JsonDocument::parse("null");
  if (!listed || listed->root().kind != JsonKind::kObject) return;
  const JsonNode* own = member(*listed, listed->find_last(listed->root(), "result"), "tools", JsonKind::kArray);
  if (own == nullptr || own->size == 0) return;
  drop_output_schemas(document, *tools, edits);
  const std::size_t end = document.span(*tools).end - 1;
  edits.push_back({{end, end}, (tools->size == 0 ? "" : ",") + std::string((*listed->children(*own).begin()).raw)});
  offered_ = true;
}

bool Relay::stays(const Call& call) const {
  const auto& globs = bench_.pipeline.options().protected_tools;
  return detect::reads_file(call.tool) || detect::gives_back_original(call.tool, call.arguments) ||
         std::ranges::any_of(globs, [&](const std::string& glob) { return base::glob_matches(glob, call.tool); });
}

void Relay::edit_result(const JsonDocument& document, const JsonNode& result, const Call& call,
                        std::vector<base::Edit>& edits) {
  const JsonNode* failed = document.find_last(result, "isError");
  const JsonNode* content = member(document, &result, "content", JsonKind::kArray);
  if (content == nullptr || (failed != nullptr && failed->raw == "true") || stays(call)) return;
  std::vector<std::string_view> texts;
  bool shorter = false;
  for (const JsonNode& item : document.children(*content)) {
    if (item.kind != JsonKind::kObject) continue;
    const std::string_view type = document.string_member(item, "type");
    if (type == "text") {
      shorter = edit_text(document, item, call, edits) || shorter;
      texts.push_back(document.string_member(item, "text"));
    }
    if (type != "resource") continue;
    const JsonNode* resource = member(document, &item, "resource", JsonKind::kObject);
    if (resource != nullptr) edit_text(document, *resource, call, edits);
  }
  const JsonNode* structured = document.find_last(result, "structuredContent");
  if (structured == nullptr || !offered() || !is_twin(document, *structured, texts)) return;
  if (!shorter && texts.size() > 1 && texts.size() == content->size) {
    shorter = edit_list_of_texts(document, *content, *structured, call, edits);
  }
  if (shorter) drop_member(document, result, *structured, edits);
}

bool Relay::offered() {
  const std::lock_guard lock(mutex_);
  return offered_;
}

std::optional<std::string> Relay::shortened(std::string_view text, const Call& call) {
  if (tokens::tokenizer_for_model(bench_.model).count(text) < bench_.pipeline.options().min_tokens) return std::nullopt;
  compress::Query query;
  query.tool_name = call.tool;
  query.tool_arguments = call.arguments;
  query.call = detect::read_tool_call(call.tool, call.arguments);
  context::Outcome outcome = compress_text(bench_, text, query, bench_.model, detect::ContentType::kOther, {});
  // A marker is of use only to who has the tool that answers it.
  if (!outcome.changed || (!outcome.ids.empty() && !offered())) return std::nullopt;
  return std::move(outcome.body);
}

bool Relay::edit_text(const JsonDocument& document, const JsonNode& object, const Call& call,
                      std::vector<base::Edit>& edits) {
  const JsonNode* text = member(document, &object, "text", JsonKind::kString);
  if (text == nullptr || !text->decoded) return false;
  const auto shorter = shortened(text->text, call);
  if (shorter) edits.push_back({document.span(*text), base::encode_json_string(*shorter)});
  return shorter.has_value();
}

/// Servers give a list as a text for each item, too short to be made shorter, and all of it as structured content.
bool Relay::edit_list_of_texts(const JsonDocument& document, const JsonNode& content, const JsonNode& structured,
                               const Call& call, std::vector<base::Edit>& edits) {
  const auto shorter = shortened((*document.children(structured).begin()).raw, call);
  if (!shorter) return false;
  base::JsonWriter json;
  json.begin_array().begin_object().member("type", "text").member("text", *shorter).end_object().end_array();
  edits.push_back({document.span(content), std::move(json).take()});
  return true;
}

}  // namespace headroom::mcp
