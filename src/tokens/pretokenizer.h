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
  const char* split(const char* at, const char* end) const {
    // The common case, a word of ASCII letters with or without an ASCII prefix, decided by its first bytes.
    const char* next = at + !(classes_.lead(*at) & kLetter);
    if (classes_.lead(*at) & (kLetter | kSpace | kOther)) {
      const char* letters = next;
      while (next < end && classes_.lead(*next) == kUpper) ++next;
      while (next < end && classes_.lead(*next) == kLower) ++next;
      if (next > letters && next < end && classes_.lead(*next) != 0 && *next != '\'') return next;
    }
    return split_any(at, end);
  }

 private:
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
    const char* next = at + !(classes_.lead(*at) & kLetter);
    if ((classes_.lead(*at) & (kLetter | kSpace | kOther)) && *at != '\'') {
      const char* letters = next;
      while (next < end && (classes_.lead(*next) & kLetter)) ++next;
      if (next > letters && next < end && classes_.lead(*next) != 0) return next;
    }
    return split_any(at, end);
  }

 private:
  const char* split_any(const char* at, const char* end) const;
  CharClasses classes_;
};

}  // namespace headroom::tokens
