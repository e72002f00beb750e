#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

// Every name that leaves over OTLP: those of OpenTelemetry's conventions for generative AI, which are still under
// development and may change, of its general ones, and our own ("headroom.*"). docs/OPERATION.md lists the same.

namespace headroom::telemetry {

namespace attribute {
inline constexpr std::string_view kOperation = "gen_ai.operation.name";
inline constexpr std::string_view kProvider = "gen_ai.provider.name";
inline constexpr std::string_view kRequestModel = "gen_ai.request.model";
inline constexpr std::string_view kRequestStream = "gen_ai.request.stream";
inline constexpr std::string_view kInputTokens = "gen_ai.usage.input_tokens";
inline constexpr std::string_view kOutputTokens = "gen_ai.usage.output_tokens";
inline constexpr std::string_view kCacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
inline constexpr std::string_view kCacheWriteTokens = "gen_ai.usage.cache_write.input_tokens";
inline constexpr std::string_view kTimeToFirstChunk = "gen_ai.response.time_to_first_chunk";
inline constexpr std::string_view kTokenModality = "gen_ai.token.modality";
inline constexpr std::string_view kServerAddress = "server.address";
inline constexpr std::string_view kServerPort = "server.port";
inline constexpr std::string_view kStatus = "http.response.status_code";
inline constexpr std::string_view kErrorType = "error.type";
inline constexpr std::string_view kOverflow = "otel.metric.overflow";
inline constexpr std::string_view kTokensBefore = "headroom.tokens.before";
inline constexpr std::string_view kTokensAfter = "headroom.tokens.after";
inline constexpr std::string_view kTokensEstimated = "headroom.tokens.estimated";
inline constexpr std::string_view kStrategies = "headroom.strategies";
inline constexpr std::string_view kRetrievalCalls = "headroom.retrieval.calls";
inline constexpr std::string_view kRetrievalHits = "headroom.retrieval.hits";
inline constexpr std::string_view kRetrievalTokens = "headroom.retrieval.tokens";
}  // namespace attribute

namespace span_name {
inline constexpr std::string_view kCompress = "headroom.compress";
inline constexpr std::string_view kRetrieve = "headroom.retrieve";
}  // namespace span_name

namespace event_name {
inline constexpr std::string_view kSent = "headroom.request_sent";
inline constexpr std::string_view kFirstByte = "headroom.first_byte";
}  // namespace event_name

/// What is counted. The numbers are places in kMetricTable.
enum class Metric : std::uint8_t {
  kDuration,
  kTimeToFirstChunk,
  kOperationInput,
  kOperationOutput,
  kInput,
  kOutput,
  kCacheRead,
  kCacheWrite,
  kRequests,
  kTokensBefore,
  kTokensAfter,
  kTokensSaved,
  kCompressDuration,
  kRetrievalRounds,
  kRetrievalCalls,
  kRetrievalHits,
  kRetrievalTokens,
};

struct MetricSpec {
  std::string_view name, unit, description;
  std::span<const double> bounds;  ///< of a histogram's buckets; empty: a counter of whole numbers
  bool has_modality = false;       ///< the conventions ask for gen_ai.token.modality
};

inline constexpr std::array<double, 14> kSecondBounds{0.01, 0.02, 0.04, 0.08,  0.16,  0.32,  0.64,
                                                      1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92};
inline constexpr std::array<double, 16> kChunkBounds{0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1,
                                                     0.25,  0.5,   0.75, 1.0,  2.5,  5.0,  7.5,  10.0};
inline constexpr std::array<double, 14> kTokenBounds{1,     4,     16,     64,      256,     1024,     4096,
                                                     16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864};
inline constexpr std::array<double, 12> kCompressBounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                                        0.01,   0.025,   0.05,   0.1,   0.25,   1.0};

inline constexpr std::size_t kMetricCount = 17;
inline constexpr std::array<MetricSpec, kMetricCount> kMetricTable{{
    {"gen_ai.client.inference.duration", "s", "From the request's head to the end of its answer.", kSecondBounds},
    {"gen_ai.client.inference.time_to_first_chunk", "s", "To the first byte of a streamed answer.", kChunkBounds},
    {"gen_ai.client.inference.operation.input_tokens", "{token}", "Input tokens billed for a request.", kTokenBounds},
    {"gen_ai.client.inference.operation.output_tokens", "{token}", "Output tokens billed for a request.", kTokenBounds},
    {"gen_ai.client.inference.usage.input_tokens", "{token}", "Input tokens billed, cached ones included.", {}, true},
    {"gen_ai.client.inference.usage.output_tokens", "{token}", "Output tokens billed.", {}, true},
    {"gen_ai.client.inference.usage.cache_read.input_tokens", "{token}", "Read from the provider's cache.", {}, true},
    {"gen_ai.client.inference.usage.cache_write.input_tokens", "{token}", "Written to the provider's cache.", {}, true},
    {"headroom.requests", "{request}", "Requests to a model that went through.", {}},
    {"headroom.tokens.before", "{token}", "Input tokens as the clients sent them.", {}},
    {"headroom.tokens.after", "{token}", "Input tokens as they went to the provider.", {}},
    {"headroom.tokens.saved", "{token}", "The difference.", {}},
    {"headroom.compress.duration", "s", "Time spent compressing a request.", kCompressBounds},
    {"headroom.retrieval.rounds", "{request}", "Further requests that retrievals took.", {}},
    {"headroom.retrieval.calls", "{call}", "Calls of the retrieve tool by models.", {}},
    {"headroom.retrieval.hits", "{call}", "Of these, given the original or a part.", {}},
    {"headroom.retrieval.tokens", "{token}", "Tokens that these gave.", {}},
}};

constexpr const MetricSpec& spec_of(Metric metric) {
  return kMetricTable[static_cast<std::size_t>(metric)];
}

}  // namespace headroom::telemetry
