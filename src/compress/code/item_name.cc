#include "compress/code/item_name.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"
#include "base/utf8.h"

namespace headroom::compress::code {
namespace {

constexpr std::uint32_t kLongestHead = 8;        // rows that may say the name
constexpr std::size_t kMostHead = 400;           // bytes of them
constexpr std::size_t kMostWords = 36;           // bytes of a statement's beginning
constexpr std::size_t kLongestDefinition = 100;  // bytes up to the name that are worth showing

/// Words that the name of what they introduce follows.
constexpr auto kIntroduce = std::to_array<std::string_view>({
    "class",  "struct", "union",    "enum",    "interface", "trait",   "impl",     "type",  "namespace",
    "module", "mod",    "object",   "record",  "message",   "service", "protocol", "def",   "function",
    "func",   "fn",     "fun",      "sub",     "proc",      "macro",   "const",    "let",   "var",
    "val",    "static", "alias",    "package", "extension", "TABLE",   "VIEW",     "INDEX", "TYPE",
    "DOMAIN", "SCHEMA", "FUNCTION", "TRIGGER", "SEQUENCE",  "ROLE",
});

/// Words of statements.
constexpr auto kStatements = std::to_array<std::string_view>({
    "if",     "for",  "while", "until", "switch", "case", "try",   "with",  "do",     "foreach", "unless", "begin",
    "return", "test", "catch", "match", "loop",   "ifeq", "ifneq", "ifdef", "ifndef", "else",    "elif",
});

bool word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || (c & 0x80) != 0;
}

template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

/// Decorators, attributes and template parameters stand before what they are about.
bool is_prefix(std::string_view row) {
  return row.starts_with('@') || row.starts_with("#[") || row.starts_with('[') || row.starts_with("template") ||
         row.starts_with("//") || row.starts_with("/*") || row.starts_with("* ");
}

/// The rows up to the first that says what follows the name.
std::string head_of(Rows item, const std::vector<std::string_view>& rows) {
  std::string head;
  for (std::uint32_t row = item.first, n = 0; row <= item.last && n < kLongestHead && head.size() < kMostHead; ++row) {
    const std::string_view text = base::trim(rows[row]);
    if (text.empty() || (head.empty() && row < item.last && is_prefix(text))) continue;
    if (!head.empty()) head += ' ';
    head += text.substr(0, kMostHead);
    ++n;
    if (text.find_first_of("({;=") != std::string_view::npos || text.ends_with(':')) break;
  }
  return head;
}

std::string_view word_before(std::string_view text, std::size_t at) {
  while (at > 0 && text[at - 1] == ' ') --at;
  std::size_t from = at;
  while (from > 0 && word_byte(text[from - 1])) --from;
  return text.substr(from, at - from);
}

std::string_view word_after(std::string_view text, std::size_t at) {
  while (at < text.size() && !word_byte(text[at])) ++at;
  std::size_t end = at;
  while (end < text.size() && word_byte(text[end])) ++end;
  return text.substr(at, end - at);
}

/// The first parenthesis that a name stands before.
std::string_view before_parenthesis(std::string_view head) {
  for (std::size_t at = head.find('('); at != std::string_view::npos; at = head.find('(', at + 1)) {
    const std::string_view inner = word_after(head, at);  // "char *(name) (int)", "int (*name) (int)"
    const std::string_view behind = head.substr(static_cast<std::size_t>(inner.data() - head.data()) + inner.size());
    if (!inner.empty() && (behind.starts_with(") (") || behind.starts_with(")("))) return inner;
    const std::string_view word = word_before(head, at);
    if (!word.empty() && !one_of(kIntroduce, word)) return word;
  }
  return {};
}

std::string_view introduced(std::string_view head) {
  for (std::size_t at = 0; at < head.size();) {
    const std::string_view word = word_after(head, at);
    if (word.empty()) return {};
    const std::size_t end = static_cast<std::size_t>(word.data() - head.data()) + word.size();
    if (one_of(kIntroduce, word)) {
      const std::string_view next = word_after(head, end);
      if (!next.empty() && !one_of(kIntroduce, next)) return next;
    }
    at = end;
  }
  return {};
}

/// "$(OUT)/%.o: src/%.c"
bool is_target(std::string_view head) {
  const std::size_t colon = head.find(": ");
  return colon != std::string_view::npos && colon <= kMostWords && head.substr(0, colon).find(' ') == head.npos;
}

std::string_view declared(std::string_view head) {
  if (head.starts_with('#')) {
    const std::string_view directive = word_after(head, 1);
    if (directive != "define") return {};
    return word_after(head, static_cast<std::size_t>(directive.data() - head.data()) + directive.size());
  }
  const std::string_view first = word_after(head, 0);
  if (one_of(kStatements, first)) return {};
  if (head.starts_with("$(")) return is_target(head) ? head.substr(0, head.find(": ")) : std::string_view();
  const std::size_t stop = std::min(head.find_first_of("{;"), head.size());
  const std::string_view front = head.substr(0, stop);
  const std::size_t equal = front.find('=');
  if (equal != std::string_view::npos && front.substr(0, equal).find('(') == std::string_view::npos) {
    std::size_t end = equal;
    const std::size_t type = front.find(": ");  // "limit: number = 4"
    if (type < equal) end = type;
    while (end > 0 && std::string_view(" :+?.|").find(front[end - 1]) != std::string_view::npos) --end;
    return word_before(front, end);
  }
  if (const std::string_view name = before_parenthesis(front); !name.empty()) return name;
  if (const std::string_view name = introduced(front); !name.empty()) return name;
  // "typedef struct a b;", "size_t length;", "target: parts"
  const std::size_t colon = front.find(':');
  if (colon != std::string_view::npos && colon > 0 && colon + 1 < front.size() && front[colon + 1] == ' ')
    return is_target(head) ? head.substr(0, colon) : word_before(front, colon);
  return head.substr(stop).starts_with(';') ? word_before(head, stop) : std::string_view();
}

}  // namespace

ItemName name_item(Rows item, const std::vector<std::string_view>& rows) {
  const std::string head = head_of(item, rows);
  const std::string_view last = rows[item.last];
  std::string_view name;
  if (head.starts_with("typedef ")) name = word_before(last, std::min(last.rfind(';'), last.size()));
  if (name.empty()) name = declared(head);
  if (!name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0) {
    ItemName found{std::string(name), true, std::string(name)};
    const char* const end = name.data() + name.size();
    const bool inside = end > head.data() && end <= head.data() + kLongestDefinition && !head.starts_with("typedef ");
    if (inside) found.head.assign(head.data(), end);
    return found;
  }
  std::string_view words = base::beginning(head, kMostWords);
  if (words.size() < head.size()) words = words.substr(0, std::min(words.rfind(' '), words.size()));
  return {std::string(words), false, std::string(words)};
}

}  // namespace headroom::compress::code
