#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace headroom::base {

/// A map from hashes (hash64() of something) to small values: one array, no allocation per entry, nothing is ever
/// taken out. References stay valid until the next insertion.
template <typename Value>
class HashMap {
 public:
  explicit HashMap(std::size_t expected = 0) { slots_.resize(std::bit_ceil(expected + expected / 2 + 8)); }

  /// The value of `key`, made as Value{} where there is none; true when it was made.
  std::pair<Value&, bool> try_emplace(std::uint64_t key) {
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    Slot& slot = slots_[place(key)];
    const bool fresh = !slot.used;
    if (fresh) {
      slot.key = key;
      slot.used = true;
      ++size_;
    }
    return {slot.value, fresh};
  }
  Value& operator[](std::uint64_t key) { return try_emplace(key).first; }

  Value* find(std::uint64_t key) {
    Slot& slot = slots_[place(key)];
    return slot.used ? &slot.value : nullptr;
  }
  const Value* find(std::uint64_t key) const {
    const Slot& slot = slots_[place(key)];
    return slot.used ? &slot.value : nullptr;
  }
  bool contains(std::uint64_t key) const { return slots_[place(key)].used; }
  std::size_t size() const { return size_; }

 private:
  struct Slot {
    std::uint64_t key = 0;
    Value value{};
    bool used = false;
  };

  /// Where the key is, or would go. There is always a free slot.
  std::size_t place(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    // Keys made by adding hashes up may differ in few bits only.
    std::size_t at = static_cast<std::size_t>(key * 0x9E3779B97F4A7C15ULL >> 32U) & mask;
    while (slots_[at].used && slots_[at].key != key) at = (at + 1) & mask;
    return at;
  }

  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (Slot& slot : old) {
      if (slot.used) slots_[place(slot.key)] = std::move(slot);
    }
  }

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace headroom::base
