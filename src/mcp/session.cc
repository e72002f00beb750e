#include "mcp/session.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/utf8.h"

namespace headroom::mcp {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;
using base::JsonWriter;

// Lists change with the program only; what is stored changes all the time.
constexpr int kListTtlMs = 3'600'000;

/// Those that a request may name.
std::string stateless_versions() {
  JsonWriter json;
  json.begin_array().value(kStatelessVersion).end_array();
  return std::move(json).take();
}

void write_info(JsonWriter& json, const Server& server, std::string_view version) {
  json.begin_object().member("name", server.name);
  if (since(version, "2025-06-18")) json.member("title", server.title);
  json.member("version", server.version).end_object();
}

void write_capabilities(JsonWriter& json, const Server& server) {
  json.key("capabilities").begin_object().key("tools").begin_object().end_object();
  if (server.resources != nullptr) json.key("resources").begin_object().end_object();
  json.end_object();
}

/// What every result of the stateless date begins with.
void begin_result(JsonWriter& json, const Server& server, std::string_view version,
                  std::string_view type = "complete") {
  json.begin_object();
  if (version != kStatelessVersion) return;
  json.member("resultType", type).key("_meta").begin_object().key(kServerInfoKey);
  write_info(json, server, version);
  json.end_object();
}

void write_caching(JsonWriter& json, std::string_view version, int ttl_ms, std::string_view scope) {
  if (version == kStatelessVersion) json.member("ttlMs", ttl_ms).member("cacheScope", scope);
}

void write_tool(JsonWriter& json, const Tool& tool, std::string_view version) {
  const bool titled = since(version, "2025-06-18");
  json.begin_object().member("name", tool.name);
  if (titled) json.member("title", tool.title);
  json.member("description", tool.description).key("inputSchema").raw(object_schema(tool.input));
  if (titled) json.key("outputSchema").raw(object_schema(tool.output));
  json.key("annotations").begin_object().member("title", tool.title).member("readOnlyHint", true);
  json.member("destructiveHint", false).member("idempotentHint", tool.idempotent).member("openWorldHint", false);
  json.end_object().end_object();
}

std::string tool_result(const ToolResult& result, const Server& server, std::string_view version) {
  JsonWriter json;
  begin_result(json, server, version);
  json.key("content").begin_array().begin_object().member("type", "text").member("text", result.text);
  json.end_object().end_array();
  if (!result.structured.empty() && since(version, "2025-06-18")) {
    json.key("structuredContent").raw(result.structured);
  }
  json.member("isError", result.failed).end_object();
  return std::move(json).take();
}

/// The folders of a roots/list result.
std::vector<std::string> folders_of(const JsonDocument& document, const JsonNode& result) {
  std::vector<std::string> folders;
  const JsonNode* roots = result.kind == JsonKind::kObject ? document.find_last(result, "roots") : nullptr;
  if (roots == nullptr || roots->kind != JsonKind::kArray) return folders;
  for (const JsonNode& root : document.children(*roots)) {
    if (root.kind != JsonKind::kObject) continue;
    std::string path = path_of_uri(document.string_member(root, "uri"));
    if (!path.empty()) folders.push_back(std::move(path));
  }
  return folders;
}

const JsonNode* object_member(const JsonDocument& document, const JsonNode* object, std::string_view name) {
  if (object == nullptr || object->kind != JsonKind::kObject) return nullptr;
  const JsonNode* found = document.find_last(*object, name);
  return found != nullptr && found->kind == JsonKind::kObject ? found : nullptr;
}

}  // namespace

const JsonNode* Session::Request::param(std::string_view name) const {
  return message.params == nullptr ? nullptr : document.find_last(*message.params, name);
}

std::string_view Session::Request::text(std::string_view name) const {
  const JsonNode* found = param(name);
  return found != nullptr && found->kind == JsonKind::kString ? found->text : std::string_view();
}

std::vector<std::string> Session::handle(std::string_view text) {
  out_.clear();
  const auto document = JsonDocument::parse(text);
  if (!document) return {response_text({}, refuse(kParseError, "not JSON: " + document.error().message))};
  const JsonNode& root = document->root();
  if (root.kind != JsonKind::kArray) {
    if (auto response = handle_one(*document, root)) out_.push_back(*std::move(response));
    return std::move(out_);
  }
  if (since(version_, "2025-06-18") || root.size == 0) {
    return {response_text({}, refuse(kInvalidRequest, root.size == 0 ? "the list of messages is empty"
                                                                     : "lists of messages are not of this version"))};
  }
  std::string batch;
  for (const JsonNode& value : document->children(root)) {
    if (auto response = handle_one(*document, value)) batch += (batch.empty() ? "[" : ",") + *response;
  }
  if (!batch.empty()) out_.push_back(batch + "]");
  return std::move(out_);
}

std::vector<std::string> Session::stop_waiting() {
  roots_request_.clear();
  roots_known_ = true;
  return answer_waiting();
}

std::optional<std::string> Session::handle_one(const JsonDocument& document, const JsonNode& value) {
  const Message message = read_message(document, value);
  switch (message.kind) {
    case Message::Kind::kInvalid:
      return response_text(message.id, std::unexpected(message.failure));
    case Message::Kind::kNotification:
      handle_notification(message);
      return std::nullopt;
    case Message::Kind::kResponse:
      handle_response(document, message);
      return std::nullopt;
    case Message::Kind::kRequest:
      break;
  }
  const auto answered = answer(document, message);
  if (answered) return response_text(message.id, *answered);
  waiting_.emplace_back(value.raw);
  return std::nullopt;
}

void Session::handle_notification(const Message& message) {
  const bool initialized = message.method == "notifications/initialized";
  if (!initialized && message.method != "notifications/roots/list_changed") return;
  if (!client_has_roots_ || !duplex_ || !server_.files.empty()) return;
  roots_known_ = false;
  ask_roots();
}

void Session::handle_response(const JsonDocument& document, const Message& message) {
  if (roots_request_.empty() || message.id != roots_request_) return;
  roots_request_.clear();
  roots_known_ = true;
  client_files_ = message.result == nullptr ? FileAccess() : FileAccess(folders_of(document, *message.result));
  for (std::string& response : answer_waiting()) out_.push_back(std::move(response));
}

std::vector<std::string> Session::answer_waiting() {
  std::vector<std::string> responses;
  for (const std::string& text : std::exchange(waiting_, {})) {
    const auto document = JsonDocument::parse(text);
    if (!document) continue;
    if (auto response = handle_one(*document, document->root())) responses.push_back(*std::move(response));
  }
  return responses;
}

void Session::ask_roots() {
  roots_request_ = fmt::format("\"headroom-{}\"", ++requests_sent_);
  JsonWriter json;
  json.begin_object().member("jsonrpc", "2.0").key("id").raw(roots_request_).member("method", "roots/list");
  json.end_object();
  out_.push_back(std::move(json).take());
}

std::optional<Answer> Session::answer(const JsonDocument& document, const Message& message) {
  Request request{document, message, version_};
  const JsonNode* meta = object_member(document, message.params, "_meta");
  const JsonNode* named = meta == nullptr ? nullptr : document.find_last(*meta, kVersionKey);
  if (named != nullptr && message.method != "initialize") {
    if (named->kind != JsonKind::kString) return refuse(kInvalidParams, "the protocol version must be a string");
    if (named->text != kStatelessVersion) {
      JsonWriter data;
      data.begin_object().key("supported").raw(stateless_versions()).member("requested", named->text).end_object();
      return refuse(kUnsupportedVersion, "Unsupported protocol version", std::move(data).take());
    }
    request.version = kStatelessVersion;
    request.capabilities = object_member(document, meta, kCapabilitiesKey);
    if (request.capabilities == nullptr) {
      return refuse(kInvalidParams, fmt::format("params._meta must have an object {}", kCapabilitiesKey));
    }
  } else if (version_.empty() && message.method != "initialize" && message.method != "ping") {
    return refuse(kInvalidParams, fmt::format("begin with initialize, or name a protocol version and the client's "
                                              "capabilities in params._meta ({}, {})",
                                              kVersionKey, kCapabilitiesKey));
  }
  if (needs_roots(request)) {
    if (roots_request_.empty()) ask_roots();
    return std::nullopt;
  }
  return dispatch(request);
}

Answer Session::dispatch(const Request& request) {
  const std::string_view method = request.message.method;
  if (method == "tools/list") return list_tools(request);
  if (method == "tools/call") return call_tool(request);
  if (server_.resources != nullptr) {
    if (method == "resources/list") return list_resources(request);
    if (method == "resources/templates/list") return list_templates(request);
    if (method == "resources/read") return read_resource(request);
  }
  if (request.stateless() && method == "server/discover") return discover(request);
  if (!request.stateless() && method == "initialize") return initialize(request);
  if (!request.stateless() && method == "ping") return Answer("{}");
  return refuse(kMethodNotFound, fmt::format("there is no method {}", method.substr(0, 100)));
}

Answer Session::initialize(const Request& request) {
  const std::string_view wanted = request.text("protocolVersion");
  if (wanted.empty()) return refuse(kInvalidParams, "protocolVersion is missing");
  version_ = negotiated_version(wanted);
  client_has_roots_ = object_member(request.document, request.param("capabilities"), "roots") != nullptr;
  JsonWriter json;
  json.begin_object().member("protocolVersion", version_);
  write_capabilities(json, server_);
  json.key("serverInfo");
  write_info(json, server_, version_);
  json.member("instructions", server_.instructions).end_object();
  return std::move(json).take();
}

Answer Session::discover(const Request& request) const {
  JsonWriter json;
  begin_result(json, server_, request.version);
  json.key("supportedVersions").raw(stateless_versions());
  write_capabilities(json, server_);
  json.member("instructions", server_.instructions);
  write_caching(json, request.version, kListTtlMs, "public");
  json.end_object();
  return std::move(json).take();
}

Answer Session::list_tools(const Request& request) const {
  JsonWriter json;
  begin_result(json, server_, request.version);
  json.key("tools").begin_array();
  for (const Tool& tool : server_.tools) write_tool(json, tool, request.version);
  json.end_array();
  write_caching(json, request.version, kListTtlMs, "public");
  json.end_object();
  return std::move(json).take();
}

const Tool* Session::find_tool(std::string_view name) const {
  const auto found = std::ranges::find(server_.tools, name, &Tool::name);
  return found == server_.tools.end() ? nullptr : &*found;
}

bool Session::needs_roots(const Request& request) const {
  if (request.stateless() || !client_has_roots_ || !duplex_ || roots_known_ || !server_.files.empty()) return false;
  if (request.message.method != "tools/call") return false;
  const Tool* tool = find_tool(request.text("name"));
  return tool != nullptr && tool->reads_files;
}

Answer Session::call_tool(const Request& request) {
  const Tool* tool = find_tool(request.text("name"));
  if (tool == nullptr) {
    return refuse(kInvalidParams, fmt::format("Unknown tool: {}", request.text("name").substr(0, 100)));
  }
  const JsonNode* object = request.param("arguments");
  if (object != nullptr && object->kind != JsonKind::kObject) {
    return refuse(kInvalidParams, "arguments must be an object");
  }
  const auto arguments = Arguments::read(request.document, object, tool->input);
  // A model can mend its call when it is told; a protocol error often stays with the client.
  if (!arguments) return tool_result(failure(arguments.error().message), server_, request.version);
  FileAccess told;
  const FileAccess* files = server_.files.empty() ? &client_files_ : &server_.files;
  if (request.stateless() && tool->reads_files && server_.files.empty()) {
    const JsonNode* responses = request.param("inputResponses");
    const JsonNode* roots = object_member(request.document, responses, "roots");
    if (roots == nullptr && object_member(request.document, request.capabilities, "roots") != nullptr) {
      JsonWriter json;
      begin_result(json, server_, request.version, "input_required");
      json.key("inputRequests").raw(R"({"roots":{"method":"roots/list","params":{}}})").end_object();
      return std::move(json).take();
    }
    if (roots != nullptr) told = FileAccess(folders_of(request.document, *roots));
    files = &told;
  }
  // A stateless request says itself what it knows.
  ReadFiles* read = request.stateless() ? nullptr : &read_;
  return tool_result(tool->call(*arguments, {*files, read}), server_, request.version);
}

Answer Session::list_resources(const Request& request) const {
  const auto resources = server_.resources->list();
  if (!resources) return refuse(kServerError, resources.error().message);
  JsonWriter json;
  begin_result(json, server_, request.version);
  json.key("resources").begin_array();
  for (const Resource& resource : *resources) {
    json.begin_object().member("uri", resource.uri).member("name", resource.name);
    json.member("description", resource.description).member("mimeType", resource.mime_type);
    json.member("size", resource.size).end_object();
  }
  json.end_array();
  write_caching(json, request.version, 0, "private");
  json.end_object();
  return std::move(json).take();
}

Answer Session::list_templates(const Request& request) const {
  JsonWriter json;
  begin_result(json, server_, request.version);
  json.key("resourceTemplates").begin_array();
  for (const ResourceTemplate& one : server_.resources->templates()) {
    json.begin_object().member("uriTemplate", one.uri_template).member("name", one.name);
    json.member("description", one.description).member("mimeType", one.mime_type).end_object();
  }
  json.end_array();
  write_caching(json, request.version, kListTtlMs, "public");
  json.end_object();
  return std::move(json).take();
}

Answer Session::read_resource(const Request& request) const {
  const std::string_view uri = request.text("uri");
  if (uri.empty()) return refuse(kInvalidParams, "uri is missing");
  const auto content = server_.resources->read(uri);
  if (!content) {
    const bool ours = content.error().code == base::ErrorCode::kIo;
    const int missing = request.stateless() ? kInvalidParams : kResourceNotFound;
    JsonWriter data;
    data.begin_object().member("uri", uri).end_object();
    return refuse(ours ? kServerError : missing, content.error().message, std::move(data).take());
  }
  JsonWriter json;
  begin_result(json, server_, request.version);
  json.key("contents").begin_array().begin_object().member("uri", uri);
  if (base::is_utf8(content->bytes)) {
    json.member("mimeType", content->mime_type).member("text", content->bytes);
  } else {
    json.member("mimeType", "application/octet-stream").member("blob", base::base64_encode(content->bytes));
  }
  json.end_object().end_array();
  write_caching(json, request.version, 0, "private");
  json.end_object();
  return std::move(json).take();
}

}  // namespace headroom::mcp
