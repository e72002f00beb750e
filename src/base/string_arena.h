#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <utility>

namespace headroom::base {

/// Strings that others have views of: they stay where they are, also when the arena is moved. It cannot be copied,
/// because views would go on pointing into the first one; so what holds an arena is moved in a growing vector, too.
class StringArena {
 public:
  StringArena() = default;
  StringArena(StringArena&&) = default;
  StringArena& operator=(StringArena&&) = default;
  StringArena(const StringArena&) = delete;
  StringArena& operator=(const StringArena&) = delete;
  ~StringArena() = default;

  /// The string, kept for the life of the arena.
  template <typename... Arguments>
  std::string& emplace_back(Arguments&&... arguments) {
    return strings_.emplace_back(std::forward<Arguments>(arguments)...);
  }
  const std::string& back() const { return strings_.back(); }
  std::size_t size() const { return strings_.size(); }

 private:
  std::deque<std::string> strings_;
};

}  // namespace headroom::base
