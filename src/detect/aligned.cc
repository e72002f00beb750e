#include "detect/aligned.h"

#include <algorithm>

#include "base/text.h"

namespace headroom::detect {
namespace {

/// Titles stand among the first lines.
constexpr std::size_t kHeaderWithin = 40;
/// So many rows settle where the columns are.
constexpr std::size_t kRowsLookedAt = 400;
constexpr std::size_t kMinRows = 3;
/// So far may a word stand outside its column.
constexpr std::size_t kSlack = 8;
constexpr std::size_t kWidest = 1000;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

struct Word {
  std::size_t begin = 0, end = 0;  ///< bytes
};

std::vector<Word> words_of(std::string_view line, std::size_t most = 64) {
  std::vector<Word> out;
  for (std::size_t at = 0; at < line.size() && out.size() < most;) {
    while (at < line.size() && is_blank(line[at])) ++at;
    const std::size_t begin = at;
    while (at < line.size() && !is_blank(line[at])) ++at;
    if (at > begin) out.push_back({begin, at});
  }
  return out;
}

/// Byte where the character at this place of the line begins, or the line's size.
std::size_t byte_at(std::string_view line, std::size_t column) {
  std::size_t at = 0;
  for (std::size_t seen = 0; at < line.size(); ++at) {
    if ((static_cast<unsigned char>(line[at]) & 0xC0) == 0x80) continue;
    if (seen++ == column) return at;
  }
  return at;
}

/// Calls f(place) for every character of the line that is not blank.
template <typename F>
void each_mark(std::string_view line, F&& f) {
  std::size_t column = 0;
  for (const char c : line.substr(0, kWidest)) {
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;
    if (!is_blank(c)) f(column);
    ++column;
  }
}

bool has_wide_gap(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  const std::size_t gap = first == std::string_view::npos ? first : line.find("  ", first);
  return gap != std::string_view::npos && line.find_first_not_of(" \t\r", gap) != std::string_view::npos;
}

/// Could be titles: several words, each of which begins like a name.
bool is_title_line(std::string_view line) {
  const std::vector<Word> words = words_of(line);
  if (words.size() < 2 || line.size() > kWidest) return false;
  std::size_t letters = 0, upper = 0, nameless = 0;
  for (const Word& word : words) {
    std::string_view text = line.substr(word.begin, word.end - word.begin);
    // "Num:" of the running number in front.
    const bool first = word.begin == words.front().begin && words.size() > 4 && is_blank(line.front());
    if (first && text.size() > 1 && text.ends_with(':')) text.remove_suffix(1);
    nameless += !std::ranges::any_of(text, is_letter);
    // "1K-blocks" is a title, "12" is not.
    if (nameless > 1 || (is_digit(text.front()) && text.size() < 5) || text.size() > 40) return false;
    if (text.find_first_of("\"'`<>{}[]*@$&\\;=,") != std::string_view::npos || text.front() == '(') return false;
    if (std::string_view(":.!?").find(text.back()) != std::string_view::npos) return false;
    letters += static_cast<std::size_t>(std::ranges::count_if(text, is_letter));
    upper += static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return c >= 'A' && c <= 'Z'; }));
  }
  return has_wide_gap(line) || upper * 2 > letters;
}

bool is_upper_case(std::string_view line) {
  return std::ranges::none_of(line, [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string_view first_word(std::string_view line) {
  const std::vector<Word> words = words_of(line, 1);
  return words.empty() ? std::string_view() : line.substr(words[0].begin, words[0].end - words[0].begin);
}

/// Which places of the rows hold something, and in how many rows.
struct Marks {
  std::vector<std::uint32_t> rows;
  std::size_t count = 0;
};

Marks count_marks(std::span<const std::string_view> rows) {
  Marks marks;
  for (std::string_view line : rows) {
    ++marks.count;
    each_mark(line, [&](std::size_t column) {
      if (column >= marks.rows.size()) marks.rows.resize(column + 1, 0);
      ++marks.rows[column];
    });
  }
  return marks;
}

struct Segment {
  std::size_t begin = 0, end = 0;  ///< places
  bool titled = false, filled = false;
};

/// Runs of places that are not blank in the header and in nearly all rows.
std::vector<Segment> segments_of(std::string_view header, const Marks& marks) {
  std::vector<bool> titled;
  each_mark(header, [&](std::size_t column) {
    if (column >= titled.size()) titled.resize(column + 1, false);
    titled[column] = true;
  });
  const std::size_t allowed = marks.count / 50;
  std::vector<Segment> out;
  for (std::size_t column = 0; column < std::max(titled.size(), marks.rows.size()); ++column) {
    const bool title = column < titled.size() && titled[column];
    const bool cell = column < marks.rows.size() && marks.rows[column] > allowed;
    if (!title && !cell) continue;
    if (out.empty() || out.back().end != column) out.push_back({.begin = column, .end = column});
    ++out.back().end;
    out.back().titled = out.back().titled || title;
    out.back().filled = out.back().filled || cell;
  }
  return out;
}

/// A column has a title and cells; what has only one of them belongs to a neighbour.
std::vector<Segment> merged(std::vector<Segment> segments) {
  std::vector<Segment> out;
  for (std::size_t at = 0; at < segments.size(); ++at) {
    const Segment& segment = segments[at];
    const bool open = !out.empty() && !(out.back().titled && out.back().filled);
    const bool loose = !segment.titled || (!segment.filled && at + 1 == segments.size());
    const std::size_t before = out.empty() ? 0 : segment.begin - out.back().end;
    const std::size_t after = at + 1 < segments.size() ? segments[at + 1].begin - segment.end : kWidest;
    const bool joins_next = loose && !segment.titled && after < before && at + 1 < segments.size();
    if (!out.empty() && ((open && before <= 2) || (loose && !joins_next))) {
      out.back().end = segment.end;
      out.back().titled = out.back().titled || segment.titled;
      out.back().filled = out.back().filled || segment.filled;
    } else {
      out.push_back(segment);
    }
  }
  return out;
}

/// The starts of the columns: each cell is what stands from its column's begin to the next one's.
std::vector<std::size_t> starts_of(const std::vector<Segment>& segments) {
  std::vector<std::size_t> out;
  for (const Segment& segment : segments) out.push_back(segment.begin);
  if (!out.empty()) out.front() = 0;
  return out;
}

bool split_by_starts(const std::vector<std::size_t>& starts, std::string_view line,
                     std::vector<std::string_view>& cells) {
  cells.clear();
  const bool ascii = std::ranges::none_of(line, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  std::size_t begin = 0;
  for (std::size_t at = 0; at < starts.size(); ++at) {
    std::size_t end = line.size();
    if (at + 1 < starts.size()) {
      end = ascii ? std::min(line.size(), starts[at + 1]) : byte_at(line, starts[at + 1]);
      // A cell that runs on into the next column: this is no row of the kind.
      if (end > 0 && end < line.size() && !is_blank(line[end - 1])) return false;
    }
    cells.push_back(base::trim(line.substr(begin, end - begin)));
    begin = end;
  }
  return true;
}

/// The first columns are one word each, the last one is the rest.
bool split_by_words(std::size_t columns, std::string_view line, std::vector<std::string_view>& cells) {
  cells.clear();
  std::size_t at = 0;
  for (std::size_t column = 0; column + 1 < columns; ++column) {
    while (at < line.size() && is_blank(line[at])) ++at;
    const std::size_t begin = at;
    while (at < line.size() && !is_blank(line[at])) ++at;
    if (at == begin) return false;
    cells.push_back(line.substr(begin, at - begin));
  }
  cells.push_back(base::trim(line.substr(at)));
  return !cells.back().empty();
}

/// True when nearly all first words stand nearer to their title than to the next but one.
bool words_under_titles(const std::vector<Word>& titles, std::span<const std::string_view> rows) {
  std::size_t off = 0, all = 0;
  for (std::string_view line : rows) {
    const std::vector<Word> words = words_of(line, titles.size());
    if (words.size() < titles.size()) {
      off += titles.size();
      all += titles.size();
      continue;
    }
    for (std::size_t at = 0; at < titles.size(); ++at) {
      const std::size_t low = at == 0 ? 0 : titles[at - 1].end;
      const std::size_t high = at + 1 < titles.size() ? titles[at + 1].begin : std::string_view::npos;
      ++all;
      off += words[at].end <= low || words[at].begin >= high;
    }
  }
  return off * 20 <= all;
}

/// The columns of a table whose titles stand in `header` and whose first rows are `rows`.
bool fit(AlignedTable& table, std::string_view header, std::span<const std::string_view> rows) {
  const std::vector<Word> titles = words_of(header);
  const std::vector<Segment> segments = merged(segments_of(header, count_marks(rows)));
  const bool apart = segments.size() >= 2 && std::ranges::all_of(segments, [](const Segment& s) { return s.titled; });
  std::vector<std::string_view> cells;
  const auto fits = [&] {
    const auto rows_that_fit =
        std::ranges::count_if(rows, [&](std::string_view line) { return split_aligned(table, line, cells); });
    return rows_that_fit * 10 >= std::ssize(rows) * 9;
  };
  const bool by_words = titles.size() >= 2 && words_under_titles(titles, rows);
  if (by_words && (!apart || segments.size() <= titles.size())) {
    table.columns = titles.size();
    table.starts.clear();
    if (titles.size() >= 3 && segments.size() < titles.size() && fits()) return true;
  }
  if (apart) {
    table.starts = starts_of(segments);
    table.columns = segments.size();
    if (fits()) return true;
  }
  if (!by_words || titles.size() < 3) return false;
  table.columns = titles.size();
  table.starts.clear();
  return fits();
}

}  // namespace

bool is_rule_line(std::string_view line) {
  line = base::trim(line);
  if (line.size() < 3) return false;
  const char mark = line.front();
  return (mark == '-' || mark == '=') &&
         line.find_first_not_of(std::string_view(mark == '-' ? "- " : "= ")) == std::string_view::npos &&
         line.find(std::string(3, mark)) != std::string_view::npos;
}

bool split_aligned(const AlignedTable& table, std::string_view line, std::vector<std::string_view>& cells) {
  if (table.starts.empty()) return split_by_words(table.columns, line, cells);
  if (split_by_starts(table.starts, line, cells)) return true;
  // A cell that is too wide moves those after it, but not far.
  const std::vector<Word> words = words_of(line, table.columns + 1);
  if (words.size() != table.columns) return false;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const bool before = words[at].end + kSlack <= table.starts[at];
    const bool after = at + 1 < words.size() && words[at].begin >= table.starts[at + 1] + kSlack;
    if (before || after) return false;
  }
  return split_by_words(table.columns, line, cells);
}

std::vector<std::string_view> aligned_titles(const AlignedTable& table, std::string_view header) {
  std::vector<std::string_view> titles;
  if (table.starts.empty()) {
    split_by_words(table.columns, header, titles);
  } else if (!split_by_starts(table.starts, header, titles)) {
    titles.assign(table.columns, {});
  }
  return titles;
}

std::optional<AlignedTable> find_aligned(std::span<const std::string_view> lines) {
  int tries = 0;
  for (std::size_t at = 0; at + kMinRows < lines.size() && at < kHeaderWithin && tries < 10; ++at) {
    if (!is_title_line(lines[at])) continue;
    AlignedTable table{.header = at, .first_row = at + 1};
    table.first_row += is_rule_line(lines[at + 1]);
    table.end = table.first_row;
    while (table.end < lines.size() && !base::trim(lines[table.end]).empty()) ++table.end;
    if (table.end - table.first_row < kMinRows) continue;
    ++tries;
    std::vector<std::string_view> rows;
    const std::size_t step = (table.end - table.first_row) / kRowsLookedAt + 1;
    for (std::size_t row = table.first_row; row < table.end; row += step) rows.push_back(lines[row]);
    const bool rule = table.first_row == at + 2;
    const auto gaps = std::ranges::count_if(rows, has_wide_gap);
    if (!rule && gaps * 2 < std::ssize(rows) && !has_wide_gap(lines[at])) continue;
    if (std::ranges::any_of(rows, [](std::string_view line) { return line.find('\t') != std::string_view::npos; }))
      continue;
    // What begins like its rows is one of them.
    const auto alike = std::ranges::count(rows, first_word(lines[at]), first_word);
    if (alike * 4 > std::ssize(rows)) continue;
    if (!fit(table, lines[at], rows)) continue;
    if (table.columns == 2 && !rule && !is_upper_case(lines[at])) continue;
    std::vector<std::string_view> cells;
    for (std::size_t row = table.first_row; row < table.end; ++row)
      table.rows += split_aligned(table, lines[row], cells);
    return table;
  }
  return std::nullopt;
}

}  // namespace headroom::detect
