#include "aws/credentials_json.h"

#include <charconv>

#include "base/json_document.h"
#include "base/utc_time.h"

namespace headroom::aws {
namespace {

using base::JsonKind;
using base::JsonNode;

/// 0 for what is no time.
std::int64_t time_of(const JsonNode& node) {
  if (node.kind == JsonKind::kString) return base::parse_time(node.text);
  std::int64_t ms = 0;
  if (node.kind == JsonKind::kNumber) std::from_chars(node.raw.data(), node.raw.data() + node.raw.size(), ms);
  return ms;
}

}  // namespace

base::Result<Found> credentials_in_json(std::string_view json, const CredentialNames& names) {
  const auto broken = [] { return base::fail(base::ErrorCode::kParse, "the answer holds no credentials"); };
  const auto document = base::JsonDocument::parse(json);
  if (!document || document->root().kind != JsonKind::kObject) return broken();
  const JsonNode* object = names.within.empty() ? &document->root() : document->find(document->root(), names.within);
  if (object == nullptr || object->kind != JsonKind::kObject) return broken();
  Found found;
  found.credentials = {std::string(document->string_member(*object, names.key_id)),
                       std::string(document->string_member(*object, names.secret)),
                       std::string(document->string_member(*object, names.token))};
  if (found.credentials.key_id.empty() || found.credentials.secret.empty()) return broken();
  const JsonNode* expiration = document->find(*object, names.expiration);
  if (expiration == nullptr || expiration->kind == JsonKind::kNull) return found;
  found.expires_ms = time_of(*expiration);
  if (found.expires_ms <= 0) return base::fail(base::ErrorCode::kParse, "the answer's expiration is no time");
  return found;
}

std::string json_text(std::string_view json, std::string_view name) {
  const auto document = base::JsonDocument::parse(json);
  if (!document || document->root().kind != JsonKind::kObject) return {};
  return std::string(document->string_member(document->root(), name));
}

}  // namespace headroom::aws
