#pragma once

#include <cstdint>
#include <string_view>

#include "compress/log/line.h"

namespace headroom::compress::log {

enum WordFlag : std::uint16_t {
  kErrorWord = 1,        ///< an error wherever it stands alone: "error", "panic", "traceback"
  kProblemWord = 2,      ///< "denied", "cannot", "timeout": often, not always, an error
  kWarnWord = 4,         ///< "warning", "deprecated"
  kTotalWord = 8,        ///< "passed", "total", "finished": with a number it makes a summary
  kVerdictWord = 16,     ///< a summary without a number: "successful", "succeeded"
  kNegation = 32,        ///< "no", "without", "zero": what follows did not happen
  kLevelKey = 64,        ///< "level", "severity": the next word is the line's level
  kExitWord = 128,       ///< "exit", "exited", "rc": the next number is an exit code
  kExceptionWord = 256,  ///< last part of an exception's class name: "Error", "Exception"
};

struct WordEntry {
  std::uint16_t flags = 0;
  Level level = Level::kNone;  ///< the level that the word names
};

/// What a token hash (token_hash of a lower-case word) means; nullptr for the words that mean nothing here.
const WordEntry* lookup_token(std::uint32_t token_hash);

/// Flags of a run of letters, by word_hash; 0 when it has none.
std::uint16_t lookup_word(std::uint32_t word_hash);

}  // namespace headroom::compress::log
