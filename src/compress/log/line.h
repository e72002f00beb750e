#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace headroom::compress::log {

/// How bad a line says it is. kProblem: no level of its own, but a word such as "denied" or "cannot"; worth as much as
/// an error when it is rare, and as little as a warning when it is not.
enum class Level : std::uint8_t { kNone, kTrace, kDebug, kInfo, kNotice, kWarn, kProblem, kError, kFatal };

enum class TokenKind : std::uint8_t {
  kWord,    ///< no digit in it
  kNumber,  ///< one number, maybe with a unit: "35", "1.2s", "45%"
  kMixed,   ///< digits among other characters: "web-12", "src/a.rs:33:9"
  kTime,    ///< part of the line's time stamp
  kMark,    ///< no letter and no digit: "....", "->"
};

/// A run of a line without white space, quotes, brackets, commas and the like. Offsets count from the line's begin.
struct Token {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;       ///< without trailing ":" and "."
  std::uint32_t hash = 0;       ///< of the lower-cased text, numbers masked
  std::uint32_t last_word = 0;  ///< hash of the last run of letters: "keyerror.error" -> error
  TokenKind kind = TokenKind::kWord;
  bool path = false;  ///< holds a slash
  char before = ' ';  ///< the byte before it
  char after = ' ';   ///< the byte after it, trailing ":" included
};

enum LineFlag : std::uint16_t {
  kBlank = 1,
  kTimed = 2,         ///< begins with a time stamp
  kHeading = 4,       ///< names the lines below it
  kContinuation = 8,  ///< belongs to the line above whatever its indentation
  kSummary = 16,      ///< sounds like a total or a verdict
  kMention = 32,      ///< names an error although its own level is lower
  kTraceHead = 64,    ///< "Traceback ...": the first line after the indented ones belongs to it
  kUntilBlank = 128,  ///< head of a block that a blank line ends (goroutine, thread)
  kExplicitLevel = 256,
  kRedraw = 512,  ///< a progress line drawn over itself many times, with carriage returns
  kRuled = 1024,  ///< a heading between or behind rules: "---- name ----"
  kNote = 4096,   ///< explains the error above: "store.cc:8:40: note: ..."
  kDrawn = 2048,  ///< an entry of a tree whose branches are drawn: "│ ├── name"
};

struct Line {
  std::string_view text;          ///< without '\n'
  std::uint32_t first_token = 0;  ///< in Document::tokens
  std::uint32_t token_count = 0;  ///< at most kMaxTokens
  std::uint32_t content = 0;      ///< offset behind time stamp and source prefix
  std::uint32_t indent = 0;       ///< columns of white space, or of a tree's branches, at `content`
  std::uint64_t shape = 0;        ///< hash of everything but the numbers and ids
  std::int64_t time_ms = -1;      ///< of the time stamp; -1: none
  std::uint32_t template_id = 0;
  std::uint16_t flags = 0;
  Level level = Level::kNone;

  bool has(LineFlag flag) const { return (flags & flag) != 0; }
};

inline constexpr std::uint32_t kMaxTokens = 64;

/// A log cut into lines and tokens. Views point into the input.
struct Document {
  std::vector<Line> lines;
  std::vector<Token> tokens;
  bool final_newline = false;
  bool timed = false;  ///< most lines begin with a time stamp

  std::string_view text_of(const Line& line, const Token& token) const {
    return line.text.substr(token.begin, token.size);
  }
};

/// Rough number of tokens of some bytes of log text; no tokenizer on this path.
inline std::size_t estimated_tokens(std::size_t bytes) {
  return (bytes + 2) / 3;
}

}  // namespace headroom::compress::log
