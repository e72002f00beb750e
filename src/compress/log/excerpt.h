#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compress/compressor.h"

namespace headroom::compress::log {

/// What of a very long line is worth showing. Such lines are rarely written to be read: a page or an object that a test
/// prints whole, an answer with all of its headers. Thread-safe.
class Excerpts {
 public:
  /// `query` is only read here.
  explicit Excerpts(const Query& query);

  /// The line's beginning and end, and what stands around words of the question, around errors, and around what the
  /// two lines on either side quote or name (an assertion says so what it looked for); of a list of rows, those that
  /// differ and those that hold what the question names; " ... " between. Exact bytes of
  /// the line, in its order. nullopt: it is short, or reads like sentences, or too much of it matters, or the question
  /// asks for the line itself (`asked`), which is no list of rows.
  std::optional<std::string> of(std::span<const std::string_view> lines, std::size_t line, bool asked) const;

 private:
  std::vector<std::string> stems_;   ///< of the question's words
  std::vector<std::string> values_;  ///< of the user's request: what a row may hold
};

/// What the gap marker in place of such a line says.
std::string part_text(std::string_view line, std::string_view part);

}  // namespace headroom::compress::log
