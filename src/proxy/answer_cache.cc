#include "proxy/answer_cache.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/sha256.h"
#include "proxy/header_rules.h"

namespace headroom::proxy {

std::shared_ptr<const CachedAnswer> AnswerCache::find(const std::string& key, std::int64_t now_ms,
                                                      std::int64_t max_age_ms) {
  const std::lock_guard lock(mutex_);
  const auto found = by_key_.find(key);
  if (found != by_key_.end() && now_ms - found->second->made_ms > max_age_ms) {
    drop(found->second);
  } else if (found != by_key_.end()) {
    entries_.splice(entries_.begin(), entries_, found->second);
    ++counts_.hits;
    return found->second->answer;
  }
  ++counts_.misses;
  return nullptr;
}

void AnswerCache::put(const std::string& key, CachedAnswer answer, std::int64_t now_ms) {
  if (answer.body.size() > kMostOfOne) return;
  static constexpr std::size_t kOverhead = 512;
  const std::size_t bytes = answer.body.size() + kOverhead;
  auto kept = std::make_shared<const CachedAnswer>(std::move(answer));
  const std::lock_guard lock(mutex_);
  if (const auto found = by_key_.find(key); found != by_key_.end()) drop(found->second);
  entries_.push_front({key, std::move(kept), now_ms, bytes});
  by_key_.emplace(entries_.front().key, entries_.begin());
  counts_.bytes += static_cast<std::int64_t>(bytes);
  while (counts_.bytes > static_cast<std::int64_t>(kMostBytes)) drop(std::prev(entries_.end()));
}

std::int64_t AnswerCache::clear() {
  const std::lock_guard lock(mutex_);
  const auto cleared = static_cast<std::int64_t>(entries_.size());
  by_key_.clear();
  entries_.clear();
  counts_.bytes = 0;
  return cleared;
}

AnswerCache::Counts AnswerCache::counts() const {
  const std::lock_guard lock(mutex_);
  Counts counts = counts_;
  counts.entries = static_cast<std::int64_t>(entries_.size());
  return counts;
}

void AnswerCache::drop(std::list<Entry>::iterator entry) {
  counts_.bytes -= static_cast<std::int64_t>(entry->bytes);
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

namespace {

/// Says nothing of what is asked or by whom: framing, the connection, names of a single request, what a client is made
/// of.
bool is_of_one_request(std::string_view name) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "host",       "content-length", "transfer-encoding", "user-agent",    "traceparent",
      "tracestate", "x-request-id",   "idempotency-key",   "cache-control", "expect"};
  static constexpr std::array<std::string_view, 2> kPrefixes = {"x-stainless-", "x-headroom-"};
  return std::ranges::any_of(kNames, [&](std::string_view known) { return equals_ci(name, known); }) ||
         std::ranges::any_of(kPrefixes, [&](std::string_view prefix) {
           return name.size() >= prefix.size() && equals_ci(name.substr(0, prefix.size()), prefix);
         });
}

}  // namespace

std::string answer_key(const RequestHead& head, std::string_view project, std::string_view authority,
                       std::string_view body) {
  if (head.fields.lists("cache-control", "no-cache") || head.fields.lists("cache-control", "no-store")) return {};
  base::Sha256 digest;
  const auto add = [&](std::string_view part) { digest.add(fmt::format("{} ", part.size())), digest.add(part); };
  for (const std::string_view part : {project, authority, head.method, head.target}) add(part);
  for (const Field& field : head.fields) {
    if (is_hop_by_hop(field.name, head.fields) || is_of_one_request(field.name)) continue;
    add(field.name), add(field.value);
  }
  add(body);
  return digest.hex();
}

bool may_keep_answer(const ResponseHead& head) {
  const std::string_view type = head.fields.get("content-type");
  return head.status == 200 && equals_ci(type.substr(0, type.find(';')), "application/json");
}

}  // namespace headroom::proxy
