#include "config/compat_flags.h"

#include <array>

namespace headroom::config {
namespace {

constexpr auto kNone = CompatFlag::Effect::kNone;
constexpr auto kRefused = CompatFlag::Effect::kRefused;

constexpr std::string_view kOneProcess = "one process serves all connections; see --threads";
constexpr std::string_view kNoRetry = "requests are not retried; the client sees the provider's answer";
constexpr std::string_view kNoMemory = "there is no memory feature to turn off";

constexpr std::array kFlags = {
    CompatFlag{"workers", true, kNone, kOneProcess},
    CompatFlag{"limit-concurrency", true, kNone, "connections are limited by the system's file limit only"},
    CompatFlag{"max-connections", true, kNone, "connections to the provider are made as needed and kept for reuse"},
    CompatFlag{"max-keepalive", true, kNone, "connections to the provider are made as needed and kept for reuse"},
    CompatFlag{"keepalive-expiry", true, kNone, "idle connections to the provider are kept for 45 seconds"},
    CompatFlag{"http2", false, kNone, "HTTP/1.1 is used on both sides"},
    CompatFlag{"no-http2", false, kNone, "HTTP/1.1 is used on both sides"},
    CompatFlag{"mode", true, kNone, "there is one mode: what was sent once is sent again byte for byte"},
    CompatFlag{"target-ratio", true, kNone, "compression adapts to the content; see --target-tokens"},
    CompatFlag{"no-cache", false, kNone, "answers are not kept unless --response-cache says so"},
    CompatFlag{"no-rate-limit", false, kNone, "there is no rate limit unless --rpm or --tpm sets one"},
    CompatFlag{"code-aware", false, kNone, "content types are told apart always"},
    CompatFlag{"no-code-aware", false, kNone, "content types are told apart always"},
    CompatFlag{"disable-kompress-fallback", false, kNone, "Kompress ranks sentences of prose and nothing else"},
    CompatFlag{"no-read-lifecycle", false, kNone, "earlier reads are never rewritten"},
    CompatFlag{"no-memory-tools", false, kNone, kNoMemory},
    CompatFlag{"no-memory-context", false, kNone, kNoMemory},
    CompatFlag{"no-learn", false, kNone, "no instructions are mined from traffic; see --no-ccr-learning"},
    CompatFlag{"retry-max-attempts", true, kNone, kNoRetry},
    CompatFlag{"retry-base-delay-ms", true, kNone, kNoRetry},
    CompatFlag{"retry-max-delay-ms", true, kNone, kNoRetry},
    CompatFlag{"no-telemetry", false, kNone, "nothing is sent unless --otlp-endpoint names a collector"},
    CompatFlag{"no-subscription-tracking", false, kNone, "subscriptions are not tracked"},
    CompatFlag{"subscription-poll-interval", true, kNone, "subscriptions are not tracked"},
    CompatFlag{"log-file", true, kNone, "log lines go to standard error"},
    CompatFlag{"telemetry", false, kRefused, "figures go to a collector of your own only; see --otlp-endpoint"},
    CompatFlag{"backend", true, kRefused, "providers are reached by --anthropic-api-url and --openai-api-url",
               "anthropic"},
    CompatFlag{"ccr-inline-resolve", false, kRefused, "markers in answers are left as they are"},
    CompatFlag{"intercept-tool-results", false, kRefused, "tool results are read in requests only"},
    CompatFlag{"code-graph", false, kRefused, "there is no code graph"},
    CompatFlag{"memory", false, kRefused, "there is no memory feature"},
    CompatFlag{"learn", false, kRefused, "no instructions are mined from traffic"},
    CompatFlag{"log-messages", false, kRefused, "message contents are never logged"},
};

constexpr std::array kVariables = {
    RefusedVariable{"HEADROOM_CORS_ORIGINS", "pages of other origins may not use the proxy"},
};

}  // namespace

std::span<const CompatFlag> compat_flags() {
  return kFlags;
}

std::span<const RefusedVariable> refused_variables() {
  return kVariables;
}

}  // namespace headroom::config
