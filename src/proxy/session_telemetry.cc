#include <cstdlib>
#include <string>
#include <utility>

#include "proxy/session_impl.h"

// What an OpenTelemetry collector is told of a request to a model. No path, header or body gets there.

namespace headroom::proxy {
namespace {

std::string_view provider_name(Provider provider) {
  switch (provider) {
    case Provider::kAnthropic:
      return "anthropic";
    case Provider::kOpenAi:
    case Provider::kChatGpt:
      return "openai";
    case Provider::kGemini:
      return "gcp.gemini";
    case Provider::kCloudCode:
      return "gcp.gen_ai";
    case Provider::kVertex:
      return "gcp.vertex_ai";
    case Provider::kBedrock:
      return "aws.bedrock";
  }
  return {};
}

std::string_view operation_name(const Route& route) {
  if (route.batch != Batch::kNone) return "batch";
  if (route.counts) return "count_tokens";
  return route.api == wire::Api::kGeminiGenerate ? "generate_content" : "chat";
}

}  // namespace

void Session::begin_telemetry(Exchange& exchange) const {
  const bool model_call = exchange.in_socket || exchange.route->action == Action::kCompressRelay;
  if (shared_.services.telemetry == nullptr || !model_call) return;
  exchange.told = std::make_unique<telemetry::ModelCall>();
  telemetry::ModelCall& call = *exchange.told;
  call.operation = operation_name(*exchange.route);
  call.provider = provider_name(exchange.provider);
  call.server = exchange.pool->url().host;
  call.port = std::atoi(exchange.pool->url().port.c_str());
  call.traceparent = exchange.head.fields.get("traceparent");
  call.tracestate = exchange.head.fields.get("tracestate");
  call.start_ns = shared_.services.clock.now_ms() * 1'000'000 - since_start(exchange);
}

void Session::begin_retrieval(Exchange& exchange, bool further_request) const {
  if (exchange.told == nullptr) return;
  telemetry::ModelCall::Retrieval& retrieval = exchange.told->retrievals.emplace_back();
  retrieval.begin_ns = since_start(exchange);
  retrieval.further_request = further_request;
}

void Session::end_retrieval(Exchange& exchange, bool failed) const {
  if (exchange.told == nullptr) return;
  exchange.told->retrievals.back().end_ns = since_start(exchange);
  exchange.told->retrievals.back().failed = failed;
}

void Session::end_telemetry(Exchange& exchange, std::int64_t total_us) const {
  if (exchange.told == nullptr) return;
  if (exchange.route->batch == Batch::kFile && !exchange.row) return;  // some other file
  telemetry::ModelCall& call = *exchange.told;
  call.total_ns = total_us * 1000;
  call.first_byte_ns = exchange.ttfb_us < 0 ? -1 : exchange.ttfb_us * 1000;
  call.status = exchange.status;
  if (exchange.cut_short) call.broken = client_gone_ ? "client_gone" : "incomplete_answer";
  call.model = model_in_path(exchange.head.path);
  if (exchange.row) {
    const store::LedgerRow& row = *exchange.row;
    if (!row.model.empty()) call.model = row.model;
    call.stream = row.stream;
    if (!exchange.route->counts) {  // nothing is saved where nothing is read
      call.tokens_before = row.tokens_before;
      call.tokens_after = row.tokens_after;
    }
    call.estimated = row.estimate;
    call.strategies = row.transforms;
    call.billed_input = row.billed_input;
    call.billed_cached = row.billed_cached;
    call.billed_output = row.billed_output;
    call.billed_written = exchange.billed_written;
  }
  shared_.services.telemetry->record(std::move(call));
}

}  // namespace headroom::proxy
