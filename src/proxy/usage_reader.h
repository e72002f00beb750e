#pragma once

#include <cstdint>
#include <string_view>

#include "base/json_document.h"
#include "wire/conversation.h"

namespace headroom::proxy {

/// Tokens that the provider says it billed; -1: it did not say.
struct Usage {
  std::int64_t input = -1;    ///< all input tokens, cached ones included
  std::int64_t cached = -1;   ///< of these, read from the provider's cache
  std::int64_t written = -1;  ///< of these, written to it
  std::int64_t output = -1;
};

/// Reads the usage of an answer in a format, out of its JSON or that of its events.
class UsageReader {
 public:
  /// Of any model of Bedrock, in the last event.
  static constexpr std::string_view kMetrics = "amazon-bedrock-invocationMetrics";

  explicit UsageReader(wire::Api api) : api_(api) {}

  void take(const base::JsonDocument& document);
  void take_json(std::string_view json);
  /// Of an event stream, without its end.
  void take_line(std::string_view line);

  const Usage& usage() const { return usage_; }
  void forget() { usage_ = {}; }

 private:
  wire::Api api_;
  Usage usage_;
};

}  // namespace headroom::proxy
