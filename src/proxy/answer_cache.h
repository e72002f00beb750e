#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "proxy/body_framer.h"
#include "proxy/http_head.h"

namespace headroom::proxy {

/// A whole answer of a provider, as a client got it.
struct CachedAnswer {
  std::string content_type, content_encoding;
  std::string body;
};

/// Answers by the requests that they were given for: who sends the same bytes again within the time gets the same
/// answer, and nothing is asked or billed. Only for who wants that: a model that is asked again would answer anew.
/// Bounded, in memory, of this process. Thread-safe.
class AnswerCache {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{32} << 20;
  static constexpr std::size_t kMostOfOne = std::size_t{2} << 20;

  struct Counts {
    std::int64_t entries = 0, bytes = 0, hits = 0, misses = 0;
  };

  /// `max_age_ms`: older answers are forgotten. Counts as a hit or a miss.
  std::shared_ptr<const CachedAnswer> find(const std::string& key, std::int64_t now_ms, std::int64_t max_age_ms);
  /// In place of an earlier one. What is larger than kMostOfOne is not kept.
  void put(const std::string& key, CachedAnswer answer, std::int64_t now_ms);
  /// Forgets everything; gives how many answers that were.
  std::int64_t clear();
  Counts counts() const;

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const CachedAnswer> answer;
    std::int64_t made_ms;
    std::size_t bytes;
  };
  void drop(std::list<Entry>::iterator entry);

  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // the most recently used first; guarded by mutex_, as all below
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;
  Counts counts_;
};

/// What an answer depends on: the project, who is asked (`authority`), the target, every header that goes there and is
/// not of the single request, credentials in whatever header as they are, and each byte of the body. Empty for a
/// request that wants no answer from a cache
/// ("cache-control: no-cache" or "no-store").
std::string answer_key(const RequestHead& head, std::string_view project, std::string_view authority,
                       std::string_view body);

/// Whether the answer may be kept: a success, whole, no stream.
bool may_keep_answer(const ResponseHead& head);

/// Copies a payload, unless it is larger than what is kept, and passes it on.
class AnswerCopy final : public PayloadSink {
 public:
  explicit AnswerCopy(PayloadSink* next) : next_(next) {}
  void on_payload(std::string_view bytes) override {
    if (text_.size() <= AnswerCache::kMostOfOne) text_ += bytes;
    if (next_ != nullptr) next_->on_payload(bytes);
  }
  std::string take() { return std::move(text_); }

 private:
  PayloadSink* next_;
  std::string text_;
};

}  // namespace headroom::proxy
