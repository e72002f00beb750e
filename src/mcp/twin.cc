#include "mcp/twin.h"

namespace headroom::mcp {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

bool same(const JsonDocument& a, const JsonNode& one, const JsonDocument& b, const JsonNode& other) {
  if (one.kind != other.kind || one.size != other.size) return false;
  switch (one.kind) {
    case JsonKind::kString:
      return one.decoded && other.decoded && one.text == other.text;
    case JsonKind::kArray: {
      auto right = b.children(other).begin();
      for (const JsonNode& left : a.children(one)) {
        if (!same(a, left, b, *right)) return false;
        ++right;
      }
      return true;
    }
    case JsonKind::kObject:
      for (const JsonNode& left : a.children(one)) {
        const JsonNode* right = b.find_last(other, left.key);
        if (right == nullptr || !same(a, left, b, *right)) return false;
      }
      return true;
    default:
      return one.raw == other.raw;
  }
}

/// The text is this value, as JSON or, for a string, as it is.
bool says(const JsonDocument& document, const JsonNode& value, std::string_view text) {
  if (value.kind == JsonKind::kString && value.decoded && value.text == text) return true;
  const auto parsed = JsonDocument::parse(text);
  return parsed && same(document, value, *parsed, parsed->root());
}

}  // namespace

bool is_twin(const JsonDocument& document, const JsonNode& structured, const std::vector<std::string_view>& texts) {
  if (texts.size() == 1 && says(document, structured, texts.front())) return true;
  if (structured.kind != JsonKind::kObject || structured.size != 1) return false;
  const JsonNode* result = &*document.children(structured).begin();
  if (texts.size() == 1 && says(document, *result, texts.front())) return true;
  if (result->kind != JsonKind::kArray || result->size != texts.size()) return false;
  std::size_t at = 0;
  for (const JsonNode& item : document.children(*result)) {
    if (!says(document, item, texts[at++])) return false;
  }
  return true;
}

}  // namespace headroom::mcp
