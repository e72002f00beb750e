#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/json_document.h"
#include "context/sums.h"
#include "proxy/audit_sink.h"
#include "proxy/batch.h"
#include "proxy/counted_body.h"
#include "proxy/owner.h"
#include "proxy/session_impl.h"

// Requests for a provider: what is made of them before they go upstream, and what is made of a failure.

namespace headroom::proxy {
namespace {

/// A batch has time for so many requests that need all of theirs.
constexpr int kBatchBudgets = 10;

}  // namespace

bool Session::may_be_batch(const Exchange& exchange) const {
  const Batch batch = exchange.route->batch;
  if (batch == Batch::kNone) return true;
  if (exchange.framing.length > body_limit()) return false;
  if (batch != Batch::kFile) return true;
  // Files may be anything, and as large as the provider takes them: what is not known to be a small form goes through.
  static constexpr std::string_view kForm = "multipart/form-data";
  const std::string_view type = exchange.head.fields.get("content-type");
  return exchange.provider == Provider::kOpenAi && exchange.framing.kind == BodyFraming::Kind::kLength &&
         type.size() > kForm.size() && equals_ci(type.substr(0, kForm.size()), kForm);
}

Task<void> Session::serve_whole(Exchange& exchange, bool compress) {
  std::string body;
  const bool had_body = !exchange.body_read;
  const bool complete = co_await read_body(exchange, body_limit(), body);
  if (!complete) co_return;
  phase_ = Phase::kWorking;
  watch_client();
  if (exchange.signing == Signing::kAnew && !exchange.is_owner &&
      !is_signed_with(exchange.head, body, *exchange.credentials, shared_.services.clock.now_ms())) {
    keep_signed(exchange, "its signature does not fit");
  }
  if (exchange.settings->options.response_cache > 0) {
    const bool cached = co_await reply_from_cache(exchange, body);
    if (cached) co_return;
  }
  Outgoing outgoing;
  outgoing.body = std::move(body);
  if (compress && exchange.signing != Signing::kKept) co_await compress_whole(exchange, outgoing);
  exchange.place.give_back();
  if (exchange.signing == Signing::kAnew) sign(exchange, outgoing.body);
  audit_sent(exchange, outgoing);
  if (!exchange.offers_retrieval) outgoing.text = {};  // nothing is built on it
  if (exchange.offers_retrieval) ask_for_plain_answer(exchange);
  outgoing.head = upstream_request_head(exchange.head, exchange.pool->url(),
                                        had_body ? std::optional<std::size_t>(outgoing.body.size()) : std::nullopt);
  if (client_gone_) {
    exchange.status = 499;
    exchange.keep = false;
    exchange.note = "the client left";
    co_return;
  }
  co_await forward(exchange, std::move(outgoing));
}

// What cannot be read goes on as it came; so does what is not changed.
Task<void> Session::compress_whole(Exchange& exchange, Outgoing& outgoing) {
  auto codings = codings_of(exchange.head.fields);
  if (codings && codings->empty()) {
    const bool changed = co_await compress_text(exchange, outgoing.body);
    if (changed) drop_digests(exchange.head.fields);
    co_return;
  }
  if (!codings) {
    exchange.note = "relayed as it is: its content coding is not known here";
    co_return;
  }
  auto text = co_await decode(exchange, outgoing.body, *codings);
  if (!text) {
    exchange.note = "relayed as it is: " + text.error().message;
    co_return;
  }
  audit_text(exchange, *text);
  exchange.codings = *std::move(codings);
  const bool changed = co_await compress_text(exchange, *text);
  if (!changed) co_return;
  drop_digests(exchange.head.fields);
  outgoing.body = *std::move(text);
  co_await encode(exchange, outgoing);
}

Task<bool> Session::compress_text(Exchange& exchange, std::string& body) {
  if (is_bedrock_invoke(exchange.head.path)) exchange.api = wire::bedrock_invoke_api(body);
  Compression compression;
  context::RequestOptions options;
  options.owner = owners_.of(exchange.head.fields);
  options.project = exchange.project;
  options.session = session_of(exchange.head.fields);
  options.number = exchange.number;
  options.details = exchange.audited != nullptr;
  body.reserve(body.size() + base::kJsonPadding);  // there already, but for what was sent in chunks
  options.padded = true;
  options.arrived_ns = exchange.arrived_ns;
  options.model = model_in_path(exchange.head.path);
  options.offer = retrieval_offer(exchange);
  options.counts_only = exchange.route->counts;
  options.only_new_goes = exchange.only_new_goes;
  const Batch batch = exchange.route->batch;
  const std::string_view type = exchange.head.fields.get("content-type");
  const auto work = [&] {
    if (exchange.route->path == kBedrockCount) {
      compression = compress_counted(*exchange.settings->pipeline, body, shared_.services.clock, options);
      return;
    }
    if (batch != Batch::kNone) {
      options.padded = false;
      options.arrived_ns = 0;      // each has all of its own time, within that of the batch
      options.counts_only = true;  // its requests are no turns of a conversation
      options.number = 0;          // and each is a request of its own to who listens
      options.offer = context::ToolOffer::kNever;
      const auto budget = std::int64_t{kBatchBudgets} * exchange.settings->options.time_budget_ms * 1'000'000;
      const std::int64_t waited = shared_.services.clock.monotonic_ns() - exchange.arrived_ns;
      const context::Pipeline& lossless = *exchange.settings->lossless;
      compression = compress_batch(lossless, batch, type, body, shared_.services.clock, options, budget - waited);
      return;
    }
    const context::Pipeline& pipeline = exchange.lossless ? *exchange.settings->lossless : *exchange.settings->pipeline;
    compression = compress_body(pipeline, exchange.api, body, shared_.services.clock, options);
  };
  if (exchange.told != nullptr) exchange.told->compress_begin_ns = since_start(exchange);
  if (is_quick(body.size())) {
    work();
  } else {
    co_await on_worker(work);
  }
  if (exchange.told != nullptr) exchange.told->compress_end_ns = since_start(exchange);
  if (batch == Batch::kFile && compression.row.api.empty())
    co_return false;  // some other file, of which nothing is known
  describe(exchange, compression);
  exchange.offers_retrieval = compression.outcome.offers_retrieval && !exchange.route->counts;  // nothing is generated
  if (exchange.offers_retrieval) note_offer(exchange, compression.outcome);
  bool changed = compression.outcome.changed;
  if (changed) body = std::move(compression.outcome.body);
  if (!compression.outcome.offers_retrieval) co_return changed;
  exchange.conversation = std::move(compression.outcome.conversation);
  const auto put_in = [&] {
    std::string whole = with_answered(exchange.api, body, shared_.answered_beside.find(exchange.conversation));
    if (whole.empty()) return;
    body = std::move(whole);
    changed = true;
  };
  if (is_quick(body.size())) {
    put_in();
  } else {
    co_await on_worker(put_in);
  }
  co_return changed;
}

// What the model's calls may ask for, and what their number is set against.
void Session::note_offer(Exchange& exchange, context::Outcome& outcome) {
  shared_.retrievals.note_offer(outcome.blocks);
  for (const context::BlockReport& block : outcome.blocks) {
    for (const std::string& id : block.ids) exchange.compressors.emplace(id, block.strategy);
  }
  exchange.originals = std::move(outcome.ids);
}

// What the answer's headers and the ledger say of the compression.
void Session::describe(Exchange& exchange, const Compression& compression) {
  const context::Outcome& outcome = compression.outcome;
  const std::size_t saved =
      outcome.tokens_before > outcome.tokens_after ? outcome.tokens_before - outcome.tokens_after : 0;
  constexpr std::size_t kMostFields = 6;
  exchange.extra.reserve(kMostFields);
  exchange.extra.push_back({"x-headroom-tokens-before", std::to_string(outcome.tokens_before)});
  exchange.extra.push_back({"x-headroom-tokens-after", std::to_string(outcome.tokens_after)});
  exchange.extra.push_back({"x-headroom-tokens-saved", std::to_string(saved)});
  std::string model = outcome.model;
  std::erase_if(model, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (!model.empty()) exchange.extra.push_back({"x-headroom-model", std::move(model)});
  if (!outcome.transforms.empty()) exchange.extra.push_back({"x-headroom-transforms", join_transforms(outcome)});
  if (outcome.failed) {
    exchange.extra.push_back({"x-headroom-compression-failed", "true"});
    exchange.note = "compression failed: " + outcome.skip_reason;
  }
  audit_decisions(exchange, outcome);
  exchange.row = compression.row;
  exchange.cacheable = outcome.cacheable;
  const std::string_view path = exchange.head.path;
  if (path.contains(":stream") || path.ends_with("-stream")) exchange.row->stream = true;
  log_sums(outcome);
}

// What breaks a cached prefix is worth a line; what was kept from breaking it only for who looks closely.
void Session::log_sums(const context::Outcome& outcome) const {
  if (shared_.log == nullptr) return;
  for (const context::SumLine& line : context::sum_lines(outcome, false)) {
    const std::string text = fmt::format("conversation {}: {}", outcome.conversation.substr(0, 8), line.text);
    line.costs ? shared_.log->info(text) : shared_.log->debug(text);
  }
}

Task<void> Session::serve_relayed(Exchange& exchange) {
  const UpstreamPool& pool = *exchange.pool;
  Outgoing outgoing;
  outgoing.tunnel = exchange.body_read && exchange.head.minor >= 1 &&
                    exchange.head.fields.lists("connection", "upgrade") &&
                    exchange.head.fields.lists("upgrade", "websocket");
  outgoing.head = upstream_request_head(exchange.head, pool.url(), std::nullopt, outgoing.tunnel);
  if (!exchange.body_read) {
    BodyFramer framer(exchange.framing);
    const auto step = framer.feed(in_.view(), nullptr);
    if (framer.done()) {
      outgoing.body = in_.view().substr(0, step.consumed);
      if (exchange.audited != nullptr) {
        AuditSink digest(&exchange.audited->received, nullptr);
        BodyFramer(exchange.framing).feed(outgoing.body, &digest);
      }
      in_.consume(step.consumed);
      exchange.body_read = true;
    } else {
      outgoing.streamed = true;
    }
  }
  co_await forward(exchange, std::move(outgoing));
}

Task<void> Session::forward(Exchange& exchange, Outgoing outgoing) {
  UpstreamPool& pool = *exchange.pool;
  if (!outgoing.streamed) watch_client();
  exchange.sending = true;
  exchange.request_bytes = outgoing.streamed ? exchange.framing.length : outgoing.body.size();
  emit(context::Stage::kPreSend, exchange);
  if (outgoing.streamed) exchange.request_bytes = 0;  // counted as they go
  auto head = co_await exchange_heads(exchange, outgoing, pool);
  if (head && head->status == 101 && !outgoing.tunnel) {
    head = std::unexpected(HttpError{502, "the upstream changes to another protocol, and nobody has asked for that"});
  }
  if (head && head->status == 101) {
    const std::string bytes = client_response_head(*head, exchange.extra, false);
    if (exchange.reads_socket) {
      co_await relay_socket(exchange, bytes);
    } else {
      co_await tunnel(exchange, bytes);
    }
  } else if (head && exchange.offers_retrieval && can_merge(exchange, *head)) {
    co_await relay_merged(exchange, std::move(*head), outgoing, pool);
  } else if (head) {
    co_await relay_response(exchange, std::move(*head), outgoing, pool);
  } else {
    if (upstream_ != nullptr) upstream_->close();
    co_await stop_sender(outgoing.streamed);
    exchange.keep = exchange.keep && exchange.body_read;
    exchange.note = head.error().message;
    exchange.status = client_gone_ ? 499 : head.error().status;
    if (!client_gone_)
      co_await reply(exchange, provider_error(exchange.provider, head.error().status, head.error().message));
  }
  if (sender_.running) co_await stop_sender(outgoing.streamed);  // it refers to what ends here
  upstream_.reset();
}

HttpError Session::upstream_failure(const Exchange& exchange, std::string_view what) const {
  const std::string& name = exchange.pool->url().authority;
  if (client_gone_) return {502, "the client left"};
  if (sender_.bad_body) return {400, "broken chunked framing in the request body"};
  if (timed_out_ && stalled_) return {408, "the request body stalled"};
  if (timed_out_) {
    return {504, fmt::format("{} did not answer within {} s; try again, or raise --request-timeout-seconds", name,
                             static_cast<double>(response_timeout().count()) / 1000)};
  }
  return {502, fmt::format("{} {}; the request may be sent again", name, what)};
}

}  // namespace headroom::proxy
