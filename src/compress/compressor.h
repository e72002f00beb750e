#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "compress/sentence_judge.h"
#include "detect/content_type.h"
#include "detect/tool_call.h"
#include "tokens/tokenizer.h"

namespace headroom::compress {

/// What the reader of a block wants to know. All of it comes from the conversation before the block, so that a block's
/// compression never depends on what follows it (prefix stability).
struct Query {
  std::string user;            ///< the user's latest request before the block
  std::string intent;          ///< what the assistant said just before it called the tool
  std::string tool_name;       ///< "Bash", "search_logs", ...; empty when the block is no tool result
  std::string tool_arguments;  ///< the call's input as raw JSON, or a command line
  detect::ToolCall call;       ///< what `tool_name` and `tool_arguments` say: the command, the file, the pattern, ...
  /// The four texts joined, for scoring.
  std::string joined() const;
};

/// How far lossy compression goes. (Lossless is no profile here: then Input::id is empty.)
enum class Profile : std::uint8_t {
  kBalanced,    ///< what an answer may need stays inline
  kAggressive,  ///< smaller budgets; errors and what the query names still stay inline
  kGentle,      ///< larger budgets than kBalanced, where a compressor has one: for who has often asked for the rest
};

struct Input {
  std::string_view text;  ///< the block's whole text, UTF-8
  detect::ContentType type = detect::ContentType::kOther;
  const Query& query;
  const tokens::Tokenizer& tokenizer;
  /// The content id that markers name. Empty: nothing may be dropped, because it could not be got back; only exactly
  /// invertible rewriting is allowed.
  std::string_view id;
  /// Aim for at most this many tokens; 0: adaptive, as the content allows. Facts that must stay inline win over it.
  std::size_t target_tokens = 0;
  Profile profile = Profile::kBalanced;
  base::Deadline deadline = base::Deadline::never();
  const SentenceJudge* judge = nullptr;  ///< a learned opinion on sentences; nullptr: none. Part of the input
};

struct Output {
  std::string text;
  std::string strategy;  ///< short and stable, for x-headroom-transforms: "json:table", "json:rows", "log:fold"
  bool lossy = false;    ///< records were dropped and `text` holds a marker with Input::id
  std::size_t records_before = 0;  ///< in the source's own units: lines, items
  std::size_t records_kept = 0;
  std::vector<std::string> notes;  ///< for --explain, one decision a line: "row 57 kept: error field set"
  std::size_t tokens = 0;          ///< of `text` by Input::tokenizer; 0: not counted
};

/// Turns one kind of text into a shorter text that answers the same. Stateless and thread-safe. The result is a pure
/// function of the Input (the deadline aside): same bytes in, same bytes out, in every process.
class Compressor {
 public:
  virtual ~Compressor() = default;
  virtual std::string_view name() const = 0;
  virtual bool accepts(detect::ContentType type) const = 0;
  /// nullopt: nothing to gain, or the deadline is spent. The caller counts tokens before and after and drops an output
  /// that is not smaller, so a compressor need not.
  virtual std::optional<Output> compress(const Input& input) const = 0;
};

}  // namespace headroom::compress
