#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "base/hash.h"

namespace headroom::store {

/// Originals that this process has lately put into the file or found there, and when they were used: so that who names
/// the same ones with each request need not ask the file. Holds only while nobody else writes to the file. Bounded; not
/// thread-safe.
class KnownOriginals {
 public:
  /// To be told before each question: a number that changes with each commit of others; nothing: it cannot be told.
  void as_of(std::optional<std::uint32_t> commits_of_others);

  void add(std::string_view id, std::string_view project, std::int64_t created_ms, std::int64_t used_ms);
  /// It is in the file, for the project, was made after `created_after_ms`, and used after `used_after_ms`.
  bool has(std::string_view id, std::string_view project, std::int64_t created_after_ms, std::int64_t used_after_ms);
  /// Some may have been deleted.
  void forget();

 private:
  static constexpr std::size_t kMost = 2048;  // of each half
  struct Times {
    std::int64_t created_ms = 0, used_ms = 0;
  };
  struct Hash {
    std::size_t operator()(const base::Hash128& key) const { return static_cast<std::size_t>(key.low); }
  };
  using TimesByKey = std::unordered_map<base::Hash128, Times, Hash>;

  std::optional<std::uint32_t> as_of_;
  TimesByKey known_, known_before_;  // the second is forgotten when the first has become large
};

}  // namespace headroom::store
