#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace headroom::tokens {

// Nearly all pieces are ASCII with an ASCII character behind them. For those both patterns are one small machine that
// takes a step a byte; only the table of steps differs. Where it is not sure, the splitter decides (pretokenizer.cc).

/// What the machine needs to know of a byte.
enum class AsciiKind : std::uint8_t {
  kUpper,
  kLower,
  kDigit,
  kBlank,  ///< the space, which may stand before signs
  kOtherBlank,
  kNewline,  ///< CR and LF
  kSlash,
  kApostrophe,
  kSign,
  kNotAscii,
};

/// What has been read of a piece, as the offset of its row of steps; from kEnd on, how it ends.
enum class Cut : std::uint8_t {
  kStart = 0,
  kUpperWord = 1 << 4,  ///< capital letters so far, with or without a sign before them
  kLowerWord = 2 << 4,  ///< ... and small ones
  kDigit = 3 << 4,
  kTwoDigits = 4 << 4,
  kThreeDigits = 5 << 4,     ///< no more belong to one piece
  kSign = 6 << 4,            ///< one sign: letters may follow
  kSigns = 7 << 4,           ///< several, or one behind a space
  kSignTail = 8 << 4,        ///< signs and what the pattern takes with them: newlines, slashes
  kBlank = 9 << 4,           ///< one space: signs or letters may follow
  kOtherBlank = 10 << 4,     ///< one other blank: letters may follow
  kBlanks = 11 << 4,         ///< several
  kNewlines = 12 << 4,       ///< blanks, newlines, and a newline last
  kNewlineBlanks = 13 << 4,  ///< ... and then blanks
  kForeign = 14 << 4,        ///< a byte for the splitter
  kEnd = 15 << 4,            ///< before the byte just read
  kEndBefore,                ///< a byte before that
  kEndAtNewline,             ///< behind the last newline
  kUnsure,                   ///< the machine does not know
};

/// What follows a state and a byte, by Cut + AsciiKind.
using CutSteps = std::array<Cut, 15 * 16>;

constexpr AsciiKind ascii_kind(unsigned byte) {
  if (byte >= 0x80) return AsciiKind::kNotAscii;
  if (byte >= 'A' && byte <= 'Z') return AsciiKind::kUpper;
  if (byte >= 'a' && byte <= 'z') return AsciiKind::kLower;
  if (byte >= '0' && byte <= '9') return AsciiKind::kDigit;
  if (byte == '\r' || byte == '\n') return AsciiKind::kNewline;
  if (byte == ' ') return AsciiKind::kBlank;
  if (byte >= '\t' && byte <= '\r') return AsciiKind::kOtherBlank;
  if (byte == '/') return AsciiKind::kSlash;
  return byte == '\'' ? AsciiKind::kApostrophe : AsciiKind::kSign;
}

inline constexpr auto kAsciiKinds = [] {
  std::array<AsciiKind, 256> kinds{};
  for (unsigned byte = 0; byte < kinds.size(); ++byte) kinds[byte] = ascii_kind(byte);
  return kinds;
}();

/// How the patterns differ in what they do with ASCII.
struct CutRules {
  bool word_contractions;  ///< "don't" is one piece; else "'t" is one of its own
  bool capital_ends_word;  ///< "helloWorld" is two pieces
  bool slash_in_tail;      ///< slashes go with the newlines behind signs
  bool blanks_end_text;    ///< white space before the text's end is one piece, whatever newlines it holds
};

constexpr CutSteps cut_steps(CutRules rules) {
  using Kind = AsciiKind;
  CutSteps steps{};
  const auto on = [&](Cut state, std::initializer_list<Kind> kinds, Cut next) {
    for (Kind kind : kinds) steps[static_cast<std::size_t>(state) + static_cast<std::size_t>(kind)] = next;
  };
  const auto on_any = [&](Cut state, Cut next) {
    for (std::size_t kind = 0; kind < 16; ++kind) steps[static_cast<std::size_t>(state) + kind] = next;
    on(state, {Kind::kNotAscii}, Cut::kUnsure);
  };
  const auto on_letters = [&](Cut state) {
    on(state, {Kind::kUpper}, rules.capital_ends_word ? Cut::kUpperWord : Cut::kLowerWord);
    on(state, {Kind::kLower}, Cut::kLowerWord);
  };
  const auto on_signs = [&](Cut state) { on(state, {Kind::kSign, Kind::kSlash, Kind::kApostrophe}, Cut::kSigns); };
  const auto on_spaces = [&](Cut state, Cut blanks) {
    on(state, {Kind::kBlank, Kind::kOtherBlank}, blanks);
    on(state, {Kind::kNewline}, Cut::kNewlines);
  };

  on_any(Cut::kStart, Cut::kSign);
  on_letters(Cut::kStart);
  on(Cut::kStart, {Kind::kDigit}, Cut::kDigit);
  on(Cut::kStart, {Kind::kBlank}, Cut::kBlank);
  on(Cut::kStart, {Kind::kOtherBlank}, Cut::kOtherBlank);
  on(Cut::kStart, {Kind::kNewline}, Cut::kNewlines);
  on(Cut::kStart, {Kind::kNotAscii}, Cut::kForeign);
  if (!rules.word_contractions) on(Cut::kStart, {Kind::kApostrophe}, Cut::kForeign);
  on_any(Cut::kForeign, Cut::kUnsure);

  for (Cut word : {Cut::kUpperWord, Cut::kLowerWord}) {
    on_any(word, Cut::kEnd);
    if (word == Cut::kUpperWord || !rules.capital_ends_word) on_letters(word);
    on(word, {Kind::kLower}, Cut::kLowerWord);
    if (rules.word_contractions) on(word, {Kind::kApostrophe}, Cut::kUnsure);
  }

  on_any(Cut::kDigit, Cut::kEnd);
  on(Cut::kDigit, {Kind::kDigit}, Cut::kTwoDigits);
  on_any(Cut::kTwoDigits, Cut::kEnd);
  on(Cut::kTwoDigits, {Kind::kDigit}, Cut::kThreeDigits);
  on_any(Cut::kThreeDigits, Cut::kEnd);
  on(Cut::kThreeDigits, {Kind::kNotAscii}, Cut::kEnd);

  for (Cut signs : {Cut::kSign, Cut::kSigns}) {
    on_any(signs, Cut::kEnd);
    if (signs == Cut::kSign) on_letters(signs);
    on_signs(signs);
    on(signs, {Kind::kNewline}, Cut::kSignTail);
  }
  on_any(Cut::kSignTail, Cut::kEnd);
  on(Cut::kSignTail, {Kind::kNewline}, Cut::kSignTail);
  on(Cut::kSignTail, {Kind::kNotAscii}, Cut::kEnd);
  if (rules.slash_in_tail) on(Cut::kSignTail, {Kind::kSlash}, Cut::kSignTail);

  for (Cut blank : {Cut::kBlank, Cut::kOtherBlank}) {
    on_any(blank, Cut::kEnd);
    on_letters(blank);
    if (blank == Cut::kBlank) on_signs(blank);
    on_spaces(blank, Cut::kBlanks);
  }
  on_any(Cut::kBlanks, Cut::kEndBefore);
  on_spaces(Cut::kBlanks, Cut::kBlanks);
  on_any(Cut::kNewlines, Cut::kEnd);
  on_spaces(Cut::kNewlines, Cut::kNewlineBlanks);
  on_any(Cut::kNewlineBlanks, Cut::kEndAtNewline);
  on_spaces(Cut::kNewlineBlanks, Cut::kNewlineBlanks);
  return steps;
}

/// Cuts ASCII by one pattern.
template <CutRules kRules>
class AsciiCutter {
 public:
  /// End of the piece that starts at `at` (at < end), or null where the machine is not sure.
  static const char* cut(const char* at, const char* end) { return cut_from(Cut::kStart, at, at, end); }

  /// The same where `word` holds the 8 bytes at `at`, all before `end`.
  static const char* cut(std::uint64_t word, const char* at, const char* end) {
    Cut state = step(Cut::kStart, at[0]);
#pragma GCC unroll 8
    for (std::size_t read = 1; read < 8; ++read) {
      state = step(state, at[read]);
      if (state >= Cut::kEnd) return ended(state, at, at + read);
      if (read == 1 && state == Cut::kLowerWord) return cut_word(word, at, end);
    }
    return cut_from(state, at, at + 8, end);
  }

 private:
  static Cut step(Cut state, char byte) {
    const auto kind = static_cast<std::size_t>(kAsciiKinds[static_cast<unsigned char>(byte)]);
    return kSteps[static_cast<std::size_t>(state) + kind];
  }

  /// Where two bytes end in small letters: all that follow at once, for words would take the longest.
  static const char* cut_word(std::uint64_t word, const char* at, const char* end) {
    const std::uint64_t others = not_lower(word) & (~std::uint64_t{0} << 16);
    if (others == 0) return cut_from(Cut::kLowerWord, at, at + 8, end);
    const char* next = at + std::countr_zero(others) / 8;
    const Cut state = step(Cut::kLowerWord, *next);
    return state >= Cut::kEnd ? ended(state, at, next) : cut_from(state, at, next + 1, end);
  }

  /// The highest bit of each byte that is no small letter.
  static std::uint64_t not_lower(std::uint64_t word) {
    constexpr std::uint64_t kEach = 0x0101010101010101;
    const std::uint64_t low = word & (kEach * 0x7f);
    const std::uint64_t from_a = low + kEach * (0x80 - 'a'), beyond_z = low + kEach * (0x7f - 'z');
    return (~from_a | beyond_z | word) & (kEach * 0x80);
  }

  /// `next`: the byte that ended it.
  static const char* ended(Cut how, const char* at, const char* next) {
    if (how == Cut::kEnd) return next;
    if (how == Cut::kEndBefore) return next - 1;
    return how == Cut::kEndAtNewline ? last_newline_end(at, next) : nullptr;
  }

  static const char* last_newline_end(const char* at, const char* next) {
    while (next > at && next[-1] != '\n' && next[-1] != '\r') --next;
    return next;
  }

  [[gnu::noinline]] static const char* cut_from(Cut state, const char* at, const char* next, const char* end) {
    for (; next < end; ++next) {
      state = step(state, *next);
      if (state >= Cut::kEnd) return ended(state, at, next);
    }
    if (state == Cut::kForeign) return nullptr;
    return state == Cut::kNewlineBlanks && !kRules.blanks_end_text ? last_newline_end(at, end) : end;
  }

  static constexpr CutSteps kSteps = cut_steps(kRules);
};

}  // namespace headroom::tokens
