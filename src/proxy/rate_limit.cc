#include "proxy/rate_limit.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace headroom::proxy {
namespace {

constexpr double kMinuteMs = 60'000;
// Over it, those that are full again are forgotten: a full bucket is what a new one is.
constexpr std::size_t kMostOwners = 10'000;

OverLimit over(std::string_view what, std::int64_t rate, double missing) {
  const double seconds = missing * 60 / static_cast<double>(rate);
  return {fmt::format("this proxy lets {} {} a minute through for each key", rate, what),
          std::max<std::int64_t>(static_cast<std::int64_t>(std::ceil(seconds)), 1), true};
}

}  // namespace

RateLimit::Bucket& RateLimit::bucket(const std::string& owner, Rates rates, std::int64_t now_ms) {
  if (buckets_.size() > kMostOwners) {
    std::erase_if(buckets_, [&](const auto& entry) { return now_ms - entry.second.at_ms > 2 * kMinuteMs; });
  }
  const auto [found, fresh] = buckets_.try_emplace(owner);
  Bucket& bucket = found->second;
  const double share = fresh ? 1 : static_cast<double>(std::max<std::int64_t>(now_ms - bucket.at_ms, 0)) / kMinuteMs;
  bucket.requests = std::min<double>(rates.requests, bucket.requests + share * rates.requests);
  const auto most = static_cast<double>(rates.tokens);
  bucket.tokens = std::min(most, bucket.tokens + share * most);
  bucket.at_ms = std::max(bucket.at_ms, now_ms);
  return bucket;
}

std::optional<OverLimit> RateLimit::check(const std::string& owner, Rates rates, std::int64_t now_ms) {
  if (rates.requests <= 0 && rates.tokens <= 0) return std::nullopt;
  const std::lock_guard lock(mutex_);
  Bucket& left = bucket(owner, rates, now_ms);
  if (rates.requests > 0 && left.requests < 1) return over("requests", rates.requests, 1 - left.requests);
  if (rates.tokens > 0 && left.tokens <= 0) return over("tokens", rates.tokens, 1 - left.tokens);
  if (rates.requests > 0) left.requests -= 1;
  return std::nullopt;
}

void RateLimit::add(const std::string& owner, Rates rates, std::int64_t tokens, std::int64_t now_ms) {
  if (rates.tokens <= 0) return;
  const std::lock_guard lock(mutex_);
  bucket(owner, rates, now_ms).tokens -= static_cast<double>(tokens);
}

}  // namespace headroom::proxy
