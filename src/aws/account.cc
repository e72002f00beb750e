#include "aws/account.h"

#include "aws/config_files.h"

namespace headroom::aws {
namespace {

constexpr std::int64_t kAgainMs = 30'000;
constexpr std::int64_t kBeforeExpiryMs = 5 * 60'000;

bool is_past(std::int64_t then_ms, std::int64_t delay_ms, std::int64_t now_ms) {
  return now_ms - then_ms >= delay_ms || now_ms < then_ms;  // a clock may be set back
}

}  // namespace

std::optional<Credentials> Account::fitting(std::string_view key_id, std::int64_t now_ms) const {
  for (const std::optional<Found>* found : {&current_, &previous_}) {
    if (!*found || (*found)->expires_ms <= now_ms) continue;
    const bool any = key_id.empty() && found == &current_;
    if (any || (*found)->credentials.key_id == key_id) return (*found)->credentials;
  }
  return std::nullopt;
}

bool Account::is_due(bool fits, std::int64_t now_ms) const {
  if (!fetched_ms_) return true;
  if (!is_past(*fetched_ms_, kAgainMs, now_ms)) return false;
  return !fits || !current_ || current_->may_change ||
         (current_->expires_ms != Found::kNever && now_ms >= current_->expires_ms - kBeforeExpiryMs);
}

Account::Answer Account::credentials(std::string_view key_id, std::int64_t now_ms) {
  if (auto named = environment_credentials(sources_)) return {std::move(named)};
  const std::lock_guard lock(mutex_);
  auto fits = fitting(key_id, now_ms);
  if (is_due(fits.has_value(), now_ms) && !fetching_ && !stopped_) fetch(now_ms);
  if (fits || fetching_) return {std::move(fits), !fits.has_value()};
  return {fitting("", now_ms), false, why_};
}

void Account::fetch(std::int64_t now_ms) {
  fetching_ = true;
  // The thread before has let go of the lock for good.
  thread_ = std::jthread([this, now_ms](const std::stop_token& stop) { fetched(chain_.find(now_ms, stop), now_ms); });
}

void Account::fetched(base::Result<Found> found, std::int64_t now_ms) {
  std::vector<std::function<void()>> waiting;
  {
    const std::lock_guard lock(mutex_);
    const bool others = found && current_ && current_->credentials.key_id != found->credentials.key_id;
    if (others) previous_ = std::move(current_);
    if (found) current_ = *std::move(found);
    why_ = found ? std::string() : found.error().message;
    // Keys that were taken out of a file are not used on; what expires serves until it does.
    if (!found && current_ && current_->may_change) current_.reset();
    fetched_ms_ = now_ms;
    fetching_ = false;
    waiting.swap(waiting_);
  }
  for (const auto& then : waiting) then();
}

void Account::when_fetched(std::function<void()> then) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    if (fetching_) return waiting_.push_back(std::move(then));
  }
  then();
}

void Account::stop() {
  std::jthread last;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    waiting_.clear();
    last.swap(thread_);
  }
}

std::string Account::region(std::int64_t now_ms) {
  for (const std::string_view name : {"AWS_REGION", "AWS_DEFAULT_REGION", "HEADROOM_REGION"}) {
    if (std::string value = variable(sources_, name); !value.empty()) return value;
  }
  const std::lock_guard lock(mutex_);
  if (!region_read_ms_ || is_past(*region_read_ms_, kAgainMs, now_ms)) {
    const ConfigFiles files(sources_);
    region_ = setting(files.profile(files.profile_in_use()), "region");
    if (region_.empty()) region_ = "us-east-1";
    region_read_ms_ = now_ms;
  }
  return region_;
}

}  // namespace headroom::aws
