#include "telemetry/model_call.h"

#include <algorithm>

#include "telemetry/names.h"

namespace headroom::telemetry {
namespace {

SpanId new_id(const RandomBytes& random) {
  SpanId id{};
  random(id);
  if (id == SpanId{}) id.back() = 1;  // all zero is none
  return id;
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    parts.emplace_back(list.substr(0, comma));
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return parts;
}

class Builder {
 public:
  Builder(const ModelCall& call, const TraceContext& context, const RandomBytes& random)
      : call_(call), context_(context), random_(random) {}

  Span root() {
    Span span = begin(Span::Kind::kClient, 0, call_.total_ns);
    span.id = root_ = new_id(random_);
    span.parent = context_.parent;
    span.remote_parent = context_.has_parent();
    span.name = call_.operation;
    if (!call_.model.empty()) span.name += " " + call_.model;
    describe(span);
    mark(span, event_name::kSent, call_.sent_ns);
    mark(span, event_name::kFirstByte, call_.first_byte_ns);
    return span;
  }
  Span compression() {
    Span span = child(span_name::kCompress, call_.compress_begin_ns, call_.compress_end_ns);
    number(span, attribute::kTokensBefore, call_.tokens_before);
    number(span, attribute::kTokensAfter, call_.tokens_after);
    if (call_.estimated) span.attributes.push_back({attribute::kTokensEstimated, true});
    if (!call_.strategies.empty()) span.attributes.push_back({attribute::kStrategies, split(call_.strategies)});
    return span;
  }
  Span retrieval(const ModelCall::Retrieval& retrieval) {
    Span span = child(span_name::kRetrieve, retrieval.begin_ns, retrieval.end_ns);
    number(span, attribute::kRetrievalCalls, retrieval.calls);
    number(span, attribute::kRetrievalHits, retrieval.hits);
    number(span, attribute::kRetrievalTokens, retrieval.tokens);
    span.error = retrieval.failed;
    return span;
  }

 private:
  Span begin(Span::Kind kind, std::int64_t begin_ns, std::int64_t end_ns) const {
    Span span;
    span.trace = context_.trace;
    span.trace_state = context_.trace_state;
    span.flags = static_cast<std::uint8_t>(context_.flags | 1U);  // it is told, so it was sampled
    span.kind = kind;
    span.start_ns = call_.start_ns + begin_ns;
    span.end_ns = call_.start_ns + std::max(begin_ns, end_ns);
    return span;
  }
  Span child(std::string_view name, std::int64_t begin_ns, std::int64_t end_ns) {
    Span span = begin(Span::Kind::kInternal, begin_ns, end_ns);
    span.id = new_id(random_);
    span.parent = root_;
    span.name = name;
    return span;
  }
  static void number(Span& span, std::string_view key, std::int64_t value) {
    if (value >= 0) span.attributes.push_back({key, value});
  }
  static void text(Span& span, std::string_view key, std::string_view value) {
    if (!value.empty()) span.attributes.push_back({key, std::string(value)});
  }
  void mark(Span& span, std::string_view name, std::int64_t at_ns) const {
    if (at_ns >= 0) span.events.push_back({call_.start_ns + at_ns, name});
  }
  void describe(Span& span) const {
    text(span, attribute::kOperation, call_.operation);
    text(span, attribute::kProvider, call_.provider);
    text(span, attribute::kRequestModel, call_.model);
    text(span, attribute::kServerAddress, call_.server);
    if (call_.port > 0) number(span, attribute::kServerPort, call_.port);
    if (call_.stream) span.attributes.push_back({attribute::kRequestStream, true});
    if (call_.status > 0) number(span, attribute::kStatus, call_.status);
    const std::string error = call_.error_type();
    text(span, attribute::kErrorType, error);
    span.error = !error.empty();
    number(span, attribute::kInputTokens, call_.billed_input);
    number(span, attribute::kOutputTokens, call_.billed_output);
    number(span, attribute::kCacheReadTokens, call_.billed_cached);
    number(span, attribute::kCacheWriteTokens, call_.billed_written);
    number(span, attribute::kTokensBefore, call_.tokens_before);
    number(span, attribute::kTokensAfter, call_.tokens_after);
    if (call_.stream && call_.first_byte_ns >= 0) {
      span.attributes.push_back({attribute::kTimeToFirstChunk, static_cast<double>(call_.first_byte_ns) / 1e9});
    }
  }

  const ModelCall& call_;
  const TraceContext& context_;
  const RandomBytes& random_;
  SpanId root_{};
};

}  // namespace

std::string ModelCall::error_type() const {
  if (status >= 400) return std::to_string(status);
  return std::string(broken);
}

std::size_t ModelCall::span_count() const {
  return 1 + (compress_begin_ns >= 0 ? 1 : 0) + retrievals.size();
}

std::vector<Span> make_spans(const ModelCall& call, const TraceContext& context, const RandomBytes& random) {
  Builder builder(call, context, random);
  std::vector<Span> spans;
  spans.reserve(call.span_count());
  spans.push_back(builder.root());
  if (call.compress_begin_ns >= 0) spans.push_back(builder.compression());
  for (const ModelCall::Retrieval& retrieval : call.retrievals) spans.push_back(builder.retrieval(retrieval));
  return spans;
}

}  // namespace headroom::telemetry
