#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "compress/log/pickers.h"
#include "compress/log/place.h"
#include "compress/log/quantity.h"
#include "compress/log/test_lines.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kEachError = 30;     // errors up to which each distinct one stays
constexpr std::uint32_t kErrorKinds = 40;  // kinds of errors whose first sight stays whatever the budget
constexpr std::uint32_t kFewOfKind = 2;    // findings of a kind that all stay
constexpr std::uint32_t kNamedFindings = 12;

bool is_error(const Picks& picks, const Record& record) {
  if (record.level >= Level::kError) return true;
  const std::uint32_t i = record.head_error;
  const std::uint32_t few = std::max<std::uint32_t>(3, picks.count() / 100);
  if (record.level == Level::kProblem) return picks.repeats(i) <= few;
  return picks.line(record.first).has(kMention) && picks.repeats(record.first) <= few;
}

/// Time stamps, durations and addresses tell two sights of one error apart, other values two errors.
bool incidental(const Picks& picks, const Line& line, const Token& token) {
  if (token.kind == TokenKind::kTime) return true;
  const std::string_view text = picks.document().text_of(line, token);
  if (text.starts_with("0x")) return true;
  if (token.kind != TokenKind::kNumber) return false;
  const auto q = parse_quantity(text);
  return q && q->dimension == Dimension::kTime;
}

/// What a record's error lines say, all values that are facts included.
std::uint64_t saying(const Picks& picks, const Record& record) {
  std::uint64_t hash = 0;
  // The same words under the heading of another test are another failure.
  const std::uint32_t heading = picks.analysis().parent[record.first];
  if (!picks.document().timed && picks.line(heading).has(kRuled)) hash = heading;
  for (std::uint32_t i = record.first; i <= std::min(record.last, record.first + 60); ++i) {
    const Line& line = picks.line(i);
    if (i != record.head_error && line.level < Level::kError) continue;
    // Where it happens is told by the gap.
    for (std::uint32_t k = place_tokens(picks.document(), line); k < line.token_count; ++k) {
      const Token& token = picks.document().tokens[line.first_token + k];
      const std::uint64_t part =
          incidental(picks, line, token) ? 1 : std::hash<std::string_view>{}(picks.document().text_of(line, token));
      hash = (hash ^ part) * 0x9E3779B97F4A7C15ull;
    }
  }
  return hash;
}

/// A line of a comparison: "+ actual", "- expected", "Expected: 3", "got 4".
bool compares(const Picks& picks, const Line& line) {
  const std::size_t begin = std::min<std::size_t>(line.content + line.indent, line.text.size());
  const std::string_view s = line.text.substr(begin);
  if (s.starts_with("+ ") || s.starts_with("- ") || s.starts_with("E  ")) return true;
  for (std::uint32_t k = 0; k < std::min(line.token_count, 3u); ++k) {
    const Token& token = picks.document().tokens[line.first_token + k];
    const std::string_view text = picks.document().text_of(line, token);
    for (std::string_view word :
         {"expected", "Expected", "received", "Received", "actual", "Actual", "got", "want", "left", "right"}) {
      if (text == word && (token.after == ':' || token.after == ' ')) return true;
    }
  }
  return false;
}

/// What a record is about, where the whole of it is too much: its first line, its bad lines, the values that were
/// compared, and the first place.
void core(Picks& picks, float priority, const Record& record) {
  const std::uint32_t most = picks.document().timed ? 4 : 8;
  std::uint32_t told = 0;
  bool placed = false;
  picks.add(priority, record.first, record.first, Reason::kError);
  for (std::uint32_t i = record.first; i <= record.last && told < most; ++i) {
    const Line& line = picks.line(i);
    const bool frame = i > record.head_error && line.has(kContinuation) && !line.has(kBlank);
    const bool place = !placed && !picks.document().timed && (frame || place_tokens(picks.document(), line) > 0);
    if (i != record.head_error && line.level < Level::kError && !place && !compares(picks, line)) continue;
    placed |= place;
    ++told;
    picks.add(priority, i, i, Reason::kError);
  }
}

/// Lines that begin with a place but name no level: findings of linters, messages of tests. All of few; of many the
/// first of each kind of finding.
void findings(Picks& picks) {
  if (picks.document().timed) return;
  std::vector<std::uint32_t> found;
  std::map<std::string_view, std::uint32_t> codes;
  for (std::uint32_t i = 0; i < picks.count(); ++i) {
    const Line& line = picks.line(i);
    if (line.has(kBlank) || line.has(kNote) || line.level >= Level::kProblem) continue;
    const std::uint32_t behind = place_tokens(picks.document(), line);
    if (behind == 0 || behind >= line.token_count) continue;
    found.push_back(i);
    const auto code = picks.document().text_of(line, picks.document().tokens[line.first_token + behind]);
    if (++codes[code] == 1) picks.add(codes.size() <= 40 ? 1.3f : 0.6f, i, i, Reason::kWarning);
  }
  if (found.size() > kEachError) return;
  for (std::uint32_t i : found) picks.add(1.1f, i, i, Reason::kWarning);
}

/// "^--^ SC2095 (warning): ...": the code behind an underline; empty where there is none.
std::string_view underlined_code(std::string_view line) {
  const std::size_t mark = line.find_first_not_of(" \t");
  if (mark == std::string_view::npos || line[mark] != '^') return {};
  const std::size_t begin = line.find_first_not_of("^-~ ", mark);
  if (begin == std::string_view::npos) return {};
  const std::string_view code = line.substr(begin, line.find(' ', begin) - begin);
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool known = code.size() >= 4 && code.size() <= 10 && upper(code.front()) && digit(code.back()) &&
                     std::ranges::all_of(code, [&](char c) { return upper(c) || digit(c); });
  return known ? code : std::string_view();
}

/// The first of each kind of finding that is told below the line it is about.
void underlined_findings(Picks& picks) {
  std::set<std::string_view> codes;
  for (std::uint32_t i = 0; i < picks.count() && codes.size() < kErrorKinds; ++i) {
    const std::string_view code = underlined_code(picks.line(i).text);
    if (!code.empty() && codes.insert(code).second) picks.add(1.3f, i, i, Reason::kWarning);
  }
}

/// Of findings whose place stands below what was found, the first of each kind: what and where. Of all of them both of
/// two of a kind, and those that the question names as a whole.
void placed_findings(Picks& picks) {
  const std::vector<Finding>& found = picks.analysis().findings;
  const std::vector<std::uint32_t>& exact = picks.analysis().query.exact;
  std::map<std::uint64_t, std::uint32_t> kinds;
  for (const Finding& f : found) ++kinds[f.kind];
  std::map<std::uint64_t, std::uint32_t> seen;
  std::uint32_t named = 0;
  for (const Finding& f : found) {
    const auto asked = std::ranges::lower_bound(exact, f.head);
    if (asked != exact.end() && *asked <= f.where && ++named <= kNamedFindings)
      picks.add(1.8f, f.head, f.last, Reason::kAsked);
    const std::uint32_t nth = ++seen[f.kind];
    if (kinds[f.kind] <= kFewOfKind && !code_of(f.what).empty()) picks.add(1.25f, f.head, f.head, Reason::kWarning);
    if (nth > 1 || f.head == f.where) continue;
    const float priority = seen.size() <= kErrorKinds ? 1.3f : 0.6f;
    for (const std::uint32_t i : {f.head, f.where}) picks.add(priority, i, i, Reason::kWarning);
  }
}

/// What stands around the first sight of an error: in build and test output the rest of its paragraph.
void context(Picks& picks, const Record& record) {
  static constexpr std::uint32_t kShortLog = 100;
  const std::uint32_t before = !picks.document().timed ? 6 : picks.count() < kShortLog ? 3 : 1;
  const std::uint32_t after = picks.document().timed ? 1 : 8;
  for (std::uint32_t i = record.first; i-- > 0 && record.first - i <= before;) {
    if (picks.line(i).has(kBlank) || picks.common(i)) break;
    picks.add(0.9f, i, i, Reason::kContext);
    if (picks.line(i).has(kHeading)) break;
  }
  for (std::uint32_t i = record.last + 1; i < picks.count() && i - record.last <= after; ++i) {
    const bool underline = i == record.last + 1 && picks.line(i).token_count <= 1;
    if (picks.line(i).has(kBlank) || (picks.line(i).has(kHeading) && !underline) || picks.common(i)) break;
    picks.add(0.9f, i, i, Reason::kContext);
  }
}

/// The message of an error that stands below it, further in: "Failure/Error: raise error", then what was raised.
void message_below(Picks& picks, const Record& record) {
  const Line& head = picks.line(record.head_error);
  std::uint32_t told = 0;
  for (std::uint32_t i = record.last + 1; i < picks.count() && i - record.last <= 6 && told < 3; ++i) {
    const Line& line = picks.line(i);
    const std::string_view text = line.text.substr(std::min<std::size_t>(line.content + line.indent, line.text.size()));
    if (text.empty()) {
      if (told > 0) return;
      continue;
    }
    if (line.indent <= head.indent || text.starts_with("# ") || text.starts_with("at ") || text.starts_with("from "))
      return;
    ++told;
    picks.add(1.4f, i, i, Reason::kContext);
  }
}

/// What a test got instead is what its failure says.
void comparisons(Picks& picks) {
  constexpr std::size_t kMost = 80;
  const std::vector<std::uint32_t> lines = compared_lines(picks.document());
  for (std::size_t k = 0; k < std::min(kMost, lines.size()); ++k)
    picks.add(k < kMost / 2 ? 2.0f : 0.9f, lines[k], lines[k], Reason::kError);
}

}  // namespace

void pick_errors(Picks& picks) {
  findings(picks);
  placed_findings(picks);
  underlined_findings(picks);
  comparisons(picks);
  std::map<std::uint32_t, std::vector<std::uint32_t>> kinds;  // template of the bad line -> records
  std::size_t whole = 0;
  std::size_t found = 0;
  const std::vector<bool> repeated = repeated_lines(picks.document(), picks.analysis().findings);
  for (std::uint32_t r = 0; r < picks.analysis().records.size(); ++r) {
    const Record& record = picks.analysis().records[r];
    if (!is_error(picks, record) || repeated[record.head_error]) continue;
    ++found;
    kinds[picks.line(record.head_error).template_id].push_back(r);
    for (std::uint32_t i = record.first; i <= record.last; ++i) whole += picks.cost(i);
  }
  const bool all = whole <= std::min<std::size_t>(1200, 120 + picks.total() / 5);
  const bool timed = picks.document().timed;
  const bool few = timed ? found <= kEachError / 2 : found <= 3 * kEachError;
  std::uint32_t seen = 0;
  for (const auto& [id, records] : kinds) {
    const bool must = seen++ < kErrorKinds;
    std::set<std::uint64_t> sayings;
    for (std::size_t k = 0; k < records.size(); ++k) {
      const Record& record = picks.analysis().records[records[k]];
      const bool fresh = sayings.insert(saying(picks, record)).second;
      if (k == 0) {
        picks.add_record(must ? kAlways : 0.95f, record, Reason::kError);
        context(picks, record);
        message_below(picks, record);
      } else if (all && (k < 4 || fresh)) {
        picks.add_record(kAlways, record, Reason::kError);
      } else {
        if (fresh && few) {
          core(picks, timed ? 0.72f : found <= kEachError ? kAlways : 0.97f, record);
        } else if (fresh && !timed && sayings.size() <= 40) {
          core(picks, 0.45f, record);
        }
        const bool listed = !fresh && place_tokens(picks.document(), picks.line(record.head_error)) > 0;
        if (!listed && (k + 1 == records.size() || k < 3))
          picks.add_record(k < 3 ? 0.75f : 0.85f, record, Reason::kError);
      }
    }
  }
}

void pick_warnings(Picks& picks) {
  std::map<std::uint32_t, std::uint32_t> seen;
  const std::vector<bool> repeated = repeated_lines(picks.document(), picks.analysis().findings);
  for (const Record& record : picks.analysis().records) {
    const bool mention = picks.line(record.first).has(kMention);
    if ((record.level != Level::kWarn && record.level != Level::kProblem && !mention) || is_error(picks, record))
      continue;
    if (repeated[record.head_error]) continue;
    const std::uint32_t i = mention ? record.first : record.head_error;
    const std::uint32_t k = ++seen[picks.line(i).template_id];
    if (k == 1) {
      picks.add_record(seen.size() <= 12 ? 1.5f : 0.8f, record, Reason::kWarning, 7);
    } else if (picks.repeats(i) <= 3) {
      picks.add_record(0.6f, record, Reason::kWarning, 5);
    }
  }
}

}  // namespace headroom::compress::log
