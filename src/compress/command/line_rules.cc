#include "compress/command/line_rules.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/glob.h"
#include "base/text.h"

namespace headroom::compress::command {
namespace {

using Patterns = std::vector<std::string>;

/// The first pattern that fits. Most patterns begin with the text that they look for, so most lines are done with after
/// one character.
std::string_view match(std::span<const detect::CommandRule* const> rules, Patterns detect::CommandRule::* list,
                       std::string_view line) {
  for (const detect::CommandRule* rule : rules) {
    for (const std::string& pattern : rule->*list) {
      if (base::glob_matches(pattern, line)) return pattern;
    }
  }
  return {};
}

constexpr std::size_t kShortestRun = 4;

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
  std::string_view folding;
  std::size_t run = 0;  // where the neighbours that fold begin
  const auto end_run = [&](std::size_t end) {
    if (!folding.empty() && end - run >= kShortestRun) {
      for (std::size_t k = run + 1; k + 1 < end; ++k) why[k] = asked[k] != 0 ? std::string_view() : folding;
    }
    folding = {};
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = base::trim(lines[i]);
    std::string_view fold;
    if (!line.empty() && asked[i] == 0) {
      const std::string_view drop = match(rules, &CommandRule::drop, line);
      if (drop.empty()) fold = match(rules, &CommandRule::fold, line);
      const bool fits = !drop.empty() || !fold.empty();
      if (fits && (reports_problem(line) || !match(rules, &CommandRule::keep, line).empty())) {
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
