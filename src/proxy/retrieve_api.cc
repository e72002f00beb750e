#include "proxy/retrieve_api.h"

#include <cstdint>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/json_document.h"
#include "base/json_writer.h"
#include "context/retrieve.h"
#include "proxy/query_string.h"

namespace headroom::proxy {
namespace {

constexpr std::string_view kPrefix = "/v1/retrieve/";

struct Wanted {
  std::string hash, lines, items, path, query;
};

Wanted wanted_from_url(std::string_view path, std::string_view query) {
  const auto parameter = [&](std::string_view name) { return query_parameter(query, name).value_or(std::string()); };
  Wanted wanted{parameter("hash"), parameter("lines"), parameter("items"), parameter("path"), parameter("query")};
  if (path.starts_with(kPrefix)) wanted.hash = percent_decode(path.substr(kPrefix.size()));
  return wanted;
}

base::Result<Wanted> wanted_from_body(std::string_view body) {
  const auto doc = base::JsonDocument::parse(body);
  if (!doc) return std::unexpected(doc.error());
  if (doc->root().kind != base::JsonKind::kObject) {
    return base::fail(base::ErrorCode::kParse, "the body must be a JSON object with hash");
  }
  const auto member = [&](std::string_view name) {
    const base::JsonNode* node = doc->find_last(doc->root(), name);
    return node != nullptr && node->kind == base::JsonKind::kString ? std::string(node->text) : std::string();
  };
  return Wanted{member("hash"), member("lines"), member("items"), member("path"), member("query")};
}

base::Result<std::string> part_of(const std::string& content, const Wanted& wanted) {
  if (!wanted.lines.empty() || !wanted.items.empty()) {
    const auto range = context::parse_range(wanted.lines.empty() ? wanted.items : wanted.lines);
    if (!range) return std::unexpected(range.error());
    return wanted.lines.empty() ? context::retrieve_items(content, wanted.path, range->first, range->second)
                                : context::retrieve_lines(content, range->first, range->second);
  }
  if (!wanted.query.empty()) return context::retrieve_query(content, wanted.query);
  return content;
}

int status_of(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::kInvalidArgument:
    case base::ErrorCode::kParse:
    case base::ErrorCode::kTooLarge:
      return 400;
    case base::ErrorCode::kNotFound:
      return 404;
    case base::ErrorCode::kAmbiguous:
      return 409;
    default:
      return 503;
  }
}

Reply failure(const base::Error& error) {
  return detail_error(status_of(error.code), error.message);
}

/// What is asked for, and the report of it as JSON.
struct Found {
  std::string text;
  std::string json;
};

/// Whose wish it is. A GET changes nothing: it is of a person or a script that looks at what is stored, and says
/// nothing of what models miss.
enum class Asker : std::uint8_t { kReader, kModel };

base::Result<Found> find(const Shelf& shelf, const Wanted& wanted, Asker asker) {
  if (wanted.hash.empty()) return base::fail(base::ErrorCode::kInvalidArgument, "hash is missing");
  if (shelf.store == nullptr) {
    return base::fail(base::ErrorCode::kNotFound, "Entry not found: nothing is stored, because --no-ccr is set");
  }
  const auto original = shelf.store->get(wanted.hash, shelf.scope);
  if (!original) return std::unexpected(original.error());
  auto part = part_of(original->content, wanted);
  if (!part) return std::unexpected(part.error());
  if (asker == Asker::kModel && shelf.offers != nullptr) {
    static_cast<void>(shelf.offers->retrieve(original->id, shelf.scope));
  }
  base::JsonWriter json;
  json.begin_object().member("hash", original->id).member("original_content", *part);
  json.member("original_tokens", original->tokens).member("original_bytes", original->content.size());
  json.member("content_type", original->content_type).member("tool_name", original->tool_name);
  json.member("retrieval_count", original->retrievals);
  const bool whole = wanted.lines.empty() && wanted.items.empty() && wanted.query.empty();
  json.member("complete", whole).end_object();
  return Found{*std::move(part), std::move(json).take()};
}

/// A model's call of the retrieve tool, as a provider's format has it.
struct ToolCall {
  std::string id, arguments;
  bool openai = false;
};

base::Result<ToolCall> read_tool_call(std::string_view body) {
  const auto doc = base::JsonDocument::parse(body);
  if (!doc) return std::unexpected(doc.error());
  const base::JsonNode* call =
      doc->root().kind == base::JsonKind::kObject ? doc->find_last(doc->root(), "tool_call") : nullptr;
  if (call == nullptr || call->kind != base::JsonKind::kObject) {
    return base::fail(base::ErrorCode::kParse, "the body must be a JSON object with tool_call");
  }
  const base::JsonNode* function = doc->find_last(*call, "function");
  const base::JsonNode* input =
      function != nullptr ? doc->find_last(*function, "arguments") : doc->find_last(*call, "input");
  if (input == nullptr) {
    return base::fail(base::ErrorCode::kParse, "tool_call must have input, or function with arguments");
  }
  const std::string_view provider = doc->string_member(doc->root(), "provider");
  return ToolCall{std::string(doc->string_member(*call, "id")),
                  std::string(input->kind == base::JsonKind::kString ? input->text : input->raw),
                  provider.empty() ? function != nullptr : provider == "openai"};
}

}  // namespace

Reply retrieve_api(const Shelf& shelf, std::string_view method, std::string_view path, std::string_view query,
                   std::string_view body) {
  const base::Result<Wanted> wanted =
      method == "POST" ? wanted_from_body(body) : base::Result<Wanted>(wanted_from_url(path, query));
  if (!wanted) return failure(wanted.error());
  auto found = find(shelf, *wanted, method == "POST" ? Asker::kModel : Asker::kReader);
  if (!found) return failure(found.error());
  return {200, "application/json", std::move(found->json)};
}

Reply retrieve_tool_call_api(const Shelf& shelf, std::string_view body) {
  const auto call = read_tool_call(body);
  if (!call) return failure(call.error());
  const auto wanted = wanted_from_body(call->arguments);
  const auto found =
      wanted ? find(shelf, *wanted, Asker::kModel) : base::Result<Found>(std::unexpected(wanted.error()));
  const std::string& text = found ? found->text : found.error().message;
  base::JsonWriter json;
  json.begin_object().key("tool_result").begin_object();
  if (call->openai) {
    json.member("role", "tool").member("tool_call_id", call->id).member("content", text);
  } else {
    json.member("type", "tool_result").member("tool_use_id", call->id).member("content", text);
    if (!found) json.member("is_error", true);
  }
  json.end_object().member("success", found.has_value()).key("data");
  if (found) {
    json.raw(found->json);
  } else {
    json.begin_object().member("error", text).end_object();
  }
  return {200, "application/json", std::move(json.end_object()).take()};
}

Reply retrieve_stats_api(store::OriginalStore* store, store::Scope scope) {
  store::StoreStats stats;
  stats.backend = "none";
  if (store != nullptr) {
    auto read = store->stats(scope);
    if (!read) return failure(read.error());
    stats = std::move(*read);
  }
  base::JsonWriter json;
  json.begin_object().key("store").begin_object();
  json.member("entry_count", stats.entries).member("total_bytes", stats.bytes);
  json.member("total_original_tokens", stats.tokens).member("total_retrievals", stats.retrievals);
  json.member("backend", stats.backend).end_object().end_object();
  return {200, "application/json", std::move(json).take()};
}

}  // namespace headroom::proxy
