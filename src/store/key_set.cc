#include "store/key_set.h"

#include <utility>

namespace headroom::store {
namespace {

constexpr std::size_t kFirstPlaces = 64;

// 0 marks a free place.
std::uint64_t taken(std::uint64_t hash) {
  return hash == 0 ? 1 : hash;
}

}  // namespace

void KeySet::add(std::uint64_t hash) {
  if (2 * (size_ + 1) > places_.size()) grow();
  std::uint64_t& place = places_[place_of(hash)];
  if (place == 0) ++size_;
  place = taken(hash);
}

bool KeySet::contains(std::uint64_t hash) const {
  return !places_.empty() && places_[place_of(hash)] != 0;
}

void KeySet::clear() {
  places_ = {};
  size_ = 0;
}

/// Where the hash stands, or would.
std::size_t KeySet::place_of(std::uint64_t hash) const {
  const std::size_t mask = places_.size() - 1;
  std::size_t at = static_cast<std::size_t>(hash) & mask;
  while (places_[at] != 0 && places_[at] != taken(hash)) at = (at + 1) & mask;
  return at;
}

void KeySet::grow() {
  std::vector<std::uint64_t> before = std::exchange(places_, {});
  places_.resize(before.empty() ? kFirstPlaces : 2 * before.size());
  for (const std::uint64_t hash : before) {
    if (hash != 0) places_[place_of(hash)] = hash;
  }
}

}  // namespace headroom::store
