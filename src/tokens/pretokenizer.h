#pragma once

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
  const char* split(const char* at, const char* end) const;

 private:
  const char* word(const char* at, const char* end) const;
  const char* wide_word(const char* at, const char* end, bool must_end_lower) const;
  CharClasses classes_;
};

/// cl100k_base.
class Cl100kSplitter {
 public:
  explicit Cl100kSplitter(CharClasses classes) : classes_(classes) {}
  /// End of the piece that starts at `at` (at < end).
  const char* split(const char* at, const char* end) const;

 private:
  CharClasses classes_;
};

}  // namespace headroom::tokens
