#include "compress/json/derived.h"

#include <algorithm>
#include <array>

#include "compress/json/cell.h"

namespace headroom::compress::json {
namespace {

using base::JsonDocument;
using base::JsonKind;
using base::JsonNode;

constexpr std::size_t kMostColumns = 160;
constexpr std::size_t kFewestRows = 3;
constexpr std::size_t kShortest = 4;        // bytes of a value from which on it is worth not saying twice
constexpr std::size_t kFewestOfOne = 3;     // addresses that come from one column
constexpr std::size_t kShortestInside = 2;  // bytes of what an address holds

/// Text of a JSON string as it is spelled, or a number; empty for everything else.
std::string_view text_of(std::string_view json) {
  if (json.size() >= 2 && json.front() == '"') return json.substr(1, json.size() - 2);
  return is_number(json) ? json : std::string_view();
}

/// Names of addresses that people open, and ask for.
bool is_for_people(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kEnds = {"html_url", "web_url", "webUrl", "permalink", "link"};
  return std::ranges::any_of(kEnds, [&](std::string_view end) { return name.ends_with(end); });
}

class Deriver {
 public:
  Deriver(const JsonDocument& doc, const Table& table, const std::vector<bool>& own)
      : doc_(doc), table_(table), own_(own), found_(table.columns.size()) {}

  std::vector<Derivation> run() {
    if (table_.columns.size() > kMostColumns || table_.rows.size() < kFewestRows) return std::move(found_);
    // What stands first is what a record is known by, so that the later of two says the same again.
    for (auto at = static_cast<std::uint32_t>(found_.size()); at-- > 0;) {
      if (own_[at]) derive(at, &Deriver::as_equal);
    }
    for (std::uint32_t at = 0; at < found_.size(); ++at) {
      if (own_[at] && found_[at].source == kMissing && !is_for_people(table_.columns[at].name)) {
        derive(at, &Deriver::as_address);
      }
    }
    drop_single_addresses();
    return std::move(found_);
  }

 private:
  std::string_view text(std::uint32_t column, std::size_t row) const {
    const std::uint32_t cell = table_.columns[column].cells[row];
    return cell == kMissing ? std::string_view() : text_of(doc_.node(cell).raw);
  }

  /// The first row that has a string in the column.
  std::size_t sample_row(std::uint32_t column) const {
    for (std::size_t row = 0; row < table_.rows.size(); ++row) {
      const std::uint32_t cell = table_.columns[column].cells[row];
      if (cell != kMissing && doc_.node(cell).kind == JsonKind::kString) return row;
    }
    return table_.rows.size();
  }

  using Rule = bool (Deriver::*)(std::string_view value, std::string_view source, Derivation& how) const;

  bool as_equal(std::string_view value, std::string_view source, Derivation& how) const {
    how.prefix = how.suffix = {};
    return value == source;
  }

  bool as_address(std::string_view value, std::string_view source, Derivation& how) const {
    if (!value.starts_with("http") || source.size() < kShortestInside) return false;
    const std::size_t at = value.rfind(source);
    if (at == std::string_view::npos || at < std::string_view("https://").size()) return false;
    how.prefix = value.substr(0, at);
    how.suffix = value.substr(at + source.size());
    return value.find_first_of("\\\"\t") == std::string_view::npos;
  }

  void derive(std::uint32_t column, Rule rule) {
    const std::size_t row = sample_row(column);
    if (row == table_.rows.size()) return;
    const std::string_view value = text(column, row);
    if (value.size() < kShortest) return;
    for (std::uint32_t source = 0; source < found_.size(); ++source) {
      if (source == column || !own_[source] || found_[source].source != kMissing || is_source(column)) continue;
      Derivation how{.source = source, .prefix = {}, .suffix = {}};
      if (!(this->*rule)(value, text(source, row), how) || !mostly_holds(column, how)) continue;
      if (!reads_back(how)) continue;
      found_[column] = how;
      return;
    }
  }

  bool is_source(std::uint32_t column) const {
    return std::ranges::any_of(found_, [&](const Derivation& how) { return how.source == column; });
  }

  bool mostly_holds(std::uint32_t column, const Derivation& how) const {
    std::size_t rows = 0, holds = 0;
    for (std::size_t row = 0; row < table_.rows.size(); ++row) {
      if (table_.irregular[row]) continue;
      ++rows;
      holds += derived_holds(doc_, table_, column, how, row) ? 1 : 0;
    }
    return holds >= kFewestRows && holds * 10 >= rows * 9;
  }

  /// What the header would say is taken apart as it was put together.
  bool reads_back(const Derivation& how) const {
    std::vector<std::string_view> names;
    for (const Column& column : table_.columns) names.push_back(column.name);
    const std::string_view source = names[how.source];
    const std::string shown = std::string(how.prefix) + "{" + std::string(source) + "}" + std::string(how.suffix);
    DerivationText back;
    return split_derivation(shown, names, back) && back.source == source && back.prefix == how.prefix &&
           back.suffix == how.suffix;
  }

  /// A record with one address, or two, may be asked for it.
  void drop_single_addresses() {
    std::vector<std::size_t> addresses(found_.size(), 0);
    const auto is_address = [](const Derivation& how) { return how.source != kMissing && !how.prefix.empty(); };
    for (const Derivation& how : found_) {
      if (is_address(how)) ++addresses[how.source];
    }
    for (Derivation& how : found_) {
      if (is_address(how) && addresses[how.source] < kFewestOfOne) how = {};
    }
  }

  const JsonDocument& doc_;
  const Table& table_;
  const std::vector<bool>& own_;
  std::vector<Derivation> found_;
};

}  // namespace

std::vector<Derivation> derive_columns(const JsonDocument& doc, const Table& table, const std::vector<bool>& own) {
  return Deriver(doc, table, own).run();
}

bool derived_holds(const JsonDocument& doc, const Table& table, std::uint32_t column, const Derivation& how,
                   std::size_t row) {
  const std::uint32_t cell = table.columns[column].cells[row];
  const std::uint32_t from = table.columns[how.source].cells[row];
  const std::string_view source = from == kMissing ? std::string_view() : text_of(doc.node(from).raw);
  if (source.empty()) return cell == kMissing;
  if (cell == kMissing || doc.node(cell).kind != JsonKind::kString) return false;
  const std::string_view value = text_of(doc.node(cell).raw);
  return value.size() == how.prefix.size() + source.size() + how.suffix.size() && value.starts_with(how.prefix) &&
         value.ends_with(how.suffix) && value.substr(how.prefix.size(), source.size()) == source;
}

bool split_derivation(std::string_view text, const std::vector<std::string_view>& names, DerivationText& out) {
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) return false;
    const std::string_view name = text.substr(open + 1, close - open - 1);
    if (std::ranges::find(names, name) == names.end()) continue;
    out = {.prefix = text.substr(0, open), .source = name, .suffix = text.substr(close + 1)};
    return true;
  }
  return false;
}

std::string derive_json(std::string_view prefix, std::string_view source_json, std::string_view suffix) {
  const std::string_view source = text_of(source_json);
  if (source.empty()) return {};
  std::string out = "\"";
  out.append(prefix).append(source).append(suffix).push_back('"');
  return out;
}

}  // namespace headroom::compress::json
