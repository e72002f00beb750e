#include "detect/delimited.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"

namespace headroom::detect {
namespace {

constexpr std::size_t kSample = std::size_t{64} << 10;
/// A quoted cell that is longer than this is a quote that was never closed.
constexpr std::size_t kLongestQuoted = std::size_t{64} << 10;
constexpr std::size_t kLeastOfWords = 8;

class Reader {
 public:
  Reader(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}

  DelimitedText run() {
    while (at_ < text_.size()) read_record();
    return std::move(out_);
  }

 private:
  void read_record() {
    DelimitedRecord record{.begin = at_, .end = at_, .first_cell = static_cast<std::uint32_t>(out_.cells.size())};
    for (;;) {
      const std::size_t end = cell_end();
      record.end = end;
      const bool more = end < text_.size() && text_[end] == delimiter_;
      std::string_view cell = text_.substr(at_, end - at_);
      at_ = end + 1;
      if (!more && cell.ends_with('\r')) {
        cell.remove_suffix(1);
        --record.end;
      }
      out_.cells.push_back(cell);
      ++record.cells;
      if (!more) break;
    }
    if (record.cells == 1 && out_.cells.back().empty()) {
      out_.cells.pop_back();
      return;
    }
    out_.records.push_back(record);
  }

  /// Position of the delimiter or line break after the cell that starts here.
  std::size_t cell_end() {
    if (quotes_ && at_ < text_.size() && text_[at_] == '"') {
      if (const std::size_t end = quoted_end(); end != std::string_view::npos) return end;
    }
    std::size_t end = at_;
    while (end < text_.size() && text_[end] != delimiter_ && text_[end] != '\n') ++end;
    return end;
  }

  std::size_t quoted_end() {
    const std::size_t last = std::min(text_.size(), at_ + kLongestQuoted);
    for (std::size_t at = text_.find('"', at_ + 1); at < last; at = text_.find('"', at + 1)) {
      const std::size_t next = at + 1;
      if (next >= text_.size() || text_[next] == delimiter_ || text_[next] == '\n') return next;
      if (text_[next] == '\r' && (next + 1 >= text_.size() || text_[next + 1] == '\n'))
        return std::min(next + 1, text_.size());
      if (text_[next] != '"') return std::string_view::npos;  // this cell only begins with a quoted word
      ++at;
    }
    quotes_ = false;
    return std::string_view::npos;
  }

  std::string_view text_;
  char delimiter_;
  std::size_t at_ = 0;
  bool quotes_ = true;
  DelimitedText out_;
};

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

/// Column names: short, different, with letters, without the marks of sentences and code.
bool is_header(const DelimitedText& table, const DelimitedRecord& record) {
  std::vector<std::string_view> seen;
  for (std::uint32_t i = 0; i < record.cells; ++i) {
    std::string_view cell = base::trim(table.cells[record.first_cell + i]);
    if (i == 0 && cell.starts_with("\xEF\xBB\xBF")) cell.remove_prefix(3);
    if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
    if (cell.empty() || cell.size() > 60 || !std::ranges::any_of(cell, is_letter)) return false;
    if (std::string_view("0123456789-<{[=*'").find(cell.front()) != std::string_view::npos) return false;
    if (cell.find_first_of("{};=") != std::string_view::npos || cell.ends_with('.')) return false;
    if (std::ranges::count(cell, ' ') > 5 || std::ranges::find(seen, cell) != seen.end()) return false;
    seen.push_back(cell);
  }
  return true;
}

bool is_number(std::string_view cell) {
  if (cell.starts_with('-') || cell.starts_with('+')) cell.remove_prefix(1);
  return !cell.empty() && cell.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// "import time:" of a line that says more; empty where there is no such label.
std::string_view label_of(std::string_view cell) {
  const std::size_t colon = cell.find(": ");
  if (colon == std::string_view::npos || colon < 3 || colon > 30) return {};
  const std::string_view label = cell.substr(0, colon + 1);
  const bool words = std::ranges::all_of(label.substr(0, colon), [](char c) { return is_letter(c) || c == ' '; });
  return words ? label : std::string_view();
}

/// The first cell that is not empty after the record's first one begins with a colon.
bool begins_value(const DelimitedText& table, const DelimitedRecord& record) {
  for (std::uint32_t i = 1; i < record.cells; ++i) {
    const std::string_view cell = base::trim(table.cells[record.first_cell + i]);
    if (!cell.empty()) return cell == ":" || cell.starts_with(": ");
  }
  return false;
}

/// "2026-11-26T10:12:00.5454704Z Run make": what a log's line begins with, and a message.
bool is_stamped(std::string_view cell) {
  static constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd";
  if (cell.size() <= kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool digit = cell[i] >= '0' && cell[i] <= '9';
    if (kForm[i] == 'd' ? !digit : cell[i] != kForm[i]) return false;
  }
  return cell.find(' ') != std::string_view::npos;
}

struct Shape {
  std::uint32_t columns = 0, least = 0;
  std::size_t records = 0, fitting = 0;
  bool header = false;
  double sentence = 0;   ///< share of cells that begin with a space, as after a comma in a sentence
  double words = 0;      ///< spaces inside an average cell
  bool stuffed = false;  ///< without titles, and a column is empty: the delimiter only moves the next cell
  bool spoken = false;   ///< "key : value", or what a tool says behind a label that each line has
  bool stamped = false;  ///< lines of a log behind the names of what printed them: "job<tab>step<tab>TIME message"
  double code = 0;       ///< share of records that open or close as code does
  bool figures = false;  ///< a column holds numbers only, below its title
};

/// Rows may leave out empty cells at their end: where the titles tell how many there are, or tabs part them.
void allow_short_rows(Shape& shape, const std::map<std::uint32_t, std::size_t>& by_count, std::uint32_t titles,
                      char delimiter) {
  if (shape.fitting * 10 >= shape.records * 9) return;
  std::uint32_t columns = titles;
  if (titles < 3 && delimiter == '\t') {
    for (const auto& [count, records] : by_count) {
      if (records * 10 >= shape.records) columns = count;
    }
  }
  if (columns < 3) return;
  std::size_t fitting = 0;
  std::uint32_t least = columns;
  for (std::uint32_t count = columns; count >= 2 && count * 2 >= columns; --count) {
    const auto found = by_count.find(count);
    if (found == by_count.end()) continue;
    fitting += found->second;
    least = count;
  }
  if (fitting * 20 < shape.records * 19) return;
  shape.columns = columns;
  shape.least = least;
  shape.fitting = fitting;
}

Shape shape_of(std::string_view text, char delimiter) {
  const DelimitedText table = read_delimited(text, delimiter);
  Shape shape;
  std::map<std::uint32_t, std::size_t> by_count;
  std::uint32_t titles = 0;
  for (const DelimitedRecord& record : table.records) {
    if (text[record.begin] == '#') continue;  // a comment
    if (by_count.empty() && record.cells >= 3 && is_header(table, record)) titles = record.cells;
    ++by_count[record.cells];
  }
  for (const auto& [count, records] : by_count) {
    shape.records += records;
    if (records > shape.fitting || (records == shape.fitting && count > shape.columns)) {
      shape.fitting = records;
      shape.columns = shape.least = count;
    }
  }
  allow_short_rows(shape, by_count, titles, delimiter);
  std::size_t spaced = 0, spaces = 0, code = 0, cells = 0;
  std::vector<std::size_t> filled(shape.columns, 0), numbers(shape.columns, 0);
  bool first = true;
  std::size_t fields = 0, labelled = 0, stamped = 0;
  std::string_view label;
  for (const DelimitedRecord& record : table.records) {
    if (record.cells > shape.columns || record.cells < shape.least || text[record.begin] == '#') continue;
    if (first) {
      shape.header = is_header(table, record);
      label = label_of(table.cells[record.first_cell]);
    }
    first = false;
    labelled += !label.empty() && table.cells[record.first_cell].starts_with(label);
    fields += begins_value(table, record);
    stamped += record.cells > 1 && is_stamped(table.cells[record.first_cell + record.cells - 1]);
    for (std::uint32_t i = 0; i < record.cells; ++i) {
      const std::string_view cell = table.cells[record.first_cell + i];
      ++cells;
      filled[i] += !base::trim(cell).empty();
      numbers[i] += is_number(cell);
      spaced += i > 0 && cell.starts_with(' ');
      spaces += static_cast<std::size_t>(std::ranges::count(base::trim(cell), ' '));
    }
    const std::string_view line = base::trim(text.substr(record.begin, record.end - record.begin));
    code += !line.empty() && (std::string_view("{([<").find(line.front()) != std::string_view::npos ||
                              (line.back() == ';' && delimiter != ';') || line.back() == '{' || line.back() == '(' ||
                              line.ends_with("),") || line.ends_with("},") || line.ends_with("],"));
  }
  if (cells == 0) return shape;
  const auto hollow = [&](std::size_t n) { return n * 10 <= shape.fitting; };
  shape.figures = shape.header && std::ranges::find(numbers, shape.fitting - 1) != numbers.end();
  shape.stuffed = !shape.header && shape.columns > 2 && delimiter == '\t' &&
                  std::any_of(filled.begin() + 1, filled.end() - 1, hollow);
  shape.spoken = fields * 2 > shape.fitting || labelled == shape.fitting;
  shape.stamped = delimiter == '\t' && !shape.header && stamped * 2 > shape.fitting;
  shape.sentence = static_cast<double>(spaced) / static_cast<double>(cells);
  shape.words = static_cast<double>(spaces) / static_cast<double>(cells);
  shape.code = static_cast<double>(code) / static_cast<double>(shape.fitting);
  return shape;
}

bool is_table(const Shape& shape, char delimiter) {
  if (shape.columns < 2 || shape.fitting < 3 || shape.fitting * 10 < shape.records * 9) return false;
  if (shape.code > 0.3 || shape.stuffed || shape.spoken || shape.stamped) return false;
  if (shape.columns == 2) return shape.header && shape.fitting >= 5 && shape.sentence < 0.2;
  if (delimiter == ',' && shape.sentence > 0.3) return shape.fitting >= 5 && shape.words < 1.5;
  return shape.header || shape.words < 4;
}

/// Single blanks part words, too: only where titles stand above numbers, and every line has as many words.
bool is_table_of_words(const Shape& shape) {
  return shape.figures && shape.columns >= 2 && shape.fitting >= kLeastOfWords && shape.fitting == shape.records &&
         shape.code == 0;
}

/// False where more than `tolerated` records are one cell; true as soon as that cannot be told, as a cell may be
/// quoted.
bool parts_records(std::string_view text, char delimiter, std::size_t tolerated) {
  std::size_t whole = 0;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '"') return true;
    const std::string_view line = text.substr(at, text.find('\n', at) - at);
    std::size_t cell = line.find(delimiter);
    if (cell == std::string_view::npos && !line.empty() && line != "\r" && line.front() != '#' && ++whole > tolerated)
      return false;
    for (; cell != std::string_view::npos; cell = line.find(delimiter, cell + 1)) {
      if (cell + 1 < line.size() && line[cell + 1] == '"') return true;
    }
    at += line.size() + 1;
  }
  return true;
}

}  // namespace

DelimitedText read_delimited(std::string_view text, char delimiter) {
  return Reader(text, delimiter).run();
}

std::optional<Delimiter> find_delimiter(std::string_view text) {
  std::string_view sample = text.substr(0, kSample);
  // Half a record at the end would not fit.
  if (const std::size_t end = sample.rfind('\n'); sample.size() < text.size() && end != std::string_view::npos)
    sample = sample.substr(0, end);
  std::optional<Delimiter> best;
  const auto lines = static_cast<std::size_t>(std::ranges::count(sample, '\n')) + 1;
  for (const char delimiter : {'\t', ',', ';', '|'}) {
    // is_table() takes no more than a tenth that does not fit.
    if (!parts_records(sample, delimiter, lines / 10)) continue;
    const Shape shape = shape_of(sample, delimiter);
    if (!is_table(shape, delimiter)) continue;
    if (best && shape.columns <= best->columns) continue;
    best = Delimiter{delimiter, shape.columns, shape.least, shape.fitting};
  }
  if (!best && sample.find(' ') < sample.find('\n') && sample.find("  ") == std::string_view::npos &&
      parts_records(sample, ' ', 0)) {
    const Shape shape = shape_of(sample, ' ');
    if (is_table_of_words(shape)) best = Delimiter{' ', shape.columns, shape.columns, shape.fitting};
  }
  return best;
}

}  // namespace headroom::detect
