#include "context/edit_intent.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string>
#include <string_view>

#include "base/text.h"
#include "context/json_records.h"
#include "detect/file_type.h"

namespace headroom::context {
namespace {

/// Verbs of changing, in the form in which a request uses them.
constexpr std::array<std::string_view, 38> kChange = {
    "fix",     "edit",   "change",    "modify", "refactor", "rewrite",   "rename",  "replace",  "implement", "add",
    "remove",  "delete", "update",    "patch",  "migrate",  "convert",   "extend",  "simplify", "optimize",  "optimise",
    "improve", "port",   "clean",     "move",   "insert",   "introduce", "adjust",  "extract",  "inline",    "revert",
    "review",  "write",  "translate", "apply",  "correct",  "deprecate", "support", "make"};

/// Words that turn what follows into a question about the code: "how does it add", "what would change".
constexpr std::array<std::string_view, 17> kAsk = {"how",       "what",      "why",  "where", "when",    "which",
                                                   "who",       "does",      "is",   "are",   "explain", "describe",
                                                   "summarise", "summarize", "list", "find",  "tell"};

/// Words after which a verb is still a request: "please fix", "you could rename", "and add".
constexpr std::array<std::string_view, 24> kLead = {
    "please", "then", "and",  "to",     "can",  "could", "you", "now", "also", "just", "let's", "lets",
    "i'll",   "will", "must", "should", "need", "we",    "me",  "us",  "try",  "want", "so",    "going"};

bool one_of(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

/// One sentence: a change is asked for when a verb of changing stands where a request has its verb, and the sentence
/// is no question about the code.
bool sentence_asks(std::string_view sentence) {
  std::string previous;
  bool question = false;
  bool first = true;
  for (std::size_t at = 0; at < sentence.size();) {
    const auto letter = [&](std::size_t i) {
      return std::isalpha(static_cast<unsigned char>(sentence[i])) != 0 || sentence[i] == '\'';
    };
    if (!letter(at)) {
      ++at;
      continue;
    }
    std::string word;
    for (; at < sentence.size() && letter(at); ++at) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(sentence[at])));
    }
    if (first && one_of(kAsk, word)) question = true;
    // "What must I change?" asks for advice; "... and fix it" is a request all the same.
    if (one_of(kChange, word) && (first || (one_of(kLead, previous) && (!question || previous == "and" ||
                                                                        previous == "then" || previous == "please")))) {
      return true;
    }
    first = false;
    previous = std::move(word);
  }
  return false;
}

std::string_view file_name(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// A word that ends as files of a known kind do: "argparse.py", "src/net/pump.rs", but not "strings.Split(text)" or
/// "e.g.".
bool names_some_file(std::string_view text) {
  static constexpr std::string_view kParting = " \t\r\n\"'`,;:!?()[]<>{}*=|";
  for (std::size_t at = text.find_first_not_of(kParting); at != std::string_view::npos;
       at = text.find_first_not_of(kParting, at)) {
    const std::size_t end = std::min(text.find_first_of(kParting, at), text.size());
    std::string_view word = text.substr(at, end - at);
    while (word.ends_with('.')) word.remove_suffix(1);
    const std::size_t dot = word.rfind('.');
    const bool called = end < text.size() && text[end] == '(';
    if (dot != std::string_view::npos && dot > 0 && !called &&
        detect::content_type_of_path(word) != detect::ContentType::kOther)
      return true;
    at = end;
  }
  return false;
}

}  // namespace

bool asks_for_change(std::string_view text) {
  std::size_t from = 0;
  bool fenced = false;
  while (from < text.size()) {
    // What is pasted asks for nothing: "$ make check", a quotation.
    if (from == 0 || text[from - 1] == '\n') {
      const std::string_view line = text.substr(from, std::min(text.find('\n', from), text.size()) - from);
      const bool fence = base::trim(line).starts_with("```");
      fenced = fenced != fence;
      if (fenced || fence || line.starts_with("$ ") || line.starts_with("> ")) {
        from += line.size() + 1;
        continue;
      }
    }
    std::size_t end = text.find_first_of("?!;\n", from);
    // A dot ends a sentence only before white space: "fix argparse.py" is one.
    for (std::size_t dot = text.find('.', from); dot < end; dot = text.find('.', dot + 1)) {
      if (dot + 1 >= text.size() || text[dot + 1] == ' ' || text[dot + 1] == '\n') end = dot;
    }
    if (sentence_asks(text.substr(from, end - from))) return true;
    if (end == std::string_view::npos) break;
    from = end + 1;
  }
  return false;
}

namespace {

/// The user would have a file changed that is named, and whose name is not that of a log: a catalogue of translations
/// may look like one.
bool is_edited_by_name(const compress::Query& query) {
  static constexpr std::array<std::string_view, 5> kLogs = {".log", ".txt", ".out", ".err", ".trace"};
  const std::string_view name = file_name(query.call.path);
  if (name.find('.') == std::string_view::npos) return false;
  if (std::ranges::any_of(kLogs, [&](std::string_view end) { return name.find(end) != std::string_view::npos; }))
    return false;
  return query.user.find(name) != std::string::npos && (asks_for_change(query.user) || asks_for_change(query.intent));
}

}  // namespace

bool must_stay_exact(const compress::Query& query, detect::ContentType type, std::string_view text, bool shows_file) {
  using detect::ContentType;
  const bool tool = detect::reads_file(query.tool_name);
  const bool json = type == ContentType::kJson || type == ContentType::kNdjson;
  if (tool && json && !holds_records(text)) return true;
  if (!tool && !shows_file && !detect::prints_file(query.call)) return false;
  if (type == ContentType::kLog && is_edited_by_name(query)) return true;
  if (type == ContentType::kLog || type == ContentType::kSearch || type == ContentType::kDiff) return false;
  if (asks_for_change(query.intent)) return true;
  if (!asks_for_change(query.user)) return false;
  const std::string_view name = file_name(query.call.path);
  const bool named = !name.empty() && query.user.find(name) != std::string::npos;
  return named || !names_some_file(query.user);
}

}  // namespace headroom::context
