#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wire/conversation.h"

namespace headroom::bench {

/// A conversation of a coding agent that grows turn by turn: reads, edits, files read again, searches, test runs, logs,
/// JSON, diffs, listings; every tenth turn a new request of the user. Turns whose numbers differ by a multiple of ten
/// do the same kind of work on texts of the same size, to a few bytes. The same bytes on every machine for the same
/// seed.
class Conversation {
 public:
  /// `bytes`: what 200 turns come to, about.
  Conversation(wire::Api api, std::string model, std::uint64_t seed, std::size_t bytes);

  /// One more call with its result.
  void add_turn();
  /// The request as it is sent now.
  std::string body() const;

 private:
  std::uint64_t below(std::uint64_t bound);
  std::string_view word();
  std::string source_line(std::size_t line);
  std::vector<std::string>& file(std::size_t number);

  void say_user(std::string_view text);
  void call(std::string_view say, std::string_view tool, const std::string& arguments, const std::string& result);

  std::string log(std::size_t bytes);
  std::string hits(std::size_t bytes);
  std::string tests(std::size_t bytes);
  std::string records(std::size_t bytes);
  std::string diff(std::size_t bytes);
  std::string listing(std::size_t bytes);
  std::string shown(std::size_t number, std::size_t bytes, std::size_t first);

  const wire::Api api_;
  const std::string model_;
  const std::size_t bytes_;  ///< of a large result
  std::uint64_t state_;
  std::size_t turns_ = 0;
  std::vector<std::vector<std::string>> files_;
  std::string head_;
  std::vector<std::string> messages_;
};

}  // namespace headroom::bench
