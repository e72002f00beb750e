#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fmt/format.h>

#include "proxy/audit_sink.h"
#include "proxy/body_pace.h"
#include "proxy/session_impl.h"

// The request on its way upstream: the connection, the head, the body, up to the head of the answer.

namespace headroom::proxy {

// Sends the request and reads the head of the answer, over a connection that may be an old one. An old connection may
// have been closed by the peer just as we wrote. The request is sent once more, on a new one, only when it cannot have
// been taken (the write failed, or the peer ended the connection before a byte of it arrived) or the method is one that
// may be repeated, and nothing came back.
Task<std::expected<ResponseHead, HttpError>> Session::exchange_heads(Exchange& exchange, Outgoing& outgoing,
                                                                     UpstreamPool& pool) {
  for (bool fresh = false;; fresh = true) {
    timed_out_ = stalled_ = upstream_answered_ = upstream_ended_ = false;
    if (fresh || !take_upstream(pool)) {
      auto opened = co_await open_upstream(pool);
      if (!opened) co_return std::unexpected(opened.error());
    }
    const bool reused = upstream_->reused;
    if (outgoing.streamed || outgoing.body.size() > kSingleWrite) {
      const error_code error = co_await upstream_->write(outgoing.head);
      sender_.failed = static_cast<bool>(error);
      if (!error) start_sender(exchange, outgoing);  // which may fail at once, and says so
    } else {
      std::string_view first = outgoing.head, second = outgoing.body;
      error_code error;
      if (!upstream_->write_at_once(first, second, error)) error = co_await upstream_->write(first, second);
      sender_.failed = static_cast<bool>(error);
      if (!error) note_sent(exchange);
    }
    // A peer that refuses the body may have answered before it stopped reading, so the answer is looked for in any
    // case.
    auto head = co_await read_response_head(exchange);
    const std::string_view method = exchange.head.method;
    const bool untaken = sender_.failed || (upstream_ended_ && upstream_->took_nothing());
    const bool repeatable = untaken || method == "GET" || method == "HEAD" || method == "OPTIONS";
    const bool again = !head && reused && !fresh && repeatable && !upstream_answered_ && !client_gone_ && !timed_out_ &&
                       !outgoing.streamed;
    if (!again) co_return head;
    upstream_->close();
    co_await join_sender();
    sender_ = {};
  }
}

bool Session::take_upstream(UpstreamPool& pool) {
  up_in_.consume(up_in_.size());
  upstream_ = pool.take();
  if (upstream_ != nullptr) arm(Phase::kUpstream, response_timeout());
  return upstream_ != nullptr;
}

Task<std::expected<void, HttpError>> Session::open_upstream(UpstreamPool& pool) {
  up_in_.consume(up_in_.size());
  upstream_ = std::make_unique<UpstreamConnection>(client_.get_executor(), shared_.names);
  arm(Phase::kUpstream, shared_.limits.connect_timeout);
  auto connected = co_await upstream_->connect(pool.url(), shared_.tls, shared_.forward_proxies.to(pool.url()));
  if (timed_out_) {
    co_return std::unexpected(
        HttpError{504, fmt::format("no connection to {} within {} s; check the network", pool.url().authority,
                                   shared_.limits.connect_timeout.count() / 1000.0)});
  }
  if (!connected) co_return std::unexpected(HttpError{502, connected.error().message});
  arm(Phase::kUpstream, response_timeout());
  co_return std::expected<void, HttpError>();
}

// Passes informational answers on and returns the first final head (or 101).
Task<std::expected<ResponseHead, HttpError>> Session::read_response_head(Exchange& exchange) {
  HeadScan scan;
  for (;;) {
    scan_head(up_in_.view(), scan);
    if (scan.state == HeadScan::State::kMalformed) {
      co_return std::unexpected(upstream_failure(exchange, "sent a malformed head"));
    }
    if (scan.state == HeadScan::State::kNeedMore) {
      if (up_in_.size() >= shared_.limits.max_head_bytes) {
        co_return std::unexpected(upstream_failure(exchange, "sent a head that is too large"));
      }
      auto [error, size] = co_await upstream_->read_some(up_in_.prepare(kReadSize));
      if (error) {
        upstream_ended_ = error == asio::error::eof || error == asio::ssl::error::stream_truncated;
        co_return std::unexpected(upstream_failure(exchange, "closed the connection before it answered"));
      }
      up_in_.commit(size);
      // Of the first answer, where retrievals need more than one.
      if (exchange.ttfb_us < 0) exchange.ttfb_us = since_start(exchange) / 1000;
      upstream_answered_ = true;
      continue;
    }
    auto head = parse_response_head(up_in_.view().substr(0, scan.size));
    up_in_.consume(scan.size);
    if (!head) co_return std::unexpected(HttpError{502, "the upstream sent " + head.error().message});
    if (head->status >= 200 || head->status == 101) co_return std::move(*head);
    // 100 Continue was answered here already; other news is the client's.
    if (head->status != 100 && exchange.head.minor >= 1) {
      const std::string news = client_response_head(*head, {}, false);
      co_await write_client(news);
      // The sender may wait for the client meanwhile, which then has the time that it had.
      sender_.reading ? arm(Phase::kClientRead, sender_.patience) : arm(Phase::kUpstream, response_timeout());
    }
    scan = {};
  }
}

void Session::start_sender(Exchange& exchange, const Outgoing& outgoing) {
  sender_.running = true;
  if (exchange.audited != nullptr) sender_.digest = &exchange.audited->received;
  const auto self = shared_from_this();
  const BodyFraming framing = exchange.framing;
  const bool expect_continue = exchange.head.fields.lists("expect", "100-continue");
  Exchange* const at = &exchange;
  const std::string* body = &outgoing.body;
  const bool streamed = outgoing.streamed;
  asio::co_spawn(
      client_.get_executor(),
      [self, framing, body, streamed, expect_continue]() {
        return self->send_body(framing, *body, streamed, expect_continue);
      },
      [self, at, streamed](const std::exception_ptr& failure, bool whole) {
        if (!failure && whole) self->note_sent(*at);
        if (streamed && !self->sender_.failed && !self->sender_.abort && !self->sender_.bad_body &&
            !self->client_gone_ &&
            !self->timed_out_) {  // a body that stalled is not read: what follows is the rest of it
          at->body_read = true;
          self->watch_client();
        }
        self->sender_.running = false;
        self->sender_done_.cancel();
      });
}

Task<bool> Session::send_body(BodyFraming framing, std::string_view first, bool streamed, bool expect_continue) {
  for (std::size_t at = 0; at < first.size() && !sender_.abort;) {
    const std::string_view part = first.substr(at, 4 * kSingleWrite);
    const error_code error = co_await upstream_->write(part);
    if (error) {
      sender_.failed = true;
      co_return false;
    }
    at += part.size();
    if (phase_ == Phase::kUpstream) arm(Phase::kUpstream, response_timeout());
  }
  if (!streamed) co_return !sender_.abort;
  const bool whole = co_await send_streamed(framing, expect_continue);
  if (!whole && !sender_.abort) upstream_->close();
  co_return whole && !sender_.failed;
}

// Passes the client's body on as it comes, one bounded buffer at a time: a slow upstream slows the client.
Task<bool> Session::send_streamed(BodyFraming framing, bool expect_continue) {
  BodyFramer framer(framing);
  const BodyPace pace(shared_.limits);
  if (expect_continue && in_.empty() && !response_started_) {
    const bool sent = co_await write_client("HTTP/1.1 100 Continue\r\n\r\n");
    if (!sent) co_return false;
  }
  for (;;) {
    AuditSink audited(sender_.digest, nullptr);
    const auto step = framer.feed(in_.view(), &audited);
    if (step.consumed > 0) {
      const error_code error = co_await upstream_->write(in_.view().substr(0, step.consumed));
      in_.consume(step.consumed);
      sender_.streamed += step.consumed;
      if (error) {
        // The upstream may have answered and hung up; the main coroutine will see.
        sender_.failed = true;
        co_return true;
      }
    }
    sender_.bad_body = step.malformed;
    if (step.malformed) co_return false;
    if (framer.done()) {
      if (!response_started_) arm(Phase::kUpstream, response_timeout());
      co_return true;
    }
    sender_.patience = pace.patience(framer.payload_bytes());
    if (!response_started_) arm(Phase::kClientRead, sender_.patience);
    sender_.reading = true;
    const error_code error = co_await read_client(kReadSize);
    sender_.reading = false;
    if (error) {
      if (!sender_.abort && !timed_out_) client_gone_ = true;
      co_return false;
    }
    if (!response_started_) arm(Phase::kUpstream, response_timeout());
  }
}

// Nobody needs the rest of the request any more: neither its bytes nor the client's are waited for.
Task<void> Session::stop_sender(bool streamed) {
  if (!sender_.running) co_return;
  sender_.abort = true;
  if (upstream_ != nullptr) upstream_->close();
  error_code ignored;
  if (streamed) client_.cancel(ignored);
  co_await join_sender();
}

Task<void> Session::join_sender() {
  while (sender_.running) {
    sender_done_.expires_after(std::chrono::hours(24));
    co_await sender_done_.async_wait(kToken);
  }
}

}  // namespace headroom::proxy
