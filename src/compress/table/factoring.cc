#include "compress/table/factoring.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "base/json_string.h"
#include "base/utf8.h"
#include "detect/delimited.h"

namespace headroom::compress::table {
namespace {

using detect::DelimitedRecord;
using detect::DelimitedText;

constexpr std::string_view kOpening = "[left out of each row: ";
constexpr std::string_view kTitledOpening = "[left out of each row below the titles: ";
constexpr std::string_view kDelimiterNote = "; parted by ";
constexpr std::size_t kShortestAffix = 4;
/// Bytes that a factored column must spare over all rows.
constexpr std::size_t kLeastGain = 80;

struct Factor {
  bool constant = false;
  std::string title;  ///< as it stands; only of a constant column
  std::string prefix, suffix;
  bool none() const { return !constant && prefix.empty() && suffix.empty(); }
};

/// Cut so that what remains still reads as something: after a mark, not inside a word or number.
std::string_view whole_prefix(std::string_view prefix) {
  while (!prefix.empty()) {
    const char last = prefix.back();
    const bool iso =
        last == 'T' && prefix.size() > 1 && prefix[prefix.size() - 2] >= '0' && prefix[prefix.size() - 2] <= '9';
    if (iso || std::string_view("-/:._ @=").find(last) != std::string_view::npos) break;
    prefix.remove_suffix(1);
  }
  return prefix;
}

std::string_view whole_suffix(std::string_view suffix) {
  while (!suffix.empty() && std::string_view("-/:._ @=").find(suffix.front()) == std::string_view::npos)
    suffix.remove_prefix(1);
  return suffix;
}

Factor factor_of(const DelimitedText& table, std::size_t first_row, std::uint32_t column, char delimiter) {
  const auto cell = [&](std::size_t record) { return table.cells[table.records[record].first_cell + column]; };
  std::string_view prefix = cell(first_row), suffix = prefix, first = prefix;
  bool same = true;
  std::size_t quoted = 0;
  for (std::size_t at = first_row; at < table.records.size(); ++at) {
    const std::string_view text = cell(at);
    same = same && text == first;
    quoted += text.starts_with('"');
    const auto differ = std::ranges::mismatch(prefix, text).in1;
    prefix = prefix.substr(0, static_cast<std::size_t>(differ - prefix.begin()));
    std::size_t common = 0;
    while (common < std::min(suffix.size(), text.size()) &&
           suffix[suffix.size() - 1 - common] == text[text.size() - 1 - common])
      ++common;
    suffix = suffix.substr(suffix.size() - common);
  }
  Factor factor;
  const std::size_t rows = table.records.size() - first_row;
  if (same) {
    factor.constant = (first.size() + 1) * rows > kLeastGain;
    factor.prefix = factor.constant ? first : "";
    if (factor.constant && first_row > 0) factor.title = cell(0);
    return factor;
  }
  if (quoted > 0 && quoted < rows) return factor;
  if (quoted == rows) {
    // The quotes go where nothing inside needs them.
    const bool plain = std::ranges::all_of(std::span(table.records).subspan(first_row), [&](const DelimitedRecord& r) {
      const std::string_view text = table.cells[r.first_cell + column];
      return text.size() >= 2 && text.ends_with('"') &&
             text.substr(1, text.size() - 2).find_first_of(std::string("\"\r\n") + delimiter) == std::string_view::npos;
    });
    if (!plain) return factor;
  }
  prefix = whole_prefix(prefix.substr(quoted > 0 ? 1 : 0));
  suffix = whole_suffix(suffix.substr(0, suffix.size() - (quoted > 0 ? 1 : 0)));
  if (prefix.size() < kShortestAffix) prefix = {};
  if (suffix.size() < kShortestAffix) suffix = {};
  const std::string_view quote = quoted > 0 ? "\"" : "";
  factor.prefix = fmt::format("{}{}", quote, prefix);
  factor.suffix = fmt::format("{}{}", suffix, quote);
  const std::size_t spared = factor.prefix.size() + factor.suffix.size();
  // Both must not claim the same bytes.
  bool apart = spared * rows > kLeastGain;
  for (std::size_t at = first_row; apart && at < table.records.size(); ++at) apart = cell(at).size() >= spared;
  if (!apart) factor.prefix = factor.suffix = {};
  return factor;
}

std::string opening_of(const std::vector<Factor>& factors, char delimiter, bool titled) {
  std::string out(titled ? kTitledOpening : kOpening);
  bool first = true;
  for (std::size_t at = 0; at < factors.size(); ++at) {
    const Factor& factor = factors[at];
    if (factor.none()) continue;
    out += fmt::format("{}column {}", first ? "" : "; ", at + 1);
    first = false;
    if (!factor.title.empty()) out += " " + base::encode_json_string(factor.title);
    if (factor.constant) {
      out += " is " + base::encode_json_string(factor.prefix);
      continue;
    }
    if (!factor.prefix.empty()) out += " begins with " + base::encode_json_string(factor.prefix);
    if (!factor.suffix.empty()) out += " ends with " + base::encode_json_string(factor.suffix);
  }
  if (delimiter != ',')
    out += fmt::format("{}{}", kDelimiterNote, base::encode_json_string(std::string_view(&delimiter, 1)));
  return out + "]";
}

bool eat(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start)) return false;
  text.remove_prefix(start.size());
  return true;
}

std::optional<std::string> eat_string(std::string_view& text) {
  if (!text.starts_with('"')) return std::nullopt;
  std::size_t end = 1;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  if (end >= text.size()) return std::nullopt;
  auto out = base::decode_json_string(text.substr(0, end + 1));
  text.remove_prefix(end + 1);
  return out ? std::optional(*std::move(out)) : std::nullopt;
}

struct Opening {
  std::vector<Factor> factors;  ///< by column, as far as any is named
  char delimiter = ',';
  bool titled = false;
};

std::optional<Opening> read_opening(std::string_view line) {
  Opening opening;
  opening.titled = eat(line, kTitledOpening);
  if (!opening.titled && !eat(line, kOpening)) return std::nullopt;
  do {
    std::size_t column = 0;
    if (!eat(line, "column ")) return std::nullopt;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), column);
    if (error != std::errc() || column == 0 || column > 10'000) return std::nullopt;
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    if (opening.factors.size() < column) opening.factors.resize(column);
    Factor& factor = opening.factors[column - 1];
    if (line.starts_with(" \"")) {
      eat(line, " ");
      auto title = eat_string(line);
      if (!title) return std::nullopt;
      factor.title = *std::move(title);
    }
    factor.constant = eat(line, " is ");
    if (factor.constant || eat(line, " begins with ")) {
      auto prefix = eat_string(line);
      if (!prefix) return std::nullopt;
      factor.prefix = *std::move(prefix);
    }
    if (!factor.constant && eat(line, " ends with ")) {
      auto suffix = eat_string(line);
      if (!suffix) return std::nullopt;
      factor.suffix = *std::move(suffix);
    }
  } while (!line.starts_with(kDelimiterNote) && eat(line, "; "));
  if (eat(line, kDelimiterNote)) {
    const auto delimiter = eat_string(line);
    if (!delimiter || delimiter->size() != 1) return std::nullopt;
    opening.delimiter = delimiter->front();
  }
  return line == "]" ? std::optional(std::move(opening)) : std::nullopt;
}

}  // namespace

std::optional<std::string> factor_columns(const Grid& grid, std::string_view text) {
  if (grid.form != Grid::Form::kDelimited || !base::is_utf8(text)) return std::nullopt;
  const DelimitedText table = detect::read_delimited(text, grid.delimiter);
  const std::size_t first_row = grid.header_line == 0 ? 1 : 0;
  const auto columns = static_cast<std::uint32_t>(grid.columns());
  const bool whole = std::ranges::all_of(table.records, [&](const DelimitedRecord& r) { return r.cells == columns; });
  if (!whole || table.records.size() < first_row + 3) return std::nullopt;
  std::vector<Factor> factors;
  std::size_t constants = 0;
  for (std::uint32_t column = 0; column < columns; ++column) {
    factors.push_back(factor_of(table, first_row, column, grid.delimiter));
    constants += factors.back().constant;
  }
  if (std::ranges::all_of(factors, &Factor::none) || columns - constants < 2) return std::nullopt;
  std::string out = opening_of(factors, grid.delimiter, first_row > 0) + "\n";
  std::size_t done = 0;
  for (std::size_t at = 0; at < table.records.size(); ++at) {
    const DelimitedRecord& record = table.records[at];
    out += text.substr(done, record.begin - done);
    bool first = true;
    for (std::uint32_t column = 0; column < columns; ++column) {
      const Factor& factor = factors[column];
      if (factor.constant) continue;
      if (!first) out.push_back(grid.delimiter);
      first = false;
      std::string_view cell = table.cells[record.first_cell + column];
      if (at >= first_row)
        cell = cell.substr(factor.prefix.size(), cell.size() - factor.prefix.size() - factor.suffix.size());
      out += cell;
    }
    done = record.end;
  }
  out += text.substr(done);
  return out;
}

base::Result<std::string> put_columns_back(std::string_view text) {
  const std::size_t line_end = text.find('\n');
  const std::optional<Opening> opening = read_opening(text.substr(0, line_end));
  if (!opening || line_end == std::string_view::npos) return base::fail(base::ErrorCode::kParse, "no factored table");
  text.remove_prefix(line_end + 1);
  const DelimitedText table = detect::read_delimited(text, opening->delimiter);
  const Factor plain;
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = 0; at < table.records.size(); ++at) {
    const DelimitedRecord& record = table.records[at];
    out += text.substr(done, record.begin - done);
    const bool header = at == 0 && opening->titled;
    std::uint32_t cell = 0;
    for (std::size_t column = 0; cell < record.cells || column < opening->factors.size(); ++column) {
      const Factor& factor = column < opening->factors.size() ? opening->factors[column] : plain;
      if (column > 0) out.push_back(opening->delimiter);
      if (factor.constant) {
        out += header ? factor.title : factor.prefix;
        continue;
      }
      if (cell >= record.cells) return base::fail(base::ErrorCode::kParse, "a row is too short");
      const std::string_view own = table.cells[record.first_cell + cell++];
      if (header) {
        out += own;
      } else {
        out.append(factor.prefix).append(own).append(factor.suffix);
      }
    }
    done = record.end;
  }
  out += text.substr(done);
  return out;
}

}  // namespace headroom::compress::table
