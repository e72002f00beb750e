#include "context/sent_index.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

namespace headroom::context {
namespace {

constexpr std::size_t kHash = 16;  // bytes

/// What base::hash_bytes() wrote.
base::Hash128 hash_at(std::string_view bytes) {
  const auto number = [&](std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = at; i < at + sizeof value; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
  };
  return {.high = number(0), .low = number(kHash / 2)};
}

}  // namespace

std::optional<base::Hash128> SentIndex::name_of_result(const wire::Block& result, std::string_view owner) {
  if (result.tool_call_id.empty()) return std::nullopt;
  return base::hash128(base::hash128(base::hash128(owner), result.tool_call_id), result.hash);
}

base::Hash128 SentIndex::name_of_tool(const wire::Conversation& conversation, std::string_view owner) {
  base::Hash128 name = base::hash128(base::hash128("retrieve tool"), owner);
  for (const wire::Block& block : conversation.blocks) {
    if (block.role == wire::Role::kAssistant) break;
    if (block.role == wire::Role::kUser) name = base::hash128(name, block.hash);
  }
  return name;
}

std::string SentIndex::day(std::string_view owner, int before) const {
  static constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
  return base::hash_bytes(base::hash128(fmt::format("sent {}\n{}", clock_.now_ms() / kDayMs - before, owner)));
}

void SentIndex::note(std::string_view owner, const base::Hash128& name, const Place& place) {
  if (store_ == nullptr) return;
  const store::DecisionRow row{base::hash_bytes(name),
                               base::hash_bytes(place.conversation) + base::hash_bytes(place.key)};
  // What is not noted is not known later, which costs no more than that.
  static_cast<void>(store_->put(day(owner, 0), std::array{row}));
}

std::vector<std::optional<SentIndex::Place>> SentIndex::find(std::string_view owner,
                                                             std::span<const base::Hash128> names) const {
  std::vector<std::optional<Place>> places(names.size());
  if (store_ == nullptr || names.empty()) return places;
  std::vector<std::string> keys;
  keys.reserve(names.size());
  for (const base::Hash128& name : names) keys.push_back(base::hash_bytes(name));
  for (int before = 0; before < kDays; ++before) {
    const auto rows = store_->find(day(owner, before), keys);
    if (!rows) return places;
    for (std::size_t i = 0; i < rows->size(); ++i) {
      const std::string& row = (*rows)[i];
      if (!places[i] && row.size() == 2 * kHash) {
        places[i] = Place{hash_at(row), hash_at(std::string_view(row).substr(kHash))};
      }
    }
    if (std::ranges::all_of(places, [](const auto& place) { return place.has_value(); })) break;
  }
  return places;
}

}  // namespace headroom::context
