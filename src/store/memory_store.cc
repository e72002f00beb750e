#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "store/original_checks.h"
#include "store/original_store.h"
#include "store/retention.h"

namespace headroom::store {
namespace {

using base::Result;

class MemoryStore final : public OriginalStore {
 public:
  MemoryStore(Retention retention, const base::Clock& clock) : retention_(retention), clock_(clock) {}

  Result<void> put(std::span<const Original> originals) override {
    if (auto valid = check_originals(originals); !valid) return valid;
    const std::lock_guard lock(mutex_);
    // All or none: collisions, also among the new ones, are found before anything is changed.
    std::map<std::string_view, std::string_view> fresh;
    for (const Original& original : originals) {
      const auto known = entries_.find(original.id);
      const auto [first, inserted] = fresh.emplace(original.id, original.content);
      const std::string_view other =
          known != entries_.end() ? std::string_view(known->second.original.content) : first->second;
      if (other != original.content) return std::unexpected(collision(original.id));
    }
    const std::int64_t now = clock_.now_ms();
    for (const Original& original : originals) put_one(original, now);
    return {};
  }

  Result<Original> get(std::string_view id_prefix, Scope scope) override {
    if (auto valid = check_id_prefix(id_prefix); !valid) return std::unexpected(std::move(valid.error()));
    const std::lock_guard lock(mutex_);
    const std::int64_t now = clock_.now_ms();
    Original* found = nullptr;
    for (auto at = entries_.lower_bound(id_prefix); at != entries_.end() && at->first.starts_with(id_prefix); ++at) {
      if (!alive(at->second.original, now) || !at->second.is_in(scope)) continue;
      if (found != nullptr) return std::unexpected(ambiguous(id_prefix));
      found = &at->second.original;
    }
    if (found == nullptr) return std::unexpected(not_found(id_prefix));
    found->used_ms = std::max(found->used_ms, now);
    ++found->retrievals;
    return *found;
  }

  Result<std::vector<std::string>> touch(std::span<const std::string> ids, std::string_view project) override {
    std::vector<std::string> missing;
    const std::lock_guard lock(mutex_);
    const std::int64_t now = clock_.now_ms();
    const ExpiryFloor floor = expiry_floor(retention_, now);
    for (const std::string& id : ids) {
      const auto at = entries_.find(id);
      if (at == entries_.end() || !floor.alive(at->second.original.created_ms, at->second.original.used_ms) ||
          !at->second.is_in(project)) {
        missing.push_back(id);
      } else {
        at->second.original.used_ms = std::max(at->second.original.used_ms, now);
      }
    }
    return missing;
  }

  Result<bool> erase(std::string_view id) override {
    if (auto valid = check_id(id); !valid) return std::unexpected(std::move(valid.error()));
    const std::lock_guard lock(mutex_);
    const auto at = entries_.find(id);
    if (at == entries_.end()) return false;
    entries_.erase(at);
    return true;
  }

  Result<std::int64_t> sweep() override {
    const std::lock_guard lock(mutex_);
    std::vector<EntryAge> ages;
    std::vector<Entries::iterator> places;
    for (auto at = entries_.begin(); at != entries_.end(); ++at) {
      const Original& entry = at->second.original;
      ages.push_back({static_cast<std::int64_t>(entry.content.size()), entry.created_ms, entry.used_ms});
      places.push_back(at);
    }
    const auto doomed = plan_sweep(ages, retention_, clock_.now_ms());
    for (std::size_t index : doomed) entries_.erase(places[index]);
    return static_cast<std::int64_t>(doomed.size());
  }

  Result<StoreStats> stats(Scope scope) override {
    const std::lock_guard lock(mutex_);
    StoreStats stats;
    stats.backend = "memory";
    for (const auto& [id, kept] : entries_) {
      if (!kept.is_in(scope)) continue;
      const Original& entry = kept.original;
      ++stats.entries;
      stats.bytes += static_cast<std::int64_t>(entry.content.size());
      stats.tokens += entry.tokens;
      stats.retrievals += entry.retrievals;
    }
    return stats;
  }

 private:
  struct Entry {
    Original original;
    std::vector<std::string> projects;  // each once; nearly always one
    bool is_in(Scope scope) const { return !scope || std::ranges::find(projects, *scope) != projects.end(); }
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  bool alive(const Original& entry, std::int64_t now) const {
    return expiry_floor(retention_, now).alive(entry.created_ms, entry.used_ms);
  }

  void put_one(const Original& original, std::int64_t now) {
    const auto [at, inserted] = entries_.try_emplace(original.id);
    Original& entry = at->second.original;
    const bool known = !inserted && alive(entry, now);
    if (!known) at->second.projects.clear();
    if (!at->second.is_in(original.project)) at->second.projects.push_back(original.project);
    if (known) {
      entry.used_ms = std::max(entry.used_ms, now);
      return;
    }
    entry = original;
    entry.created_ms = entry.used_ms = now;
    entry.retrievals = 0;
  }

  const Retention retention_;
  const base::Clock& clock_;
  std::mutex mutex_;
  Entries entries_;  // guarded by mutex_; the key is the id
};

}  // namespace

std::unique_ptr<OriginalStore> make_memory_store(Retention retention, const base::Clock& clock) {
  return std::make_unique<MemoryStore>(retention, clock);
}

}  // namespace headroom::store
