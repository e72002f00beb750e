#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::context {

/// A result that is not sent as it is.
struct Shortened {
  std::size_t block = 0;  ///< index in Conversation::blocks
  std::string_view original;
  std::string_view sent;
  std::string_view call;        ///< what was called: words of it need not stand in the records themselves
  std::string_view label = {};  ///< how records that are given again call it
};

/// Records of an original that are not sent and that a question names.
struct AskedRecords {
  std::size_t block = 0;
  bool lines = true;                ///< records are lines, from 1; else items of a JSON array, from 0
  std::size_t first = 0, last = 0;  ///< both included
  std::string text;                 ///< their exact bytes, a line end after each
};

/// What the question names by an exact string (an id, a number, a path, a name with parts, something in quotes, two
/// words side by side), stands in a few of the records that were left out, and is met by nothing that is sent as well:
/// those records, with the lines that they stand below, in order of the results; at most about kMostAskedTokens in all.
/// Empty where the question names nothing, or too much.
std::vector<AskedRecords> find_asked(std::string_view question, std::span<const Shortened> results);

/// It asks for something, rather than telling what to do.
bool is_question(std::string_view text);

constexpr std::size_t kMostAskedTokens = 600;

}  // namespace headroom::context
