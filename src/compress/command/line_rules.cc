#include "compress/command/line_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>

#include "base/glob.h"
#include "base/text.h"

namespace headroom::compress::command {
namespace {

using Patterns = std::vector<std::string>;

constexpr unsigned char lower(char c) {
  return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/// Patterns of some rules in one list, by what they begin with: few are tried for a line.
class Matcher {
 public:
  Matcher(std::span<const detect::CommandRule* const> rules, Patterns detect::CommandRule::* list) {
    for (const detect::CommandRule* rule : rules) {
      for (const std::string& pattern : rule->*list) {
        const bool open = pattern.empty() || pattern.front() == '*' || pattern.front() == '?';
        const bool open_end = pattern.empty() || pattern.back() == '*' || pattern.back() == '?';
        const unsigned char end = open_end ? 0 : lower(pattern.back());
        (open ? open_ : by_begin_[lower(pattern.front())]).push_back({number_++, end, pattern});
      }
    }
  }

  /// The first pattern that fits.
  std::string_view match(std::string_view line) const {
    std::string_view found;
    std::size_t number = number_;
    const unsigned char end = lower(line.back());
    for (const std::vector<Numbered>* list : {&by_begin_[lower(line.front())], &open_}) {
      for (const Numbered& pattern : *list) {
        if (pattern.number >= number) break;
        if (pattern.end != 0 && pattern.end != end) continue;
        if (!base::glob_matches(pattern.text, line)) continue;
        found = pattern.text;
        number = pattern.number;
      }
    }
    return found;
  }

 private:
  struct Numbered {
    std::size_t number;
    unsigned char end;  ///< the last byte of all lines that fit; 0: any
    std::string_view text;
  };
  std::array<std::vector<Numbered>, 256> by_begin_;
  std::vector<Numbered> open_;
  std::size_t number_ = 0;
};

constexpr std::size_t kShortestRun = 4;
constexpr std::size_t kMostUnlike = 3;  // lines of a run; more are no exceptions

/// The last number of a line: "time=0.71 ms"; nothing where it has none.
std::optional<double> last_number(std::string_view line) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t end = line.size();
  while (end > 0 && !digit(line[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && (digit(line[begin - 1]) || line[begin - 1] == '.')) --begin;
  double value = 0;
  const auto read = std::from_chars(line.data() + begin, line.data() + end, value);
  return begin < end && read.ec == std::errc() ? std::optional(value) : std::nullopt;
}

/// Of neighbours that are alike, the few whose last number is of another size than that of the others.
std::vector<std::size_t> unlike_lines(std::span<const std::string_view> lines, std::size_t first, std::size_t end) {
  static constexpr double kTimes = 4;
  std::vector<double> values;
  for (std::size_t i = first; i < end; ++i) {
    const std::optional<double> value = last_number(lines[i]);
    if (!value) return {};
    values.push_back(*value);
  }
  std::vector<double> sorted = values;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::ranges::nth_element(sorted, middle);
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] > *middle * kTimes && *middle > 0) out.push_back(first + i);
  }
  return out.size() <= kMostUnlike ? out : std::vector<std::size_t>();
}

bool is_word(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

bool reports_problem(std::string_view line) {
  static constexpr std::array<std::string_view, 26> kWords = {
      "error",   "err",     "errors",    "fail",    "failed",  "failure", "failures", "fatal",    "panic",
      "warning", "warn",    "denied",    "refused", "timeout", "timed",   "cannot",   "unable",   "conflict",
      "missing", "invalid", "exception", "abort",   "aborted", "killed",  "rejected", "traceback"};
  for (std::size_t at = 0; at < line.size();) {
    if (!is_word(line[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < line.size() && is_word(line[end])) ++end;
    const std::string_view word = line.substr(at, end - at);
    // "0 errors" and "Failures: 0" report that there was none.
    const bool none_before = at >= 2 && line[at - 1] == ' ' && line[at - 2] == '0' &&
                             (at == 2 || std::isdigit(static_cast<unsigned char>(line[at - 3])) == 0);
    const bool none_after = line.substr(end).starts_with(": 0") &&
                            (end + 3 >= line.size() || std::isdigit(static_cast<unsigned char>(line[end + 3])) == 0);
    const bool known = word.size() >= 3 && word.size() <= 9 &&
                       std::ranges::any_of(kWords, [&](std::string_view w) { return base::equals_ci(word, w); });
    // A name of a package or file, "thiserror-1.0" or "error.py", is no report.
    const bool name =
        (at > 0 && (line[at - 1] == '-' || line[at - 1] == '_' || line[at - 1] == '/' || line[at - 1] == '.')) ||
        (end < line.size() && (line[end] == '-' || line[end] == '_' || line[end] == '.' || line[end] == '/') &&
         end + 1 < line.size() && line[end + 1] != ' ');
    if (known && !none_before && !none_after && !name) return true;
    at = end;
  }
  return false;
}

std::vector<std::string_view> lines_to_drop(std::span<const std::string_view> lines,
                                            std::span<const detect::CommandRule* const> rules,
                                            std::span<const std::uint8_t> asked) {
  using detect::CommandRule;
  std::vector<std::string_view> why(lines.size());
  const Matcher drops(rules, &CommandRule::drop), folds(rules, &CommandRule::fold), keeps(rules, &CommandRule::keep);
  std::string_view folding;
  std::size_t run = 0;  // where the neighbours that fold begin
  const auto end_run = [&](std::size_t end) {
    if (!folding.empty() && end - run >= kShortestRun) {
      for (std::size_t k = run + 1; k + 1 < end; ++k) why[k] = asked[k] != 0 ? std::string_view() : folding;
      for (const std::size_t k : unlike_lines(lines, run, end)) why[k] = {};
    }
    folding = {};
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = base::trim(lines[i]);
    std::string_view fold;
    if (!line.empty() && asked[i] == 0) {
      const std::string_view drop = drops.match(line);
      if (drop.empty()) fold = folds.match(line);
      const bool fits = !drop.empty() || !fold.empty();
      if (fits && (reports_problem(line) || !keeps.match(line).empty())) {
        fold = {};
      } else if (!drop.empty()) {
        why[i] = drop;
      }
    }
    if (fold != folding || fold.empty()) {
      end_run(i);
      folding = fold;
      run = i;
    }
  }
  end_run(lines.size());
  // Blank lines between lines that go, go with them.
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == 0 || why[i - 1].empty() || !base::trim(lines[i]).empty()) continue;
    std::size_t end = i;
    while (end < lines.size() && base::trim(lines[end]).empty()) ++end;
    if (end < lines.size() && !why[end].empty())
      std::fill(why.begin() + static_cast<std::ptrdiff_t>(i), why.begin() + static_cast<std::ptrdiff_t>(end),
                why[i - 1]);
    i = end - 1;
  }
  return why;
}

}  // namespace headroom::compress::command
