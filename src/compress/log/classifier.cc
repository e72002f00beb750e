#include "compress/log/classifier.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "base/text.h"
#include "compress/log/place.h"
#include "compress/log/scanner.h"
#include "compress/log/vocabulary.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kRedrawBytes = 240;
constexpr std::ptrdiff_t kRedraws = 4;

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}

struct Prefix {
  std::string_view text;
  std::uint16_t flags;
  Level level = Level::kNone;
};

/// Beginnings of a line's content (after white space) that tell what the line is.
constexpr std::array kPrefixes = {
    Prefix{"Traceback (most recent", kTraceHead, Level::kError},
    Prefix{"Caused by", kContinuation, Level::kError},
    Prefix{"caused by", kContinuation, Level::kError},
    Prefix{"Suppressed:", kContinuation},
    Prefix{"--> ", kContinuation},
    Prefix{"note:", kContinuation},
    Prefix{"= note", kContinuation},
    Prefix{"= help", kContinuation},
    Prefix{"help:", kContinuation},
    Prefix{"During handling of", kContinuation},
    Prefix{"The above exception", kContinuation},
    Prefix{"   at ", kContinuation},
    Prefix{"at async ", kContinuation},
    Prefix{"--- End of", kContinuation},
    Prefix{"not ok", 0, Level::kError},
    Prefix{"--- FAIL", 0, Level::kError},
    Prefix{"E   ", 0, Level::kError},
    Prefix{"● ", 0, Level::kError},
    Prefix{"npm ERR!", 0, Level::kError},
    Prefix{"goroutine ", kUntilBlank},
    Prefix{"##[error]", 0, Level::kError},
    Prefix{"##[warning]", 0, Level::kWarn},
    Prefix{"##[group]", kHeading},
    Prefix{"::group::", kHeading},
    Prefix{"##[section]", kHeading},
    Prefix{"In file included from", kHeading},
    Prefix{"> Task ", kHeading},
    Prefix{"PLAY [", kHeading},
    Prefix{"TASK [", kHeading},
    Prefix{"RUNNING HANDLER [", kHeading},
    Prefix{"PLAY RECAP", kHeading | kSummary},
    Prefix{"==> ", kHeading},
    Prefix{"Exit code", kSummary},
    Prefix{"BUILD ", kSummary},
};

std::string_view content(const Line& line) {
  const std::string_view s = line.text.substr(std::min<std::size_t>(line.content, line.text.size()));
  const std::size_t last = s.find_last_not_of(" \t\r");
  for (std::size_t at = 0; at < s.size() && last != std::string_view::npos;) {
    if (s[at] == '\x1b') {
      at = std::min(skip_escape(s, at), s.size());
    } else if (s[at] == ' ' || s[at] == '\t') {
      ++at;
    } else {
      return at <= last ? s.substr(at, last + 1 - at) : std::string_view();
    }
  }
  return {};
}

/// "12 |", "   | ", "|": a line of a source excerpt.
bool excerpt(std::string_view s) {
  std::size_t at = 0;
  while (at < s.size() && digit(s[at])) ++at;
  while (at < s.size() && s[at] == ' ') ++at;
  return at < s.size() && s[at] == '|' && at < 8;
}

/// Length of the run of one rule character at the begin of `s`.
std::size_t rule(std::string_view s) {
  if (s.empty() || std::string_view("=-_*#~+").find(s[0]) == std::string_view::npos) return 0;
  std::size_t n = 1;
  while (n < s.size() && s[n] == s[0]) ++n;
  return n;
}

/// "NAME   READY   STATUS": at least three words, all upper case, in columns.
bool column_titles(const Document& document, const Line& line) {
  if (line.token_count < 3 || line.token_count > 16) return false;
  int columns = 0;
  for (std::uint32_t i = 0; i < line.token_count; ++i) {
    const std::string_view text = document.text_of(line, document.tokens[line.first_token + i]);
    if (text.size() < 2 && text != "#" && text != "%") return false;
    if (std::ranges::any_of(text, [](char c) { return (c >= 'a' && c <= 'z') || digit(c); })) return false;
    columns += upper(text[0]);
  }
  return columns >= 3 && line.text.find("  ") != std::string_view::npos;
}

void shape_flags(const Document& document, Line& line, std::string_view s) {
  const std::size_t ruled = rule(s);
  if (ruled >= 3 && ruled < s.size() && s.size() > ruled + 2 && s[ruled] == ' ') line.flags |= kHeading | kRuled;
  if (ruled >= 8 && ruled == s.size()) line.flags |= kHeading;
  if (excerpt(s) || (s.size() == 1 && std::string_view("})]").find(s[0]) != std::string_view::npos)) {
    line.flags |= kContinuation;
  }
  if (s.starts_with("... ") && s.size() > 4 && digit(s[4])) line.flags |= kContinuation;
  if (s.starts_with("at ") && line.indent > 0) line.flags |= kContinuation;
  if (s.size() > 4 && s[0] == '"' && s.find("\" #") != std::string_view::npos) line.flags |= kUntilBlank;
  if (column_titles(document, line)) line.flags |= kHeading;
  if (line.indent == 0 && s.size() > 1 && s.back() == ':' && line.token_count <= 6) line.flags |= kHeading;
}

/// One letter as level: klog "E0312 10:", Android "E/Tag", "[E]".
Level letter_level(const Line& line, std::string_view s) {
  if (s.size() < 6) return Level::kNone;
  const std::string_view head = line.text;
  char c = 0;
  if (head.size() > 6 && digit(head[1]) && digit(head[2]) && digit(head[3]) && digit(head[4]) && head[5] == ' ') {
    c = head[0];
  } else if (s[0] == '[' && s[2] == ']') {
    c = s[1];
  } else if ((s[1] == '/' && upper(s[2])) || (s[1] == ' ' && line.has(kTimed) && upper(s[0]))) {
    c = s[0];
  }
  switch (c) {
    case 'V':
      return Level::kTrace;
    case 'D':
      return Level::kDebug;
    case 'I':
      return Level::kInfo;
    case 'W':
      return Level::kWarn;
    case 'E':
      return Level::kError;
    case 'F':
      return Level::kFatal;
    default:
      return Level::kNone;
  }
}

/// Walks the words of one line.
class WordJudge {
 public:
  WordJudge(const Document& document, Line& line)
      : line_(line), tokens_(document.tokens.data() + line.first_token, line.token_count), document_(document) {}

  void run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) judge(i);
    conclude();
  }

 private:
  bool number_value(std::size_t i, long& value) const {
    if (i >= tokens_.size() || tokens_[i].kind != TokenKind::kNumber) return false;
    const std::string_view text = document_.text_of(line_, tokens_[i]);
    if (!digit(text[0]) || text.size() > 9) return false;
    value = 0;
    for (char c : text) {
      if (!digit(c)) return false;
      value = value * 10 + (c - '0');
    }
    return true;
  }

  /// True when the word says that something did not happen: "0 errors", "no errors", "errors=0", "error: null".
  bool negated(std::size_t i) const {
    long value = 0;
    if (i > 0) {
      if (number_value(i - 1, value) && value == 0) return true;
      const WordEntry* before = lookup_token(tokens_[i - 1].hash);
      if (before != nullptr && (before->flags & kNegation) != 0) return true;
    }
    if (number_value(i + 1, value) && value == 0 &&
        (tokens_[i].after == '=' || tokens_[i].after == ':' || tokens_[i].after == '"')) {
      return i + 2 >= tokens_.size() || tokens_[i + 1].after != '.';
    }
    if (i + 1 < tokens_.size() && (tokens_[i].after == '=' || tokens_[i].after == '"' || tokens_[i].after == ':')) {
      const std::string_view next = document_.text_of(line_, tokens_[i + 1]);
      return next == "null" || next == "None" || next == "nil" || next == "false" || next == "[]";
    }
    return false;
  }

  void judge(std::size_t i) {
    const Token& token = tokens_[i];
    if (token.kind == TokenKind::kNumber) {
      numbers_ = true;
      return;
    }
    if (token.kind == TokenKind::kTime) return;
    if (token.kind == TokenKind::kWord && !token.path) exception_name(i);
    const WordEntry* entry = token.kind == TokenKind::kWord ? lookup_token(token.hash) : nullptr;
    if (entry == nullptr) return;
    const bool named = i > 0 && keyed_;
    keyed_ = (entry->flags & kLevelKey) != 0;
    if (entry->level != Level::kNone && explicit_ == Level::kNone && (named || level_position(i))) {
      if (!negated(i)) explicit_ = entry->level;
      return;
    }
    total_ |= (entry->flags & kTotalWord) != 0;
    verdict_ |= (entry->flags & kVerdictWord) != 0;
    if ((entry->flags & kExitWord) != 0) exit_code(i);
    if ((entry->flags & (kErrorWord | kProblemWord | kWarnWord)) == 0 || negated(i)) return;
    if (token.before == '-' || token.after == '(' || token.after == '/') return;  // a name, a call
    error_ |= (entry->flags & kErrorWord) != 0;
    problem_ |= (entry->flags & kProblemWord) != 0;
    warn_ |= (entry->flags & kWarnWord) != 0;
  }

  /// "KeyError", "java.lang.IllegalStateException": a name of several parts, the last of which is Error or the like.
  void exception_name(std::size_t i) {
    const std::uint16_t flags = lookup_word(tokens_[i].last_word);
    if (flags == 0) return;
    const std::string_view text = document_.text_of(line_, tokens_[i]);
    if (text.size() < 6 || text.find_first_of("-_") != std::string_view::npos) return;
    const char last_hump = text[text.size() - ((flags & kWarnWord) != 0 ? 7 : 5)];
    const bool exception = text.ends_with("Exception") || text.ends_with("Panic") || text.ends_with("Failure");
    if (!exception && !upper(last_hump)) return;
    const char next = tokens_[i].after;
    if (next == '(' || next == '.' || next == '<') return;
    if ((flags & kWarnWord) != 0) {
      warn_ = true;
    } else if (text.size() > 7 || exception) {
      error_ = true;
    }
  }

  /// Where a level word is the line's level and no part of its message.
  bool level_position(std::size_t i) const {
    const Token& token = tokens_[i];
    if (i > 12) return false;
    const std::string_view text = document_.text_of(line_, token);
    const bool capitals = upper(text[0]) && upper(text.back());
    const bool marked = token.after == ':' || token.after == ']' || token.after == '[' || token.before == '<' ||
                        (token.before == '[' && token.after == ']');
    if (i == 0 || tokens_[i - 1].kind == TokenKind::kTime) return true;
    return (capitals || marked) && (i <= 5 || token.after == ':' || token.before == '[');
  }

  void exit_code(std::size_t i) {
    long value = 0;
    for (std::size_t k = i + 1; k < std::min(tokens_.size(), i + 4); ++k) {
      if (number_value(k, value)) {
        exit_ = true;
        failed_exit_ |= value != 0 && value < 256 && tokens_[i].size > 2 && tokens_[k].after != '"';
        return;
      }
    }
  }

  void conclude() {
    const Level own = explicit_;
    if (own != Level::kNone) line_.flags |= kExplicitLevel;
    if (own >= Level::kWarn) {
      line_.level = own;
      if (own == Level::kWarn && error_) line_.flags |= kMention;
    } else if (own != Level::kNone) {
      line_.level = own;
      if (error_ || problem_) line_.flags |= kMention;
    } else {
      if (error_) {
        line_.level = Level::kError;
      } else if (warn_) {
        line_.level = Level::kWarn;
      } else if (problem_ || failed_exit_) {
        line_.level = Level::kProblem;
      }
    }
    if ((total_ && numbers_) || verdict_ || exit_) line_.flags |= kSummary;
  }

  Line& line_;
  std::span<const Token> tokens_;
  const Document& document_;
  Level explicit_ = Level::kNone;
  bool keyed_ = false;
  bool error_ = false;
  bool problem_ = false;
  bool warn_ = false;
  bool total_ = false;
  bool verdict_ = false;
  bool numbers_ = false;
  bool exit_ = false;
  bool failed_exit_ = false;
};

/// The numeric levels of pino and bunyan: "level":50.
Level numeric_level(std::string_view text) {
  const std::size_t at = text.find("\"level\":");
  if (at == std::string_view::npos || at + 10 > text.size() || text[at + 9] != '0') return Level::kNone;
  switch (text[at + 8]) {
    case '1':
      return Level::kTrace;
    case '2':
      return Level::kDebug;
    case '3':
      return Level::kInfo;
    case '4':
      return Level::kWarn;
    case '5':
      return Level::kError;
    case '6':
      return Level::kFatal;
    default:
      return Level::kNone;
  }
}

/// "store.cc:8:40: note: no known conversion": explains the error above, and is none of its own.
bool is_note(const Document& document, const Line& line) {
  const std::uint32_t place = place_tokens(document, line);
  if (place == 0 || place >= line.token_count) return false;
  const Token& token = document.tokens[line.first_token + place];
  const std::string_view text = document.text_of(line, token);
  return token.after == ':' && (text == "note" || text == "remark");
}

}  // namespace

void classify(Document& document) {
  for (Line& line : document.lines) {
    if (line.has(kBlank)) continue;
    const std::string_view s = content(line);
    WordJudge(document, line).run();
    if (is_note(document, line)) {
      line.flags |= kNote;
      if (!line.has(kExplicitLevel)) line.level = Level::kNone;
    }
    shape_flags(document, line, s);
    for (const Prefix& prefix : kPrefixes) {
      if (s.empty() || s[0] != prefix.text[0] || !s.starts_with(prefix.text)) continue;
      line.flags |= prefix.flags;
      line.level = std::max(line.level, prefix.level);
    }
    if (line.text.size() >= kRedrawBytes && std::ranges::count(line.text, '\r') >= kRedraws) line.flags |= kRedraw;
    if (line.has(kTraceHead)) line.flags &= static_cast<std::uint16_t>(~kHeading);
    if (!line.has(kExplicitLevel)) {
      Level own = letter_level(line, s);
      if (own == Level::kNone && line.text.starts_with('{')) own = numeric_level(line.text);
      if (own != Level::kNone) {
        if (own < Level::kWarn && line.level >= Level::kProblem) line.flags |= kMention;
        line.level = own;
        line.flags |= kExplicitLevel;
      }
    }
  }
}

}  // namespace headroom::compress::log
