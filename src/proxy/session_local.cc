#include <algorithm>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "base/json_document.h"
#include "proxy/body_pace.h"
#include "proxy/learned_api.h"
#include "proxy/retrieve_api.h"
#include "proxy/runtime_env_api.h"
#include "proxy/session_impl.h"

// Request bodies taken in whole, and the endpoints that are answered here.

namespace headroom::proxy {
namespace {

// Own endpoints but /v1/compress take small bodies only.
constexpr std::size_t kMaxApiBody = 1 << 20;

// Of a request body, at once.
constexpr std::size_t kBodyReadSize = 64 * 1024;

// Collects a payload up to a limit.
class Collector final : public PayloadSink {
 public:
  explicit Collector(std::size_t limit) : limit_(limit) {}
  void on_payload(std::string_view bytes) override {
    overflow_ = overflow_ || bytes.size() > limit_ - body_.size();
    if (!overflow_) body_ += bytes;
  }
  /// With room behind the body for who parses it.
  void reserve(std::uint64_t size) { body_.reserve(std::min<std::uint64_t>(size, limit_) + base::kJsonPadding); }
  bool overflow() const { return overflow_; }
  std::string& body() { return body_; }

 private:
  std::size_t limit_;
  bool overflow_ = false;
  std::string body_;
};

Reply refuse_coding(std::string_view taken) {
  Reply answer =
      api_error(415, "invalid_request", fmt::format("send the body in no other Content-Encoding than {}", taken));
  answer.fields.push_back({"Accept-Encoding", std::string(taken)});
  return answer;
}

}  // namespace

// Takes the whole body in; answers itself and returns false when that cannot be.
Task<bool> Session::read_body(Exchange& exchange, std::size_t limit, std::string& body) {
  if (exchange.body_read) co_return true;
  Collector collector(limit);
  BodyFramer framer(exchange.framing);
  const BodyPace pace(shared_.limits);
  bool too_large = exchange.framing.kind == BodyFraming::Kind::kLength && exchange.framing.length > limit;
  bool malformed = false;
  std::int64_t waited_ns = 0;
  timed_out_ = false;
  if (!too_large && exchange.framing.kind == BodyFraming::Kind::kLength &&
      exchange.framing.length >= shared_.limits.large_body_bytes) {
    const std::int64_t before = shared_.services.clock.monotonic_ns();
    exchange.place = co_await shared_.body_room.take(exchange.framing.length, shared_.limits.body_room_patience);
    waited_ns = shared_.services.clock.monotonic_ns() - before;
  }
  if (!too_large && in_.empty() && exchange.head.fields.lists("expect", "100-continue")) {
    const bool sent = co_await write_client("HTTP/1.1 100 Continue\r\n\r\n");
    if (!sent) co_return false;
  }
  while (!too_large && !malformed) {
    collector.reserve(exchange.framing.length);
    if (!in_.empty()) {
      const auto step = framer.feed(in_.view(), &collector);
      in_.consume(step.consumed);
      malformed = step.malformed;
      too_large = collector.overflow();
    }
    if (framer.done() || malformed || too_large) break;
    arm(Phase::kClientRead, pace.patience(framer.payload_bytes()));
    error_code error;
    if (exchange.framing.kind == BodyFraming::Kind::kLength && in_.may_append_to()) {
      // Into its place: no copy, and no large buffer that stays with the connection.
      std::string& taken = collector.body();
      const std::size_t before = taken.size();
      error = co_await in_.append_to(taken, std::min<std::uint64_t>(exchange.framing.length - before, kBodyReadSize));
      framer.feed(std::string_view(taken).substr(before), nullptr);
    } else {
      error = co_await read_client(kBodyReadSize);
    }
    if (error) {
      exchange.keep = false;
      exchange.note = timed_out_ ? "the request body stalled" : "the client left before its request was complete";
      exchange.status = timed_out_ ? 408 : 499;
      if (timed_out_) co_await reply(exchange, api_error(408, "timeout", exchange.note));
      co_return false;
    }
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
  exchange.arrived_ns = shared_.services.clock.monotonic_ns() - waited_ns;
  body = std::move(collector.body());
  audit_received(exchange, body);
  co_return true;
}

Task<void> Session::serve_local(Exchange& exchange) {
  std::string body;
  const bool large = exchange.route->action == Action::kCompressApi;
  const std::size_t limit = large ? body_limit() : kMaxApiBody;
  const auto codings = codings_of(exchange.head.fields);
  if (!codings || (!large && !codings->empty())) {
    co_await reply(exchange, refuse_coding(large ? kCodingsRead : "identity"));
    co_return;
  }
  const bool complete = co_await read_body(exchange, limit, body);
  if (!complete) co_return;
  phase_ = Phase::kWorking;
  if (!codings->empty()) {
    const bool readable = co_await decode_for_api(exchange, body, *codings);
    if (!readable) co_return;
  }
  Reply answer;
  std::optional<store::LedgerRow> row;
  const bool quick = exchange.route->action == Action::kLive || exchange.route->action == Action::kWrongMethod ||
                     (large && body.size() <= shared_.limits.inline_body_bytes);
  if (quick) {
    answer = local_reply(exchange, body, row);
  } else {
    co_await on_worker([&] { answer = local_reply(exchange, body, row); });
  }
  exchange.row = std::move(row);
  co_await reply(exchange, std::move(answer));
}

// Where the upstream is told of own data, so this is only for who may see that.
Task<void> Session::serve_probe(Exchange& exchange) {
  if (const auto refused = refuse(Guard::kLocalWrite, exchange.head, exchange.caller)) {
    exchange.note = "refused";
    co_await reply(exchange, api_error(refused->status, "forbidden", refused->why));
    co_return;
  }
  std::string body;
  const bool complete = co_await read_body(exchange, kMaxApiBody, body);
  if (!complete) co_return;
  exchange.note = "a probe";
  const Route& route = *exchange.route;
  const bool compressed = route.action == Action::kCompressRelay && exchange.settings->options.optimize;
  const UpstreamUrl& to = exchange.pool->url();
  co_await reply(exchange, probe_api(compressed ? wire::api_name(route.api) : std::string_view(), to));
}

Reply Session::local_reply(const Exchange& exchange, const std::string& body, std::optional<store::LedgerRow>& row) {
  const Services& services = shared_.services;
  const RequestHead& head = exchange.head;
  // Who names no project asks about all that this machine keeps.
  const store::Scope scope = exchange.project.empty() ? store::kEveryProject : store::Scope(exchange.project);
  switch (exchange.route->action) {
    case Action::kCompressApi: {
      const bool bypass = equals_ci(head.fields.get("x-headroom-bypass"), "true");
      auto result = compress_api(*exchange.settings->pipeline, *exchange.settings->lossless, bypass, body,
                                 exchange.project, services.clock, exchange.arrived_ns);
      row = std::move(result.row);
      return std::move(result.reply);
    }
    case Action::kRetrieve:
      return retrieve_api({services.store, services.offers, scope}, head.method, head.path, head.query, body);
    case Action::kRetrieveToolCall:
      return retrieve_tool_call_api({services.store, services.offers, scope}, body);
    case Action::kRetrieveStats:
      return retrieve_stats_api(services.store, scope);
    case Action::kLearnedStats:
      return learned_stats_api(services.offers, scope);
    case Action::kLearnedPatterns:
      return learned_patterns_api(services.offers, scope, head.query);
    case Action::kLearnedPattern:
      return learned_pattern_api(services.offers, scope, head.path);
    case Action::kLive:
      return live_api(services, shared_.state());
    case Action::kReady:
      return ready_api(services, shared_.state());
    case Action::kHealth: {
      const bool local = !refuse(Guard::kLocal, head, exchange.caller).has_value();
      const HealthDetails details{exchange.settings->options, head.fields.get(kChallengeHeader), port_};
      return health_api(services, shared_.state(), local ? &details : nullptr);
    }
    case Action::kStats:
      return stats_api(services, shared_.state(), scope, head.query);
    case Action::kMetrics:
      return metrics_api(services, shared_.state(), scope);
    case Action::kHistory:
      return history_api(services, shared_.state(), scope, head.query);
    case Action::kMemory:
      return memory_api();
    case Action::kCacheClear:
      shared_.answers.clear();
      return {
          200, "application/json",
          exchange.settings->options.response_cache > 0 ? R"({"status":"cleared"})" : R"({"status":"cache disabled"})"};
    case Action::kNotHere:
      return api_error(404, "not_found", "this proxy does not serve that; docs/ROUTES.md lists what it does");
    case Action::kRuntimeEnv:
      return runtime_env_api(shared_.settings, head.method, body);
    case Action::kWrongMethod:
      return api_error(405, "invalid_request", "this path takes another method");
    case Action::kCompressRelay:
    case Action::kSocketRelay:
    case Action::kRelay:
      break;
  }
  return api_error(500, "internal", "a route without a handler");
}

// What the work throws (there can be a lack of memory) is thrown here again: it costs this connection, no other.
Task<void> Session::on_worker(std::function<void()> work) {
  std::exception_ptr failure;
  co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
      [&work, &failure, this](auto handler) {
        asio::post(shared_.workers, [&work, &failure, handler = std::move(handler)]() mutable {
          try {
            work();
          } catch (...) {
            failure = std::current_exception();
          }
          auto executor = asio::get_associated_executor(handler);
          asio::post(executor, std::move(handler));
        });
      },
      asio::use_awaitable_t<Executor>{});
  if (failure) std::rethrow_exception(failure);
}

}  // namespace headroom::proxy
