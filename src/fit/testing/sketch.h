#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fit/plan.h"

namespace headroom::fit::testing {

/// A request body from a few lines, in either format:
///   system TEXT
///   user TEXT | assistant TEXT       a message; a text that ends in "*N" gets N lines more
///   call ID TOOL SUBJECT             a call by the assistant, in the message of the line before when that is a call
///   result ID TEXT | error ID TEXT   what it gave; Anthropic's results that follow each other are one message
///   think TEXT                       signed thinking in the assistant's next message (Anthropic's only)
///   mark                             a cache mark on the message before (Anthropic's only)
class Sketch {
 public:
  Sketch(wire::Api api, std::string_view lines);

  const std::string& body() const { return body_; }
  const wire::Conversation& conversation() const { return conversation_; }
  /// Every block as it came, four bytes a token.
  Window window(std::size_t budget) const;

 private:
  std::string body_;
  wire::Conversation conversation_;
  std::vector<SentBlock> sent_;
};

/// Counts four bytes as a token.
const tokens::Tokenizer& quarter_tokenizer();

}  // namespace headroom::fit::testing
