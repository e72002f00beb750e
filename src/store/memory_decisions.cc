#include <list>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "store/decision_store.h"

namespace headroom::store {
namespace {

using base::Result;

struct Conversation {
  std::string key;
  std::int64_t used_ms = 0;
  std::int64_t requests = 0;
  std::int64_t unused_cache = 0;
  std::unordered_map<std::string, std::string> decisions;
  std::vector<DecisionRow> revisions;
};

class MemoryDecisions final : public DecisionStore {
 public:
  MemoryDecisions(DecisionRetention retention, const base::Clock& clock) : retention_(retention), clock_(clock) {}

  Result<ConversationUse> use(std::string_view conversation, std::string_view) override {
    const std::lock_guard lock(mutex_);
    const std::int64_t now = clock_.now_ms();
    Conversation& entry = entry_of(conversation);
    const ConversationUse use{entry.requests == 0 ? -1 : now - entry.used_ms, entry.requests + 1, entry.unused_cache};
    entry.used_ms = now;
    ++entry.requests;
    drop_old(now);
    return use;
  }

  Result<ConversationUse> last_use(std::string_view conversation) override {
    const std::lock_guard lock(mutex_);
    const auto known = by_key_.find(std::string(conversation));
    if (known == by_key_.end() || known->second->requests == 0) return ConversationUse{};
    const Conversation& entry = *known->second;
    return ConversationUse{clock_.now_ms() - entry.used_ms, entry.requests + 1, entry.unused_cache};
  }

  Result<void> note_cache(std::string_view conversation, bool used) override {
    const std::lock_guard lock(mutex_);
    const auto known = by_key_.find(std::string(conversation));
    if (known == by_key_.end()) return {};
    std::int64_t& unused = known->second->unused_cache;
    if (used) unused = -1;
    if (unused >= 0) ++unused;
    return {};
  }

  Result<std::vector<std::string>> find(std::string_view conversation, std::span<const std::string> places) override {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> values(places.size());
    const auto known = by_key_.find(std::string(conversation));
    if (known == by_key_.end()) return values;
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto at = known->second->decisions.find(places[i]);
      if (at != known->second->decisions.end()) values[i] = at->second;
    }
    return values;
  }

  Result<std::vector<std::string>> put(std::string_view conversation, std::span<const DecisionRow> rows) override {
    const std::lock_guard lock(mutex_);
    Conversation& entry = entry_of(conversation);
    std::vector<std::string> there(rows.size());
    bool lost = false;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto at = entry.decisions.find(rows[i].place);
      if (at == entry.decisions.end()) continue;
      there[i] = at->second;
      lost = lost || at->second != rows[i].value;
    }
    if (lost) return there;
    for (const DecisionRow& row : rows) entry.decisions.emplace(row.place, row.value);
    return std::vector<std::string>{};
  }

  Result<std::vector<DecisionRow>> revisions(std::string_view conversation) override {
    const std::lock_guard lock(mutex_);
    const auto known = by_key_.find(std::string(conversation));
    return known == by_key_.end() ? std::vector<DecisionRow>{} : known->second->revisions;
  }

  Result<std::string> add_revision(std::string_view conversation, const DecisionRow& row) override {
    const std::lock_guard lock(mutex_);
    Conversation& entry = entry_of(conversation);
    for (const DecisionRow& known : entry.revisions) {
      if (known.place == row.place) return known.value;
    }
    entry.revisions.push_back(row);
    return row.value;
  }

  Result<std::int64_t> sweep() override {
    const std::lock_guard lock(mutex_);
    return drop_old(clock_.now_ms());
  }

 private:
  /// Moved to the front, made where there is none.
  Conversation& entry_of(std::string_view key) {
    const auto known = by_key_.find(std::string(key));
    if (known != by_key_.end()) {
      entries_.splice(entries_.begin(), entries_, known->second);
      return entries_.front();
    }
    entries_.push_front({std::string(key), clock_.now_ms(), 0, 0, {}, {}});
    by_key_.emplace(std::string(key), entries_.begin());
    return entries_.front();
  }

  std::int64_t drop_old(std::int64_t now) {
    std::int64_t dropped = 0;
    while (!entries_.empty() && (static_cast<std::int64_t>(entries_.size()) > retention_.max_conversations ||
                                 now - entries_.back().used_ms > retention_.idle_ttl_ms)) {
      by_key_.erase(entries_.back().key);
      entries_.pop_back();
      ++dropped;
    }
    return dropped;
  }

  const DecisionRetention retention_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::list<Conversation> entries_;  // most recently used first
  std::unordered_map<std::string, std::list<Conversation>::iterator> by_key_;
};

}  // namespace

std::unique_ptr<DecisionStore> make_memory_decisions(DecisionRetention retention, const base::Clock& clock) {
  return std::make_unique<MemoryDecisions>(retention, clock);
}

}  // namespace headroom::store
