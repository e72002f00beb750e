#pragma once

#include <cstdint>
#include <string_view>

namespace headroom::compress::prose {

/// What a word, or a sentence through its words, is about: bits.
enum Trait : std::uint32_t {
  kNegation = 1u << 0,    ///< not, never, cannot, without
  kModal = 1u << 1,       ///< must, shall, should, required, only
  kCondition = 1u << 2,   ///< if, unless, except, otherwise
  kWarning = 1u << 3,     ///< warning, caution, deprecated, danger
  kDefinition = 1u << 4,  ///< means, stands for, refers to, default
  kNumber = 1u << 5,      ///< any figure
  kUnit = 1u << 6,        ///< of a word: seconds, MB, percent; of a sentence: a figure with one
  kTime = 1u << 7,        ///< a unit of time, "daily", "timeout"
  kDate = 1u << 8,        ///< a month, a year, a day
  kVersion = 1u << 9,     ///< 2.3.1, v4
  kPath = 1u << 10,       ///< /etc/x, file.conf, URLs
  kCode = 1u << 11,       ///< a code span
  kName = 1u << 12,       ///< a capitalised word inside a sentence, an address
  kReason = 1u << 13,     ///< because, therefore, to avoid
  kQuoted = 1u << 14,     ///< something in quotation marks
  kMoney = 1u << 15,      ///< a price or a share in percent
  kNote = 1u << 16,       ///< note, important, caveat, limitation
  kFunction = 1u << 17,   ///< of a word: carries no information
};

/// Traits that a word (lower case) has by itself.
std::uint32_t traits_of_word(std::string_view word);

/// "negation, number": for --explain.
std::string_view trait_name(std::uint32_t bit);

}  // namespace headroom::compress::prose
