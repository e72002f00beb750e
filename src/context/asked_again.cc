#include "context/asked_again.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <cstdint>

#include "base/text.h"
#include "compress/focus/asked_lines.h"
#include "compress/json/question.h"
#include "compress/phrases.h"
#include "context/retrieve.h"

namespace headroom::context {
namespace {

/// More records than this that meet a question as well single nothing out.
constexpr std::size_t kMostRecords = 8;
/// Where something that is sent meets the question as well, fewer are worth their tokens.
constexpr std::size_t kMostBesides = 3;
/// Lines above a record that say what it belongs to.
constexpr std::size_t kMostAbove = 4;
constexpr std::size_t kLongestRecord = 2000;

using Literals = std::vector<std::string>;

/// "12" is not in "312", "run" not in "prune".
bool stands_alone(std::string_view text, std::size_t at, std::size_t size) {
  const auto alnum = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  const bool before = at > 0 && alnum(text[at - 1]) && alnum(text[at]);
  const bool after = at + size < text.size() && alnum(text[at + size]) && alnum(text[at + size - 1]);
  return !before && !after;
}

bool holds(std::string_view text, std::string_view literal) {
  for (std::size_t at = text.find(literal); at != std::string_view::npos; at = text.find(literal, at + 1)) {
    if (stands_alone(text, at, literal.size())) return true;
  }
  return false;
}

std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c); });
  return out;
}

/// A bit for each literal that stands in the text, whatever the case of its letters.
std::uint32_t literals_in(std::string_view text, const Literals& literals) {
  const std::string low = lowered(text);
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < literals.size(); ++i) bits |= holds(low, literals[i]) ? 1U << i : 0U;
  return bits;
}

/// One of the literals is all of a string in quotes.
bool has_as_value(std::string_view record, const Literals& literals) {
  const std::string low = lowered(record);
  return std::ranges::any_of(literals, [&](const std::string& literal) { return low.contains('"' + literal + '"'); });
}

Literals literals_of(std::string_view question) {
  compress::Query query;
  query.user = question;
  Literals literals = compress::json::Question(query).literals();
  std::ranges::transform(literals, literals.begin(), lowered);
  std::ranges::move(compress::phrases_of(question), std::back_inserter(literals));
  std::erase_if(literals, [](const std::string& literal) { return literal.size() < 3; });
  if (literals.size() > 32) literals.resize(32);
  return literals;
}

struct Hit {
  std::size_t result = 0;  ///< index in the results
  std::size_t record = 0;
};

/// What one result has that the question names.
class Reader {
 public:
  Reader(const Shortened& result, const Literals& literals)
      : result_(result), literals_(literals), by_call_(literals_in(result.call, literals)) {}

  /// How many literals the best record that is sent meets; -1: none meets any.
  int sent_meets() const {
    int best = -1;
    for (const std::string_view line : base::split_lines(result_.sent)) best = std::max(best, meets(line));
    return best;
  }

  void read_records() { records_ = records_of(result_.original); }
  const Records& records() const { return records_; }

  /// The same of a record that is not sent.
  int left_out_meets(std::size_t record) const {
    const std::string_view text = records_.all[record];
    const int met = meets(text);
    return met < 0 || is_sent(text) ? -1 : met;
  }

 private:
  int meets(std::string_view text) const {
    const std::uint32_t own = literals_in(text, literals_);
    return own == 0 ? -1 : std::popcount(own | by_call_);
  }
  bool is_sent(std::string_view record) const {
    const std::string_view text = base::trim(record);
    return text.empty() || result_.sent.find(text) != std::string_view::npos;
  }

  const Shortened& result_;
  const Literals& literals_;
  const std::uint32_t by_call_;  ///< literals that the call names
  Records records_;
};

std::size_t indent(std::string_view line) {
  const std::size_t at = line.find_first_not_of(" \t");
  return at == std::string_view::npos ? line.size() : at;
}

/// The first line of what an indented line stands below: the nearest less indented one, and those right above it.
std::size_t first_above(const std::vector<std::string_view>& lines, std::size_t line) {
  const std::size_t own = indent(lines[line]);
  if (own == 0) return line;
  std::size_t at = line;
  for (std::size_t steps = 0; at > 0 && steps < 2 * kMostAbove; ++steps) {
    --at;
    if (base::trim(lines[at]).empty() || indent(lines[at]) >= own) continue;
    const std::size_t parent = indent(lines[at]);
    while (at > 0 && line - at < 2 * kMostAbove && !base::trim(lines[at - 1]).empty() &&
           indent(lines[at - 1]) == parent)
      --at;
    return at;
  }
  return line;
}

}  // namespace

bool is_question(std::string_view text) {
  static constexpr std::array<std::string_view, 22> kOpen = {
      "what", "which", "who",  "whose", "when", "where", "why",  "how", "is",   "are", "does",
      "do",   "did",   "show", "tell",  "list", "give",  "find", "was", "were", "can", "explain"};
  if (text.find('?') != std::string_view::npos || text.find("\xEF\xBC\x9F") != std::string_view::npos) return true;
  text = base::trim(text);
  const std::string_view first = text.substr(0, text.find_first_of(" \t\n,'"));
  return std::ranges::any_of(kOpen, [&](std::string_view word) { return base::equals_ci(first, word); });
}

std::vector<AskedRecords> find_asked(std::string_view question, std::span<const Shortened> results) {
  const Literals literals = literals_of(question);
  if (literals.empty()) return {};
  int sent = -1;
  int best = -1;
  std::vector<Reader> readers;
  std::vector<Hit> hits;
  for (std::size_t r = 0; r < results.size(); ++r) {
    readers.emplace_back(results[r], literals);
    sent = std::max(sent, readers[r].sent_meets());
    if (literals_in(results[r].original, literals) == 0) continue;
    readers[r].read_records();
    for (std::size_t i = 0; i < readers[r].records().all.size(); ++i) {
      const int met = readers[r].left_out_meets(i);
      if (met < 0 || met < best) continue;
      if (met > best) hits.clear();
      best = met;
      hits.push_back({r, i});
    }
  }
  const std::size_t most = best > sent ? kMostRecords : kMostBesides;
  if (hits.size() > most) {
    std::erase_if(
        hits, [&](const Hit& hit) { return !has_as_value(readers[hit.result].records().all[hit.record], literals); });
  }
  if (best < sent || hits.size() > most) return {};
  std::vector<AskedRecords> asked;
  std::size_t tokens = 0;
  for (const Hit& hit : hits) {
    const Records& records = readers[hit.result].records();
    const std::size_t base = records.lines ? 1 : 0;
    const std::size_t first = records.lines ? first_above(records.all, hit.record) : hit.record;
    AskedRecords found{results[hit.result].block, records.lines, first + base, hit.record + base, {}};
    if (!asked.empty() && asked.back().block == found.block && asked.back().last + 1 >= found.first) {
      found.first = asked.back().last + 1;  // goes on where the last one ended
    }
    for (std::size_t i = found.first - base; i <= hit.record; ++i) found.text.append(records.all[i]).push_back('\n');
    tokens += compress::focus::estimated_tokens(found.text);
    if (found.text.size() > kLongestRecord || tokens > kMostAskedTokens) break;
    if (!asked.empty() && asked.back().block == found.block && asked.back().last + 1 == found.first) {
      asked.back().last = found.last;
      asked.back().text += found.text;
    } else {
      asked.push_back(std::move(found));
    }
  }
  return asked;
}

}  // namespace headroom::context
