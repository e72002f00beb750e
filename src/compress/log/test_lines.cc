#include "compress/log/test_lines.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kFewestTests = 4;
constexpr std::uint32_t kLongestDiff = 60;  // lines
constexpr std::size_t kFewestLines = 4;     // with a sign or a place; shorter ones are told by what is around

/// Without the share of the tests that were run, which stands at the end: "[ 36%]".
std::string_view without_share(std::string_view text) {
  text = base::trim(text);
  const std::size_t open = text.ends_with("%]") ? text.rfind('[') : std::string_view::npos;
  return open == std::string_view::npos || text.size() - open > 6 ? text : base::trim(text.substr(0, open));
}

/// Without its time stamp, and where it comes from.
std::string_view said_by(const Line& line) {
  return line.text.substr(std::min<std::size_t>(line.content, line.text.size()));
}

/// What a line says of a test.
enum class Verdict : std::uint8_t { kNone, kPassed, kFailed };

Verdict verdict(std::string_view line) {
  static constexpr std::array<std::string_view, 5> kPassedStarts = {"✓ ", "✔ ", "√ ", "--- PASS: ", "ok - "};
  static constexpr std::array<std::string_view, 7> kFailedStarts = {"✕ ",         "✗ ",      "✘ ",   "× ",
                                                                    "--- FAIL: ", "not ok ", "FAIL "};
  static constexpr std::array<std::string_view, 4> kPassedEnds = {" PASSED", " ... ok", " passed", "[OK]"};
  static constexpr std::array<std::string_view, 5> kFailedEnds = {" FAILED", " ... FAIL", " ... ERROR", " ... FAILED",
                                                                  "[FAIL]"};
  const std::string_view text = without_share(line);
  if (text.empty()) return Verdict::kNone;
  // Most lines are told by their first and last bytes.
  const auto first = static_cast<unsigned char>(text.front());
  if (first >= 0x80 || first == '-' || first == 'o' || first == 'n' || first == 'F') {
    const auto starts = [&](std::string_view start) { return text.starts_with(start); };
    if (std::ranges::any_of(kPassedStarts, starts)) return Verdict::kPassed;
    if (std::ranges::any_of(kFailedStarts, starts)) return Verdict::kFailed;
  }
  if (std::string_view("DdkLR]").find(text.back()) == std::string_view::npos) return Verdict::kNone;
  const auto ends = [&](std::string_view end) { return text.ends_with(end); };
  if (std::ranges::any_of(kPassedEnds, ends)) return Verdict::kPassed;
  return std::ranges::any_of(kFailedEnds, ends) ? Verdict::kFailed : Verdict::kNone;
}

/// "- Expected  - 5", "+ actual - expected", "--- Expected": what the lines with a sign below mean.
bool opens_diff(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kHeads = {"- Expected", "+ actual - expected", "+ expected - actual",
                                                             "--- Expected", "Diff:"};
  text = base::trim(text);
  return std::ranges::any_of(kHeads, [&](std::string_view head) { return text.starts_with(head); });
}

/// "renews the plan (FAILED - 1)", in a tree of sentences in which those that passed have no mark.
bool fails_by_number(std::string_view text) {
  const std::size_t mark = text.rfind(" (FAILED - ");
  return mark != std::string_view::npos && text.ends_with(')') && text.size() - mark < 18;
}

/// Of such a tree the leaves without a mark; empty where there is none.
std::vector<bool> passed_examples(const Document& document) {
  const std::vector<Line>& lines = document.lines;
  const auto failed = std::ranges::find_if(lines, [](const Line& line) { return fails_by_number(line.text); });
  if (failed == lines.end()) return {};
  std::vector<bool> out(lines.size(), false);
  std::size_t passed = 0;
  for (std::size_t i = 0; i + 1 < lines.size() && !lines[i].text.starts_with("Failures:"); ++i) {
    const Line& line = lines[i];
    if (line.indent == 0 || line.has(kBlank) || fails_by_number(line.text)) continue;
    const Line& below = lines[i + 1];
    out[i] = below.has(kBlank) || below.indent <= line.indent;
    passed += out[i];
  }
  if (passed < kFewestTests) return {};
  return out;
}

}  // namespace

std::vector<bool> passed_tests(const Document& document) {
  std::vector<bool> out = passed_examples(document);
  if (!out.empty()) return out;
  out.assign(document.lines.size(), false);
  std::size_t passed = 0;
  bool failed = false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Verdict told = verdict(said_by(document.lines[i]));
    out[i] = told == Verdict::kPassed;
    passed += out[i];
    failed = failed || told == Verdict::kFailed;
  }
  if (!failed || passed < kFewestTests) out.assign(out.size(), false);
  return out;
}

namespace {

bool says_expected(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kStarts = {"expected", "Expected", "want:", "left:"};
  text = base::trim(text);
  return std::ranges::any_of(kStarts, [&](std::string_view start) { return text.starts_with(start); });
}

/// "got: 0", "but was: 3".
bool says_actual(std::string_view text) {
  static constexpr std::array<std::string_view, 9> kStarts = {"got",    "Got",  "received", "Received", "actual",
                                                              "Actual", "but ", "found:",   "right:"};
  text = base::trim(text);
  return std::ranges::any_of(kStarts, [&](std::string_view start) { return text.starts_with(start); });
}

/// What was expected at line `i`, and what came, in one line or the next ones; what it adds to `out`.
void compare_in_short(const std::vector<Line>& lines, std::uint32_t i, std::vector<std::uint32_t>& out) {
  constexpr std::uint32_t kApart = 3;
  if (lines[i].text.find(" but ") != std::string_view::npos) return out.push_back(i);
  for (std::uint32_t k = i + 1; k < lines.size() && k <= i + kApart; ++k) {
    if (!says_actual(lines[k].text)) continue;
    out.push_back(i);
    out.push_back(k);
    return;
  }
}

}  // namespace

std::vector<std::uint32_t> compared_lines(const Document& document) {
  std::vector<std::uint32_t> out;
  const auto count = static_cast<std::uint32_t>(document.lines.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    if (says_expected(document.lines[i].text)) compare_in_short(document.lines, i, out);
    if (!opens_diff(document.lines[i].text)) continue;
    std::vector<std::uint32_t> block;
    std::uint32_t blank = 0;
    const std::uint32_t end = std::min(count, i + kLongestDiff);
    for (std::uint32_t k = i + 1; k < end && blank < 2; ++k) {
      const std::string_view text = base::trim(document.lines[k].text);
      blank = text.empty() ? blank + 1 : 0;
      if (opens_diff(text)) break;
      const bool place = text.starts_with("at ") || text.starts_with("> ") || text.starts_with("❯ ");
      const bool sign = (text.starts_with('+') || text.starts_with('-')) && !text.starts_with("---");
      if (place || sign) block.push_back(k);
      i = k;
      if (place) break;
    }
    if (block.size() >= kFewestLines) out.insert(out.end(), block.begin(), block.end());
  }
  return out;
}

}  // namespace headroom::compress::log
