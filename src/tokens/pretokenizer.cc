#include "tokens/pretokenizer.h"

#include <string_view>

namespace headroom::tokens {
namespace {

constexpr ClassSet kWordStart = kUpper | kCaseless | kMark;  // [\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]
constexpr ClassSet kWordEnd = kLower | kCaseless | kMark;    // [\p{Ll}\p{Lm}\p{Lo}\p{M}]
constexpr ClassSet kSymbol = kMark | kOther;                 // [^\s\p{L}\p{N}]
constexpr ClassSet kPrefix = kMark | kSpace | kOther;        // [^\r\n\p{L}\p{N}]

const char* skip(const CharClasses& classes, const char* at, const char* end, ClassSet set) {
  while (at < end) {
    const Char next = classes.read(at, end);
    if (!(next.set & set)) break;
    at += next.length;
  }
  return at;
}

char fold(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter | 0x20) : letter;
}

/// (?i:'s|'t|'re|'ve|'m|'ll|'d) at `at`, where an apostrophe stands: its end, or `at`. The long s (U+017F) folds to s.
const char* contraction(const char* at, const char* end) {
  if (end - at < 2) return at;
  const char first = fold(at[1]);
  if (first == 's' || first == 't' || first == 'm' || first == 'd') return at + 2;
  if (end - at < 3) return at;
  if (at[1] == '\xc5' && at[2] == '\xbf') return at + 3;
  const char second = fold(at[2]);
  if (((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l')) return at + 3;
  return at;
}

/// \p{N}{1,3}, the first number character ending at `at`.
const char* number(const CharClasses& classes, const char* at, const char* end) {
  for (int more = 0; more < 2 && at < end; ++more) {
    const Char next = classes.read(at, end);
    if (next.set != kNumber) break;
    at += next.length;
  }
  return at;
}

/// A run of white space from `at`: where it ends, where its last character starts, and the end of its last CR or LF.
struct SpaceRun {
  const char* end;
  const char* last;
  const char* after_newline;  ///< null without one
};

SpaceRun space_run(const CharClasses& classes, const char* at, const char* end) {
  SpaceRun run{at, at, nullptr};
  while (run.end < end) {
    const Char next = classes.read(run.end, end);
    if (!(next.set & kAnySpace)) break;
    run.last = run.end;
    run.end += next.length;
    if (next.set == kNewline) run.after_newline = run.end;
  }
  return run;
}

}  // namespace

// Both of  [UBM]*[LBM]+  (must_end_lower) and  [UBM]+[LBM]*  from `at`, for text that is not plain ASCII, where U, L,
// B, M are upper case, lower case, caseless letters and marks. Null: no match. The greedy [UBM]* gives back only as far
// as the last caseless letter or mark, and nothing after that one is in [LBM].
const char* O200kSplitter::wide_word(const char* at, const char* end, bool must_end_lower) const {
  const char* after_caseless = nullptr;
  const char* next = at;
  while (next < end) {
    const Char letter = classes_.read(next, end);
    if (!(letter.set & kWordStart)) break;
    next += letter.length;
    if (letter.set & kWordEnd) after_caseless = next;
  }
  const char* lower_end = skip(classes_, next, end, kWordEnd);
  if (lower_end > next) return lower_end;
  if (after_caseless != nullptr) return after_caseless;
  return must_end_lower || next == at ? nullptr : next;
}

// [UBM]*[LBM]+(?i:'s|...)?  or else  [UBM]+[LBM]*(?i:'s|...)?  from `at`. Null: neither.
const char* O200kSplitter::word(const char* at, const char* end) const {
  const char* next = at;
  while (next < end && classes_.lead(*next) == kUpper) ++next;
  while (next < end && classes_.lead(*next) == kLower) ++next;
  if (next < end && classes_.lead(*next) == 0) next = wide_word(at, end, false);
  if (next == nullptr || next == at) return nullptr;
  return next < end && *next == '\'' ? contraction(next, end) : next;
}

const char* O200kSplitter::split_any(const char* at, const char* end) const {
  const Char first = classes_.read(at, end);
  const char* second = at + first.length;
  // [^\r\n\p{L}\p{N}]?[UBM]*[LBM]+(?i:...)?  |  [^\r\n\p{L}\p{N}]?[UBM]+[LBM]*(?i:...)?
  if (first.set & kLetter) return word(at, end);
  if (first.set == kMark) {
    // A mark can be the prefix or the word itself. As a prefix of upper-case letters only it would need the second
    // alternative, and the first one without a prefix comes before that.
    const char* word_end = wide_word(second, end, true);
    if (word_end == nullptr) word_end = wide_word(at, end, true);
    return word_end < end && *word_end == '\'' ? contraction(word_end, end) : word_end;
  }
  // \p{N}{1,3}
  if (first.set == kNumber) return number(classes_, second, end);
  if (first.set & kPrefix) {
    if (const char* word_end = word(second, end); word_end != nullptr) return word_end;
  }
  // ' ?[^\s\p{L}\p{N}]+[\r\n/]*'
  const bool is_symbol = first.set == kOther;
  const char* symbols = is_symbol || *at == ' ' ? skip(classes_, second, end, kSymbol) : second;
  if (is_symbol || symbols > second) {
    while (symbols < end && (*symbols == '\r' || *symbols == '\n' || *symbols == '/')) ++symbols;
    return symbols;
  }
  const SpaceRun run = space_run(classes_, at, end);
  // \s*[\r\n]+
  if (run.after_newline != nullptr) return run.after_newline;
  // \s+(?!\S)  |  \s+
  return run.end == end || run.last == at ? run.end : run.last;
}

const char* Cl100kSplitter::split_any(const char* at, const char* end) const {
  // '(?i:[sdmt]|ll|ve|re)
  if (*at == '\'') {
    if (const char* after = contraction(at, end); after > at) return after;
  }
  const Char first = classes_.read(at, end);
  const char* second = at + first.length;
  // [^\r\n\p{L}\p{N}]?+\p{L}++
  if (first.set & kLetter) return skip(classes_, second, end, kLetter);
  // \p{N}{1,3}+
  if (first.set == kNumber) return number(classes_, second, end);
  if (first.set & kPrefix) {
    if (const char* word_end = skip(classes_, second, end, kLetter); word_end > second) return word_end;
  }
  // ' ?[^\s\p{L}\p{N}]++[\r\n]*+'
  const bool is_symbol = (first.set & kSymbol) != 0;
  const char* symbols = is_symbol || *at == ' ' ? skip(classes_, second, end, kSymbol) : second;
  if (is_symbol || symbols > second) {
    while (symbols < end && (*symbols == '\r' || *symbols == '\n')) ++symbols;
    return symbols;
  }
  const SpaceRun run = space_run(classes_, at, end);
  // \s++$  |  \s*[\r\n]  |  \s+(?!\S)  |  \s
  if (run.end == end) return run.end;
  if (run.after_newline != nullptr) return run.after_newline;
  return run.last == at ? run.end : run.last;
}

}  // namespace headroom::tokens
