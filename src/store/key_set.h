#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace headroom::store {

/// A set of hashes, sixteen bytes for each at the least: tells quickly what is surely not among what was added. Not
/// thread-safe.
class KeySet {
 public:
  void add(std::uint64_t hash);
  bool contains(std::uint64_t hash) const;
  std::size_t size() const { return size_; }
  void clear();

 private:
  std::size_t place_of(std::uint64_t hash) const;
  void grow();

  std::vector<std::uint64_t> places_;  // a power of two of them, at most half of them taken; 0: free
  std::size_t size_ = 0;
};

}  // namespace headroom::store
