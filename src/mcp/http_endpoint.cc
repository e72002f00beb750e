#include "mcp/http_endpoint.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/base64.h"

namespace headroom::mcp {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;
using proxy::Reply;
using proxy::RequestHead;

constexpr std::string_view kSessionHeader = "mcp-session-id";
constexpr std::string_view kVersionHeader = "mcp-protocol-version";

Reply rpc_error(int status, int code, std::string message) {
  return {status, "application/json", response_text({}, refuse(code, std::move(message)))};
}

/// What the response to a stateless request says of it. Errors of the server itself have no status of their own.
int status_of(std::string_view response) {
  const auto document = JsonDocument::parse(response);
  const JsonNode* error = document ? document->find_last(document->root(), "error") : nullptr;
  if (error == nullptr || error->kind != JsonKind::kObject) return 200;
  const JsonNode* code = document->find_last(*error, "code");
  if (code == nullptr) return 200;
  if (code->raw == "-32601") return 404;
  return code->raw == "-32603" ? 200 : 400;
}

Reply reply_of(std::optional<std::string> response, bool by_code) {
  if (!response) return {202, "application/json", ""};
  const int status = by_code ? status_of(*response) : 200;
  return {status, "application/json", *std::move(response)};
}

/// To the client that waits for the response to a request. `mailbox`: where responses of its session come; nullptr
/// where there is none.
class StreamLink final : public Link {
 public:
  StreamLink(Events* events, Mailbox* mailbox) : events_(events), mailbox_(mailbox) {}

  bool send(std::string message) override { return events_ != nullptr && events_->send(message); }

  std::optional<std::string> ask(std::string_view id, std::string request) override {
    if (events_ == nullptr || mailbox_ == nullptr) return std::nullopt;
    mailbox_->expect(id);
    return mailbox_->wait(id, events_->send(request) ? kPatienceMs : 0);
  }

 private:
  Events* const events_;
  Mailbox* const mailbox_;
};

const JsonNode* params_of(const JsonDocument& document) {
  const JsonNode& root = document.root();
  const JsonNode* params = root.kind == JsonKind::kObject ? document.find_last(root, "params") : nullptr;
  return params != nullptr && params->kind == JsonKind::kObject ? params : nullptr;
}

/// The version that `_meta` names; empty where it names none.
std::string_view meta_version(const JsonDocument& document) {
  const JsonNode* params = params_of(document);
  const JsonNode* meta = params == nullptr ? nullptr : document.find_last(*params, "_meta");
  if (meta == nullptr || meta->kind != JsonKind::kObject) return {};
  return document.string_member(*meta, kVersionKey);
}

/// A header's value, which may be wrapped as "=?base64?...?=".
std::string unwrapped(std::string_view value) {
  constexpr std::string_view kBegin = "=?base64?";
  constexpr std::string_view kEnd = "?=";
  if (!value.starts_with(kBegin) || !value.ends_with(kEnd) || value.size() < kBegin.size() + kEnd.size()) {
    return std::string(value);
  }
  value.remove_prefix(kBegin.size());
  value.remove_suffix(kEnd.size());
  return base::base64_decode(value).value_or(std::string());
}

/// Why the headers do not say what the body says; empty when they do.
std::string mismatch(const RequestHead& request, const JsonDocument& document) {
  for (const std::string_view name : {kVersionHeader, std::string_view("mcp-method"), std::string_view("mcp-name")}) {
    if (request.fields.count(name) > 1) return fmt::format("{} is there more than once", name);
  }
  if (request.fields.get(kVersionHeader) != meta_version(document)) return "MCP-Protocol-Version is not the body's";
  const std::string_view method = document.string_member(document.root(), "method");
  if (request.fields.get("mcp-method") != method) return "Mcp-Method is not the body's method";
  const bool resource = method == "resources/read";
  if (!resource && method != "tools/call" && method != "prompts/get") return {};
  const JsonNode* params = params_of(document);
  const std::string_view name = params == nullptr ? "" : document.string_member(*params, resource ? "uri" : "name");
  return unwrapped(request.fields.get("mcp-name")) == name ? "" : "Mcp-Name is not what the body names";
}

bool takes(const RequestHead& request, std::initializer_list<std::string_view> types) {
  const std::string_view accept = request.fields.get("accept");
  return std::ranges::any_of(types, [&](std::string_view type) { return accept.find(type) != std::string_view::npos; });
}

bool takes_json(const RequestHead& request) {
  return request.fields.get("accept").empty() || takes(request, {"application/json", "application/*", "*/*"});
}

bool takes_events(const RequestHead& request) {
  return request.minor > 0 && takes(request, {"text/event-stream", "text/*", "*/*"});
}

}  // namespace

HttpEndpoint::HttpEndpoint(const Server& server, const proxy::Access& access, std::function<std::string()> new_id)
    : server_(server), access_(access), new_id_(std::move(new_id)) {}

Reply HttpEndpoint::answer(const RequestHead& request, std::string_view body, Events& events) {
  const proxy::Caller caller{proxy::Peer::kLoopback, &access_};
  if (const auto refusal = proxy::refuse(proxy::Guard::kLocalWrite, request, caller)) {
    return rpc_error(refusal->status, kInvalidRequest, std::string(refusal->why));
  }
  if (request.path != kPath) return rpc_error(404, kInvalidRequest, "only /mcp is served here");
  if (request.method == "POST") return post(request, body, events);
  if (request.method == "DELETE" && request.fields.has(kSessionHeader)) {
    if (forget(request.fields.get(kSessionHeader))) return {200, "application/json", ""};
    return rpc_error(404, kInvalidRequest, "there is no such session");
  }
  Reply reply = rpc_error(405, kInvalidRequest, "messages come by POST; there is no stream to listen to");
  reply.fields.push_back({"Allow", "POST, DELETE"});
  return reply;
}

Reply HttpEndpoint::post(const RequestHead& request, std::string_view body, Events& events) {
  const std::string_view type = request.fields.get("content-type");
  if (!proxy::equals_ci(type.substr(0, type.find(';')), "application/json")) {
    return rpc_error(415, kInvalidRequest, "the Content-Type must be application/json");
  }
  if (!takes_json(request)) return rpc_error(400, kInvalidRequest, "Accept must take application/json");
  const auto document = JsonDocument::parse(body);
  if (!document) return rpc_error(400, kParseError, "not JSON: " + document.error().message);
  const bool object = document->root().kind == JsonKind::kObject;
  const bool begins = object && document->string_member(document->root(), "method") == "initialize";
  const std::string_view version = request.fields.get(kVersionHeader);
  if (object && !begins && (version == kStatelessVersion || !meta_version(*document).empty())) {
    return stateless(request, *document, body, events);
  }
  if (begins && version == kStatelessVersion) {
    const Message message = read_message(*document, document->root());
    return {404, "application/json",
            response_text(message.id, refuse(kMethodNotFound, "this version has no initialize"))};
  }
  if (begins) return this->begin(body);
  if (!version.empty() && std::ranges::find(kVersions, version) == kVersions.end()) {
    return rpc_error(400, kInvalidRequest, "MCP-Protocol-Version names no version that is spoken here");
  }
  if (!request.fields.has(kSessionHeader)) {
    return rpc_error(400, kInvalidRequest, "Mcp-Session-Id is missing: begin with initialize");
  }
  const auto client = find(request.fields.get(kSessionHeader));
  if (client == nullptr) return rpc_error(404, kInvalidRequest, "there is no such session: begin with initialize");
  const Message message = read_message(*document, document->root());
  if (message.kind == Message::Kind::kResponse) {
    client->mailbox.deliver(message.id, body);
    return {202, "application/json", ""};
  }
  StreamLink link(takes_events(request) ? &events : nullptr, &client->mailbox);
  return reply_of(client->session.handle(body, link), false);
}

Reply HttpEndpoint::stateless(const RequestHead& request, const JsonDocument& document, std::string_view body,
                              Events& events) {
  const Message message = read_message(document, document.root());
  if (message.kind == Message::Kind::kRequest && !meta_version(document).empty()) {
    if (std::string why = mismatch(request, document); !why.empty()) {
      return {400, "application/json", response_text(message.id, refuse(kHeaderMismatch, std::move(why)))};
    }
  }
  StreamLink link(takes_events(request) ? &events : nullptr, nullptr);
  return reply_of(Session(server_).handle(body, link), true);
}

Reply HttpEndpoint::begin(std::string_view body) {
  auto client = std::make_shared<Client>(new_id_(), server_);
  NoLink link;
  Reply reply = reply_of(client->session.handle(body, link), false);
  if (client->session.version().empty()) return reply;
  reply.fields.push_back({"Mcp-Session-Id", client->id});
  const std::lock_guard lock(mutex_);
  clients_.push_front(std::move(client));
  if (clients_.size() > kMaxSessions) clients_.pop_back();
  return reply;
}

std::shared_ptr<HttpEndpoint::Client> HttpEndpoint::find(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(clients_, id, [](const auto& client) -> std::string_view { return client->id; });
  if (found == clients_.end()) return nullptr;
  clients_.splice(clients_.begin(), clients_, found);
  return clients_.front();
}

bool HttpEndpoint::forget(std::string_view id) {
  if (find(id) == nullptr) return false;
  const std::lock_guard lock(mutex_);
  return std::erase_if(clients_, [id](const auto& client) { return client->id == id; }) > 0;
}

}  // namespace headroom::mcp
