#include "replay/json_line.h"

#include <charconv>

#include "base/utc_time.h"

namespace headroom::replay {

using base::JsonKind;
using base::JsonNode;

std::optional<JsonLine> JsonLine::parse(std::string_view text) {
  auto document = base::JsonDocument::parse(text);
  if (!document || document->root().kind != JsonKind::kObject) return std::nullopt;
  return JsonLine(*std::move(document));
}

const JsonNode* JsonLine::find(const JsonNode* object, std::string_view key) const {
  return object == nullptr ? nullptr : document_.find_last(*object, key);
}

std::string_view JsonLine::text(const JsonNode* object, std::string_view key) const {
  return object == nullptr ? std::string_view() : document_.string_member(*object, key);
}

std::uint64_t JsonLine::number(const JsonNode* object, std::string_view key) const {
  const JsonNode* node = find(object, key);
  std::uint64_t value = 0;
  if (node == nullptr || node->kind != JsonKind::kNumber) return 0;
  std::from_chars(node->raw.data(), node->raw.data() + node->raw.size(), value);
  constexpr std::uint64_t kSane = 1'000'000'000'000'000;  // sums of such cannot overflow
  return value > kSane ? 0 : value;
}

bool JsonLine::flag(const JsonNode* object, std::string_view key) const {
  const JsonNode* node = find(object, key);
  return node != nullptr && node->raw == "true";
}

std::int64_t JsonLine::time_ms(std::string_view key) const {
  if (const std::string_view written = text(key); !written.empty()) return base::parse_time(written);
  const auto value = static_cast<std::int64_t>(number(&root(), key));
  constexpr std::int64_t kMillisecondsFrom = 100'000'000'000;  // as seconds, the year 5138
  return value >= kMillisecondsFrom ? value : value * 1000;
}

}  // namespace headroom::replay
