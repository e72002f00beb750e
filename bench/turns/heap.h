#pragma once

#include <cstdint>

namespace headroom::bench {

/// Counts what the whole program takes from malloc, whoever asks for it, while one of these lives. One at a time.
class HeapWatch {
 public:
  HeapWatch();
  ~HeapWatch();
  HeapWatch(const HeapWatch&) = delete;
  HeapWatch& operator=(const HeapWatch&) = delete;

  /// Bytes that were in use at once, above those when it began, at most; and those that still are.
  std::int64_t peak() const;
  std::int64_t now() const;
};

/// The pages of this process that are in memory, while one of these lives: how many more than when it began, at most.
/// Begins with nothing kept in reserve. 0 where the system does not tell.
class ResidentWatch {
 public:
  ResidentWatch();
  std::int64_t peak() const;  ///< bytes

 private:
  std::int64_t before_ = 0;
};

}  // namespace headroom::bench
