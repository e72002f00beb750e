#pragma once

#include <string>
#include <string_view>

#include "compress/compressor.h"
#include "wire/conversation.h"

namespace headroom::context {

/// Follows a conversation and says for each block what its reader wants to know. Everything comes from the messages up
/// to and including the block's own, so the answer for a block never changes as the conversation grows.
class QueryTracker {
 public:
  explicit QueryTracker(const wire::Conversation& conversation) : conversation_(conversation) {}

  /// The query of the block at `index`; call with rising indexes.
  compress::Query query_for(std::size_t index);

 private:
  void take_message(std::size_t index);

  const wire::Conversation& conversation_;
  std::size_t taken_ = 0;  // blocks before this have been seen
  std::string user_;
  std::string intent_;
};

/// The text without <system-reminder> sections, which clients put into user turns and which ask nothing.
std::string without_reminders(std::string_view text);

}  // namespace headroom::context
