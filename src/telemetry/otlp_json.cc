#include "telemetry/otlp_json.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/json_document.h"
#include "base/json_writer.h"

namespace headroom::telemetry {
namespace {

using base::JsonWriter;

// Enumerations of OTLP.
constexpr int kDelta = 1, kCumulative = 2;
constexpr int kStatusError = 2;
constexpr unsigned kHasIsRemote = 0x100, kIsRemote = 0x200;

template <std::size_t Size>
std::string hex(const std::array<unsigned char, Size>& bytes) {
  std::string out;
  for (const unsigned char byte : bytes) fmt::format_to(std::back_inserter(out), "{:02x}", byte);
  return out;
}

/// 64-bit numbers are text in the JSON form of protocol buffers.
template <std::integral T>
std::string whole(T number) {
  return std::to_string(number);
}

/// In full: the writer's own rounds.
void real(JsonWriter& json, double number) {
  json.raw(fmt::format("{}", number));
}

void write_value(JsonWriter& json, const decltype(Attribute::value)& value) {
  json.begin_object();
  if (const auto* flag = std::get_if<bool>(&value)) json.member("boolValue", *flag);
  if (const auto* number = std::get_if<std::int64_t>(&value)) json.member("intValue", whole(*number));
  if (const auto* number = std::get_if<double>(&value)) real(json.key("doubleValue"), *number);
  if (const auto* text = std::get_if<std::string>(&value)) json.member("stringValue", *text);
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    json.key("arrayValue").begin_object().key("values").begin_array();
    for (const std::string& text : *list) json.begin_object().member("stringValue", text).end_object();
    json.end_array().end_object();
  }
  json.end_object();
}

void write_attribute(JsonWriter& json, std::string_view key, const decltype(Attribute::value)& value) {
  json.begin_object().member("key", key).key("value");
  write_value(json, value);
  json.end_object();
}

void write_attributes(JsonWriter& json, const Attributes& attributes, bool modality = false) {
  json.key("attributes").begin_array();
  for (const Attribute& attribute : attributes) write_attribute(json, attribute.key, attribute.value);
  if (modality) write_attribute(json, attribute::kTokenModality, std::string("unknown"));
  json.end_array();
}

/// Up to the list of items, and what closes it.
class Envelope {
 public:
  Envelope(JsonWriter& json, const Teller& teller, std::string_view resources, std::string_view scopes,
           std::string_view items)
      : json_(json) {
    json.begin_object().key(resources).begin_array().begin_object();
    json.key("resource").begin_object().key("attributes").begin_array();
    for (const auto& [key, value] : teller.resource) write_attribute(json, key, value);
    json.end_array().end_object();
    json.key(scopes).begin_array().begin_object();
    json.key("scope").begin_object().member("name", "headroom").member("version", teller.version).end_object();
    json.key(items).begin_array();
  }
  void end() { json_.end_array().end_object().end_array().end_object().end_array().end_object(); }

 private:
  JsonWriter& json_;
};

void write_span(JsonWriter& json, const Span& span) {
  json.begin_object();
  json.member("traceId", hex(span.trace)).member("spanId", hex(span.id));
  if (span.parent != SpanId{}) json.member("parentSpanId", hex(span.parent));
  if (!span.trace_state.empty()) json.member("traceState", span.trace_state);
  json.member("flags", span.flags | kHasIsRemote | (span.remote_parent ? kIsRemote : 0U));
  json.member("name", span.name).member("kind", static_cast<int>(span.kind));
  json.member("startTimeUnixNano", whole(span.start_ns)).member("endTimeUnixNano", whole(span.end_ns));
  write_attributes(json, span.attributes);
  if (!span.events.empty()) {
    json.key("events").begin_array();
    for (const SpanEvent& event : span.events) {
      json.begin_object().member("timeUnixNano", whole(event.time_ns)).member("name", event.name).end_object();
    }
    json.end_array();
  }
  if (span.error) json.key("status").begin_object().member("code", kStatusError).end_object();
  json.end_object();
}

void write_histogram(JsonWriter& json, const Point& point, std::span<const double> bounds) {
  json.member("count", whole(point.count));
  real(json.key("sum"), point.sum);
  real(json.key("min"), point.min);
  real(json.key("max"), point.max);
  json.key("bucketCounts").begin_array();
  for (const std::uint64_t count : point.buckets) json.value(whole(count));
  json.end_array().key("explicitBounds").begin_array();
  for (const double bound : bounds) real(json, bound);
  json.end_array();
}

}  // namespace

std::string spans_json(const Teller& teller, std::span<const Span> spans) {
  JsonWriter json;
  Envelope envelope(json, teller, "resourceSpans", "scopeSpans", "spans");
  for (const Span& span : spans) write_span(json, span);
  envelope.end();
  return std::move(json).take();
}

std::string metrics_json(const Teller& teller, const MetricSums& sums, bool delta, std::int64_t start_ns,
                         std::int64_t now_ns) {
  JsonWriter json;
  Envelope envelope(json, teller, "resourceMetrics", "scopeMetrics", "metrics");
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    const auto told = [i](const auto& entry) { return entry.second.points[i].count > 0; };
    if (std::ranges::none_of(sums.series(), told)) continue;
    const MetricSpec& spec = kMetricTable[i];
    const bool counter = spec.bounds.empty();
    json.begin_object().member("name", spec.name).member("unit", spec.unit).member("description", spec.description);
    json.key(counter ? "sum" : "histogram").begin_object();
    json.member("aggregationTemporality", delta ? kDelta : kCumulative);
    if (counter) json.member("isMonotonic", true);
    json.key("dataPoints").begin_array();
    for (const auto& [key, series] : sums.series()) {
      const Point& point = series.points[i];
      if (point.count == 0) continue;
      json.begin_object();
      write_attributes(json, series.attributes, spec.has_modality);
      json.member("startTimeUnixNano", whole(start_ns)).member("timeUnixNano", whole(now_ns));
      if (counter) {
        json.member("asInt", whole(static_cast<std::int64_t>(point.sum)));
      } else {
        write_histogram(json, point, spec.bounds);
      }
      json.end_object();
    }
    json.end_array().end_object().end_object();
  }
  envelope.end();
  return std::move(json).take();
}

Rejected read_answer(std::string_view body) {
  Rejected rejected;
  const auto document = base::JsonDocument::parse(body);
  if (!document || document->root().kind != base::JsonKind::kObject) return rejected;
  const base::JsonNode* partial = document->find_last(document->root(), "partialSuccess");
  if (partial == nullptr || partial->kind != base::JsonKind::kObject) return rejected;
  for (const char* name : {"rejectedSpans", "rejectedDataPoints"}) {
    const base::JsonNode* count = document->find_last(*partial, name);
    if (count == nullptr) continue;
    const std::string_view text = count->kind == base::JsonKind::kString ? count->text : count->raw;
    std::from_chars(text.data(), text.data() + text.size(), rejected.items);
  }
  rejected.why = document->string_member(*partial, "errorMessage");
  return rejected;
}

}  // namespace headroom::telemetry
