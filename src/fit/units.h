#pragma once

#include <cstdint>
#include <vector>

#include "wire/conversation.h"

namespace headroom::fit {

/// Messages that can only leave together, half open.
struct Unit {
  std::uint32_t first = 0, end = 0;
  bool removable = false;  ///< nothing in it is signed, marked or unknown, and calls and results are all inside
};

/// How a conversation falls apart.
///   round  a message of the user with text and without tool results, and all that follows up to the next such
///   step   inside a round: a message of the assistant with tool calls and all that answers them
struct Units {
  std::vector<Unit> rounds;
  std::vector<Unit> steps;
  std::uint32_t task = 0;   ///< the first message of the user: it stays; the number of messages when there is none
  std::uint32_t tail = 0;   ///< messages from here on are in the last rounds, which are not taken away
  std::uint32_t fresh = 0;  ///< messages from here on stay as they are; at or after `tail`
};

/// `keep_rounds`, `keep_steps`: see Window.
Units find_units(const wire::Conversation& conversation, std::size_t keep_rounds, std::size_t keep_steps);

}  // namespace headroom::fit
