#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "aws/credential_chain.h"
#include "aws/credentials.h"
#include "aws/sources.h"

namespace headroom::aws {

/// The AWS account that the environment names, as AWS's own tools find it (CredentialChain). Nothing is looked for
/// before somebody asks. Credentials are kept until 5 minutes before they expire; then others are fetched while these
/// still serve. What fails, or finds nothing, is not tried again for half a minute, and what stands in files is read
/// again as often, as other tools renew it. Fetching happens on a thread of its own; no call blocks on it but stop().
/// Thread-safe.
class Account {
 public:
  explicit Account(Sources sources) : sources_(std::move(sources)), chain_(sources_) {}
  ~Account() { stop(); }
  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;

  struct Answer {
    std::optional<Credentials> credentials;
    bool fetching = false;  ///< none fit, but others are on their way: see when_fetched()
    std::string why = {};   ///< there are none: the reason, and what helps
  };
  /// Those with this key id, where they are known, as the ones before the last may be; else any. For another id than
  /// is known they are fetched anew, unless that was half a minute ago. An empty id: any.
  Answer credentials(std::string_view key_id, std::int64_t now_ms);
  /// Calls `then` once the fetching under way has ended, on its thread; at once on this one when there is none. Never
  /// after stop(). It must be quick and must not call this.
  void when_fetched(std::function<void()> then);
  /// Ends a fetching under way, and waits for that; afterwards nothing is fetched.
  void stop();

  /// AWS_REGION, AWS_DEFAULT_REGION, HEADROOM_REGION, the profile's (read again every half minute), else us-east-1.
  std::string region(std::int64_t now_ms);

 private:
  void fetch(std::int64_t now_ms);  // with mutex_ held
  void fetched(base::Result<Found> found, std::int64_t now_ms);
  bool is_due(bool fits, std::int64_t now_ms) const;                                       // with mutex_ held
  std::optional<Credentials> fitting(std::string_view key_id, std::int64_t now_ms) const;  // with mutex_ held

  const Sources sources_;
  CredentialChain chain_;  // of the thread
  std::mutex mutex_;
  // All guarded by mutex_.
  std::optional<Found> current_, previous_;
  std::string why_;
  std::optional<std::int64_t> fetched_ms_;
  bool fetching_ = false;
  bool stopped_ = false;
  std::vector<std::function<void()>> waiting_;
  std::string region_;
  std::optional<std::int64_t> region_read_ms_;
  std::jthread thread_;
};

}  // namespace headroom::aws
