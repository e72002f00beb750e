#include "compress/table/field_records.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace headroom::compress::table {
namespace {

constexpr std::string_view kRows = " records as rows, parted by tabs";
constexpr std::string_view kUnder = "; each under \"";
constexpr std::string_view kFrom = "\" from ";
constexpr std::string_view kHole = "{}";         // where the number of a record stands
constexpr std::string_view kKeepsWidth = "{<}";  // ... that takes a dash behind it for each further digit
constexpr std::string_view kBlank = "; a blank line between them";
constexpr std::string_view kOf = "; of ";
constexpr std::string_view kAlways = " always ";
constexpr std::size_t kLeastRecords = 3;
constexpr std::size_t kLeastFields = 3;
constexpr std::size_t kMostFields = 200;
constexpr std::size_t kLongestName = 48;

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool letter(char c) {
  return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

/// What can stand between quotes as it is.
bool quotable(std::string_view text) {
  return std::ranges::none_of(text,
                              [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < ' '; });
}

/// Bytes of "name   | " or "Name: " at the start of a line; 0: it is no field.
std::size_t field_prefix(std::string_view line) {
  if (line.empty() || !letter(line[0])) return 0;
  std::size_t at = 0;
  while (at < line.size() && at < kLongestName && (letter(line[at]) || digit(line[at]) || line[at] == '-')) ++at;
  // Names of up to three words.
  for (int words = 1; words < 3 && at + 1 < line.size() && line[at] == ' ' && letter(line[at + 1]); ++words) {
    ++at;
    while (at < line.size() && at < kLongestName && (letter(line[at]) || digit(line[at]) || line[at] == '-')) ++at;
  }
  while (at < line.size() && line[at] == ' ') ++at;
  if (at >= line.size() || std::string_view("|:=").find(line[at]) == std::string_view::npos) return 0;
  ++at;
  if (at < line.size() && line[at] != ' ') return 0;
  return std::min(at + 1, line.size());
}

/// A numbered rule above a record, "-[ RECORD 7 ]-+----", "*** 7. row ***".
struct Heading {
  std::string_view before, after;
  std::size_t number = 0;
};

std::optional<Heading> heading_of(std::string_view line) {
  if (line.size() < 8 || (line[0] != '-' && line[0] != '*' && line[0] != '=')) return std::nullopt;
  const auto first = static_cast<std::size_t>(std::ranges::find_if(line, digit) - line.begin());
  std::size_t end = first;
  while (end < line.size() && digit(line[end])) ++end;
  if (first == line.size() || end - first > 9 || !quotable(line) ||
      line.find_first_of("{}") != std::string_view::npos) {
    return std::nullopt;
  }
  if (std::ranges::any_of(line.substr(end), digit)) return std::nullopt;
  Heading out{.before = line.substr(0, first), .after = line.substr(end)};
  std::from_chars(line.data() + first, line.data() + end, out.number);
  return std::to_string(out.number) == line.substr(first, end - first) ? std::optional(out) : std::nullopt;
}

std::size_t digits_of(std::size_t number) {
  return std::to_string(number).size();
}

/// `after` with `less` fewer of its first dashes; nullopt where there are not so many in a row.
std::optional<std::string> with_fewer_dashes(std::string_view after, std::size_t less) {
  const std::size_t at = std::min(after.find('-'), after.size());
  const std::string_view dashes = after.substr(at, less);
  if (dashes.size() < less || dashes.find_first_not_of('-') != std::string_view::npos) return std::nullopt;
  return std::string(after.substr(0, at)).append(after.substr(at + less));
}

struct Record {
  std::optional<Heading> heading;
  std::size_t first = 0, end = 0;  ///< lines of its fields
};

/// What records that can be one table have in common.
struct Run {
  bool blank_between = false;
  bool keeps_width = false;  ///< of the headings
};

class Reader {
 public:
  explicit Reader(std::string_view text) : lines_(base::split_lines(text)) {
    for (const std::string_view line : lines_) prefixes_.push_back(field_prefix(line));
  }

  std::optional<std::string> write(bool final_newline) {
    for (std::size_t at = 0; at < lines_.size();) {
      const Run run = read_run(at);
      if (records_.size() < kLeastRecords) {
        line(lines_[at++]);
        continue;
      }
      write_run(run);
      at = records_.back().end;
      ++tables_;
    }
    if (tables_ == 0) return std::nullopt;
    if (!final_newline) out_.pop_back();
    return std::move(out_);
  }

 private:
  void line(std::string_view text) { out_.append(text).push_back('\n'); }

  std::string_view prefix(std::size_t at) const { return lines_[at].substr(0, prefixes_[at]); }
  std::string_view value(std::size_t at) const { return lines_[at].substr(prefixes_[at]); }

  std::optional<Record> read_record(std::size_t at) const {
    Record record;
    if (at < lines_.size() && prefixes_[at] == 0) {
      record.heading = heading_of(lines_[at]);
      if (!record.heading) return std::nullopt;
      ++at;
    }
    record.first = record.end = at;
    while (record.end < lines_.size() && prefixes_[record.end] > 0) {
      if (record.end > at && prefix(record.end) == prefix(at)) break;  // the next one begins
      if (lines_[record.end].find('\t') != std::string_view::npos || !quotable(prefix(record.end))) return std::nullopt;
      ++record.end;
    }
    const std::size_t fields = record.end - record.first;
    return fields >= kLeastFields && fields <= kMostFields ? std::optional(record) : std::nullopt;
  }

  bool alike(const Record& a, const Record& b) const {
    if (a.end - a.first != b.end - b.first || a.heading.has_value() != b.heading.has_value()) return false;
    for (std::size_t k = 0; k < a.end - a.first; ++k) {
      if (prefix(a.first + k) != prefix(b.first + k)) return false;
    }
    return !a.heading || (a.heading->before == b.heading->before && a.heading->number + 1 == b.heading->number);
  }

  /// What the record's number is followed by goes on from that of the ones before it.
  bool goes_on(Run& run, const Record& record) const {
    if (!record.heading || records_.empty()) return true;
    const Heading& first = *records_.front().heading;
    const std::size_t more = digits_of(record.heading->number) - digits_of(first.number);
    if (more == 0) return record.heading->after == first.after;
    const bool shorter = with_fewer_dashes(first.after, more) == std::string(record.heading->after);
    if (records_.back().heading->number < 10 && record.heading->number == 10) run.keeps_width = shorter;
    return run.keeps_width ? shorter : record.heading->after == first.after;
  }

  /// The records from line `at` on; none where there are too few.
  Run read_run(std::size_t at) {
    records_.clear();
    Run run;
    for (;;) {
      std::size_t from = at;
      const bool blank = !records_.empty() && from < lines_.size() && lines_[from].empty();
      if (blank) ++from;
      const auto record = read_record(from);
      if (!record) break;
      if (!records_.empty() && (!alike(records_.back(), *record) || !goes_on(run, *record))) break;
      if (records_.size() == 1) run.blank_between = blank;
      if (records_.size() > 1 && run.blank_between != blank) break;
      records_.push_back(*record);
      at = record->end;
    }
    return run;
  }

  /// The field says the same in all records.
  bool constant(std::size_t k) const {
    const std::string_view said = value(records_.front().first + k);
    if (said.empty() || !quotable(said)) return false;
    return std::ranges::all_of(records_, [&](const Record& record) { return value(record.first + k) == said; });
  }

  void write_run(const Run& run) {
    const Record& first = records_.front();
    const std::size_t fields = first.end - first.first;
    std::string head = fmt::format("[{}{}", records_.size(), kRows);
    if (first.heading) {
      head += fmt::format("{}{}{}{}{}{}", kUnder, first.heading->before, run.keeps_width ? kKeepsWidth : kHole,
                          first.heading->after, kFrom, first.heading->number);
    }
    if (run.blank_between) head += kBlank;
    head += kOf;
    std::vector<bool> same(fields);
    for (std::size_t k = 0; k < fields; ++k) same[k] = constant(k);
    // Rows without a cell would be blank lines.
    if (std::ranges::all_of(same, [](bool s) { return s; })) same[0] = false;
    for (std::size_t k = 0; k < fields; ++k) {
      head += fmt::format("{}\"{}\"", k == 0 ? "" : ", ", prefix(first.first + k));
      if (same[k]) head += fmt::format("{}\"{}\"", kAlways, value(first.first + k));
    }
    line(head + "]");
    for (const Record& record : records_) {
      std::string row;
      bool begun = false;
      for (std::size_t k = 0; k < fields; ++k) {
        if (same[k]) continue;
        if (begun) row += '\t';
        row += value(record.first + k);
        begun = true;
      }
      line(row);
    }
  }

  std::vector<std::string_view> lines_;
  std::vector<std::size_t> prefixes_;
  std::vector<Record> records_;
  std::string out_;
  std::size_t tables_ = 0;
};

std::unexpected<base::Error> bad() {
  return base::fail(base::ErrorCode::kParse, "no records as rows");
}

bool take(std::string_view& text, std::string_view what) {
  if (!text.starts_with(what)) return false;
  text.remove_prefix(what.size());
  return true;
}

bool take_number(std::string_view& text, std::size_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take_quoted(std::string_view& text, std::string_view& out) {
  if (!text.starts_with('"')) return false;
  const std::size_t end = text.find('"', 1);
  if (end == std::string_view::npos) return false;
  out = text.substr(1, end - 1);
  text.remove_prefix(end + 1);
  return true;
}

struct Columns {
  struct Field {
    std::string_view prefix;
    std::optional<std::string_view> always;
  };
  std::size_t records = 0;
  std::optional<Heading> heading;
  bool keeps_width = false;
  bool blank_between = false;
  std::vector<Field> fields;
};

std::optional<Columns> read_head(std::string_view line) {
  Columns out;
  if (!take(line, "[") || !take_number(line, out.records) || !take(line, kRows)) return std::nullopt;
  if (take(line, kUnder)) {
    Heading heading;
    const std::size_t hole = line.find('{');
    const std::size_t end = line.find(kFrom);
    if (hole == std::string_view::npos || end == std::string_view::npos || hole > end) return std::nullopt;
    heading.before = line.substr(0, hole);
    heading.after = line.substr(hole, end - hole);
    out.keeps_width = take(heading.after, kKeepsWidth);
    if (!out.keeps_width && !take(heading.after, kHole)) return std::nullopt;
    line.remove_prefix(end + kFrom.size());
    if (!take_number(line, heading.number)) return std::nullopt;
    out.heading = heading;
  }
  out.blank_between = take(line, kBlank);
  if (!take(line, kOf)) return std::nullopt;
  do {
    Columns::Field field;
    if (!take_quoted(line, field.prefix)) return std::nullopt;
    std::string_view always;
    if (take(line, kAlways)) {
      if (!take_quoted(line, always)) return std::nullopt;
      field.always = always;
    }
    out.fields.push_back(field);
  } while (take(line, ", "));
  return line == "]" ? std::optional(std::move(out)) : std::nullopt;
}

/// Appends the lines of record number `n`; false where the row does not fit.
bool append_record(std::string& out, const Columns& columns, std::size_t n, std::string_view row) {
  if (columns.blank_between && n > 0) out.push_back('\n');
  if (columns.heading) {
    const std::size_t number = columns.heading->number + n;
    const std::size_t more = digits_of(number) - digits_of(columns.heading->number);
    const auto after = with_fewer_dashes(columns.heading->after, columns.keeps_width ? more : 0);
    if (!after) return false;
    out += fmt::format("{}{}{}\n", columns.heading->before, number, *after);
  }
  bool left = true;  // of the row
  for (const Columns::Field& field : columns.fields) {
    out += field.prefix;
    if (field.always) {
      out.append(*field.always).push_back('\n');
      continue;
    }
    if (!left) return false;
    const std::size_t tab = row.find('\t');
    out.append(row.substr(0, tab)).push_back('\n');
    left = tab != std::string_view::npos;
    row.remove_prefix(left ? tab + 1 : row.size());
  }
  return !left;
}

}  // namespace

std::optional<std::string> fields_to_columns(std::string_view text) {
  if (text.find(kRows) != std::string_view::npos) return std::nullopt;
  auto out = Reader(text).write(text.ends_with('\n'));
  if (!out || out->size() * 5 > text.size() * 4) return std::nullopt;
  return out;
}

base::Result<std::string> columns_to_fields(std::string_view rows) {
  const std::vector<std::string_view> lines = base::split_lines(rows);
  std::string out;
  bool found = false;
  for (std::size_t at = 0; at < lines.size();) {
    const auto columns = read_head(lines[at]);
    if (!columns) {
      out.append(lines[at++]).push_back('\n');
      continue;
    }
    found = true;
    if (columns->records > lines.size() - at - 1) return bad();
    for (std::size_t n = 0; n < columns->records; ++n) {
      if (!append_record(out, *columns, n, lines[at + 1 + n])) return bad();
    }
    at += 1 + columns->records;
  }
  if (!found) return bad();
  if (!rows.ends_with('\n') && !out.empty()) out.pop_back();
  return out;
}

}  // namespace headroom::compress::table
