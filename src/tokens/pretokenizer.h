#pragma once

#include <cstdint>

#include "tokens/ascii_cutter.h"
#include "tokens/char_class.h"

namespace headroom::tokens {

// The two split patterns, by hand. Both are Perl-style ordered alternations; the comments in pretokenizer.cc give each
// alternative beside the code that decides it. Every byte belongs to exactly one piece, and pieces never split a
// character, so `split` below always advances.

/// o200k_base.
class O200kSplitter {
 public:
  explicit O200kSplitter(CharClasses classes) : classes_(classes) {}
  /// End of the piece that starts at `at` (at < end).
  const char* split(const char* at, const char* end) const {
    const char* next = Ascii::cut(at, end);
    return next != nullptr ? next : split_any(at, end);
  }
  /// The same where `word` holds the 8 bytes at `at`, all before `end`.
  const char* split(std::uint64_t word, const char* at, const char* end) const {
    const char* next = Ascii::cut(word, at, end);
    return next != nullptr ? next : split_any(at, end);
  }

 private:
  using Ascii = AsciiCutter<CutRules{
      .word_contractions = true, .capital_ends_word = true, .slash_in_tail = true, .blanks_end_text = false}>;
  const char* split_any(const char* at, const char* end) const;
  const char* word(const char* at, const char* end) const;
  const char* wide_word(const char* at, const char* end, bool must_end_lower) const;
  CharClasses classes_;
};

/// cl100k_base.
class Cl100kSplitter {
 public:
  explicit Cl100kSplitter(CharClasses classes) : classes_(classes) {}
  /// End of the piece that starts at `at` (at < end).
  const char* split(const char* at, const char* end) const {
    const char* next = Ascii::cut(at, end);
    return next != nullptr ? next : split_any(at, end);
  }
  /// The same where `word` holds the 8 bytes at `at`, all before `end`.
  const char* split(std::uint64_t word, const char* at, const char* end) const {
    const char* next = Ascii::cut(word, at, end);
    return next != nullptr ? next : split_any(at, end);
  }

 private:
  using Ascii = AsciiCutter<CutRules{
      .word_contractions = false, .capital_ends_word = false, .slash_in_tail = false, .blanks_end_text = true}>;
  const char* split_any(const char* at, const char* end) const;
  CharClasses classes_;
};

}  // namespace headroom::tokens
