#include "compress/log/scanner.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "compress/log/timestamp.h"

namespace headroom::compress::log {
namespace {

enum CharKind : std::uint8_t { kLower, kUpper, kDigit, kHigh, kJoiner, kDelimiter, kSpace, kEscape };

constexpr std::array<CharKind, 256> kKinds = [] {
  std::array<CharKind, 256> kinds{};
  for (int c = 0; c < 256; ++c) kinds[c] = c >= 0x80 ? kHigh : kDelimiter;
  for (int c = 'a'; c <= 'z'; ++c) kinds[c] = kLower;
  for (int c = 'A'; c <= 'Z'; ++c) kinds[c] = kUpper;
  for (int c = '0'; c <= '9'; ++c) kinds[c] = kDigit;
  for (char c : std::string_view("-_./:%+@$#~\\^")) kinds[static_cast<unsigned char>(c)] = kJoiner;
  for (char c : std::string_view(" \t\r\f\v")) kinds[static_cast<unsigned char>(c)] = kSpace;
  kinds[0x1b] = kEscape;
  return kinds;
}();

CharKind kind_of(char c) {
  return kKinds[static_cast<unsigned char>(c)];
}

constexpr std::uint32_t kSeed = 2166136261u;
constexpr std::uint32_t mix(std::uint32_t h, std::uint32_t v) {
  return (h ^ v) * 16777619u;
}
constexpr std::uint64_t mix64(std::uint64_t h, std::uint64_t v) {
  h = (h ^ v) * 0x9E3779B97F4A7C15ull;
  return h ^ (h >> 29);
}
constexpr std::uint32_t kNumberMask = 1;
constexpr std::uint32_t kIdMask = 2;
constexpr std::size_t kUuidLength = 36;

bool hex_letter(char c) {
  return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Scans the tokens of one line.
class LineScanner {
 public:
  LineScanner(Document& document, Line& line) : document_(document), line_(line), s_(line.text) {}

  void run() {
    std::size_t at = 0;
    std::uint64_t shape = 0;
    while (at < s_.size()) {
      const CharKind kind = kind_of(s_[at]);
      if (kind == kSpace) {
        ++at;
      } else if (kind == kEscape) {
        at = skip_escape(s_, at);
      } else if (kind == kDelimiter) {
        const char c = s_[at];
        shape = mix64(shape, static_cast<unsigned char>(c));
        while (at < s_.size() && s_[at] == c) ++at;
      } else {
        at = token(at, shape);
      }
    }
    line_.shape = shape;
  }

 private:
  struct Run {
    bool letter = false;
    bool digit = false;
    bool all_hex = true;
    int changes = 0;  // between letters and digits
    std::uint32_t letters_hash = kSeed;
    std::uint32_t word_hash = kSeed;  // restarts at a camelCase hump
  };

  /// Reads letters and digits from `at`; mixes them, masked, into `hash`.
  std::size_t run(std::size_t at, std::uint32_t& hash, Token& token, int& numbers, bool& literal) {
    const std::size_t begin = at;
    Run r;
    CharKind last = kSpace;
    for (; at < s_.size(); ++at) {
      const char c = s_[at];
      const CharKind kind = kind_of(c);
      if (kind == kLower || kind == kUpper || kind == kHigh) {
        const char l = kind == kUpper ? static_cast<char>(c | 0x20) : c;
        if (last == kDigit || (kind == kUpper && last == kLower)) r.word_hash = kSeed;
        r.changes += last == kDigit;
        r.letter = true;
        r.all_hex &= hex_letter(c);
        r.letters_hash = mix(r.letters_hash, static_cast<unsigned char>(l));
        r.word_hash = mix(r.word_hash, static_cast<unsigned char>(l));
      } else if (kind == kDigit) {
        r.changes += last != kDigit && last != kSpace;
        r.digit = true;
      } else {
        break;
      }
      last = kind;
    }
    finish_run(r, at - begin, begin, hash, token, numbers, literal);
    return at;
  }

  void finish_run(const Run& r, std::size_t size, std::size_t begin, std::uint32_t& hash, Token& token, int& numbers,
                  bool& literal) const {
    if (!r.digit) {
      if (r.all_hex && size >= 6) {
        hash = mix(hash, kIdMask);
        literal = false;
        return;
      }
      hash = mix(hash, r.letters_hash);
      token.last_word = r.word_hash;
      return;
    }
    ++numbers;
    const bool number_first = kind_of(s_[begin]) == kDigit;
    if (!r.letter || (number_first && r.changes == 1 && !(r.all_hex && size >= 6))) {  // 35, 35ms
      hash = mix(hash, kNumberMask);
    } else if (!number_first && r.changes == 1) {  // web12
      hash = mix(mix(hash, r.letters_hash), kNumberMask);
      token.last_word = r.word_hash;
      literal = false;
    } else {
      hash = mix(hash, kIdMask);
      literal = false;
    }
  }

  /// "123e4567-e89b-42d3-a456-426614174000", whose parts may be letters only.
  bool uuid(std::size_t at) const {
    if (at + kUuidLength > s_.size() || s_[at + 8] != '-' || s_[at + 13] != '-' || s_[at + 18] != '-') return false;
    for (std::size_t i = 0; i < kUuidLength; ++i) {
      const char c = s_[at + i];
      if (kind_of(c) != kDigit && !hex_letter(c) && c != '-') return false;
    }
    return true;
  }

  std::size_t token(std::size_t at, std::uint64_t& shape) {
    Token t;
    t.begin = static_cast<std::uint32_t>(at);
    t.before = at == 0 ? ' ' : s_[at - 1];
    std::uint32_t hash = kSeed;
    std::uint32_t core_hash = kSeed;
    std::size_t core_end = at;
    int numbers = 0;
    int joints = 0;
    bool plain = true;  // could still be one number with a unit
    bool word = false;
    while (at < s_.size()) {
      const CharKind kind = kind_of(s_[at]);
      if (kind <= kHigh && uuid(at)) {
        word = true;
        plain = false;
        ++numbers;
        hash = mix(hash, kIdMask);
        at += kUuidLength;
        core_hash = hash;
        core_end = at;
      } else if (kind <= kHigh) {
        word = true;
        const std::size_t begin = at;
        at = run(at, hash, t, numbers, plain);
        if (numbers == 0 && begin != t.begin) plain = false;
        core_hash = hash;
        core_end = at;
      } else if (kind == kJoiner) {
        const char c = s_[at];
        t.path |= c == '/' || c == '\\';
        if (c != '.' && c != '%' && c != '-' && c != '+') ++joints;
        hash = mix(hash, static_cast<unsigned char>(c) + 256u);
        do ++at;
        while (at < s_.size() && s_[at] == c);
        if (c == '%') core_end = at;
        if (c == '.' && at < s_.size() && kind_of(s_[at]) == kDigit && numbers == 1) continue;
      } else {
        break;
      }
    }
    t.after = core_end < s_.size() ? s_[core_end] : ' ';
    if (!word) {
      t.kind = TokenKind::kMark;
      core_end = at;
      core_hash = hash;
    } else if (numbers == 0) {
      t.kind = TokenKind::kWord;
    } else {
      t.kind = numbers <= 2 && plain && (joints == 0 || core_end < at) ? TokenKind::kNumber : TokenKind::kMixed;
      if (t.kind == TokenKind::kNumber) core_hash = hash = mix(kSeed, kNumberMask);
    }
    t.size = static_cast<std::uint32_t>(core_end - t.begin);
    t.hash = core_hash;
    shape = mix64(shape, hash + 0x100000000ull);
    if (line_.token_count < kMaxTokens) {
      document_.tokens.push_back(t);
      ++line_.token_count;
    }
    return at;
  }

  Document& document_;
  Line& line_;
  std::string_view s_;
};

std::uint32_t columns(std::string_view s, std::size_t at) {
  std::uint32_t n = 0;
  for (; at < s.size(); ++at) {
    if (s[at] == ' ') {
      ++n;
    } else if (s[at] == '\t') {
      n += 4;
    } else {
      break;
    }
  }
  return n;
}

/// Length of the box drawing character (U+2500 to U+257F) or no-break space at `at`; 0: another one.
std::size_t drawing(std::string_view s, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0u; };
  if (byte(at) == 0xE2 && (byte(at + 1) == 0x94 || byte(at + 1) == 0x95)) return 3;
  return byte(at) == 0xC2 && byte(at + 1) == 0xA0 ? 2 : 0;
}

/// Columns of the lines that draw a tree before an entry ("│ ├── ", "|   +--- ", "`-- "), `blanks` before them
/// included; 0 where there are none.
std::uint32_t tree_columns(std::string_view s, std::size_t at, std::uint32_t blanks) {
  static constexpr std::string_view kBranches[] = {"├", "└", "╰", "┣", "┗"};
  const std::size_t drawn = at + blanks;
  const auto head = drawn < s.size() ? static_cast<unsigned char>(s[drawn]) : 0u;
  if (head < 0xC2 && head != '|' && head != '+' && head != '\\' && head != '`') return 0;
  std::uint32_t n = 0;
  bool branch = false;
  if (at < s.size() && (s[at] == '|' || s[at] == '+' || s[at] == '\\' || s[at] == '`')) {
    const std::size_t end = s.find_first_not_of(" |+`\\-", at);
    if (end == std::string_view::npos || end < at + 3 || s[end - 1] != ' ' || s[end - 2] != '-') return 0;
    const std::size_t joint = s.find_last_not_of('-', end - 2);
    branch = joint != std::string_view::npos && joint >= at && s[joint] != ' ';
    return branch ? static_cast<std::uint32_t>(end - at) : 0;
  }
  while (at < s.size()) {
    const std::size_t length = s[at] == ' ' ? 1 : drawing(s, at);
    if (length == 0) break;
    for (std::string_view glyph : kBranches) branch |= s.substr(at).starts_with(glyph);
    at += length;
    ++n;
  }
  return branch && at < s.size() ? n : 0;
}

/// Bytes of a prefix that names the source of each line: "web-1  | ", "==1234== ".
std::size_t source_prefix(std::string_view s) {
  if (s.starts_with("==")) {
    const std::size_t end = s.find("==", 2);
    if (end != std::string_view::npos && end > 2 && end <= 12 &&
        std::ranges::all_of(s.substr(2, end - 2), [](char c) { return c >= '0' && c <= '9'; })) {
      return std::min(end + 3, s.size());
    }
  }
  const std::size_t bar = s.substr(0, 40).find(" | ");
  if (bar == std::string_view::npos || bar == 0) return 0;
  const std::size_t name = s.find(' ');
  if (kind_of(s[0]) > kUpper || s.find_first_not_of(' ', name) != s.find('|')) return 0;
  return bar + 3;
}

std::size_t skip_escapes(std::string_view s, std::size_t at) {
  while (at < s.size() && s[at] == '\x1b') at = skip_escape(s, at);
  return at;
}

void place(Document& document, Line& line) {
  std::size_t at = skip_escapes(line.text, 0);
  at += source_prefix(line.text.substr(at));
  at = skip_escapes(line.text, at);
  if (const auto stamp = find_timestamp(line.text)) {
    line.flags |= kTimed;
    line.time_ms = stamp->time_ms;
    for (std::uint32_t i = 0; i < line.token_count; ++i) {
      Token& token = document.tokens[line.first_token + i];
      if (token.begin < stamp->end && token.begin + token.size > stamp->begin) token.kind = TokenKind::kTime;
    }
    if (stamp->begin <= at + 2) {
      at = stamp->end;
      if (at < line.text.size() && (line.text[at] == ']' || line.text[at] == ')')) ++at;
      if (at < line.text.size() && line.text[at] == ' ') ++at;
    }
  }
  at = skip_escapes(line.text, at);
  line.content = static_cast<std::uint32_t>(at);
  line.indent = columns(line.text, at);
  if (const std::uint32_t drawn = tree_columns(line.text, at, line.indent); drawn > line.indent) {
    line.indent = drawn;
    line.flags |= kDrawn;
  }
}

}  // namespace

std::size_t skip_escape(std::string_view s, std::size_t at) {
  if (at + 1 >= s.size() || s[at + 1] != '[') return std::min(at + 2, s.size());
  for (at += 2; at < s.size(); ++at) {
    if (s[at] >= '@' && s[at] <= '~') return at + 1;
  }
  return at;
}

std::uint32_t word_hash(std::string_view lower_case) {
  std::uint32_t h = kSeed;
  for (char c : lower_case) h = mix(h, static_cast<unsigned char>(c));
  return h;
}

std::uint32_t token_hash(std::string_view lower_case) {
  return mix(kSeed, word_hash(lower_case));
}

Document scan(std::string_view text) {
  Document document;
  document.final_newline = text.ends_with('\n');
  const std::vector<std::string_view> lines = base::split_lines(text);
  document.lines.resize(lines.size());
  document.tokens.reserve(text.size() / 7);
  std::size_t timed = 0;
  std::size_t filled = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Line& line = document.lines[i];
    line.text = lines[i];
    line.first_token = static_cast<std::uint32_t>(document.tokens.size());
    LineScanner(document, line).run();
    if (line.token_count == 0 && line.shape == 0) {
      line.flags |= kBlank;
      continue;
    }
    ++filled;
    place(document, line);
    if (line.content >= line.text.size()) line.flags |= kBlank;  // nothing but a prefix
    timed += line.has(kTimed);
  }
  document.timed = timed * 2 > filled;
  return document;
}

}  // namespace headroom::compress::log
