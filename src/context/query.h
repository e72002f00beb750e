#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compress/compressor.h"
#include "compress/in_english.h"
#include "wire/conversation.h"

namespace headroom::context {

/// Follows a conversation and says for each block what its reader wants to know. Everything comes from the blocks
/// before it, so the answer for a block never changes, however the conversation (or its own message) grows.
class QueryTracker {
 public:
  explicit QueryTracker(const wire::Conversation& conversation) : conversation_(conversation) {}

  /// The query of the block at `index`; call with rising indexes. Its parts are at most some kilobytes long.
  compress::Query query_for(std::size_t index);

 private:
  /// What one message has said so far.
  struct Said {
    std::uint32_t message = 0;
    std::string text;
    std::optional<compress::EnglishQuestion> read = {};  ///< `text` as compressors read it; nullopt: not read yet
  };
  void take(const wire::Block& block);
  static const compress::EnglishQuestion& reading_of(Said& said, std::string_view before);

  const wire::Conversation& conversation_;
  std::size_t taken_ = 0;  // blocks before this have been seen
  Said user_;
  Said intent_;
  bool answered_ = false;  // the latest message of the user's follows a question of the assistant's
  std::string before_;     // what the user said before the latest message, from one on that asks for something
};

/// The text without the sections that clients put into user turns and that ask nothing: <system-reminder>,
/// <environment_details>.
std::string without_reminders(std::string_view text);

}  // namespace headroom::context
