#include "compress/log/test_lines.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kFewestTests = 4;
constexpr std::uint32_t kLongestDiff = 60;  // lines
constexpr std::size_t kFewestLines = 4;     // with a sign or a place; shorter ones are told by what is around

bool says_passed(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kStarts = {"✓ ", "✔ ", "√ ", "--- PASS: ", "ok - "};
  static constexpr std::array<std::string_view, 4> kEnds = {" PASSED", " ... ok", " passed", "[OK]"};
  text = base::trim(text);
  return std::ranges::any_of(kStarts, [&](std::string_view start) { return text.starts_with(start); }) ||
         std::ranges::any_of(kEnds, [&](std::string_view end) { return text.ends_with(end); });
}

bool says_failed(std::string_view text) {
  static constexpr std::array<std::string_view, 7> kStarts = {"✕ ", "✗ ", "✘ ", "× ", "--- FAIL: ", "not ok ", "FAIL "};
  static constexpr std::array<std::string_view, 5> kEnds = {" FAILED", " ... FAIL", " ... ERROR", " ... FAILED",
                                                            "[FAIL]"};
  text = base::trim(text);
  return std::ranges::any_of(kStarts, [&](std::string_view start) { return text.starts_with(start); }) ||
         std::ranges::any_of(kEnds, [&](std::string_view end) { return text.ends_with(end); });
}

/// "- Expected  - 5", "+ actual - expected", "--- Expected": what the lines with a sign below mean.
bool opens_diff(std::string_view text) {
  static constexpr std::array<std::string_view, 5> kHeads = {"- Expected", "+ actual - expected", "+ expected - actual",
                                                             "--- Expected", "Diff:"};
  text = base::trim(text);
  return std::ranges::any_of(kHeads, [&](std::string_view head) { return text.starts_with(head); });
}

}  // namespace

std::vector<bool> passed_tests(const Document& document) {
  std::vector<bool> out(document.lines.size(), false);
  std::size_t passed = 0;
  bool failed = false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::string_view text = document.lines[i].text;
    out[i] = says_passed(text);
    passed += out[i];
    failed = failed || (!out[i] && says_failed(text));
  }
  if (!failed || passed < kFewestTests) out.assign(out.size(), false);
  return out;
}

std::vector<std::uint32_t> compared_lines(const Document& document) {
  std::vector<std::uint32_t> out;
  const auto count = static_cast<std::uint32_t>(document.lines.size());
  for (std::uint32_t i = 0; i < count; ++i) {
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
