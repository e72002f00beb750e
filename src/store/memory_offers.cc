#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>
#include <utility>

#include "store/offer_record.h"

namespace headroom::store {
namespace {

using base::Result;

struct Group {
  std::string project, tool, compressor;
  int step = 0;
  auto operator<=>(const Group&) const = default;
};

struct Noted {
  std::string id;
  std::int64_t offered_ms = 0;
  bool retrieved = false;
};

class MemoryOffers final : public OfferRecord {
 public:
  MemoryOffers(OfferBounds bounds, const base::Clock& clock) : bounds_(bounds), clock_(clock) {}

  Result<void> offer(std::string_view project, std::span<const Offer> offers) override {
    const std::lock_guard lock(mutex_);
    const std::int64_t now = clock_.now_ms();
    for (const Offer& offer : offers) {
      if (offer.tool.size() > OfferBounds::kLongestName) continue;
      std::vector<Noted>& group = groups_[{std::string(project), offer.tool, offer.compressor, offer.step}];
      const auto known = std::ranges::find(group, offer.id, &Noted::id);
      if (known != group.end() && known->offered_ms > now - bounds_.keep_ms) continue;
      if (known != group.end()) group.erase(known);
      group.push_back({offer.id, now, false});
      if (std::ssize(group) > bounds_.most_of_group) group.erase(group.begin());
    }
    drop_old(now);
    return {};
  }

  Result<bool> retrieve(std::string_view id, Scope scope) override {
    const std::lock_guard lock(mutex_);
    Noted* latest = nullptr;
    for (auto& [group, offers] : groups_) {
      if (scope && *scope != group.project) continue;
      const auto found = std::ranges::find(offers, id, &Noted::id);
      if (found != offers.end() && (latest == nullptr || found->offered_ms >= latest->offered_ms)) latest = &*found;
    }
    if (latest != nullptr) latest->retrieved = true;
    return latest != nullptr;
  }

  Result<std::vector<OfferCount>> counts(Scope scope) override {
    const std::lock_guard lock(mutex_);
    return counted([&](const Group& group) { return !scope || *scope == group.project; });
  }

  Result<std::vector<OfferCount>> retrieved_counts(std::string_view project) override {
    const std::lock_guard lock(mutex_);
    std::vector<OfferCount> all = counted([&](const Group& group) { return group.project == project; });
    std::vector<std::pair<std::string, std::string>> asked;
    for (const OfferCount& count : all) {
      if (count.retrieved > 0) asked.emplace_back(count.tool, count.compressor);
    }
    std::erase_if(all, [&](const OfferCount& count) {
      return std::ranges::find(asked, std::pair(count.tool, count.compressor)) == asked.end();
    });
    return all;
  }

  Result<std::int64_t> forget(std::optional<std::string_view> tool, Scope scope) override {
    const std::lock_guard lock(mutex_);
    std::int64_t forgotten = 0;
    std::erase_if(groups_, [&](const auto& entry) {
      const bool goes = (!tool || *tool == entry.first.tool) && (!scope || *scope == entry.first.project);
      if (goes) forgotten += std::ssize(entry.second);
      return goes;
    });
    return forgotten;
  }

  Result<std::int64_t> sweep() override {
    const std::lock_guard lock(mutex_);
    return drop_old(clock_.now_ms());
  }

 private:
  template <typename Wanted>
  std::vector<OfferCount> counted(Wanted&& wanted) const {
    const std::int64_t oldest = clock_.now_ms() - bounds_.keep_ms;
    std::vector<OfferCount> out;
    for (const auto& [group, offers] : groups_) {
      if (!wanted(group)) continue;
      OfferCount count{group.project, group.tool, group.compressor, group.step, 0, 0};
      for (const Noted& noted : offers) {
        if (noted.offered_ms <= oldest) continue;
        ++count.offered;
        count.retrieved += noted.retrieved ? 1 : 0;
      }
      if (count.offered > 0) out.push_back(std::move(count));
    }
    return out;
  }

  std::int64_t drop_old(std::int64_t now) {
    std::int64_t dropped = 0;
    std::int64_t left = 0;
    for (auto& [group, offers] : groups_) {
      dropped += static_cast<std::int64_t>(
          std::erase_if(offers, [&](const Noted& noted) { return noted.offered_ms <= now - bounds_.keep_ms; }));
      left += std::ssize(offers);
    }
    std::erase_if(groups_, [](const auto& entry) { return entry.second.empty(); });
    while (left > bounds_.most) {  // whole groups, the one that was offered least lately first
      const auto oldest =
          std::ranges::min_element(groups_, {}, [](const auto& entry) { return entry.second.back().offered_ms; });
      left -= std::ssize(oldest->second);
      dropped += std::ssize(oldest->second);
      groups_.erase(oldest);
    }
    return dropped;
  }

  const OfferBounds bounds_;
  const base::Clock& clock_;
  std::mutex mutex_;
  std::map<Group, std::vector<Noted>> groups_;  // guarded by mutex_; the newest last
};

}  // namespace

std::unique_ptr<OfferRecord> make_memory_offers(OfferBounds bounds, const base::Clock& clock) {
  return std::make_unique<MemoryOffers>(bounds, clock);
}

}  // namespace headroom::store
