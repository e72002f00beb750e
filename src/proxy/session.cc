#include "proxy/session.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include "proxy/body_framer.h"
#include "proxy/compress_api.h"
#include "proxy/header_rules.h"
#include "proxy/http_head.h"
#include "proxy/retrieve_api.h"
#include "proxy/routes.h"
#include "proxy/usage.h"

namespace headroom::proxy {
namespace {

constexpr std::size_t kReadSize = 16 * 1024;
// Bodies up to this go out together with their head; larger ones by a sender of their own, beside the answer.
constexpr std::size_t kSingleWrite = 64 * 1024;
// Bytes of following requests that are taken from a client whose answer is still under way.
constexpr std::size_t kMaxPipelined = 64 * 1024;
// Own endpoints but /v1/compress take small bodies only.
constexpr std::size_t kMaxApiBody = 1 << 20;
constexpr std::size_t kMaxBlankLines = 8;

std::size_t megabytes(int count) {
  return static_cast<std::size_t>(std::max(count, 1)) << 20;
}

// Collects a payload up to a limit.
class Collector final : public PayloadSink {
 public:
  explicit Collector(std::size_t limit) : limit_(limit) {}
  void on_payload(std::string_view bytes) override {
    overflow_ = overflow_ || bytes.size() > limit_ - body_.size();
    if (!overflow_) body_ += bytes;
  }
  void reserve(std::uint64_t size) { body_.reserve(std::min<std::uint64_t>(size, limit_)); }
  bool overflow() const { return overflow_; }
  std::string& body() { return body_; }

 private:
  std::size_t limit_;
  bool overflow_ = false;
  std::string body_;
};

// Counts a request as being served.
class ActiveGuard {
 public:
  explicit ActiveGuard(std::atomic<std::int64_t>& active) : active_(active) {
    active_.fetch_add(1, std::memory_order_relaxed);
  }
  ~ActiveGuard() { active_.fetch_sub(1, std::memory_order_relaxed); }
  ActiveGuard(const ActiveGuard&) = delete;
  ActiveGuard& operator=(const ActiveGuard&) = delete;

 private:
  std::atomic<std::int64_t>& active_;
};

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

/// One client connection. Reads a request, serves it, reads the next. All members belong to the lane's thread.
///
/// While an answer is under way two things may run beside the main coroutine: the sender of a large or streamed request
/// body, and the watch on the client's socket, which notices that the client is gone. Both end the main coroutine's
/// wait by closing the upstream connection; it then finds the reason in a flag.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Lane& lane, Socket socket, std::function<void()> on_end)
      : lane_(lane),
        shared_(lane.shared),
        client_(std::move(socket)),
        watchdog_(client_.get_executor()),
        sender_done_(client_.get_executor()),
        on_end_(std::move(on_end)) {
    lane_.sessions.insert(this);
  }
  ~Session() { lane_.sessions.erase(this); }

  Task<void> run();
  /// After run(). An exception can only be a lack of memory; it costs this connection and no other.
  void ended(const std::exception_ptr& failure) {
    if (failure && shared_.log != nullptr) shared_.log->warn("a connection ended by an exception");
    if (failure) cut();
    on_end_();
  }
  void drain() {
    if (phase_ == Phase::kIdle) close_client();
  }
  void cut() {
    close_client();
    if (upstream_ != nullptr) upstream_->close();
  }
  void on_deadline();

 private:
  enum class Phase { kIdle, kClientRead, kWorking, kUpstream, kClientWrite };

  // A request while it is served.
  struct Exchange {
    RequestHead head;
    BodyFraming framing;
    const Route* route = nullptr;
    std::int64_t start_ns = 0;
    Caller caller;
    bool keep = true;       // the client connection may serve another request
    bool body_read = true;  // nothing of the request's body is left on the connection
    int status = 0;
    std::string note;
    std::optional<store::LedgerRow> row;
    std::vector<ExtraField> extra;
    Provider provider = Provider::kAnthropic;
  };

  // What goes upstream. Either everything is in `bytes`, or the rest of the body comes from the client.
  struct Outgoing {
    std::string head;
    std::string body;
    bool streamed = false;  // after `body`, more comes from the client
    bool tunnel = false;    // the request asks to change the protocol
  };
  struct SenderState {
    bool running = false;
    bool failed = false;  // the upstream did not take it
    bool abort = false;   // the answer is over, nobody needs the rest
    bool bad_body = false;
  };

  void arm(Phase phase, std::chrono::milliseconds delay) {
    phase_ = phase;
    watchdog_.arm(shared_from_this(), delay);
  }
  std::chrono::milliseconds response_timeout() const { return shared_.limits.response_timeout; }
  void close_client() {
    error_code ignored;
    client_.close(ignored);
  }

  Task<std::optional<RequestHead>> read_head();
  Task<bool> serve(RequestHead head);
  Task<void> dispatch(Exchange& exchange);
  Task<bool> read_body(Exchange& exchange, std::size_t limit, std::string& body);
  Task<void> serve_local(Exchange& exchange);
  Task<void> serve_compressed(Exchange& exchange);
  Task<void> serve_relayed(Exchange& exchange);
  void describe(Exchange& exchange, const Compression& compression);
  Task<void> on_worker(std::function<void()> work);
  Reply local_reply(const Exchange& exchange, const std::string& body, std::optional<store::LedgerRow>& row);

  Task<void> forward(Exchange& exchange, Outgoing outgoing);
  Task<std::expected<ResponseHead, HttpError>> exchange_heads(Exchange& exchange, Outgoing& outgoing,
                                                              UpstreamPool& pool);
  Task<std::expected<void, HttpError>> open_upstream(UpstreamPool& pool, bool fresh);
  Task<std::expected<ResponseHead, HttpError>> read_response_head(Exchange& exchange);
  Task<void> relay_response(Exchange& exchange, ResponseHead head, const Outgoing& outgoing, UpstreamPool& pool);
  Task<bool> relay_body(Exchange& exchange, BodyFramer& framer, std::string head, UsageObserver* observer,
                        bool dechunk);
  Task<void> tunnel(Exchange& exchange, std::string head);
  Task<void> pump_client_to_upstream();
  void start_sender(Exchange& exchange, const Outgoing& outgoing);
  Task<void> send_body(BodyFraming framing, std::string_view first, bool streamed, bool expect_continue);
  Task<bool> send_streamed(BodyFraming framing, bool expect_continue);
  Task<void> join_sender();
  HttpError upstream_failure(const Exchange& exchange, std::string_view what) const;

  Task<bool> write_client(std::string_view bytes);
  Task<void> reply(Exchange& exchange, Reply answer);
  Task<void> lingering_close();

  void watch_client();
  void unwatch_client();
  void on_client_readable();
  void client_is_gone();

  Lane& lane_;
  Shared& shared_;
  Socket client_;
  Watchdog watchdog_;
  ByteBuffer in_;
  ByteBuffer up_in_;
  std::unique_ptr<UpstreamConnection> upstream_;
  SenderState sender_;
  SteadyTimer sender_done_;
  std::function<void()> on_end_;
  Phase phase_ = Phase::kIdle;
  bool loopback_peer_ = false;
  bool timed_out_ = false;
  bool client_gone_ = false;
  bool response_started_ = false;
  bool upstream_answered_ = false;  // any byte of the current answer has come
  bool watching_ = false;
  std::uint64_t watch_generation_ = 0;
};

// ---------------------------------------------------------------------------------------------- the life of a session

Task<void> Session::run() {
  const auto self = shared_from_this();
  error_code error;
  const Tcp::endpoint peer = client_.remote_endpoint(error);
  const asio::ip::address address = peer.address();
  loopback_peer_ =
      !error && (address.is_loopback() || (address.is_v6() && address.to_v6().is_v4_mapped() &&
                                           make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback()));
  client_.set_option(Tcp::no_delay(true), error);
  client_.non_blocking(true, error);
  for (bool keep = true; keep;) {
    std::optional<RequestHead> head = co_await read_head();
    if (!head) break;
    shared_.accepted.fetch_add(1, std::memory_order_relaxed);
    const ActiveGuard guard(shared_.active);
    keep = co_await serve(std::move(*head));
    keep = keep && !shared_.draining.load(std::memory_order_relaxed);
    in_.shrink();
    up_in_.shrink();
  }
  unwatch_client();
  watchdog_.stop();
  close_client();
}

void Session::on_deadline() {
  timed_out_ = true;
  error_code ignored;
  switch (phase_) {
    case Phase::kIdle:
    case Phase::kClientWrite:
      close_client();
      break;
    case Phase::kClientRead:
      client_.cancel(ignored);
      break;
    case Phase::kUpstream:
      break;
    case Phase::kWorking:
      return;
  }
  if (upstream_ != nullptr) upstream_->close();
}

Task<std::optional<RequestHead>> Session::read_head() {
  HeadScan scan;
  std::size_t blank_lines = 0;
  timed_out_ = false;
  arm(in_.empty() ? Phase::kIdle : Phase::kClientRead,
      in_.empty() ? shared_.limits.keep_alive_timeout : shared_.limits.head_timeout);
  std::optional<HttpError> refused;
  for (;;) {
    while (scan.scanned == 0 && in_.view().starts_with("\r\n") && blank_lines++ < kMaxBlankLines) in_.consume(2);
    scan_head(in_.view(), scan);
    if (scan.state != HeadScan::State::kNeedMore) break;
    if (in_.size() >= shared_.limits.max_head_bytes) break;
    auto [error, size] = co_await client_.async_read_some(in_.prepare(kReadSize / 2), kToken);
    if (error) {
      if (!timed_out_ || in_.empty() || !client_.is_open()) co_return std::nullopt;
      refused = HttpError{408, "the request head took too long"};
      break;
    }
    if (phase_ == Phase::kIdle) arm(Phase::kClientRead, shared_.limits.head_timeout);
    in_.commit(size);
  }
  if (!refused && scan.state == HeadScan::State::kMalformed) refused = HttpError{400, "a line feed without its return"};
  if (!refused && (scan.state != HeadScan::State::kComplete || scan.size > shared_.limits.max_head_bytes)) {
    refused = HttpError{431, fmt::format("the request head is larger than {} bytes", shared_.limits.max_head_bytes)};
  }
  if (!refused) {
    auto head = parse_request_head(in_.view().substr(0, scan.size));
    if (head) {
      in_.consume(scan.size);
      co_return std::optional<RequestHead>(std::move(*head));
    }
    refused = head.error();
  }
  const std::string bytes =
      local_response(api_error(refused->status, "invalid_request", refused->message), false, true);
  co_await write_client(bytes);
  co_await lingering_close();
  if (shared_.log != nullptr)
    shared_.log->warn(fmt::format("refused a request: {} ({})", refused->status, refused->message));
  co_return std::nullopt;
}

Task<bool> Session::serve(RequestHead head) {
  Exchange exchange;
  exchange.head = std::move(head);
  exchange.start_ns = shared_.services.clock.monotonic_ns();
  exchange.keep = exchange.head.minor >= 1 && exchange.head.keep_alive();
  exchange.caller = {loopback_peer_, shared_.options.host};
  client_gone_ = response_started_ = upstream_answered_ = false;
  sender_ = {};
  co_await dispatch(exchange);
  unwatch_client();
  watchdog_.disarm();
  phase_ = Phase::kWorking;
  const std::int64_t total_us = (shared_.services.clock.monotonic_ns() - exchange.start_ns) / 1000;
  if (shared_.log != nullptr) {
    RequestLine line{exchange.head.method, exchange.head.path, exchange.status};
    line.total_us = total_us;
    line.note = exchange.note;
    line.compressed_route = exchange.row.has_value();
    if (exchange.row) line.tokens_before = exchange.row->tokens_before;
    if (exchange.row) line.tokens_after = exchange.row->tokens_after;
    shared_.log->request(line);
  }
  if (exchange.row) {
    exchange.row->status = exchange.status;
    exchange.row->total_us = total_us;
    shared_.services.ledger.append(std::move(*exchange.row));
  }
  if (exchange.keep && !client_gone_ && client_.is_open()) co_return true;
  if (!exchange.body_read && client_.is_open() && !client_gone_) co_await lingering_close();
  co_return false;
}

Task<void> Session::dispatch(Exchange& exchange) {
  auto framing = request_framing(exchange.head);
  if (!framing) {
    exchange.body_read = false;
    co_await reply(exchange, api_error(framing.error().status, "invalid_request", framing.error().message));
    co_return;
  }
  exchange.framing = *framing;
  exchange.body_read = exchange.framing.empty();
  exchange.route = &find_route(exchange.head.method, exchange.head.path);
  const std::string_view refused = refuse_reason(exchange.route->guard, exchange.head, exchange.caller);
  if (!refused.empty()) {
    co_await reply(exchange, api_error(403, "forbidden", refused));
    co_return;
  }
  if (exchange.route->action == Action::kCompressRelay || exchange.route->action == Action::kRelay) {
    exchange.provider =
        exchange.route->action == Action::kRelay ? infer_provider(exchange.head) : exchange.route->provider;
    const bool bypass = equals_ci(exchange.head.fields.get("x-headroom-bypass"), "true");
    if (exchange.route->action == Action::kRelay || bypass || !shared_.options.optimize) {
      co_await serve_relayed(exchange);
    } else {
      co_await serve_compressed(exchange);
    }
    co_return;
  }
  co_await serve_local(exchange);
}

// ------------------------------------------------------------------------------------------------------ own endpoints

Task<void> Session::serve_local(Exchange& exchange) {
  std::string body;
  const bool large = exchange.route->action == Action::kCompressApi;
  const std::size_t limit = large ? megabytes(shared_.options.max_body_mb) : kMaxApiBody;
  const bool complete = co_await read_body(exchange, limit, body);
  if (!complete) co_return;
  Reply answer;
  std::optional<store::LedgerRow> row;
  const bool quick = exchange.route->action == Action::kLive || exchange.route->action == Action::kWrongMethod ||
                     (large && body.size() <= shared_.limits.inline_body_bytes);
  phase_ = Phase::kWorking;
  if (quick) {
    answer = local_reply(exchange, body, row);
  } else {
    co_await on_worker([&] { answer = local_reply(exchange, body, row); });
  }
  exchange.row = std::move(row);
  co_await reply(exchange, std::move(answer));
}

Reply Session::local_reply(const Exchange& exchange, const std::string& body, std::optional<store::LedgerRow>& row) {
  const Services& services = shared_.services;
  const RequestHead& head = exchange.head;
  switch (exchange.route->action) {
    case Action::kCompressApi: {
      const bool bypass = equals_ci(head.fields.get("x-headroom-bypass"), "true");
      auto result = compress_api(services.pipeline, shared_.lossless, bypass, body, services.clock);
      row = std::move(result.row);
      return std::move(result.reply);
    }
    case Action::kRetrieve:
      return retrieve_api(services.store, head.method, head.path, head.query, body);
    case Action::kRetrieveStats:
      return retrieve_stats_api(services.store);
    case Action::kLive:
      return live_api(services, shared_.state());
    case Action::kReady:
      return ready_api(services, shared_.state());
    case Action::kHealth: {
      const bool local = refuse_reason(Guard::kLocal, head, exchange.caller).empty();
      return health_api(services, shared_.state(), shared_.options, local);
    }
    case Action::kStats:
      return stats_api(services, shared_.state(), head.query);
    case Action::kMetrics:
      return metrics_api(services, shared_.state());
    case Action::kWrongMethod:
      return api_error(405, "invalid_request", "this path takes another method");
    case Action::kCompressRelay:
    case Action::kRelay:
      break;
  }
  return api_error(500, "internal", "a route without a handler");
}

Task<void> Session::on_worker(std::function<void()> work) {
  co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
      [&work, this](auto handler) {
        asio::post(shared_.workers, [&work, handler = std::move(handler)]() mutable {
          work();
          auto executor = asio::get_associated_executor(handler);
          asio::post(executor, std::move(handler));
        });
      },
      asio::use_awaitable_t<Executor>{});
}

// Takes the whole body in; answers itself and returns false when that cannot be.
Task<bool> Session::read_body(Exchange& exchange, std::size_t limit, std::string& body) {
  if (exchange.body_read) co_return true;
  Collector collector(limit);
  BodyFramer framer(exchange.framing);
  bool too_large = exchange.framing.kind == BodyFraming::Kind::kLength && exchange.framing.length > limit;
  bool malformed = false;
  timed_out_ = false;
  if (!too_large && in_.empty() && exchange.head.fields.lists("expect", "100-continue")) {
    const bool sent = co_await write_client("HTTP/1.1 100 Continue\r\n\r\n");
    if (!sent) co_return false;
  }
  while (!too_large && !malformed) {
    if (!in_.empty()) {
      collector.reserve(exchange.framing.length);
      const auto step = framer.feed(in_.view(), &collector);
      in_.consume(step.consumed);
      malformed = step.malformed;
      too_large = collector.overflow();
    }
    if (framer.done() || malformed || too_large) break;
    arm(Phase::kClientRead, shared_.limits.body_timeout);
    auto [error, size] = co_await client_.async_read_some(in_.prepare(4 * kReadSize), kToken);
    if (error) {
      exchange.keep = false;
      exchange.note = timed_out_ ? "the request body stalled" : "the client left before its request was complete";
      exchange.status = timed_out_ ? 408 : 499;
      if (timed_out_) co_await reply(exchange, api_error(408, "timeout", exchange.note));
      co_return false;
    }
    in_.commit(size);
  }
  if (too_large) {
    const std::string why =
        fmt::format("the request body is larger than {} MiB; --max-body-mb raises the limit", limit >> 20);
    Reply answer = api_error(413, "request_too_large", why);
    if (exchange.route->action == Action::kCompressRelay) answer = provider_error(exchange.provider, 413, why);
    co_await reply(exchange, std::move(answer));
    co_return false;
  }
  if (malformed) {
    co_await reply(exchange, api_error(400, "invalid_request", "broken chunked framing in the request body"));
    co_return false;
  }
  exchange.body_read = true;
  body = std::move(collector.body());
  co_return true;
}

// ---------------------------------------------------------------------------------------------------------- provider
// routes

Task<void> Session::serve_compressed(Exchange& exchange) {
  std::string body;
  const bool had_body = !exchange.body_read;
  const bool complete = co_await read_body(exchange, megabytes(shared_.options.max_body_mb), body);
  if (!complete) co_return;
  phase_ = Phase::kWorking;
  watch_client();
  Compression compression;
  const auto work = [&] {
    compression = compress_body(shared_.services.pipeline, exchange.route->api, body, shared_.services.clock);
  };
  const bool encoded = exchange.head.fields.has("content-encoding") &&
                       !equals_ci(exchange.head.fields.get("content-encoding"), "identity");
  if (encoded) {
    compression.outcome.skip_reason = "the request body is encoded";
  } else if (body.size() <= shared_.limits.inline_body_bytes) {
    work();
  } else {
    co_await on_worker(work);
  }
  if (!encoded) describe(exchange, compression);
  Outgoing outgoing;
  outgoing.body = compression.outcome.changed ? std::move(compression.outcome.body) : std::move(body);
  const UpstreamPool& pool = exchange.provider == Provider::kAnthropic ? lane_.anthropic : lane_.openai;
  outgoing.head = upstream_request_head(exchange.head, pool.url(),
                                        had_body ? std::optional<std::size_t>(outgoing.body.size()) : std::nullopt);
  if (client_gone_) {
    exchange.status = 499;
    exchange.keep = false;
    exchange.note = "the client left";
    co_return;
  }
  co_await forward(exchange, std::move(outgoing));
}

// What the answer's headers and the ledger say of the compression.
void Session::describe(Exchange& exchange, const Compression& compression) {
  const context::Outcome& outcome = compression.outcome;
  const std::size_t saved =
      outcome.tokens_before > outcome.tokens_after ? outcome.tokens_before - outcome.tokens_after : 0;
  exchange.extra = {{"x-headroom-tokens-before", fmt::format("{}", outcome.tokens_before)},
                    {"x-headroom-tokens-after", fmt::format("{}", outcome.tokens_after)},
                    {"x-headroom-tokens-saved", fmt::format("{}", saved)}};
  std::string model = outcome.model;
  std::erase_if(model, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (!model.empty()) exchange.extra.push_back({"x-headroom-model", std::move(model)});
  if (!outcome.transforms.empty()) exchange.extra.push_back({"x-headroom-transforms", join_transforms(outcome)});
  if (outcome.failed) {
    exchange.extra.push_back({"x-headroom-compression-failed", "true"});
    exchange.note = "compression failed: " + outcome.skip_reason;
  }
  exchange.row = compression.row;
}

Task<void> Session::serve_relayed(Exchange& exchange) {
  const UpstreamPool& pool = exchange.provider == Provider::kAnthropic ? lane_.anthropic : lane_.openai;
  Outgoing outgoing;
  outgoing.tunnel = exchange.body_read && exchange.head.minor >= 1 &&
                    exchange.head.fields.lists("connection", "upgrade") && exchange.head.fields.has("upgrade");
  outgoing.head = upstream_request_head(exchange.head, pool.url(), std::nullopt, outgoing.tunnel);
  if (!exchange.body_read) {
    BodyFramer framer(exchange.framing);
    const auto step = framer.feed(in_.view(), nullptr);
    if (framer.done()) {
      outgoing.body = in_.view().substr(0, step.consumed);
      in_.consume(step.consumed);
      exchange.body_read = true;
    } else {
      outgoing.streamed = true;
    }
  }
  co_await forward(exchange, std::move(outgoing));
}

Task<void> Session::forward(Exchange& exchange, Outgoing outgoing) {
  UpstreamPool& pool = exchange.provider == Provider::kAnthropic ? lane_.anthropic : lane_.openai;
  if (!outgoing.streamed) watch_client();
  auto head = co_await exchange_heads(exchange, outgoing, pool);
  if (head && head->status == 101 && outgoing.tunnel) {
    const std::string bytes = client_response_head(*head, exchange.extra, false);
    co_await tunnel(exchange, bytes);
  } else if (head) {
    co_await relay_response(exchange, std::move(*head), outgoing, pool);
  } else {
    if (upstream_ != nullptr) upstream_->close();
    co_await join_sender();
    exchange.keep = exchange.keep && exchange.body_read;
    exchange.note = head.error().message;
    exchange.status = client_gone_ ? 499 : head.error().status;
    if (!client_gone_)
      co_await reply(exchange, provider_error(exchange.provider, head.error().status, head.error().message));
  }
  upstream_.reset();
}

// Sends the request and reads the head of the answer, over a connection that may be an old one. An old connection may
// have been closed by the peer just as we wrote; when nothing at all came back on it, the request is sent once more on
// a new one.
Task<std::expected<ResponseHead, HttpError>> Session::exchange_heads(Exchange& exchange, Outgoing& outgoing,
                                                                     UpstreamPool& pool) {
  for (bool fresh = false;; fresh = true) {
    timed_out_ = upstream_answered_ = false;
    auto opened = co_await open_upstream(pool, fresh);
    if (!opened) co_return std::unexpected(opened.error());
    const bool reused = upstream_->reused;
    if (outgoing.streamed || outgoing.body.size() > kSingleWrite) {
      auto [error, size] = co_await upstream_->write(asio::buffer(outgoing.head));
      if (!error) start_sender(exchange, outgoing);
      sender_.failed = static_cast<bool>(error);
    } else {
      const std::array<asio::const_buffer, 2> buffers{asio::buffer(outgoing.head), asio::buffer(outgoing.body)};
      auto [error, size] = co_await upstream_->write(buffers);
      sender_.failed = static_cast<bool>(error);
    }
    // A peer that refuses the body may have answered before it stopped reading, so the answer is looked for in any
    // case.
    auto head = co_await read_response_head(exchange);
    const bool again =
        !head && reused && !fresh && !upstream_answered_ && !client_gone_ && !timed_out_ && !outgoing.streamed;
    if (!again) co_return head;
    upstream_->close();
    co_await join_sender();
    sender_ = {};
  }
}

Task<std::expected<void, HttpError>> Session::open_upstream(UpstreamPool& pool, bool fresh) {
  up_in_.consume(up_in_.size());
  upstream_ = fresh ? nullptr : pool.take();
  if (upstream_ != nullptr) {
    arm(Phase::kUpstream, response_timeout());
    co_return std::expected<void, HttpError>();
  }
  upstream_ = std::make_unique<UpstreamConnection>(client_.get_executor());
  arm(Phase::kUpstream, shared_.limits.connect_timeout);
  auto connected = co_await upstream_->connect(pool.url(), shared_.tls);
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
      if (error) co_return std::unexpected(upstream_failure(exchange, "closed the connection before it answered"));
      up_in_.commit(size);
      if (!upstream_answered_ && exchange.row) {
        exchange.row->ttfb_us = (shared_.services.clock.monotonic_ns() - exchange.start_ns) / 1000;
      }
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
      arm(Phase::kUpstream, response_timeout());
    }
    scan = {};
  }
}

HttpError Session::upstream_failure(const Exchange& exchange, std::string_view what) const {
  const std::string& name =
      (exchange.provider == Provider::kAnthropic ? lane_.anthropic : lane_.openai).url().authority;
  if (client_gone_) return {502, "the client left"};
  if (sender_.bad_body) return {400, "broken chunked framing in the request body"};
  if (timed_out_) {
    return {504, fmt::format("{} did not answer within {} s; try again, or raise --request-timeout", name,
                             static_cast<double>(response_timeout().count()) / 1000)};
  }
  return {502, fmt::format("{} {}; the request may be sent again", name, what)};
}

// ------------------------------------------------------------------------------------------------------ answers,
// relayed

Task<void> Session::relay_response(Exchange& exchange, ResponseHead head, const Outgoing& outgoing,
                                   UpstreamPool& pool) {
  exchange.status = head.status;
  auto framing = response_framing(head, exchange.head.method);
  if (!framing) {
    upstream_->close();
    co_await join_sender();
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
  if (exchange.row) observer.emplace(exchange.route->api, head);
  if (observer && !observer->active()) observer.reset();
  BodyFramer framer(*framing);
  const bool upstream_keeps = head.keep_alive() && !until_close;
  std::string bytes = client_response_head(head, exchange.extra, !exchange.keep, dechunk);
  const bool complete =
      co_await relay_body(exchange, framer, std::move(bytes), observer ? &*observer : nullptr, dechunk);
  if (observer && complete) {
    const Usage usage = observer->finish();
    exchange.row->billed_input = usage.input;
    exchange.row->billed_cached = usage.cached;
    exchange.row->billed_output = usage.output;
  }
  const bool sent_all = !sender_.running && !sender_.failed;
  if (sender_.running) {
    sender_.abort = true;
    upstream_->close();
    error_code ignored;
    if (outgoing.streamed) client_.cancel(ignored);
    co_await join_sender();
  }
  if (!complete) {
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

// Writes the head and every byte of the body as it comes. False when the answer could not be delivered whole.
Task<bool> Session::relay_body(Exchange& exchange, BodyFramer& framer, std::string head, UsageObserver* observer,
                               bool dechunk) {
  for (bool first = true;; first = false) {
    Tee tee(observer);
    PayloadSink* sink = dechunk ? static_cast<PayloadSink*>(&tee) : observer;
    const auto step = framer.feed(up_in_.view(), sink);
    const std::string_view body = dechunk ? std::string_view(tee.copy) : up_in_.view().substr(0, step.consumed);
    if (first || !body.empty()) {
      response_started_ = true;
      arm(Phase::kClientWrite, response_timeout());
      const std::array<asio::const_buffer, 2> buffers{asio::buffer(head), asio::buffer(body)};
      auto [error, size] = co_await asio::async_write(client_, buffers, kToken);
      head.clear();
      if (error) {
        exchange.note = "the client left";
        client_gone_ = true;
        co_return false;
      }
    }
    up_in_.consume(step.consumed);
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
      auto [error, size] = co_await asio::async_write(client_, asio::buffer(up_in_.view()), kToken);
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
      auto [error, size] = co_await upstream_->write(asio::buffer(in_.view()));
      if (error) break;
      in_.consume(in_.size());
    }
    auto [error, size] = co_await client_.async_read_some(in_.prepare(kReadSize), kToken);
    if (error) break;
    in_.commit(size);
  }
  upstream_->close();
  sender_.running = false;
  sender_done_.cancel();
}

// --------------------------------------------------------------------------------------------------- request bodies,
// sent

void Session::start_sender(Exchange& exchange, const Outgoing& outgoing) {
  sender_.running = true;
  const auto self = shared_from_this();
  const BodyFraming framing = exchange.framing;
  const bool expect_continue = exchange.head.fields.lists("expect", "100-continue");
  bool* body_read = &exchange.body_read;
  const std::string* body = &outgoing.body;
  const bool streamed = outgoing.streamed;
  asio::co_spawn(
      client_.get_executor(),
      [self, framing, body, streamed, expect_continue]() {
        return self->send_body(framing, *body, streamed, expect_continue);
      },
      [self, body_read, streamed](std::exception_ptr) {
        if (streamed && !self->sender_.failed && !self->sender_.abort && !self->sender_.bad_body &&
            !self->client_gone_) {
          *body_read = true;
          self->watch_client();
        }
        self->sender_.running = false;
        self->sender_done_.cancel();
      });
}

Task<void> Session::send_body(BodyFraming framing, std::string_view first, bool streamed, bool expect_continue) {
  for (std::size_t at = 0; at < first.size() && !sender_.abort;) {
    const std::string_view part = first.substr(at, 4 * kSingleWrite);
    auto [error, size] = co_await upstream_->write(asio::buffer(part));
    if (error) {
      sender_.failed = true;
      co_return;
    }
    at += part.size();
    if (phase_ == Phase::kUpstream) arm(Phase::kUpstream, response_timeout());
  }
  if (!streamed) co_return;
  const bool whole = co_await send_streamed(framing, expect_continue);
  if (!whole && !sender_.abort) upstream_->close();
}

// Passes the client's body on as it comes, one bounded buffer at a time: a slow upstream slows the client.
Task<bool> Session::send_streamed(BodyFraming framing, bool expect_continue) {
  BodyFramer framer(framing);
  if (expect_continue && in_.empty() && !response_started_) {
    const bool sent = co_await write_client("HTTP/1.1 100 Continue\r\n\r\n");
    if (!sent) co_return false;
  }
  for (;;) {
    const auto step = framer.feed(in_.view(), nullptr);
    if (step.consumed > 0) {
      auto [error, size] = co_await upstream_->write(asio::buffer(in_.view().substr(0, step.consumed)));
      in_.consume(step.consumed);
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
    if (!response_started_) arm(Phase::kClientRead, shared_.limits.body_timeout);
    auto [error, size] = co_await client_.async_read_some(in_.prepare(kReadSize), kToken);
    if (error) {
      if (!sender_.abort && !timed_out_) client_gone_ = true;
      co_return false;
    }
    in_.commit(size);
    if (!response_started_) arm(Phase::kUpstream, response_timeout());
  }
}

Task<void> Session::join_sender() {
  while (sender_.running) {
    sender_done_.expires_after(std::chrono::hours(24));
    co_await sender_done_.async_wait(kToken);
  }
}

// -------------------------------------------------------------------------------------------------------------- the
// client

Task<bool> Session::write_client(std::string_view bytes) {
  if (phase_ != Phase::kUpstream) arm(Phase::kClientWrite, response_timeout());
  auto [error, size] = co_await asio::async_write(client_, asio::buffer(bytes), kToken);
  co_return !error;
}

Task<void> Session::reply(Exchange& exchange, Reply answer) {
  exchange.keep = exchange.keep && exchange.body_read && !shared_.draining.load(std::memory_order_relaxed);
  exchange.status = answer.status;
  const std::string bytes = local_response(answer, exchange.head.method == "HEAD", !exchange.keep);
  phase_ = Phase::kClientWrite;
  const bool sent = co_await write_client(bytes);
  if (!sent) exchange.keep = false;
}

// Closing while request bytes are unread would reset the connection and could destroy our answer on its way: say that
// nothing follows, then read the rest off for a moment.
Task<void> Session::lingering_close() {
  error_code ignored;
  client_.shutdown(Socket::shutdown_send, ignored);
  arm(Phase::kIdle, std::chrono::seconds(2));
  for (std::size_t left = 1 << 20; left > 0;) {
    auto [error, size] = co_await client_.async_read_some(in_.prepare(kReadSize), kToken);
    if (error) break;
    left -= std::min(left, size);
  }
  close_client();
}

void Session::watch_client() {
  if (watching_ || client_gone_ || in_.size() >= kMaxPipelined || !client_.is_open()) return;
  watching_ = true;
  const auto generation = ++watch_generation_;
  client_.async_wait(Socket::wait_read, [self = shared_from_this(), generation](error_code error) {
    if (generation != self->watch_generation_ || error) return;
    self->watching_ = false;
    self->on_client_readable();
  });
}

void Session::unwatch_client() {
  ++watch_generation_;
  if (!watching_) return;
  watching_ = false;
  error_code ignored;
  client_.cancel(ignored);
}

void Session::on_client_readable() {
  error_code error;
  const std::size_t size = client_.read_some(in_.prepare(kReadSize / 2), error);
  if (error && error != asio::error::would_block) return client_is_gone();
  if (!error) in_.commit(size);
  watch_client();
}

void Session::client_is_gone() {
  client_gone_ = true;
  if (upstream_ != nullptr) upstream_->close();
}

void start_session(Lane& lane, Socket socket, std::function<void()> on_end) {
  const auto executor = socket.get_executor();
  auto session = std::make_shared<Session>(lane, std::move(socket), std::move(on_end));
  asio::co_spawn(
      executor, [session]() { return session->run(); },
      [session](std::exception_ptr failure) { session->ended(failure); });
}

void drain_sessions(Lane& lane) {
  for (Session* session : lane.sessions) session->drain();
}

void cut_sessions(Lane& lane) {
  for (Session* session : lane.sessions) session->cut();
}

}  // namespace headroom::proxy
