#include "compress/config/problems.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.h"
#include "compress/config/letters.h"

namespace headroom::compress::config {
namespace {

bool is_problem_word(std::string_view word) {
  static constexpr std::array<std::string_view, 20> kWords = {
      "err",      "error",    "errors",   "failed",    "failure",    "fail",      "fatal",
      "critical", "degraded", "oom-kill", "crashed",   "corrupt",    "corrupted", "expired",
      "denied",   "refused",  "dead",     "unhealthy", "vulnerable", "invalid"};
  // What names of states end with, several words run together.
  static constexpr std::array<std::string_view, 9> kEnds = {"Error",   "Failed", "Failure", "Exceeded", "Unavailable",
                                                            "BackOff", "Killed", "Evicted", "NotReady"};
  return std::ranges::any_of(kWords, [&](std::string_view w) { return base::equals_ci(word, w); }) ||
         std::ranges::any_of(kEnds, [&](std::string_view end) { return word.ends_with(end); });
}

}  // namespace

bool is_problem(std::string_view value) {
  static constexpr std::size_t kLongest = 40;
  if (value.size() > kLongest) return false;
  for (std::size_t at = 0; at < value.size();) {
    while (at < value.size() && !is_letter(value[at])) ++at;
    std::size_t end = at;
    while (end < value.size() && (is_letter(value[end]) || value[end] == '-')) ++end;
    if (is_problem_word(value.substr(at, end - at))) return true;
    at = end;
  }
  return false;
}

bool tells_cause(std::string_view key) {
  static constexpr std::array<std::string_view, 6> kKeys = {"reason", "message", "cause",
                                                            "error",  "failure", "warning"};
  const std::string low = lowered(key);
  return std::ranges::any_of(kKeys, [&](std::string_view word) { return low.ends_with(word); });
}

}  // namespace headroom::compress::config
