#include "proxy/counted_body.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/json_document.h"
#include "base/splice.h"

namespace headroom::proxy {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

const JsonNode* member(const JsonDocument& document, const JsonNode* object, std::string_view name) {
  if (object == nullptr || object->kind != JsonKind::kObject) return nullptr;
  return document.find_last(*object, name);
}

/// A request within another one.
struct Inner {
  wire::Api api = wire::Api::kBedrockConverse;
  std::string body;
  base::Span place;      ///< of it, in the request around it
  bool encoded = false;  ///< there it is a text in Base64
};

std::optional<Inner> inner_of(std::string_view body) {
  const auto document = JsonDocument::parse(body);
  if (!document) return std::nullopt;
  const JsonNode* input = member(*document, &document->root(), "input");
  if (const JsonNode* converse = member(*document, input, "converse")) {
    return Inner{wire::Api::kBedrockConverse, std::string(converse->raw), document->span(*converse)};
  }
  const JsonNode* text = member(*document, member(*document, input, "invokeModel"), "body");
  if (text == nullptr || text->kind != JsonKind::kString) return std::nullopt;
  auto decoded = base::base64_decode(text->text);
  if (!decoded) return std::nullopt;
  const wire::Api api = wire::bedrock_invoke_api(*decoded);
  return Inner{api, *std::move(decoded), document->span(*text), true};
}

}  // namespace

Compression compress_counted(const context::Pipeline& pipeline, std::string_view body, const base::Clock& clock,
                             const context::RequestOptions& options) {
  const auto inner = inner_of(body);
  if (!inner) {
    Compression none;
    none.row.time_ms = clock.now_ms();
    none.outcome.skip_reason = none.row.skip_reason = "the body holds no request whose tokens could be counted";
    return none;
  }
  context::RequestOptions own = options;
  own.padded = false;
  Compression result = compress_body(pipeline, inner->api, inner->body, clock, own);
  context::Outcome& outcome = result.outcome;
  if (!outcome.changed) return result;
  const std::string& sent = outcome.body;
  const std::array<base::Edit, 1> edit{
      base::Edit{inner->place, inner->encoded ? fmt::format("\"{}\"", base::base64_encode(sent)) : sent}};
  auto spliced = base::splice(body, edit);
  outcome.changed = spliced.has_value();
  outcome.body = spliced ? *std::move(spliced) : std::string();
  return result;
}

}  // namespace headroom::proxy
