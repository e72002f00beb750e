#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace headroom::update {

/// What is kept between commands, in WORKSPACE/update.json.
struct Memory {
  std::int64_t checked_ms = 0;  ///< when the feed was asked last, or was about to be
  std::int64_t told_ms = 0;     ///< when the user was told last
  std::string newest;           ///< of our releases; empty: not known
};

/// An empty memory for a text that is none.
Memory read_memory(std::string_view json);
std::string memory_text(const Memory& memory);

/// Each at most once a day.
struct Due {
  bool tell = false;  ///< there is a newer release
  bool look = false;
};
Due due(const Memory& memory, std::string_view version, std::int64_t now_ms);

}  // namespace headroom::update
