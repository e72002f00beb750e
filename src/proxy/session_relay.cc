#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "proxy/audit_sink.h"
#include "proxy/session_impl.h"

// The provider's answer on its way to the client.

namespace headroom::proxy {
namespace {

// Passes a payload on and keeps a copy for writing, where the framing itself must not be passed on.
class Tee final : public PayloadSink {
 public:
  explicit Tee(PayloadSink* next) : next_(next) {}
  void on_payload(std::string_view bytes) override {
    if (next_ != nullptr) next_->on_payload(bytes);
    copy += bytes;
  }
  std::string copy;

 private:
  PayloadSink* next_;
};

}  // namespace

Task<void> Session::relay_response(Exchange& exchange, ResponseHead head, const Outgoing& outgoing,
                                   UpstreamPool& pool) {
  exchange.status = head.status;
  auto framing = response_framing(head, exchange.head.method);
  if (!framing) {
    upstream_->close();
    co_await stop_sender(outgoing.streamed);
    exchange.keep = exchange.keep && exchange.body_read;
    exchange.note = framing.error().message;
    const std::string why = "the upstream sent " + framing.error().message;
    co_await reply(exchange, provider_error(exchange.provider, 502, why));
    co_return;
  }
  const bool until_close = framing->kind == BodyFraming::Kind::kUntilClose;
  const bool dechunk = exchange.head.minor == 0 && framing->kind == BodyFraming::Kind::kChunked;
  // An answer that comes before the client has sent everything means that the rest is not wanted.
  exchange.keep = exchange.keep && !until_close && exchange.body_read;
  if (shared_.draining.load(std::memory_order_relaxed)) exchange.keep = false;
  std::optional<UsageObserver> observer;
  if (exchange.row) observer.emplace(exchange.api, head);
  if (observer && !observer->active()) observer.reset();
  BodyFramer framer(*framing);
  const bool upstream_keeps = head.keep_alive() && !until_close;
  std::string bytes = client_response_head(head, exchange.extra, !exchange.keep, dechunk);
  PayloadSink* reader = observer ? &*observer : nullptr;
  std::optional<AnswerCopy> copy;
  if (!exchange.answer_key.empty() && may_keep_answer(head)) reader = &copy.emplace(reader);
  std::function<void()> on_whole;
  if (copy) on_whole = [&] { keep_answer(exchange, head, copy->take()); };
  const bool complete = co_await relay_body(exchange, framer, std::move(bytes), reader, dechunk, on_whole);
  if (observer && complete) note_billed(exchange, observer->finish());
  const bool sent_all = !sender_.running && !sender_.failed;
  if (sender_.running) co_await stop_sender(outgoing.streamed);
  if (!complete) {
    exchange.cut_short = true;
    exchange.keep = false;
    upstream_->close();
    // Where only the end of the connection ends the body, an orderly end would look complete: reset it instead.
    error_code ignored;
    if (until_close || dechunk) client_.set_option(asio::socket_base::linger(true, 0), ignored);
    close_client();
  } else if (upstream_keeps && sent_all && up_in_.empty() && !client_gone_) {
    pool.give_back(std::move(upstream_));
  }
}

void Session::note_billed(Exchange& exchange, const Usage& usage) {
  exchange.row->billed_input = usage.input;
  exchange.row->billed_cached = usage.cached;
  exchange.row->billed_output = usage.output;
  exchange.billed_written = usage.written;
  exchange.settings->pipeline->note_answer(exchange.cacheable, {usage.input, usage.cached, usage.written});
}

// Writes the head and every byte of the body as it comes; `on_whole`, where there is one, is called before the last of
// them goes. False when the answer could not be delivered whole.
Task<bool> Session::relay_body(Exchange& exchange, BodyFramer& framer, std::string head, PayloadSink* observer,
                               bool dechunk, const std::function<void()>& on_whole) {
  for (bool first = true;; first = false) {
    AuditSink audited(exchange.audited != nullptr ? &exchange.audited->answer : nullptr, observer);
    PayloadSink* const reader = exchange.audited != nullptr ? &audited : observer;
    Tee tee(reader);
    PayloadSink* sink = dechunk ? static_cast<PayloadSink*>(&tee) : reader;
    const auto step = framer.feed(up_in_.view(), sink);
    const std::string_view body = dechunk ? std::string_view(tee.copy) : up_in_.view().substr(0, step.consumed);
    if (on_whole && framer.done() && !step.malformed) on_whole();
    if (first || !body.empty()) {
      response_started_ = true;
      arm(Phase::kClientWrite, response_timeout());
      std::string_view begin = head, rest = body;
      error_code error;
      if (!write_at_once(client_, begin, rest, error)) error = co_await write_all(client_, begin, rest);
      head.clear();
      if (error) {
        exchange.note = "the client left";
        client_gone_ = true;
        co_return false;
      }
    }
    up_in_.consume(step.consumed);
    exchange.response_bytes += step.consumed;
    if (step.malformed) {
      exchange.note = "the upstream broke its chunked framing";
      co_return false;
    }
    if (framer.done()) co_return true;
    arm(Phase::kUpstream, response_timeout());
    auto [error, size] = co_await upstream_->read_some(up_in_.prepare(kReadSize));
    if (error) {
      if (error == asio::error::eof && framer.may_end_at_close() && !client_gone_) co_return true;
      exchange.note = client_gone_ ? "the client left"
                      : timed_out_ ? "the upstream fell silent"
                                   : "the upstream cut its answer";
      co_return false;
    }
    up_in_.commit(size);
  }
}

// After 101 both sides speak another protocol: bytes are passed on both ways until one side ends.
Task<void> Session::tunnel(Exchange& exchange, std::string head) {
  unwatch_client();
  exchange.status = 101;
  exchange.keep = false;
  const bool started = co_await write_client(head);
  if (!started) co_return;
  sender_.running = true;
  const auto self = shared_from_this();
  asio::co_spawn(client_.get_executor(), [self]() { return self->pump_client_to_upstream(); }, asio::detached);
  for (;;) {
    if (!up_in_.empty()) {
      const error_code error = co_await write_all(client_, up_in_.view());
      if (error) break;
      up_in_.consume(up_in_.size());
    }
    watchdog_.disarm();
    auto [error, size] = co_await upstream_->read_some(up_in_.prepare(kReadSize));
    if (error) break;
    up_in_.commit(size);
  }
  upstream_->close();
  close_client();
  co_await join_sender();
}

Task<void> Session::pump_client_to_upstream() {
  const auto self = shared_from_this();
  for (;;) {
    if (!in_.empty()) {
      const std::string_view part = in_.view();  // more may come while it is written
      const error_code error = co_await upstream_->write(part);
      if (error) break;
      in_.consume(part.size());
    }
    const error_code error = co_await read_client(kReadSize);
    if (error) break;
  }
  upstream_->close();
  sender_.running = false;
  sender_done_.cancel();
}

}  // namespace headroom::proxy
