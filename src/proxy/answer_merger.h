#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_document.h"
#include "proxy/usage_reader.h"
#include "wire/conversation.h"

namespace headroom::proxy {

/// A call of the retrieve tool in an answer.
struct RetrievalCall {
  std::string id;
  std::string arguments;  ///< JSON
  std::string name = {};  ///< where results say it
};

/// What a turn holds that the client does not get, as it has calls of its own to answer besides.
struct CallsBeside {
  std::string anchor;  ///< id of the first of the client's calls; or, where calls have none, nameless_call()
  std::vector<std::string> calls;  ///< of the retrieve tool, as elements of the request's format
  std::vector<RetrievalCall> retrievals;
  bool nameless = false;  ///< the anchor is of no use without its place in the conversation
};

/// Makes one answer for the client of those that the provider gives to a request and to its continuations. Bytes in,
/// bytes out; one implementation for each format, for streams and for whole bodies.
///
///   for (;;) {
///     merger.begin_round(may_go_on);
///     merger.feed(...);                       // the provider's answer, as it comes
///     calls = merger.finish_round(out);
///     if (calls.empty()) break;               // the answer is complete
///     body = merger.continue_request(body, results of the calls, in order);
///   }
class AnswerMerger {
 public:
  virtual ~AnswerMerger() = default;

  /// Who reads the usage of the rounds that begin from now on, so that nothing is parsed twice; nullptr: nobody. All of
  /// a round's has been read after finish_round().
  void report_usage_to(UsageReader* usage) { usage_reader_ = usage; }

  /// A round that may not go on ends the answer, whatever the model calls.
  virtual void begin_round(bool may_go_on) = 0;
  /// Appends to `out` what the client gets by now.
  virtual void feed(std::string_view bytes, std::string& out) = 0;
  /// The round's answer is complete. The calls that are to be answered: none when it called none, or the client's own
  /// tools besides, which have to be answered by the client: see beside(). `out` then has the end of the answer, so
  /// that the client hears of it when its next request can be made whole.
  virtual std::vector<RetrievalCall> finish_round(std::string& out) = 0;
  /// The request with the round's turn of the model and the results behind it; every other byte is as it was. Empty
  /// when that cannot be written.
  virtual std::string continue_request(std::string_view body, const std::vector<std::string>& results) const = 0;
  /// The calls that finish_round() gave, as elements of the request's format.
  virtual std::vector<std::string> call_elements() const { return {}; }
  /// After finish_round(): what the client gets of the round, in order. Of thinking what it is known by
  /// (proxy/answered_before.h), of anything else nothing. Empty for formats whose thinking is not bound.
  virtual std::vector<std::string> shown_thinking() const { return {}; }
  /// After a finish_round() that gave none: the calls that were made beside the client's own, in a turn that is whole.
  virtual std::optional<CallsBeside> beside() const { return std::nullopt; }
  /// The result of a call, as an element of the request's format.
  virtual std::string result_json(const RetrievalCall&, const std::string&) const { return {}; }
  /// What ends a stream for which no more comes: an event that says so. `error` is the provider's answer, when it is a
  /// JSON object with an error.
  virtual std::string failure_event(std::string_view error, std::string_view message) const = 0;

 protected:
  void report_usage(const base::JsonDocument& document) const {
    if (usage_reader_ != nullptr) usage_reader_->take(document);
  }
  /// Of lines that come to no event in JSON.
  void report_usage(std::string_view lines) const;

 private:
  UsageReader* usage_reader_ = nullptr;
};

/// What the mergers of whole bodies share: nothing is shown before the body is there, and no event can end it.
class WholeAnswerMerger : public AnswerMerger {
 public:
  void feed(std::string_view bytes, std::string&) final { body_ += bytes; }
  std::string failure_event(std::string_view, std::string_view) const final { return {}; }

 protected:
  std::string body_;  ///< of the round, as it has come
};

/// nullptr for formats without an implementation.
std::unique_ptr<AnswerMerger> make_answer_merger(wire::Api api, bool events);

// Of the implementations.
std::unique_ptr<AnswerMerger> make_anthropic_merger(bool events);
std::unique_ptr<AnswerMerger> make_chat_merger(bool events);
std::unique_ptr<AnswerMerger> make_responses_merger(bool events);
std::unique_ptr<AnswerMerger> make_gemini_merger(bool events);

}  // namespace headroom::proxy
