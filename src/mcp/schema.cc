#include "mcp/schema.h"

#include <algorithm>

#include "base/json_writer.h"

namespace headroom::mcp {
namespace {

void write_type(base::JsonWriter& json, FieldType type) {
  switch (type) {
    case FieldType::kString:
      json.member("type", "string");
      break;
    case FieldType::kInteger:
      json.member("type", "integer");
      break;
    case FieldType::kNumber:
      json.member("type", "number");
      break;
    case FieldType::kBoolean:
      json.member("type", "boolean");
      break;
    case FieldType::kStrings:
      json.member("type", "array").key("items").raw(R"({"type":"string"})");
      break;
    case FieldType::kObject:
      json.member("type", "object");
      break;
    case FieldType::kObjects:
      json.member("type", "array").key("items").raw(R"({"type":"object"})");
      break;
    case FieldType::kPassages:
      json.member("type", "array")
          .key("items")
          .raw(R"({"anyOf":[{"type":"string"},{"type":"object","properties":{"text":{"type":"string"},)"
               R"("id":{"type":"string"}},"required":["text"]}]})");
      break;
  }
}

}  // namespace

std::string object_schema(std::span<const Field> fields) {
  base::JsonWriter json;
  json.begin_object().member("type", "object").key("properties").begin_object();
  for (const Field& field : fields) {
    if (field.unlisted) continue;
    json.key(field.name).begin_object();
    write_type(json, field.type);
    if (!field.description.empty()) json.member("description", field.description);
    if (!field.choices.empty()) {
      json.key("enum").begin_array();
      for (const std::string_view choice : field.choices) json.value(choice);
      json.end_array();
    }
    json.end_object();
  }
  json.end_object();
  if (std::ranges::any_of(fields, &Field::required)) {
    json.key("required").begin_array();
    for (const Field& field : fields) {
      if (field.required) json.value(field.name);
    }
    json.end_array();
  }
  json.end_object();
  return std::move(json).take();
}

}  // namespace headroom::mcp
