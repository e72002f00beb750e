#include "mcp/session.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/json_writer.h"
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

void write_capabilities(JsonWriter& json, const Server& server, bool stateless) {
  std::vector<std::pair<std::string_view, std::string_view>> all;
  const auto add = [&all](std::string_view name, std::string_view value) {
    if (std::ranges::find(all, name, &std::pair<std::string_view, std::string_view>::first) == all.end()) {
      all.emplace_back(name, value);
    }
  };
  for (const Method& method : server.methods) {
    if (stateless ? method.stateless : method.in_sessions) add(method.capability, method.capability_value);
  }
  add("tools", "{}");
  if (server.resources != nullptr) add("resources", "{}");
  if (server.logs) add("logging", "{}");
  json.key("capabilities").begin_object();
  for (const auto& [name, value] : all) json.key(name).raw(value);
  json.end_object();
}

/// What every result of the stateless date has beside its own.
std::string with_envelope(std::string result, const Server& server) {
  JsonWriter json;
  json.begin_object();
  if (!result.starts_with(R"({"resultType")")) json.member("resultType", "complete");
  json.key("_meta").begin_object().key(kServerInfoKey);
  write_info(json, server, kStatelessVersion);
  json.end_object().end_object();
  std::string begin = std::move(json).take();
  begin.back() = result == "{}" ? '}' : ',';
  return result == "{}" ? begin : begin + result.substr(1);
}

void write_caching(JsonWriter& json, std::string_view version, int ttl_ms, std::string_view scope) {
  if (version == kStatelessVersion) json.member("ttlMs", ttl_ms).member("cacheScope", scope);
}

void write_tool(JsonWriter& json, const Tool& tool, std::string_view version) {
  const bool titled = since(version, "2025-06-18");
  json.begin_object().member("name", tool.name);
  if (titled) json.member("title", tool.title);
  json.member("description", tool.description).key("inputSchema");
  json.raw(tool.schema.empty() ? object_schema(tool.input) : tool.schema);
  if (titled && !tool.output.empty()) json.key("outputSchema").raw(object_schema(tool.output));
  json.key("annotations").begin_object();
  if (!titled) json.member("title", tool.title);
  json.member("readOnlyHint", true);
  json.member("destructiveHint", false).member("idempotentHint", tool.idempotent).member("openWorldHint", false);
  json.end_object().end_object();
}

std::string tool_result(const ToolResult& result, std::string_view version) {
  JsonWriter json;
  json.begin_object().key("content");
  if (result.content.empty()) {
    json.begin_array().begin_object().member("type", "text").member("text", result.text).end_object().end_array();
  } else {
    json.raw(result.content);
  }
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

std::vector<std::string> names_of(const JsonDocument& document, const JsonNode& object) {
  std::vector<std::string> names;
  for (const JsonNode& member : document.children(object)) names.emplace_back(member.key);
  return names;
}

}  // namespace

std::string Session::version() const {
  const std::lock_guard lock(mutex_);
  return version_;
}

std::optional<std::string> Session::handle(std::string_view text, Link& link) {
  const auto document = JsonDocument::parse(text);
  if (!document) return response_text({}, refuse(kParseError, "not JSON: " + document.error().message));
  const JsonNode& root = document->root();
  if (root.kind != JsonKind::kArray) return handle_one(*document, root, link);
  if (root.size == 0) return response_text({}, refuse(kInvalidRequest, "the list of messages is empty"));
  if (since(version(), "2025-06-18")) {
    return response_text({}, refuse(kInvalidRequest, "lists of messages are not of this version"));
  }
  std::string batch;
  for (const JsonNode& value : document->children(root)) {
    if (auto response = handle_one(*document, value, link)) batch += (batch.empty() ? "[" : ",") + *response;
  }
  if (batch.empty()) return std::nullopt;
  return batch + "]";
}

std::optional<std::string> Session::handle_one(const JsonDocument& document, const JsonNode& value, Link& link) {
  const Message message = read_message(document, value);
  switch (message.kind) {
    case Message::Kind::kInvalid:
      return response_text(message.id, std::unexpected(message.failure));
    case Message::Kind::kNotification:
      handle_notification(message);
      return std::nullopt;
    case Message::Kind::kResponse:
      return std::nullopt;
    case Message::Kind::kRequest:
      break;
  }
  return response_text(message.id, answer(document, message, link));
}

void Session::handle_notification(const Message& message) {
  if (message.method != "notifications/roots/list_changed") return;
  const std::lock_guard lock(mutex_);
  client_files_ = nullptr;
}

std::expected<Caller::Facts, RpcError> Session::facts_of(const JsonDocument& document, const Message& message) const {
  const JsonNode* meta = object_member(document, message.params, "_meta");
  const JsonNode* named = meta == nullptr ? nullptr : document.find_last(*meta, kVersionKey);
  if (named == nullptr || message.method == "initialize") {
    const std::lock_guard lock(mutex_);
    if (version_.empty() && message.method != "initialize" && message.method != "ping") {
      return refuse(kInvalidParams, fmt::format("begin with initialize, or name a protocol version and the client's "
                                                "capabilities in params._meta ({}, {})",
                                                kVersionKey, kCapabilitiesKey));
    }
    return Caller::Facts{negotiated_version(version_), capabilities_, least_};
  }
  if (named->kind != JsonKind::kString) return refuse(kInvalidParams, "the protocol version must be a string");
  if (named->text != kStatelessVersion) {
    JsonWriter data;
    data.begin_object().key("supported").raw(stateless_versions()).member("requested", named->text).end_object();
    return refuse(kUnsupportedVersion, "Unsupported protocol version", std::move(data).take());
  }
  const JsonNode* capabilities = object_member(document, meta, kCapabilitiesKey);
  if (capabilities == nullptr) {
    return refuse(kInvalidParams, fmt::format("params._meta must have an object {}", kCapabilitiesKey));
  }
  return Caller::Facts{kStatelessVersion, names_of(document, *capabilities),
                       read_log_level(document.string_member(*meta, kLogLevelKey))};
}

Answer Session::answer(const JsonDocument& document, const Message& message, Link& link) {
  auto facts = facts_of(document, message);
  if (!facts) return std::unexpected(std::move(facts.error()));
  Caller caller(document, message, *std::move(facts), link, asked_);
  Answer answer = dispatch(caller);
  if (answer && caller.stateless()) return with_envelope(*std::move(answer), server_);
  return answer;
}

Answer Session::dispatch(Caller& caller) {
  const std::string_view method = caller.method();
  if (method == "tools/list") return list_tools(caller);
  if (method == "tools/call") return call_tool(caller);
  if (server_.resources != nullptr) {
    if (method == "resources/list") return list_resources(caller);
    if (method == "resources/templates/list") return list_templates(caller);
    if (method == "resources/read") return read_resource(caller);
  }
  if (caller.stateless() && method == "server/discover") return discover(caller);
  if (!caller.stateless()) {
    if (method == "initialize") return initialize(caller);
    if (method == "ping") return Answer("{}");
    if (method == "logging/setLevel" && server_.logs) return set_log_level(caller);
  }
  for (const Method& own : server_.methods) {
    if (own.name == method && (caller.stateless() ? own.stateless : own.in_sessions)) return own.call(caller);
  }
  return refuse(kMethodNotFound, fmt::format("there is no method {}", method.substr(0, 100)));
}

Answer Session::initialize(const Caller& caller) {
  const std::string_view wanted = caller.text("protocolVersion");
  if (wanted.empty()) return refuse(kInvalidParams, "protocolVersion is missing");
  const std::string_view version = negotiated_version(wanted);
  const JsonNode* capabilities = caller.param("capabilities");
  {
    const std::lock_guard lock(mutex_);
    version_ = version;
    capabilities_.clear();
    if (capabilities != nullptr && capabilities->kind == JsonKind::kObject) {
      capabilities_ = names_of(caller.document(), *capabilities);
    }
  }
  JsonWriter json;
  json.begin_object().member("protocolVersion", version);
  write_capabilities(json, server_, false);
  json.key("serverInfo");
  write_info(json, server_, version);
  json.member("instructions", server_.instructions).end_object();
  return std::move(json).take();
}

Answer Session::set_log_level(const Caller& caller) {
  const auto level = read_log_level(caller.text("level"));
  if (!level) return refuse(kInvalidParams, "level must be one of syslog's: debug, info, ... emergency");
  const std::lock_guard lock(mutex_);
  least_ = *level;
  return Answer("{}");
}

Answer Session::discover(const Caller& caller) const {
  JsonWriter json;
  json.begin_object().key("supportedVersions").raw(stateless_versions());
  write_capabilities(json, server_, true);
  json.member("instructions", server_.instructions);
  write_caching(json, caller.version(), kListTtlMs, "public");
  json.end_object();
  return std::move(json).take();
}

Answer Session::list_tools(const Caller& caller) const {
  JsonWriter json;
  json.begin_object().key("tools").begin_array();
  for (const Tool& tool : server_.tools) write_tool(json, tool, caller.version());
  json.end_array();
  write_caching(json, caller.version(), kListTtlMs, "public");
  json.end_object();
  return std::move(json).take();
}

std::shared_ptr<const FileAccess> Session::open_files(Caller& caller) {
  if (!server_.files.empty()) return {std::shared_ptr<const void>(), &server_.files};
  if (caller.stateless()) {
    const JsonNode* roots = caller.given("roots");
    if (roots == nullptr && caller.can("roots")) return nullptr;
    return std::make_shared<FileAccess>(roots == nullptr ? FileAccess()
                                                         : FileAccess(folders_of(caller.document(), *roots)));
  }
  const std::lock_guard asking(asking_);
  {
    const std::lock_guard lock(mutex_);
    if (client_files_ != nullptr) return client_files_;
  }
  auto files = std::make_shared<FileAccess>();
  // Who does not answer is not asked, and waited for, again.
  if (const auto roots = caller.can("roots") ? caller.ask("roots/list", "{}") : std::nullopt) {
    const auto document = JsonDocument::parse(*roots);
    if (document) *files = FileAccess(folders_of(*document, document->root()));
  }
  const std::lock_guard lock(mutex_);
  client_files_ = std::move(files);
  return client_files_;
}

Answer Session::call_tool(Caller& caller) {
  const auto tool = std::ranges::find(server_.tools, caller.text("name"), &Tool::name);
  if (tool == server_.tools.end()) {
    return refuse(kInvalidParams, fmt::format("Unknown tool: {}", caller.text("name").substr(0, 100)));
  }
  const JsonNode* object = caller.param("arguments");
  if (object != nullptr && object->kind != JsonKind::kObject) {
    return refuse(kInvalidParams, "arguments must be an object");
  }
  const auto arguments = Arguments::read(caller.document(), object, tool->input);
  // A model can mend its call when it is told; a protocol error often stays with the client.
  if (!arguments) return tool_result(failure(arguments.error().message), caller.version());
  std::shared_ptr<const FileAccess> files;
  if (tool->reads_files) {
    files = open_files(caller);
    if (files == nullptr) return input_required(R"({"roots":{"method":"roots/list","params":{}}})");
  }
  static const FileAccess kNone;
  // A stateless request says itself what it knows.
  ReadFiles* read = caller.stateless() ? nullptr : &read_;
  ToolResult result = tool->call(*arguments, {files == nullptr ? kNone : *files, read, caller});
  if (result.instead) return *std::move(result.instead);
  return tool_result(result, caller.version());
}

Answer Session::list_resources(const Caller& caller) const {
  const auto resources = server_.resources->list();
  if (!resources) return refuse(kServerError, resources.error().message);
  JsonWriter json;
  json.begin_object().key("resources").begin_array();
  for (const Resource& resource : *resources) {
    json.begin_object().member("uri", resource.uri).member("name", resource.name);
    json.member("description", resource.description).member("mimeType", resource.mime_type);
    json.member("size", resource.size).end_object();
  }
  json.end_array();
  write_caching(json, caller.version(), 0, "private");
  json.end_object();
  return std::move(json).take();
}

Answer Session::list_templates(const Caller& caller) const {
  JsonWriter json;
  json.begin_object().key("resourceTemplates").begin_array();
  for (const ResourceTemplate& one : server_.resources->templates()) {
    json.begin_object().member("uriTemplate", one.uri_template).member("name", one.name);
    json.member("description", one.description).member("mimeType", one.mime_type).end_object();
  }
  json.end_array();
  write_caching(json, caller.version(), kListTtlMs, "public");
  json.end_object();
  return std::move(json).take();
}

Answer Session::read_resource(const Caller& caller) const {
  const std::string_view uri = caller.text("uri");
  if (uri.empty()) return refuse(kInvalidParams, "uri is missing");
  const auto content = server_.resources->read(uri);
  if (!content) {
    const bool ours = content.error().code == base::ErrorCode::kIo;
    const int missing = caller.stateless() ? kInvalidParams : kResourceNotFound;
    JsonWriter data;
    data.begin_object().member("uri", uri).end_object();
    return refuse(ours ? kServerError : missing, content.error().message, std::move(data).take());
  }
  JsonWriter json;
  json.begin_object().key("contents").begin_array().begin_object().member("uri", uri);
  if (base::is_utf8(content->bytes)) {
    json.member("mimeType", content->mime_type).member("text", content->bytes);
  } else {
    json.member("mimeType", content->mime_type).member("blob", base::base64_encode(content->bytes));
  }
  json.end_object().end_array();
  write_caching(json, caller.version(), 0, "private");
  json.end_object();
  return std::move(json).take();
}

}  // namespace headroom::mcp
