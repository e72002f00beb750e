#include "store/known_originals.h"

#include <utility>

namespace headroom::store {
namespace {

base::Hash128 key_of(std::string_view id, std::string_view project) {
  return base::hash128(base::hash128(project), id);
}

}  // namespace

void KnownOriginals::as_of(std::optional<std::uint32_t> commits_of_others) {
  if (!commits_of_others || commits_of_others != as_of_) forget();
  as_of_ = commits_of_others;
}

void KnownOriginals::add(std::string_view id, std::string_view project, std::int64_t created_ms, std::int64_t used_ms) {
  if (!as_of_) return;
  if (known_.size() >= kMost) known_before_ = std::exchange(known_, {});
  known_.insert_or_assign(key_of(id, project), Times{created_ms, used_ms});
}

bool KnownOriginals::has(std::string_view id, std::string_view project, std::int64_t created_after_ms,
                         std::int64_t used_after_ms) {
  const base::Hash128 key = key_of(id, project);
  for (const TimesByKey* const half : {&known_, &known_before_}) {
    const auto found = half->find(key);
    if (found == half->end()) continue;
    return found->second.created_ms > created_after_ms && found->second.used_ms > used_after_ms;
  }
  return false;
}

void KnownOriginals::forget() {
  known_.clear();
  known_before_.clear();
}

}  // namespace headroom::store
