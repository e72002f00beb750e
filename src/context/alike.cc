#include "context/alike.h"

#include <unordered_set>

#include "base/hash.h"
#include "base/text.h"

namespace headroom::context {
namespace {

constexpr std::size_t kShortest = 8;                      // bytes of a line that tells one text from another
constexpr std::size_t kLongest = std::size_t{128} << 10;  // longer ones are not compared
constexpr std::size_t kTimes = 3;                         // that the other may be longer or shorter

}  // namespace

AlikeText::AlikeText(std::string_view text) : text_(text) {
  if (text.size() > kLongest) return;
  for (const std::string_view line : base::split_lines(text)) {
    if (line.size() < kShortest) continue;
    lines_.emplace_back(base::hash64(line), line.size());
    bytes_ += line.size();
  }
}

std::size_t AlikeText::percent_in(std::string_view other) const {
  if (bytes_ == 0 || other.size() > text_.size() * kTimes || text_.size() > other.size() * kTimes) return 0;
  std::unordered_set<std::uint64_t> there;
  for (const std::string_view line : base::split_lines(other)) {
    if (line.size() >= kShortest) there.insert(base::hash64(line));
  }
  std::size_t found = 0;
  for (const auto& [hash, bytes] : lines_) found += there.contains(hash) ? bytes : 0;
  return found * 100 / bytes_;
}

}  // namespace headroom::context
