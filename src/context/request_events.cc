#include "context/request_events.h"

#include "detect/content_type.h"

namespace headroom::context {

RequestEvents::RequestEvents(const PipelineOptions& options, const base::Clock& clock, std::string_view api,
                             const RequestOptions& request)
    : sink_(options.events),
      clock_(clock),
      api_(api),
      session_(request.session),
      number_(sink_ == nullptr || request.number > 0 ? request.number : sink_->next_request()) {}

Event RequestEvents::event(Stage stage, const Outcome& out) const {
  Event event;
  event.stage = stage;
  event.time_ms = clock_.now_ms();
  event.request = number_;
  event.api = api_;
  event.model = out.model;
  event.session = session_;
  event.tokens_before = out.tokens_before;
  event.tokens_after = out.tokens_after;
  return event;
}

void RequestEvents::received(const Outcome& out, std::size_t bytes, std::size_t blocks) const {
  if (sink_ == nullptr) return;
  Event it = event(Stage::kInputReceived, out);
  it.bytes = bytes;
  it.blocks = blocks;
  it.reason = out.skip_reason;
  sink_->on_event(it);
}

void RequestEvents::cached(const Outcome& out, std::size_t results, std::size_t replayed) const {
  if (sink_ == nullptr) return;
  Event it = event(Stage::kInputCached, out);
  it.results = results;
  it.replayed = replayed;
  sink_->on_event(it);
}

void RequestEvents::routed(const Outcome& out, const Decision& made, std::size_t block, std::string_view tool) const {
  if (sink_ == nullptr) return;
  const BlockReport& report = made.report;
  Event it = event(Stage::kInputRouted, out);
  it.tokens_before = report.tokens_before;
  it.tokens_after = report.tokens_after;
  it.block = block;
  it.tool = tool;
  it.type = detect::content_type_name(report.detection.type);
  it.strategy = report.strategy;
  it.reason = report.reason;
  it.changed = made.replaced;
  it.ids = report.ids;
  sink_->on_event(it);
}

void RequestEvents::compressed(const Outcome& out) const {
  if (sink_ == nullptr) return;
  Event it = event(Stage::kInputCompressed, out);
  it.reason = out.skip_reason;
  it.changed = out.changed;
  it.failed = out.failed;
  it.strategies = out.transforms;
  it.ids = out.ids;
  sink_->on_event(it);
}

void RequestEvents::remembered(const Outcome& out, bool revision) const {
  if (sink_ == nullptr) return;
  Event it = event(Stage::kInputRemembered, out);
  it.ids = out.ids;
  it.revision = revision;
  sink_->on_event(it);
}

}  // namespace headroom::context
