#include "compress/config/question_words.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "compress/config/letters.h"

namespace headroom::compress::config {
namespace {

constexpr std::size_t kQuestionRead = 2000;  // bytes

/// Capitals, digits and marks within: what is written so is a name.
bool is_name(std::string_view piece) {
  for (std::size_t i = 0; i < piece.size(); ++i) {
    if (is_digit(piece[i]) || (i > 0 && (is_upper(piece[i]) || (!is_letter(piece[i]) && i + 1 < piece.size()))))
      return true;
  }
  return false;
}

bool is_acronym(std::string_view piece) {
  static constexpr std::size_t kShortest = 2;
  static constexpr std::size_t kLongest = 6;
  return piece.size() >= kShortest && piece.size() <= kLongest && std::ranges::all_of(piece, is_upper);
}

/// Its parts as roots. A name with parts is asked for as a whole or by its parts.
std::vector<std::string> parts_of(std::string_view piece) {
  std::vector<std::string> out;
  const std::string low = lowered(piece);
  if (low == "c++") return {"cxx"};
  if (low == "who") return {low};
  if (low.size() >= 2 && std::ranges::all_of(low, is_digit)) return {low};
  for (std::string& stem : base::words(piece)) {
    if (stem.size() < 2 || std::ranges::all_of(stem, is_digit) || base::is_stop_word(stem)) continue;
    if (stem.find_first_of("_-.") != std::string::npos) continue;
    out.push_back(root_of(std::move(stem), low));
  }
  return out;
}

/// "Where" is answered with a path or an address, "how many" with a number.
Answer answer_of(std::string_view before, std::string_view word) {
  static constexpr std::array<std::string_view, 9> kMeasures = {"many", "much", "often", "large", "big",
                                                                "long", "high", "old",   "far"};
  if (word == "where") return Answer::kPlace;
  return before == "how" && std::ranges::find(kMeasures, word) != kMeasures.end() ? Answer::kNumber : Answer::kAny;
}

void note(std::string_view before, std::string_view word, Clause& clause) {
  if (const Answer said = answer_of(before, word); said != Answer::kAny) clause.answer = said;
  if (const Switches said = switches_of(word); said != Switches::kAny) clause.switches = said;
  clause.several = clause.several || word == "which" || word == "what";
}

}  // namespace

bool answers(std::string_view value, Answer answer) {
  if (answer == Answer::kPlace) return value.find_first_of("/\\.@:") != std::string_view::npos;
  return answer == Answer::kAny || value == "unlimited" || value == "infinity" || std::ranges::any_of(value, is_digit);
}

QuestionWords read_question(const Query& query) {
  QuestionWords read;
  std::vector<Word>& out = read.words;
  std::vector<std::string> call = base::words(std::string_view(query.tool_arguments).substr(0, kQuestionRead));
  for (std::string& word : call) word = root_of(std::move(word), {});
  std::size_t clause = 0;
  std::string before;
  for (std::string_view piece : split(std::string_view(query.user).substr(0, kQuestionRead), " \t\r\n()\"'`/<>{}=")) {
    const bool ends = std::string_view(",;?!.:").find(piece.back()) != std::string_view::npos;
    while (!piece.empty() && std::string_view(",;?!.:").find(piece.back()) != std::string_view::npos)
      piece.remove_suffix(1);
    while (!piece.empty() && piece.front() == '-') piece.remove_prefix(1);
    Word word{.raw = lowered(piece),
              .clause = clause,
              .name = is_name(piece),
              .acronym = is_acronym(piece),
              .roots = parts_of(piece)};
    const bool joins = word.raw == "and" || word.raw == "or" || word.raw == "but";
    read.clauses.resize(clause + 1);
    note(before, word.raw, read.clauses[clause]);
    read.overview = read.overview || asks_for_overview(word.raw);
    const bool subject = before == "which" || before == "what";
    // "times out": timeout
    if (!out.empty() && before == out.back().raw && !joins) out.back().joined = root_of(root_of(before) + word.raw, {});
    if (before != word.raw && !joins) word.joined = root_of(root_of(before) + word.raw, {});
    before = ends ? std::string() : word.raw;
    clause += ends || joins;
    if (word.roots.empty() || joins) continue;
    if (std::ranges::any_of(out, [&](const Word& other) { return other.raw == word.raw; })) continue;
    word.called = other_roots(word.roots);
    // What the command is about is in every line.
    if (!subject)
      std::erase_if(word.roots, [&](const std::string& root) { return std::ranges::find(call, root) != call.end(); });
    if (word.roots.empty()) continue;
    const bool who = word.raw == "who";
    word.general = !who && std::ranges::all_of(word.roots, is_general);
    word.needed = !word.general && (subject || !std::ranges::all_of(word.roots, is_vague));
    out.push_back(std::move(word));
  }
  return read;
}

}  // namespace headroom::compress::config
