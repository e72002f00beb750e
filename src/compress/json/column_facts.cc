#include "compress/json/column_facts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <unordered_map>

#include "base/text.h"
#include "compress/json/letter_pairs.h"
#include "compress/json/value_facts.h"

namespace headroom::compress::json {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

/// Lists of up to this many numbers are looked at position by position.
constexpr std::size_t kMaxParts = 4;

/// Every byte in lower case; 0 for what is no letter.
constexpr std::array<char, 256> letters() {
  std::array<char, 256> out{};
  for (std::size_t c = 0; c < out.size(); ++c) {
    const bool upper = c >= 'A' && c <= 'Z', low = c >= 'a' && c <= 'z';
    if (upper || low || c >= 0x80) out[c] = static_cast<char>(upper ? c + 32 : c);
  }
  return out;
}
constexpr std::array<char, 256> kLetters = letters();

std::string_view readable(const JsonNode& node) {
  const std::string_view text = node.kind == JsonKind::kString ? node.text : node.raw;
  return text.substr(0, kReadBytes);
}

// Beginnings of words that tell of a failure, in values and in the names of members that are empty when all is well.
constexpr std::array<std::string_view, 31> kFailure = {
    "error",    "fatal",    "fail",    "exception", "traceback", "panic",     "critical",  "crash",
    "abort",    "denied",   "refused", "timeout",   "timed",     "unauthori", "forbidden", "unhealth",
    "unreach",  "reject",   "invalid", "corrupt",   "exhaust",   "killed",    "oom",       "violat",
    "overflow", "deadlock", "unavail", "degraded",  "emerg",     "broken",    "missing"};
constexpr std::array<std::string_view, 6> kFailureNames = {"error", "err", "exception", "fail", "fault", "traceback"};

/// Calls f(lower-case word) for every run of letters, split at humps.
template <typename F>
void each_word(std::string_view text, F&& f) {
  const auto letter_at = [](const char* at) { return kLetters[static_cast<unsigned char>(*at)]; };
  std::array<char, 32> word{};
  const char* const end = text.data() + text.size();
  for (const char* at = text.data();;) {
    while (at < end && letter_at(at) == 0) ++at;
    if (at == end) return;
    std::size_t size = 0;
    bool after_upper = true;
    for (; at < end; ++at) {
      const char letter = letter_at(at);
      const bool upper = letter != *at;
      if (letter == 0 || (upper && !after_upper)) break;
      after_upper = upper;
      if (size < word.size()) word[size++] = letter;
    }
    f(std::string_view(word.data(), size));
  }
}

constexpr LetterPairs::Sets kFailureStarts = 4;
static_assert((kFailureStarts & (Question::kTermStarts | Question::kSynonymStarts)) == 0);

/// Adds what a word that tells of a failure can begin with.
constexpr LetterPairs with_failures(LetterPairs starts) {
  for (std::string_view start : kFailure) starts.add(start[0], start[1], kFailureStarts);
  starts.add('e', 'r', kFailureStarts);  // "err"
  return starts;
}

/// `starts`: those that stand in the text.
bool tells_failure(std::string_view text, LetterPairs::Sets starts) {
  static constexpr LetterPairs kFailures = with_failures({});
  if (text.starts_with("not-found") || text.starts_with("not found") || text.starts_with("Not Found") ||
      text.starts_with("NotFound")) {
    return true;
  }
  if ((starts & kFailureStarts) == 0) return false;
  bool found = false;
  each_word(text, [&](std::string_view word) {
    if (found || word.size() < 3 || !kFailures.has(word[0], word[1])) return;
    found =
        std::ranges::any_of(kFailure, [&](std::string_view start) { return word.starts_with(start); }) || word == "err";
  });
  return found;
}

struct NameHints {
  bool failure = false;  ///< "error", "failed_count"
  bool status = false;   ///< an HTTP status may stand here
  bool exit_code = false;
};

NameHints hints_of(std::string_view name) {
  NameHints hints;
  bool exit = false, code = false;
  const std::size_t dot = name.find_last_of('.');
  each_word(dot == std::string_view::npos ? name : name.substr(dot + 1), [&](std::string_view word) {
    for (std::string_view start : kFailureNames) hints.failure = hints.failure || word.starts_with(start);
    hints.status = hints.status || word == "status" || word == "code" || word == "http";
    exit = exit || word == "exit" || word == "return" || word == "rc";
    code = code || word == "code" || word == "rc" || word == "status" || word == "exitcode" || word == "returncode";
  });
  hints.exit_code = (exit && code) || name.ends_with("exitcode") || name.ends_with("returncode");
  hints.failure = hints.failure && !hints.status;
  return hints;
}

bool is_error_value(const JsonNode& node, const NameHints& hints, LetterPairs::Sets starts) {
  if (hints.failure && !is_empty_value(node)) return true;
  const bool coded = hints.exit_code || hints.status;
  if (coded && (node.kind == JsonKind::kNumber || node.kind == JsonKind::kString)) {
    const std::optional<double> number = quantity_of(node);
    if (number && hints.exit_code) return *number != 0;
    if (number && hints.status) return *number >= 400 && *number < 600;
  }
  return node.kind != JsonKind::kNumber && node.kind != JsonKind::kBool && tells_failure(readable(node), starts);
}

void find_errors(const JsonDocument& doc, const Column& column, ColumnFacts& facts) {
  const NameHints hints = hints_of(column.name);
  std::size_t rows = 0;
  facts.errors.assign(column.counts.size(), false);
  for (std::size_t value = 1; value < column.counts.size(); ++value) {
    if (!is_error_value(doc.node(column.examples[value]), hints, facts.starts[value])) continue;
    facts.errors[value] = true;
    rows += column.counts[value];
  }
  // Where most rows "fail", failing says nothing about a row.
  if (rows * 4 > column.cells.size()) facts.errors.assign(column.counts.size(), false);
}

void find_numbers(const JsonDocument& doc, const Column& column, ColumnFacts& facts) {
  std::vector<double> numbers(column.counts.size(), std::numeric_limits<double>::quiet_NaN());
  std::size_t ordered = 0, times = 0, others = 0;
  for (std::size_t value = 1; value < column.counts.size(); ++value) {
    const JsonNode& node = doc.node(column.examples[value]);
    std::optional<double> number = quantity_of(node);
    if (!number && node.kind == JsonKind::kString) {
      number = time_of(node.text);
      if (number) times += column.counts[value];
    }
    if (!number) {
      others += column.counts[value];
      if (others * 10 > facts.present * 3) return;  // no column of numbers, whatever follows
      continue;
    }
    numbers[value] = *number;
    ordered += column.counts[value];
  }
  facts.numeric = ordered * 10 >= facts.present * 7 && facts.distinct >= 2 && ordered > 0;
  facts.time = facts.numeric && times * 2 > ordered;
  if (facts.numeric) facts.numbers = std::move(numbers);
}

/// Coordinates, pairs and the like: lists of one length that hold numbers.
void find_parts(const JsonDocument& doc, const Column& column, ColumnFacts& facts) {
  std::size_t width = 0, rows = 0;
  for (std::size_t value = 1; value < column.counts.size() && width == 0; ++value) {
    const JsonNode& node = doc.node(column.examples[value]);
    if (node.kind == JsonKind::kArray) width = node.size;
  }
  if (width < 2 || width > kMaxParts) return;
  std::vector<std::vector<double>> parts(
      width, std::vector<double>(column.counts.size(), std::numeric_limits<double>::quiet_NaN()));
  for (std::size_t value = 1; value < column.counts.size(); ++value) {
    const JsonNode& node = doc.node(column.examples[value]);
    if (node.kind != JsonKind::kArray || node.size != width) continue;
    std::size_t at = 0;
    for (const JsonNode& item : doc.children(node)) {
      if (item.kind != JsonKind::kNumber) break;
      parts[at++][value] = quantity_of(item).value_or(0);
    }
    if (at == width) rows += column.counts[value];
  }
  if (rows * 10 >= facts.present * 7) facts.parts = std::move(parts);
}

/// Few rows, so that what they share is worth showing.
bool is_rare(std::size_t rows) {
  return rows <= 2;
}

void find_shapes(const JsonDocument& doc, const Column& column, ColumnFacts& facts) {
  std::vector<std::uint64_t> shapes(column.counts.size(), 0);
  std::unordered_map<std::uint64_t, std::size_t> rows;
  for (std::size_t value = 1; value < column.counts.size(); ++value) {
    shapes[value] = shape_of(doc.node(column.examples[value]));
    rows[shapes[value]] += column.counts[value];
  }
  std::vector<std::size_t> sizes;
  for (const auto& [shape, count] : rows) sizes.push_back(count);
  std::ranges::sort(sizes, std::greater<>());
  std::size_t top = 0;
  for (std::size_t at = 0; at < std::min<std::size_t>(3, sizes.size()); ++at) top += sizes[at];
  if (top * 10 < facts.present * 9) return;
  // Keep only the rare ones: 0 means "as usual".
  if (std::ranges::none_of(sizes, is_rare)) return;
  for (std::uint64_t& shape : shapes) {
    if (shape != 0 && !is_rare(rows[shape])) shape = 0;
  }
  facts.shapes = std::move(shapes);
}

void find_rare_words(const JsonDocument& doc, const Column& column, ColumnFacts& facts) {
  if (std::ranges::none_of(column.counts.begin() + 1, column.counts.end(), is_rare)) return;
  struct Seen {
    std::uint32_t rows = 0;
    std::uint32_t last = 0;
  };
  const std::hash<std::string_view> hasher;
  std::unordered_map<std::size_t, std::uint32_t> numbers;  // hash of a word -> its place in `seen`
  numbers.reserve(std::min<std::size_t>(1024, column.counts.size()));
  std::vector<Seen> seen;
  std::vector<std::uint32_t> words;  // of value 1, of value 2 ...
  std::vector<std::size_t> starts = {0, 0};
  for (std::uint32_t value = 1; value < column.counts.size(); ++value) {
    int budget = 150;
    each_word(readable(doc.node(column.examples[value])), [&](std::string_view word) {
      if (word.size() < 3 || --budget < 0) return;
      // Bits of hex are no words.
      if (std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'f'; })) return;
      const auto [found, fresh] = numbers.try_emplace(hasher(word), static_cast<std::uint32_t>(seen.size()));
      if (fresh) seen.emplace_back();
      words.push_back(found->second);
      Seen& entry = seen[found->second];
      if (entry.last == value) return;
      entry.last = value;
      entry.rows += column.counts[value];
    });
    starts.push_back(words.size());
  }
  facts.rare_words.assign(column.counts.size(), 0);
  std::size_t rows = 0;
  for (std::uint32_t value = 1; value < column.counts.size(); ++value) {
    if (!is_rare(column.counts[value])) continue;
    int rare = 0;
    for (std::size_t at = starts[value]; at < starts[value + 1]; ++at)
      rare += seen[words[at]].rows <= column.counts[value];
    facts.rare_words[value] = static_cast<std::uint8_t>(std::min(rare, 200));
    if (rare > 0) rows += column.counts[value];
  }
  if (rows * 6 > column.cells.size()) facts.rare_words.clear();
}

ColumnFacts column_facts(const JsonDocument& doc, const Table& table, const Column& column, const Question& question,
                         const LetterPairs& starts) {
  ColumnFacts facts;
  const std::size_t rows = table.rows.size();
  facts.present = rows - column.counts[0];
  facts.distinct = column.counts.size() - 1;
  facts.matches.assign(column.counts.size(), 0);
  facts.starts.assign(column.counts.size(), 0);
  bool text = false;
  for (std::size_t value = 1; value < column.counts.size(); ++value) {
    const JsonNode& node = doc.node(column.examples[value]);
    if (node.kind == JsonKind::kNumber || node.kind == JsonKind::kNull || node.kind == JsonKind::kBool) continue;
    text = true;
    facts.starts[value] = starts.sets_in(readable(node));
    facts.matches[value] = question.match(readable(node), facts.starts[value]);
  }
  std::vector<std::uint32_t> sizes(std::min<std::size_t>(20, column.counts.size()));
  std::ranges::partial_sort_copy(column.counts, sizes, std::greater<>());
  std::size_t common = 0;
  for (std::size_t at = 0; at < sizes.size(); ++at) {
    if (sizes[at] >= 3 || sizes[at] * 20 >= rows) common += sizes[at];
  }
  facts.categorical = common * 5 >= rows * 4;
  find_errors(doc, column, facts);
  find_numbers(doc, column, facts);
  find_parts(doc, column, facts);
  if (text && !facts.time) {
    find_shapes(doc, column, facts);
    find_rare_words(doc, column, facts);
  }
  return facts;
}

/// The columns that the question names. A word that fits half of the columns (the name of a common parent) names none.
std::vector<bool> named_columns(const Table& table, const Question& question) {
  std::vector<std::uint64_t> masks;
  for (const Column& column : table.columns) masks.push_back(question.user_words_in(column.name));
  std::uint64_t common = 0;
  for (std::size_t term = 0; term < Question::kMaxTerms; ++term) {
    const auto fits = std::ranges::count_if(masks, [&](std::uint64_t mask) { return (mask >> term & 1) != 0; });
    if (masks.size() >= 3 && static_cast<std::size_t>(fits) * 2 > masks.size()) common |= 1ULL << term;
  }
  std::vector<bool> named;
  for (std::uint64_t mask : masks) named.push_back((mask & ~common) != 0);
  // Titles are abbreviated: RSS for memory. That counts where no title has a word of the question itself.
  if (std::ranges::find(named, true) != named.end()) return named;
  for (std::size_t at = 0; at < named.size(); ++at)
    named[at] = (question.describes(table.columns[at].name).synonyms & ~common) != 0;
  return named;
}

}  // namespace

std::vector<ColumnFacts> table_facts(const JsonDocument& doc, const Table& table, const Question& question) {
  const std::vector<bool> named = named_columns(table, question);
  const LetterPairs starts = with_failures(question.starts());
  std::vector<ColumnFacts> out;
  for (std::size_t at = 0; at < table.columns.size(); ++at) {
    out.push_back(column_facts(doc, table, table.columns[at], question, starts));
    out.back().named = named[at];
  }
  return out;
}

}  // namespace headroom::compress::json
