#include "update/notice.h"

#include <charconv>

#include "base/json_document.h"
#include "base/json_writer.h"
#include "update/release.h"

namespace headroom::update {
namespace {

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

std::int64_t number(const base::JsonDocument& doc, std::string_view name) {
  const base::JsonNode* node = doc.find_last(doc.root(), name);
  std::int64_t value = 0;
  if (node != nullptr) std::from_chars(node->raw.data(), node->raw.data() + node->raw.size(), value);
  return value;
}

/// Also when `then` is of a clock that was set back since.
bool is_a_day_ago(std::int64_t then_ms, std::int64_t now_ms) {
  return now_ms < then_ms || now_ms - then_ms >= kDayMs;
}

}  // namespace

Memory read_memory(std::string_view json) {
  const auto doc = base::JsonDocument::parse(json);
  if (!doc || doc->root().kind != base::JsonKind::kObject) return {};
  return {number(*doc, "checked_ms"), number(*doc, "told_ms"), std::string(doc->string_member(doc->root(), "newest"))};
}

std::string memory_text(const Memory& memory) {
  base::JsonWriter json;
  json.begin_object().member("checked_ms", memory.checked_ms).member("told_ms", memory.told_ms);
  json.member("newest", memory.newest).end_object();
  return json.text() + "\n";
}

Due due(const Memory& memory, std::string_view version, std::int64_t now_ms) {
  const bool newer = !memory.newest.empty() && is_newer(memory.newest, version);
  return {.tell = newer && is_a_day_ago(memory.told_ms, now_ms),
          .look = memory.checked_ms == 0 || is_a_day_ago(memory.checked_ms, now_ms)};
}

}  // namespace headroom::update
