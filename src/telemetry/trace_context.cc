#include "telemetry/trace_context.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace headroom::telemetry {
namespace {

constexpr std::size_t kMaxState = 512;

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// Lower-case digits only, as the format wants them.
bool read_hex(std::string_view text, std::span<unsigned char> bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<unsigned char>(high << 4 | low);
  }
  return true;
}

bool is_state(std::string_view text) {
  return text.size() <= kMaxState && std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

std::optional<TraceContext> read_trace_context(std::string_view traceparent, std::string_view tracestate) {
  // version-trace-parent-flags: 2, 32, 16 and 2 digits.
  constexpr std::size_t kSize = 55, kTraceAt = 3, kParentAt = 36, kFlagsAt = 53;
  if (traceparent.size() < kSize || traceparent[2] != '-' || traceparent[kParentAt - 1] != '-' ||
      traceparent[kFlagsAt - 1] != '-') {
    return std::nullopt;
  }
  TraceContext context;
  unsigned char version = 0;
  if (!read_hex(traceparent, {&version, 1}) || version == 0xff) return std::nullopt;
  if (traceparent.size() > kSize && (version == 0 || traceparent[kSize] != '-')) return std::nullopt;
  if (!read_hex(traceparent.substr(kTraceAt), context.trace) ||
      !read_hex(traceparent.substr(kParentAt), context.parent) ||
      !read_hex(traceparent.substr(kFlagsAt), {&context.flags, 1})) {
    return std::nullopt;
  }
  if (context.trace == TraceId{} || context.parent == SpanId{}) return std::nullopt;
  if (is_state(tracestate)) context.trace_state = tracestate;
  return context;
}

bool Sampler::takes(const TraceContext& context) const {
  if (asks_parent && context.has_parent()) return context.sampled();
  if (ratio >= 1) return true;
  std::uint64_t low = 0;
  for (std::size_t i = sizeof(SpanId); i < sizeof(TraceId); ++i) low = low << 8U | context.trace[i];
  // The same trace is taken by every process that looks at it with the same ratio, or a larger one.
  return static_cast<double>(low >> 1U) < ratio * std::ldexp(1.0, 63);
}

std::optional<Sampler> make_sampler(std::string_view name, std::string_view argument) {
  static constexpr std::string_view kParent = "parentbased_";
  Sampler sampler;
  sampler.asks_parent = name.starts_with(kParent);
  if (sampler.asks_parent) name.remove_prefix(kParent.size());
  if (name == "always_on") return sampler;
  if (name == "always_off") {
    sampler.ratio = 0;
    return sampler;
  }
  if (name != "traceidratio") return std::nullopt;
  if (argument.empty()) return sampler;
  const auto [end, error] = std::from_chars(argument.data(), argument.data() + argument.size(), sampler.ratio);
  const bool whole = error == std::errc() && end == argument.data() + argument.size();
  if (!whole || !(sampler.ratio >= 0 && sampler.ratio <= 1)) return std::nullopt;
  return sampler;
}

}  // namespace headroom::telemetry
