#include "replay/unrecorded.h"

#include <algorithm>

#include "base/hash.h"

namespace headroom::replay {
namespace {

/// Counts of texts are estimates; less than this may be their error.
constexpr std::uint64_t kTolerance = 500;
constexpr std::uint64_t kMost = 1'000'000;  // no context window holds more

}  // namespace

void Unrecorded::take(const std::vector<money::Unit>& units, const money::Usage* billed) {
  std::size_t common = 0;
  while (common < std::min(units.size(), before_.size()) && units[common].hash == before_[common]) ++common;
  std::erase_if(parts_, [&](const Part& part) { return part.behind > common; });
  before_.clear();
  std::uint64_t known = 0;
  for (const money::Unit& unit : units) {
    before_.push_back(unit.hash);
    known += unit.tokens;
  }
  for (const Part& part : parts_) known += part.tokens;
  const std::uint64_t counted = billed == nullptr ? 0 : std::min(billed->input(), kMost);
  const std::uint64_t extra = counted - std::min(counted, known);
  if (first_) {
    const std::uint64_t found = billed == nullptr ? 0 : std::min(extra, billed->cached);
    found_ = found > 0;
    parts_ = {{0, found, 0}, {0, extra - found, ++made_}};
    first_ = false;
  } else if (extra > kTolerance) {
    parts_.push_back({units.size(), extra, ++made_});
  }
}

std::vector<money::Unit> Unrecorded::with(const std::vector<money::Unit>& units, std::string_view model,
                                          money::Mark mark) const {
  std::vector<money::Unit> all;
  all.reserve(units.size() + parts_.size());
  auto part = parts_.begin();
  for (std::size_t i = 0; i <= units.size(); ++i) {
    const bool end = i == units.size();
    for (; part != parts_.end() && (part->behind <= i || end); ++part) {
      // What stands behind the last mark was sent with it.
      const money::Mark own = part->behind == 0 ? mark : end && !all.empty() ? all.back().mark : money::Mark::kNone;
      all.push_back({base::hash64(model, part->hash), part->tokens, own});
    }
    if (!end) all.push_back(units[i]);
  }
  return all;
}

std::uint64_t Unrecorded::tokens_in_front() const {
  std::uint64_t sum = 0;
  for (const Part& part : parts_) sum += part.behind == 0 ? part.tokens : 0;
  return sum;
}

}  // namespace headroom::replay
