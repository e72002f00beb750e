#pragma once

#include <atomic>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_document.h"

namespace headroom::proxy {

/// What was said in a WebSocket of OpenAI's Responses, where a message may hold only what is new and name the response
/// that it goes on from. Knows the conversations of the last responses, within bounds. For one thread at a time; a copy
/// costs little and may be read on another.
class SocketHistory {
 public:
  /// Of all that it holds; what several conversations begin with counts once.
  static constexpr std::size_t kMostBytes = std::size_t{16} << 20;
  /// Of what all that share a total hold; where it is more, whoever adds to it forgets its own oldest.
  static constexpr std::size_t kMostTogether = std::size_t{256} << 20;
  using Total = std::atomic<std::size_t>;

  /// `total` counts what all histories of the process hold, and must outlive them and their copies.
  explicit SocketHistory(Total& total) : held_(std::make_shared<Held>(total)) {}

  /// A message with all of its conversation, as it would be sent over HTTP.
  struct Whole {
    std::string body;
    bool continues = false;  ///< the message goes on from a response
    std::size_t before = 0;  ///< elements of its input that the message does not have
    std::size_t own = 0;     ///< and those that it has
  };
  /// What a message says itself.
  struct Asked {
    std::string before;  ///< the response that it goes on from; empty: none
    std::string items;   ///< elements of JSON, with commas between them
    std::size_t count = 0;
  };

  /// nullopt where the conversation is not known here, or the message is none.
  std::optional<Whole> whole(std::string_view message) const;

  /// Of `changed`, which is whole.body with other texts in it, what is no part of what was said before: the message.
  /// nullopt where the elements are not the same ones. Of `whole`, all but the body counts.
  static std::optional<std::string> message_of(std::string_view changed, const Whole& whole, std::string_view message);

  /// nullopt where nobody here can know its conversation later, or it is too large.
  static std::optional<Asked> asked(const base::JsonDocument& message);
  /// The response is complete: `event`, an object, says so; the message asked for it.
  void note(Asked message, const base::JsonDocument& event);

  /// That it holds.
  std::size_t bytes() const { return held_->bytes; }

 private:
  static constexpr std::size_t kMostResponses = 64;

  struct Held {
    explicit Held(Total& total_in) : total(total_in) {}
    void add(std::size_t more) {
      bytes += more;
      total.fetch_add(more, std::memory_order_relaxed);
    }
    void remove(std::size_t less) {
      bytes -= less;
      total.fetch_sub(less, std::memory_order_relaxed);
    }
    bool too_much() const { return bytes > kMostBytes || total.load(std::memory_order_relaxed) > kMostTogether; }

    std::size_t bytes = 0;
    Total& total;
  };

  /// Without end in a conversation without end, so it must not end by recursion.
  struct Said {
    explicit Said(std::shared_ptr<Held> held_in) : held(std::move(held_in)) {}
    ~Said();
    Said(const Said&) = delete;
    Said& operator=(const Said&) = delete;

    std::shared_ptr<Held> held;  // of all that there are
    std::shared_ptr<Said> before;
    std::string items;
    std::size_t bytes = 0;  // that count in `held`
    std::size_t all_bytes = 0, all_count = 0;
  };
  struct Known {
    std::string response;
    std::shared_ptr<Said> said;
  };

  const Known* find(std::string_view response) const;

  std::shared_ptr<Held> held_;
  std::deque<Known> known_;  // the oldest first
};

}  // namespace headroom::proxy
