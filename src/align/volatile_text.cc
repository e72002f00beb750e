#include "align/volatile_text.h"

#include <algorithm>
#include <array>
#include <optional>

#include "align/git_section.h"
#include "align/moment.h"
#include "align/value_starts.h"
#include "base/byte_set.h"
#include "base/text.h"

namespace headroom::align {
namespace {

constexpr std::size_t kNpos = std::string_view::npos;

constexpr base::ByteSet kHex("0123456789abcdefABCDEF");
constexpr base::ByteSet kDigit("0123456789");
constexpr base::ByteSet kAlnum("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
constexpr base::ByteSet kIdByte("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-+/=.");
constexpr base::ByteSet kPathEnd(" \t\r\n\"'`<>()[]{},;|*");
constexpr base::ByteSet kBlank(" \t\"'`$~");
constexpr base::ByteSet kSeparator(":=>");
constexpr base::ByteSet kJoin("-_./\\");  ///< what follows goes on with a name
constexpr base::ByteSet kLabelTrim(" \t\r\"'`<>()[]{}:=-*#|,;./\\$~!?");

/// Names of ids that mean nothing to a model, letters and digits only.
constexpr std::array<std::string_view, 18> kIdNames = {
    "requestid",      "reqid",   "traceid",   "traceparent",  "spanid", "correlationid", "sessionid",
    "nonce",          "cch",     "messageid", "runid",        "turnid", "invocationid",  "threadid",
    "conversationid", "eventid", "promptid",  "transactionid"};
constexpr std::array<std::string_view, 12> kCounterWords = {
    "left", "remaining", "used", "usage", "elapsed", "spent", "turn", "step", "iteration", "tokens", "budget", "sofar"};
constexpr std::array<std::string_view, 6> kLimitWords = {"max", "limit", "min", "least", "most", "default"};
constexpr std::array<std::string_view, 6> kEpochWords = {"time", "timestamp", "epoch", "now", "date", "ts"};
constexpr std::array<std::string_view, 6> kDayNames = {"today is",    "it is",           "weekday",
                                                       "day of week", "day of the week", "current day"};
constexpr std::array<std::string_view, 8> kTempRoots = {
    "/tmp/",     "/var/tmp/", "/var/folders/", "/private/tmp/", "/private/var/folders/",
    "/dev/shm/", "%TEMP%\\",  "%TMP%\\"};
constexpr std::array<std::string_view, 7> kFolderNames = {
    "workingdirectory", "workingdir", "workingfolder", "cwd", "currentdirectory", "currentworkingdir", "currentfolder"};

bool ends_with_any(std::string_view text, auto&& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.ends_with(word); });
}
bool contains_any(std::string_view text, auto&& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.find(word) != kNpos; });
}
bool is_in(std::string_view bytes, char c) {
  return bytes.find(c) != kNpos;
}
bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<Volatile> run() && {
    std::size_t at = 0;
    while ((at = next_value_start(text_, at)) < text_.size() && found_.size() < kMaxValues) {
      if (at == 0 || text_[at - 1] == '\n') {
        line_ = at;
        if (const GitSection section = git_.section_at(text_, at); section.end != 0) {
          add(Kind::kGit, section.begin, section.end);
          at = std::max(section.end, at + 1);
          if (section.begin == section.end) at = std::max(at, section.begin);
          continue;
        }
      }
      const char c = text_[at];
      if (!kAlnum.has(c)) {
        const std::size_t end = c == '/' || c == '%' || c == '~' || c == '\\' ? path_at(at) : 0;
        at = end != 0 ? end : at + 1;
        continue;
      }
      const std::size_t end = is_plain_word(at) ? 0 : value_at(at);
      if (end != 0) {
        at = end;
        continue;
      }
      while (at < text_.size() && kAlnum.has(text_[at])) ++at;
    }
    return std::move(found_);
  }

 private:
  /// The name before a separator before `at`: letters and digits of it in lower case, and as it is written.
  struct Label {
    std::string name;
    std::string_view written;
    std::size_t begin = 0;
  };

  char before(std::size_t at) const { return at == 0 ? '\n' : text_[at - 1]; }
  char byte(std::size_t at) const { return at < text_.size() ? text_[at] : '\n'; }

  /// Most words: that no value begins with the one at `at` is seen from its first bytes and what stands before it.
  bool is_plain_word(std::size_t at) const {
    if (at < line_ + 2 || text_[at - 1] != ' ' || text_[at] < 'a' || text_[at] > 'z') return false;
    const char previous = text_[at - 2];
    if (kBlank.has(previous) || kSeparator.has(previous)) return false;
    const char next = byte(at + 1);
    return next != ':' && !(kHex.has(text_[at]) && kHex.has(next));
  }

  /// Of the separator before a value; kNpos where none is.
  std::size_t separator_before(std::size_t at) const {
    std::size_t end = at;
    while (end > line_ && at - end < 16 && kBlank.has(text_[end - 1])) --end;
    return end > line_ && kSeparator.has(text_[end - 1]) ? end - 1 : kNpos;
  }

  Label label_before(std::size_t at) const {
    Label label;
    std::size_t end = separator_before(at);
    if (end == kNpos) return label;
    while (end > line_ && at - end < 16 && kBlank.has(text_[end - 1])) --end;
    std::size_t begin = end;
    while (begin > line_ && end - begin < 40 && (kAlnum.has(text_[begin - 1]) || is_in(" _-", text_[begin - 1]))) {
      --begin;
    }
    label.written = base::trim(text_.substr(begin, end - begin));
    label.begin = begin;
    for (const char c : label.written) {
      if (kAlnum.has(c)) label.name += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    return label;
  }

  /// What a person would call the value: the text before it on its line, its last 60 bytes at most.
  std::string caption(std::size_t begin) const {
    std::size_t from = line_;
    if (!found_.empty()) from = std::max(from, std::min(found_.back().end, begin));
    if (begin - from > 60) {
      from = begin - 60;
      while (from < begin && text_[from] != ' ') ++from;
      while (from < begin && is_continuation(text_[from])) ++from;
    }
    std::string_view text = text_.substr(from, begin - from);
    if (const std::size_t cut = text.rfind('\n'); cut != kNpos) text.remove_prefix(cut + 1);
    for (const std::string_view stop : {". ", "; ", "? ", "! "}) {
      if (const std::size_t cut = text.rfind(stop); cut != kNpos) text.remove_prefix(cut + 2);
    }
    while (!text.empty() && kLabelTrim.has(text.front())) text.remove_prefix(1);
    while (!text.empty() && kLabelTrim.has(text.back())) text.remove_suffix(1);
    return std::string(text);
  }

  bool add(Kind kind, std::size_t begin, std::size_t end) {
    if (end - begin > kMaxValueBytes) return false;
    Volatile value;
    value.kind = kind;
    value.begin = begin;
    value.end = end;
    value.label = caption(begin);
    found_.push_back(std::move(value));
    return true;
  }

  /// Nothing but names and values on this line, so no sentence that asks for the value.
  bool stands_apart(std::size_t name_begin, std::size_t end) const {
    std::size_t from = name_begin;
    while (from > line_ && !is_in(";,{|&", text_[from - 1])) {
      if (name_begin - from > 24) return false;
      --from;
    }
    if (std::ranges::count(text_.substr(from, name_begin - from), ' ') > 2) return false;
    while (end < text_.size() && is_in(" \t\"'`", text_[end])) ++end;
    return end == text_.size() || is_in("\r\n;,}])<|&-", text_[end]);
  }

  /// The text before this line ends with a colon: it says what the line is.
  bool introduced() const {
    std::size_t end = line_;
    while (end > 0 && line_ - end < 64 && is_in(" \r\n\t*>`", text_[end - 1])) --end;
    return end > 0 && text_[end - 1] == ':';
  }

  std::size_t add_id(const Label& label, std::size_t begin, std::size_t end) {
    const bool named = ends_with_any(label.name, kIdNames);
    const std::size_t from = label.written.empty() ? begin : label.begin;
    const bool silent = (named || (caption(begin).empty() && !introduced())) && stands_apart(from, end);
    if (!add(Kind::kId, begin, end)) return 0;
    found_.back().id_name = label.written;
    found_.back().silent = silent;
    return end;
  }

  std::size_t uuid_end(std::size_t at) const {
    if (at + 36 > text_.size()) return 0;
    for (std::size_t i = 0; i < 36; ++i) {
      const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? text_[at + i] != '-' : !kHex.has(text_[at + i])) return 0;
    }
    const char next = byte(at + 36);
    return kAlnum.has(next) || next == '-' ? 0 : at + 36;
  }

  std::size_t path_at(std::size_t at) {
    const char previous = before(at);
    if (kAlnum.has(previous) || kJoin.has(previous)) return 0;
    if (previous == ':' && byte(at + 1) == '/') return 0;  // a URL
    for (const std::string_view root : kTempRoots) {
      if (!text_.substr(at).starts_with(root)) continue;
      std::size_t end = at + root.size();
      while (end < text_.size() && !kPathEnd.has(text_[end]) && end - at <= kMaxValueBytes) ++end;
      while (end > at && is_in(".:", text_[end - 1])) --end;
      return end > at + root.size() && add(Kind::kTempPath, at, end) ? end : 0;
    }
    return folder_at(at);
  }

  /// C:\Users\me\AppData\Local\Temp\x
  std::size_t drive_path_at(std::size_t at) {
    if (byte(at + 1) != ':' || byte(at + 2) != '\\') return 0;
    const std::size_t temp = text_.substr(at, 160).find("\\Temp\\");
    if (temp == kNpos || text_.substr(at, temp).find('\n') != kNpos) return folder_at(at);
    std::size_t end = at + temp;
    while (end < text_.size() && !kPathEnd.has(text_[end]) && end - at <= kMaxValueBytes) ++end;
    return add(Kind::kTempPath, at, end) ? end : 0;
  }

  /// "Working directory: /home/me/project"
  std::size_t folder_at(std::size_t at) {
    const Label label = label_before(at);
    if (label.name.empty() || !ends_with_any(label.name, kFolderNames)) return 0;
    std::size_t end = at;
    while (end < text_.size() && !is_in("\r\n<>\"'`,;|", text_[end]) && end - at <= kMaxValueBytes) ++end;
    while (end > at && (text_[end - 1] == ' ' || text_[end - 1] == '\t')) --end;
    return end > at && add(Kind::kFolder, at, end) ? end : 0;
  }

  std::size_t billing_end(std::size_t at) const {
    constexpr std::string_view kHeader = "x-anthropic-billing-header:";
    if (at != line_ || !base::equals_ci(text_.substr(at, kHeader.size()), kHeader)) return 0;
    return at + kHeader.size();
  }

  std::size_t value_at(std::size_t at) {
    const char c = text_[at];
    const char previous = before(at);
    if (kAlnum.has(previous)) return 0;
    if (c == 'x' || c == 'X') {
      if (const std::size_t begin = billing_end(at); begin != 0) {
        const std::size_t end = std::min(text_.find('\n', begin), text_.size());
        if (!add(Kind::kId, begin, end)) return 0;
        found_.back().silent = true;
        return end;
      }
    }
    if (const std::size_t end = drive_path_at(at); end != 0) return end;
    if (kHex.has(c)) {
      if (const std::size_t end = uuid_end(at); end != 0) return add_id(label_before(at), at, end);
    }
    if (!kJoin.has(previous)) {
      if (const std::size_t end = moment(at); end != 0) return end;
    }
    if (kBlank.has(previous) || kSeparator.has(previous)) {
      if (separator_before(at) != kNpos) {
        const Label label = label_before(at);
        if (label.name.size() > 1) {
          if (const std::size_t end = labelled(label, at); end != 0) return end;
        }
      }
      if (kDigit.has(c)) return counted(at);
    }
    return 0;
  }

  std::size_t moment(std::size_t at) {
    const char c = text_[at];
    if (!kDigit.has(c) && (c < 'A' || c > 'Z')) return 0;
    if (const Moment found = moment_at(text_, at); found.end != 0) {
      const char next = byte(found.end);
      const char after = byte(found.end + 1);
      if (kAlnum.has(next) || (is_in("-_/.:", next) && kAlnum.has(after))) return 0;
      return add(Kind::kMoment, at, found.end) ? found.end : 0;
    }
    const std::size_t end = weekday_at(text_, at);
    if (end == 0 || kAlnum.has(byte(end))) return 0;
    std::string_view head = text_.substr(line_, at - line_);
    while (!head.empty() && (kBlank.has(head.back()) || is_in(":=>*", head.back()))) head.remove_suffix(1);
    const bool today = std::ranges::any_of(kDayNames, [&](std::string_view name) {
      return head.size() >= name.size() && base::equals_ci(head.substr(head.size() - name.size()), name);
    });
    return today && add(Kind::kMoment, at, end) ? end : 0;
  }

  std::size_t labelled(const Label& label, std::size_t at) {
    const char c = text_[at];
    if (ends_with_any(label.name, kIdNames)) {
      std::size_t end = at;
      bool digit = false;
      while (end < text_.size() && kIdByte.has(text_[end]) && end - at <= 256) digit |= kDigit.has(text_[end++]);
      while (end > at && is_in(".", text_[end - 1])) --end;
      if ((digit || end - at >= 16) && end - at >= 4 && end - at <= 256) return add_id(label, at, end);
      return 0;
    }
    if (!kDigit.has(c)) return 0;
    std::size_t digits = at;
    while (digits < text_.size() && digits - at < 20 && kDigit.has(text_[digits])) ++digits;
    if ((digits - at == 10 || digits - at == 13) && contains_any(label.name, kEpochWords)) {
      std::size_t end = digits;
      if (byte(end) == '.' && kDigit.has(byte(end + 1))) {
        ++end;
        while (end < text_.size() && end - digits < 10 && kDigit.has(text_[end])) ++end;
      }
      if (!kAlnum.has(byte(end))) return add(Kind::kMoment, at, end) ? end : 0;
    }
    if (!contains_any(label.name, kCounterWords) || contains_any(label.name, kLimitWords)) return 0;
    const std::size_t end = amount_end(at);
    return end != 0 && add(Kind::kCounter, at, end) ? end : 0;
  }

  /// "12345 tokens left"
  std::size_t counted(std::size_t at) {
    const std::size_t end = amount_end(at);
    if (end == 0) return 0;
    const std::string_view rest = text_.substr(end, 24);
    for (const std::string_view words : {" tokens left", " tokens remaining", " tokens used", " tokens remain"}) {
      if (rest.starts_with(words)) return add(Kind::kCounter, at, end) ? end : 0;
    }
    return 0;
  }

  /// A number as people write it: 12345, 12,345.67, 83%, 12k, 1m 30s.
  std::size_t amount_end(std::size_t at) const {
    std::size_t end = at;
    while (end - at < 40) {
      const std::size_t start = end;
      while (kDigit.has(byte(end)) || (is_in(",._", byte(end)) && kDigit.has(byte(end + 1)))) {
        if (++end - at > 40) return 0;
      }
      if (end == start) return 0;
      for (const std::string_view unit : {"%", "ms", "k", "K", "M", "s", "m", "h", "d"}) {
        if (text_.substr(end).starts_with(unit)) {
          end += unit.size();
          break;
        }
      }
      if (kAlnum.has(byte(end)) && !kDigit.has(byte(end))) return 0;
      if (kDigit.has(byte(end))) continue;
      const bool duration = is_in("smhd", byte(end - 1)) && byte(end) == ' ' && kDigit.has(byte(end + 1));
      if (!duration) return end;
      ++end;
    }
    return 0;
  }

  std::string_view text_;
  std::vector<Volatile> found_;
  std::size_t line_ = 0;
  GitSections git_;
};

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::kId:
      return "id";
    case Kind::kMoment:
      return "date or time";
    case Kind::kTempPath:
      return "temporary path";
    case Kind::kFolder:
      return "working folder";
    case Kind::kGit:
      return "git status";
    case Kind::kCounter:
      return "counter";
  }
  return "unknown";
}

std::vector<Volatile> volatile_values(std::string_view text) {
  return Scanner(text).run();
}

}  // namespace headroom::align
