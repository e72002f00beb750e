#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace headroom::telemetry {

using TraceId = std::array<unsigned char, 16>;
using SpanId = std::array<unsigned char, 8>;

/// Fills the bytes with random ones. Thread-safe.
using RandomBytes = std::function<void(std::span<unsigned char>)>;

struct Attribute {
  std::string_view key;  ///< one of names.h
  std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>> value;
};
using Attributes = std::vector<Attribute>;

struct SpanEvent {
  std::int64_t time_ns = 0;  ///< since the Unix epoch, as all times of spans
  std::string_view name;
};

/// A part of a trace, as OTLP knows it.
struct Span {
  enum class Kind : std::uint8_t { kInternal = 1, kClient = 3 };

  TraceId trace{};
  SpanId id{};
  SpanId parent{};  ///< all zero: it has none
  bool remote_parent = false;
  std::uint8_t flags = 0;   ///< of the trace context; bit 0: sampled
  std::string trace_state;  ///< as the client sent it
  std::string name;
  Kind kind = Kind::kInternal;
  std::int64_t start_ns = 0, end_ns = 0;
  Attributes attributes;
  std::vector<SpanEvent> events;
  bool error = false;
};

}  // namespace headroom::telemetry
