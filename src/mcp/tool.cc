#include "mcp/tool.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace headroom::mcp {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

bool is_whole(const JsonNode& node) {
  return node.kind == JsonKind::kNumber && node.raw.find_first_of(".eE") == std::string_view::npos;
}

bool is_passage(const JsonDocument& document, const JsonNode& node) {
  if (node.kind == JsonKind::kString) return true;
  if (node.kind != JsonKind::kObject) return false;
  const JsonNode* text = document.find_last(node, "text");
  return text != nullptr && text->kind == JsonKind::kString;
}

/// What a value should have been; empty when it is that.
std::string_view misfit(const JsonDocument& document, const JsonNode& node, FieldType type) {
  const auto all = [&](auto&& fits) {
    if (node.kind != JsonKind::kArray) return false;
    for (const JsonNode& item : document.children(node)) {
      if (!fits(item)) return false;
    }
    return true;
  };
  switch (type) {
    case FieldType::kString:
      return node.kind == JsonKind::kString ? "" : "a string";
    case FieldType::kInteger:
      return is_whole(node) ? "" : "a whole number";
    case FieldType::kNumber:
      return node.kind == JsonKind::kNumber ? "" : "a number";
    case FieldType::kBoolean:
      return node.kind == JsonKind::kBool ? "" : "true or false";
    case FieldType::kStrings:
      return all([](const JsonNode& item) { return item.kind == JsonKind::kString; }) ? "" : "a list of strings";
    case FieldType::kObject:
      return node.kind == JsonKind::kObject ? "" : "an object";
    case FieldType::kObjects:
      return all([](const JsonNode& item) { return item.kind == JsonKind::kObject; }) ? "" : "a list of objects";
    case FieldType::kPassages:
      return all([&](const JsonNode& item) { return is_passage(document, item); })
                 ? ""
                 : "a list of texts, or of objects with a member \"text\"";
  }
  return "";
}

}  // namespace

base::Result<Arguments> Arguments::read(const JsonDocument& document, const JsonNode* object,
                                        std::span<const Field> fields) {
  const Arguments arguments(document, object);
  for (const Field& field : fields) {
    const JsonNode* node = arguments.node(field.name);
    if (node == nullptr) {
      if (!field.required) continue;
      return base::fail(base::ErrorCode::kInvalidArgument,
                        fmt::format("\"{}\" is missing: {}", field.name, field.description));
    }
    if (const std::string_view wanted = misfit(document, *node, field.type); !wanted.empty()) {
      return base::fail(base::ErrorCode::kInvalidArgument, fmt::format("\"{}\" must be {}.", field.name, wanted));
    }
    if (!field.choices.empty() && std::ranges::find(field.choices, node->text) == field.choices.end()) {
      return base::fail(base::ErrorCode::kInvalidArgument,
                        fmt::format("\"{}\" must be one of: {}.", field.name, fmt::join(field.choices, ", ")));
    }
  }
  return arguments;
}

const JsonNode* Arguments::node(std::string_view name) const {
  const JsonNode* found = object_ == nullptr ? nullptr : document_->find_last(*object_, name);
  return found == nullptr || found->kind == JsonKind::kNull ? nullptr : found;
}

std::string_view Arguments::text(std::string_view name) const {
  const JsonNode* found = node(name);
  return found == nullptr ? std::string_view() : found->text;
}

bool Arguments::flag(std::string_view name) const {
  const JsonNode* found = node(name);
  return found != nullptr && found->raw == "true";
}

std::int64_t Arguments::number(std::string_view name, std::int64_t otherwise) const {
  const JsonNode* found = node(name);
  if (found == nullptr) return otherwise;
  std::int64_t value = 0;
  const char* const end = found->raw.data() + found->raw.size();
  return std::from_chars(found->raw.data(), end, value).ec == std::errc() ? value : otherwise;
}

}  // namespace headroom::mcp
