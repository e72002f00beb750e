#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace headroom::proxy {

/// What was said in a WebSocket of OpenAI's Responses, where a message may hold only what is new and name the response
/// that it goes on from. Knows the conversations of the last responses, within bounds. For one thread.
class SocketHistory {
 public:
  /// A message with all of its conversation, as it would be sent over HTTP.
  struct Whole {
    std::string body;
    std::size_t before = 0;  ///< elements of its input that the message does not have
  };

  /// nullopt where the conversation is not known here, or the message is none.
  std::optional<Whole> whole(std::string_view message) const;

  /// Of `changed`, which is whole.body with other texts in it, what is no part of what was said before: the message.
  /// nullopt where the elements are not the same ones.
  static std::optional<std::string> message_of(std::string_view changed, const Whole& whole, std::string_view message);

  /// The response is complete: `event` says so, `message` asked for it.
  void note(std::string_view message, std::string_view event);

 private:
  static constexpr std::size_t kMostResponses = 64;
  static constexpr std::size_t kMostBytes = std::size_t{16} << 20;  // of a conversation

  struct Said {
    std::shared_ptr<const Said> before;
    std::string items;  // elements of JSON, with commas between them
    std::size_t count = 0, all_bytes = 0, all_count = 0;
  };
  struct Known {
    std::string response;
    std::shared_ptr<const Said> said;
  };

  const Known* find(std::string_view response) const;

  std::deque<Known> known_;  // the oldest first
};

}  // namespace headroom::proxy
