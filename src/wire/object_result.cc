#include "wire/object_result.h"

namespace headroom::wire {
namespace {

using base::JsonKind;
using base::JsonNode;

/// A value of fewer bytes than this is no text of its own.
constexpr std::size_t kSmallest = 16;
/// Strings of so many bytes are texts that a tool wrote, whatever stands around them.
constexpr std::size_t kLongText = 400;
/// A value with more of them is data with texts in it.
constexpr std::size_t kMostTexts = 4;
/// An object of small members only counts as one text from so many bytes on.
constexpr std::size_t kLargeObject = 1024;
constexpr int kDeepest = 6;

/// No member is worth looking at by itself, but all of them together are.
bool has_small_members_only(const base::JsonDocument& document, const JsonNode& value) {
  if (value.raw.size() < kLargeObject) return false;
  std::size_t large = 0;
  for (const JsonNode& child : document.children(value)) {
    if (child.raw.size() >= kLongText) large += child.raw.size();
  }
  return large * 2 < value.raw.size();
}

/// Most of the value is one string, or a few long ones, somewhere in it.
bool wraps_texts(const base::JsonDocument& document, const JsonNode& value) {
  std::size_t bytes = 0, count = 0;
  for (std::uint32_t i = document.index_of(value) + 1; i < value.next; ++i) {
    const JsonNode& inner = document.node(i);
    if (inner.kind != JsonKind::kString) continue;
    if (inner.raw.size() < kLongText && inner.raw.size() * 10 < value.raw.size() * 6) continue;
    bytes += inner.raw.size();
    if (++count > kMostTexts) return false;
  }
  return bytes * 10 >= value.raw.size() * 6;
}

void read_values(Reader& reader, const JsonNode& object, const ObjectResult& result, int depth) {
  for (const JsonNode& value : reader.document().children(object)) {
    if (value.raw.size() <= kSmallest) continue;
    if (value.kind == JsonKind::kString) {
      reader.add_result(result.message, result.id, result.is_error, value);
    } else if (value.kind != JsonKind::kObject && value.kind != JsonKind::kArray) {
      continue;
    } else if (depth < kDeepest && wraps_texts(reader.document(), value)) {
      read_values(reader, value, result, depth + 1);
      continue;
    } else {
      reader.add_value_result(result.message, result.id, result.is_error, value);
    }
    if (!result.name.empty()) reader.last_block().tool_name = result.name;
  }
}

}  // namespace

void read_object_result(Reader& reader, const JsonNode& object, const ObjectResult& result) {
  if (!has_small_members_only(reader.document(), object)) return read_values(reader, object, result, 0);
  reader.add_value_result(result.message, result.id, result.is_error, object).in_object = true;
  if (!result.name.empty()) reader.last_block().tool_name = result.name;
}

}  // namespace headroom::wire
