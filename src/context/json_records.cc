#include "context/json_records.h"

#include <cstddef>
#include <cstdint>

#include "base/json_document.h"
#include "base/text.h"

namespace headroom::context {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

constexpr std::size_t kSmallest = 4096;  // bytes below which a file is no more than settings may be
constexpr std::uint32_t kItems = 8;      // objects from which on an array is a row of records
constexpr std::uint32_t kEntries = 24;   // ... of an object, whose members are named one by one in settings, too

bool is_row_of_records(const JsonDocument& document, const JsonNode& node) {
  if (node.kind != JsonKind::kArray && node.kind != JsonKind::kObject) return false;
  if (node.size < (node.kind == JsonKind::kArray ? kItems : kEntries)) return false;
  std::uint32_t objects = 0;
  for (const JsonNode& child : document.children(node)) objects += child.kind == JsonKind::kObject ? 1 : 0;
  return objects * 10 >= node.size * 9;
}

/// The bytes of the outermost rows of records.
std::size_t record_bytes(const JsonDocument& document) {
  std::size_t bytes = 0;
  const auto count = static_cast<std::uint32_t>(document.nodes().size());
  for (std::uint32_t at = 0; at < count;) {
    const JsonNode& node = document.node(at);
    const bool row = is_row_of_records(document, node);
    if (row) bytes += node.raw.size();
    at = row ? node.next : at + 1;
  }
  return bytes;
}

bool is_record_a_line(std::string_view text) {
  std::size_t records = 0, lines = 0;
  for (std::string_view line : base::split_lines(text)) {
    line = base::trim(line);
    if (line.empty()) continue;
    ++lines;
    records += line.starts_with('{') && line.ends_with('}') ? 1 : 0;
  }
  return records >= kItems && records * 10 >= lines * 9;
}

}  // namespace

bool holds_records(std::string_view text) {
  if (text.size() < kSmallest) return false;
  const auto document = JsonDocument::parse(text);
  if (!document) return is_record_a_line(text);
  return record_bytes(*document) * 10 >= text.size() * 6;
}

}  // namespace headroom::context
