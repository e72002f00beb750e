#include <string>

#include "proxy/owner.h"
#include "proxy/session_impl.h"

// What listeners are told of a request on its way to the provider and back.

namespace headroom::proxy {

void Session::emit(context::Stage stage, const Exchange& exchange, std::int64_t total_us) const {
  context::EventSink* const sink = shared_.services.pipeline.options().events;
  if (sink == nullptr) return;
  const std::string session = session_of(exchange.head.fields);
  context::Event event;
  event.stage = stage;
  event.time_ms = shared_.services.clock.now_ms();
  event.request = exchange.number;
  const bool some_file = exchange.route->batch == Batch::kFile && !exchange.row;
  const bool model_call = exchange.in_socket || exchange.route->action == Action::kCompressRelay;
  if (model_call && !some_file) event.api = wire::api_name(exchange.route->api);
  event.session = session;
  event.address = exchange.pool->url().authority;
  event.bytes = exchange.request_bytes;
  if (exchange.row) {
    event.model = exchange.row->model;
    event.tokens_before = static_cast<std::size_t>(exchange.row->tokens_before);
    event.tokens_after = static_cast<std::size_t>(exchange.row->tokens_after);
  }
  if (stage == context::Stage::kResponseReceived) {
    event.bytes = exchange.response_bytes;
    event.status = exchange.status;
    event.reason = exchange.note;
    event.ttfb_us = exchange.ttfb_us;
    event.total_us = total_us;
    if (exchange.row) {
      event.billed_input = exchange.row->billed_input;
      event.billed_cached = exchange.row->billed_cached;
      event.billed_output = exchange.row->billed_output;
    }
  }
  sink->on_event(event);
}

void Session::number(Exchange& exchange) const {
  context::EventSink* const sink = shared_.services.pipeline.options().events;
  if (sink != nullptr) exchange.number = sink->next_request();
}

// A request that is sent again over a new connection is told once.
void Session::note_sent(Exchange& exchange) const {
  if (exchange.sent) return;
  exchange.sent = true;
  exchange.request_bytes += sender_.streamed;
  if (exchange.told != nullptr) exchange.told->sent_ns = since_start(exchange);
  emit(context::Stage::kPostSend, exchange);
}

}  // namespace headroom::proxy
