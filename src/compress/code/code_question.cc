#include "compress/code/code_question.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "base/text.h"

namespace headroom::compress::code {
namespace {

constexpr std::size_t kMostText = 6000;  // bytes of a message that are read
constexpr std::size_t kMostLiterals = 32;
constexpr std::size_t kLongestPart = 40;
constexpr double kSynonymWeight = 0.2;

/// Words that any question about code may have and that say nothing about which code.
constexpr auto kGeneric = std::to_array<std::string_view>({
    "function", "functions", "method",         "methods",     "class",      "classes",    "code",
    "module",   "implement", "implementation", "implemented", "implements", "explain",    "describe",
    "show",     "find",      "look",           "tell",        "read",       "see",        "please",
    "exactly",  "want",      "need",           "know",        "understand", "works",      "work",
    "does",     "used",      "uses",           "use",         "using",      "give",       "happens",
    "happen",   "where",     "which",          "when",        "what",       "how",        "why",
    "let",      "lets",      "check",          "defined",     "definition", "called",     "calls",
    "call",     "program",   "variable",       "python",      "java",       "javascript", "typescript",
    "rust",     "golang",    "ruby",           "php",         "script",     "library",    "summarize",
    "summary",  "overview",  "answer",         "question",    "decide",     "decides",    "through",
    "there",    "here",      "would",          "should",      "could",      "too",        "stay",
    "stays",    "get",       "gets",           "set",         "sets",       "way",        "ways",
    "makes",    "make",      "actually",       "currently",   "inside",     "given",      "also",
    "first",    "under",     "condition",      "conditions",  "many",       "much",       "both",
});

/// Requests that need every line.
constexpr auto kEverything = std::to_array<std::string_view>({
    "review",          "audit",         "proofread",    "bugs",
    "vulnerabilities", "vulnerability", "line by line", "line-by-line",
    "entire file",     "whole file",    "full file",    "full source",
    "complete source", "full text",     "every line",   "every function in detail",
    "any bug",         "any problems",  "any issues",   "code smells",
    "verbatim",        "refactor",
});

/// Words that programs use for one another.
constexpr auto kSynonyms = std::to_array<std::string_view>({
    "remove delete erase drop discard evict purge unlink",
    "create make new build construct allocate",
    "error exception fail failure raise throw abort panic",
    "start begin init initialize launch open spawn",
    "stop end finish terminate shutdown close exit quit cancel",
    "send write emit transmit flush put",
    "receive read recv accept",
    "fetch retrieve lookup find search load query",
    "retry attempt backoff again",
    "lock mutex acquire semaphore",
    "wait block sleep poll",
    "parse decode scan tokenize deserialize unmarshal",
    "encode serialize dump marshal format",
    "limit max maximum cap threshold bound",
    "minimum min least",
    "authenticate auth login credential token password",
    "config setting option preference",
    "log print warn report message",
    "skip ignore bypass",
    "verify validate check ensure assert",
    "sort order compare rank",
    "count number total size length len",
    "timeout expire expiry deadline ttl",
    "convert transform translate cast coerce",
    "copy clone duplicate",
    "merge combine join concat",
    "split divide partition",
    "random rand shuffle jitter",
    "default fallback",
    "store save persist cache",
    "directory folder dir path",
    "request req",
    "response resp reply answer",
    "invalid illegal malformed bad wrong unsupported",
    "missing absent empty none null nil undefined",
    "replace substitute swap",
    "update modify change set",
    "insert add append push",
    "process pid fork child subprocess",
    "digit numeric number integer",
    "infinite infinity finite nan",
});

enum class Form : std::uint8_t { kOther, kLower, kUpper, kDigit, kJoint, kForeign };

constexpr std::array<Form, 256> kForms = [] {
  std::array<Form, 256> forms{};
  for (std::size_t c = 'a'; c <= 'z'; ++c) forms[c] = Form::kLower;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) forms[c] = Form::kUpper;
  for (std::size_t c = '0'; c <= '9'; ++c) forms[c] = Form::kDigit;
  for (std::size_t c = 0x80; c < forms.size(); ++c) forms[c] = Form::kForeign;
  forms['_'] = Form::kJoint;
  return forms;
}();

Form form(char c) {
  return kForms[static_cast<unsigned char>(c)];
}
bool letter(char c) {
  return form(c) == Form::kLower || form(c) == Form::kUpper;
}
bool digit(char c) {
  return form(c) == Form::kDigit;
}
bool word_byte(char c) {
  return form(c) != Form::kOther;
}
char lower(char c) {
  return form(c) == Form::kUpper ? static_cast<char>(c + 32) : c;
}
bool upper(char c) {
  return form(c) == Form::kUpper;
}

/// "What does this file do?"
bool is_kind_of_file(std::string_view word) {
  static constexpr std::string_view kKinds[] = {"file", "script", "module", "program", "header", "code", "source"};
  return std::ranges::find(kKinds, word) != std::end(kKinds);
}

std::size_t slot(std::string_view part) {
  const auto index = [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<std::size_t>(c - 'a') + 1 : std::size_t{0};
  };
  return index(part[0]) * 27 + (part.size() > 1 ? index(part[1]) : 0);
}

/// Looks like a name that someone gave: under_score, camelCase, v2x, Http11.
bool is_identifier(std::string_view word) {
  bool hump = false, mixed = false, low = false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    low = low || (letter(word[i]) && !upper(word[i]));
    if (i == 0) continue;
    hump = hump || (upper(word[i]) && letter(word[i - 1]) && !upper(word[i - 1]));
    mixed = mixed || (digit(word[i]) && letter(word[i - 1]));
  }
  const bool joined = word.find('_') != std::string_view::npos && word.find_first_not_of('_') != std::string_view::npos;
  return word.size() > 2 && (joined || hump || (mixed && low));
}

/// "Where is read called?", "who calls next?": a plain word that the question speaks of as of a name.
bool stands_as_name(std::string_view text, std::size_t at, std::size_t end) {
  static constexpr std::string_view kNoNames[] = {"it",   "this", "that",  "the",   "a",   "an",      "them",   "they",
                                                  "to",   "for",  "in",    "by",    "on",  "at",      "of",     "if",
                                                  "not",  "also", "these", "those", "one", "another", "itself", "which",
                                                  "what", "and",  "there", "never", "ever"};
  if (std::ranges::find(kNoNames, text.substr(at, end - at)) != std::end(kNoNames)) return false;
  const std::string_view before = text.substr(0, at), after = text.substr(end);
  const bool asked = before.ends_with(" is ") || before.ends_with(" are ") || before.ends_with(" gets ");
  if (asked && (after.starts_with(" called") || after.starts_with(" used") || after.starts_with(" invoked") ||
                after.starts_with(" defined")))
    return true;
  const bool ends = after.empty() || after[0] == '?' || after[0] == '.' || after[0] == ',' || after[0] == '\n';
  return ends && (before.ends_with(" calls ") || before.ends_with(" invokes ") || before.ends_with("o uses ") ||
                  before.ends_with("callers of ") || before.ends_with("calls to ") || before.ends_with(" code uses "));
}

/// Calls `use` with each lower-case part of the identifiers in `text`, and with the parts of one joined.
template <typename Use>
void each_part(std::string_view text, Use use) {
  char part[kLongestPart], whole[kLongestPart * 2];
  std::size_t at = 0;
  while (at < text.size()) {
    if (!word_byte(text[at])) {
      ++at;
      continue;
    }
    std::size_t parts = 0, joined = 0;
    while (at < text.size() && word_byte(text[at])) {
      if (text[at] == '_') {
        ++at;
        continue;
      }
      std::size_t length = 0;
      const bool number = digit(text[at]);
      while (at < text.size() && word_byte(text[at]) && text[at] != '_') {
        const char c = text[at];
        if (length > 0 && digit(c) != number) break;
        if (length > 0 && upper(c)) {
          const char before = text[at - 1];
          const bool next_low = at + 1 < text.size() && letter(text[at + 1]) && !upper(text[at + 1]);
          if (!upper(before) || next_low) break;
        }
        if (length < kLongestPart) part[length++] = lower(c);
        if (joined < sizeof whole) whole[joined++] = lower(c);
        ++at;
      }
      ++parts;
      if (!number) use(std::string_view(part, length));
    }
    if (parts > 1 && joined < sizeof whole) use(std::string_view(whole, joined));
  }
}

/// "Use" of "Mux.Use", "poll" of "Server::poll": what a word in front says whose it is, and no ending of a file's name.
bool is_member(std::string_view text, std::size_t at, std::string_view word) {
  static constexpr std::array<std::string_view, 14> kEndings = {"swift",  "scala",      "proto", "gradle", "properties",
                                                                "config", "markdown",   "patch", "ipynb",  "class",
                                                                "lock",   "dockerfile", "local", "example"};
  if (at < 2 || word.size() < 2) return false;
  const std::string_view before = text.substr(0, at);
  if (at > 2 && (before.ends_with("::") || before.ends_with("->"))) return word_byte(text[at - 3]);
  if (text[at - 1] != '.' || !word_byte(text[at - 2]) || digit(text[at - 2])) return false;
  if (upper(word[0])) return !std::ranges::all_of(word, upper);
  return word.size() >= 5 && std::ranges::find(kEndings, word) == kEndings.end();
}

}  // namespace

CodeQuestion::CodeQuestion(const Query& query) {
  add_text(query.user, 1.0);
  add_text(query.intent, 0.5);
  add_parts(query.user);
  add_pattern(query.call.pattern);
  said_terms_ = terms_.size() >= kMaxTerms ? ~std::uint64_t{0} : (std::uint64_t{1} << terms_.size()) - 1;
  add_synonyms();
  for (std::size_t i = 0; i < terms_.size(); ++i) starts_[slot(terms_[i].stem)] |= std::uint64_t{1} << i;
  const std::string all = query.user + "\n" + query.intent;
  for (std::string_view phrase : kEverything) everything_ = everything_ || base::contains_ci(query.user, phrase);
  counts_ = asks_for_counts(query.user);
  for (std::string_view word : {"import", "depend", "include", "header"})
    imports_ = imports_ || base::contains_ci(all, word);
}

bool CodeQuestion::asks_for_counts(std::string_view text) {
  static constexpr std::string_view kPhrases[] = {
      "how many", "number of", "list ",    "all ",   "every ",   "each ",    "largest", "greatest",
      "biggest",  "highest",   "smallest", "lowest", "maximum",  "minimum",  "most ",   "least ",
      "unique",   "duplicate", "missing",  "sorted", "in order", "sequence", "entries", "range"};
  return std::ranges::any_of(kPhrases, [&](std::string_view phrase) { return base::contains_ci(text, phrase); });
}

void CodeQuestion::add_literal(std::string_view text, bool word) {
  if (text.size() < 2 || text.size() > 200 || literals_.size() >= kMostLiterals) return;
  for (const Literal& known : literals_) {
    if (known.text == text) return;
  }
  literals_.push_back({std::string(text), word});
}

void CodeQuestion::add_word(std::string_view word, double weight) {
  std::string low(word);
  std::ranges::transform(low, low.begin(), lower);
  if (low.size() < 2 || base::is_stop_word(low) || std::ranges::find(kGeneric, low) != kGeneric.end()) return;
  std::string stem = base::stem(low);
  for (Term& term : terms_) {
    if (term.stem != stem) continue;
    term.weight = std::max(term.weight, weight);
    return;
  }
  if (terms_.size() < kMaxTerms) terms_.push_back({std::move(stem), weight});
}

void CodeQuestion::add_text(std::string_view text, double weight) {
  text = text.substr(0, kMostText);
  // Quoted strings and code spans, exactly.
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char quote = text[at];
    if (quote != '"' && quote != '`' && quote != '\'') continue;
    if (quote == '\'' && at > 0 && word_byte(text[at - 1])) continue;  // an apostrophe
    const std::size_t end = text.find(quote, at + 1);
    if (end == std::string_view::npos || text.substr(at, end - at).find('\n') != std::string_view::npos) continue;
    std::string_view inside = text.substr(at + 1, end - at - 1);
    if (inside.ends_with("()")) inside.remove_suffix(2);
    const bool word = std::ranges::all_of(inside, word_byte);
    if (inside.size() > (word ? 1U : 3U)) add_literal(inside, word);
    if (word) said_.emplace_back(inside);
    at = end;
  }
  add_joined(text);
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at).starts_with("--") && (at == 0 || text[at - 1] == ' ')) {
      add_flag(text.substr(at));
      at += 2;
    }
    if (at >= text.size() || !word_byte(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && word_byte(text[end])) ++end;
    const std::string_view word = text.substr(at, end - at);
    const bool called = text.substr(end).starts_with("(");
    const bool path = (at > 0 && text[at - 1] == '/') || text.substr(end).starts_with("/");
    // "server.py" names the file, not something in it.
    const bool file_name = end + 2 < text.size() && text[end] == '.' && letter(text[end + 1]) &&
                           (end + 4 >= text.size() || !word_byte(text[end + 4]) || !word_byte(text[end + 3])) &&
                           !called && !upper(text[end + 1]);
    if (digit(word[0])) {
      std::size_t number_end = end;
      while (number_end + 1 < text.size() && text[number_end] == '.' && digit(text[number_end + 1])) {
        ++number_end;
        while (number_end < text.size() && word_byte(text[number_end])) ++number_end;
      }
      if (number_end - at > 1) add_literal(text.substr(at, number_end - at), true);
      end = std::max(end, number_end);
    } else if (is_identifier(word) || called || stands_as_name(text, at, end) || is_member(text, at, word)) {
      add_literal(word, true);
    }
    const bool itself = text.substr(0, at).ends_with("this ") && is_kind_of_file(word);
    if (!path && !file_name && !itself) {
      if (said_.size() < 256) said_.emplace_back(word);
      each_part(word, [&](std::string_view part) { add_word(part, is_identifier(word) ? weight * 0.7 : weight); });
    }
    at = end;
  }
}

/// "ctrl+w", "doc:join-lines", "user@host": words that signs join, which English does not have.
void CodeQuestion::add_joined(std::string_view text) {
  static constexpr std::string_view kSigns = "+:=@#";
  const auto inside = [](char c) { return word_byte(c) || c == '-' || c == '.' || kSigns.find(c) != kSigns.npos; };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && inside(text[end])) ++end;
    std::string_view word = text.substr(at, end - at);
    at = end + 1;
    while (!word.empty() && !word_byte(word.back())) word.remove_suffix(1);
    while (!word.empty() && !word_byte(word.front())) word.remove_prefix(1);
    if (word.size() > 3 && word.find_first_of(kSigns) != std::string_view::npos) add_literal(word, true);
  }
}

/// "--dry-run" at the start of `text`.
void CodeQuestion::add_flag(std::string_view text) {
  std::size_t end = 2;
  while (end < text.size() && (word_byte(text[end]) || text[end] == '-')) ++end;
  if (end > 3) add_literal(text.substr(0, end), false);
}

void CodeQuestion::add_synonyms() {
  const std::size_t said = terms_.size();
  for (std::string_view group : kSynonyms) {
    const std::vector<std::string> words = base::words(group);
    double weight = 0;
    for (std::size_t i = 0; i < said; ++i) {
      if (std::ranges::find(words, terms_[i].stem) != words.end()) weight = std::max(weight, terms_[i].weight);
    }
    if (weight == 0) continue;
    for (const std::string& word : words) {
      if (terms_.size() >= kMaxTerms) return;
      if (std::ranges::find(terms_, word, &Term::stem) == terms_.end())
        terms_.push_back({word, weight * kSynonymWeight, true});
    }
  }
}

namespace {

/// "which flag", "what macro": asks for a thing, as against "what does".
bool asks_for_thing(std::string_view part) {
  static constexpr std::string_view kVerbs[] = {"does", "do", "did", "is", "are", "was", "were", "will", "would", "if",
                                                "can", "about", "has", "happens", "happened", "should",
                                                // "under which condition" is "when"
                                                "condition", "conditions", "circumstances", "case", "cases", "order"};
  for (const std::string_view word : {"which ", "what "}) {
    for (std::size_t at = 0; at + word.size() <= part.size(); ++at) {
      if ((at > 0 && part[at - 1] != ' ') || !base::equals_ci(part.substr(at, word.size()), word)) continue;
      const std::string_view next = part.substr(at + word.size());
      if (std::ranges::find(kVerbs, next.substr(0, next.find_first_of(" ?,"))) == std::end(kVerbs)) return true;
    }
  }
  return false;
}

bool refers_back(std::string_view part) {
  static constexpr std::string_view kWords[] = {"it", "its", "they", "them", "their"};
  const std::vector<std::string> words = base::words(part);
  return std::ranges::any_of(kWords,
                             [&](std::string_view word) { return std::ranges::find(words, word) != words.end(); });
}

bool asks(std::string_view sentence) {
  static constexpr std::string_view kWords[] = {"what", "which", "why", "how", "when", "where",
                                                "who",  "does",  "is",  "are", "can",  "do"};
  const std::string_view first = sentence.substr(0, sentence.find_first_of(" '"));
  return sentence.ends_with('?') ||
         std::ranges::any_of(kWords, [&](std::string_view word) { return base::equals_ci(first, word); });
}

/// The sentence that `text` begins with, its end included.
std::string_view first_sentence(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool ends = text[at] == '\n' || (std::string_view(".?!;").find(text[at]) != std::string_view::npos &&
                                           (at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\n'));
    if (ends) return text.substr(0, at + 1);
  }
  return text;
}

/// Where a sentence goes on with another question: "..., and where does it end?"
std::size_t next_question(std::string_view sentence) {
  static constexpr std::string_view kMarks[] = {", and ",    " and what ", " and where ", " and how ",  " and why ",
                                                " and who ", " and when ", " and which ", " and does ", " and is "};
  std::size_t end = sentence.size();
  for (const std::string_view mark : kMarks) end = std::min(end, sentence.find(mark));
  return end;
}

}  // namespace

void CodeQuestion::add_parts(std::string_view text) {
  text = text.substr(0, kMostText);
  std::vector<std::string_view> asked, told;
  while (!text.empty()) {
    const std::string_view sentence = first_sentence(text);
    text.remove_prefix(sentence.size());
    const std::string_view trimmed = base::trim(sentence);
    if (!trimmed.empty()) (asks(trimmed) ? asked : told).push_back(trimmed);
  }
  for (std::string_view sentence : asked.empty() ? told : asked) {
    while (!sentence.empty()) {
      const std::size_t end = next_question(sentence);
      const std::string_view part = base::trim(sentence.substr(0, end));
      if (!part.empty()) parts_.push_back({std::string(part), asks_for_thing(part), refers_back(part)});
      sentence.remove_prefix(std::min(sentence.size(), end + 5));
    }
  }
}

void CodeQuestion::add_pattern(std::string_view pattern) {
  std::size_t at = 0;
  while (at < pattern.size()) {
    std::size_t end = at;
    while (end < pattern.size() && word_byte(pattern[end])) ++end;
    if (end - at > 2) {
      add_literal(pattern.substr(at, end - at), true);
      add_word(pattern.substr(at, end - at), 1.0);
    }
    at = std::max(end, at + 1);
  }
}

std::uint64_t CodeQuestion::match_part(std::string_view part) const {
  if (part.size() < 2) return 0;
  std::uint64_t candidates = starts_[slot(part)];
  if (candidates == 0) return 0;
  std::uint64_t found = 0;
  const std::string stem = base::stem(part);
  while (candidates != 0) {
    const auto bit = static_cast<std::size_t>(std::countr_zero(candidates));
    candidates &= candidates - 1;
    const std::string& term = terms_[bit].stem;
    const bool longer = term.size() >= 4 && part.starts_with(term) && part.size() <= term.size() + 5;
    const bool shorter =
        stem.size() >= 3 && term.size() > stem.size() && term.size() <= stem.size() + 8 && term.starts_with(stem);
    if (stem == term || longer || shorter) found |= std::uint64_t{1} << bit;
  }
  return found;
}

std::uint64_t CodeQuestion::match(std::string_view text) const {
  std::uint64_t found = 0;
  if (terms_.empty()) return 0;
  each_part(text, [&](std::string_view part) { found |= match_part(part); });
  return found;
}

bool CodeQuestion::says(std::string_view name) const {
  return std::ranges::find(said_, name) != said_.end();
}

bool CodeQuestion::covers_name(std::string_view name) const {
  return parts_covered(name) > 0;
}

bool CodeQuestion::covers_joined_name(std::string_view name) const {
  return parts_covered(name) > 1;
}

/// How many parts a name has when the words of the question meet all of them; else 0.
std::size_t CodeQuestion::parts_covered(std::string_view name) const {
  std::size_t parts = 0, met = 0;
  each_part(name, [&](std::string_view part) {
    if (part.size() + 1 >= name.size() && parts > 0) return;  // the parts joined
    ++parts;
    met += (match_part(part) & said_terms_) != 0 || base::is_stop_word(part);
  });
  return met == parts ? parts : 0;
}

}  // namespace headroom::compress::code
