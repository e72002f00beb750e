#include "proxy/session.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <sys/socket.h>

#include "proxy/project.h"
#include "proxy/session_impl.h"
#include "proxy/shown_path.h"

// The client's side of a session: requests come in, answers of our own go out, the connection is watched and closed.

namespace headroom::proxy {
namespace {

// Bytes of following requests that are taken from a client whose answer is still under way.
constexpr std::size_t kMaxPipelined = 64 * 1024;
constexpr std::size_t kMaxBlankLines = 8;

Peer peer_of(const asio::ip::address& address) {
  const bool mapped = address.is_v6() && address.to_v6().is_v4_mapped();
  const bool loopback =
      mapped ? make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback() : address.is_loopback();
  return loopback ? Peer::kLoopback : Peer::kElsewhere;
}

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

}  // namespace

std::shared_ptr<UpstreamPool> Lane::pool(Provider provider, std::string_view region) {
  static constexpr std::size_t kMostRegions = 64;
  const auto& pool = fixed[static_cast<std::size_t>(provider)];
  if (!pool->url().host.empty()) return pool;
  const UpstreamUrl url = regional_upstream(provider, region);
  if (const auto found = regional.find(url.host); found != regional.end()) return found->second;
  // Clients name regions; those that nobody uses make room.
  if (regional.size() >= kMostRegions)
    std::erase_if(regional, [](const auto& entry) { return entry.second.use_count() == 1; });
  return regional.emplace(url.host, make_pool(url)).first->second;
}

Task<void> Session::run() {
  const auto self = shared_from_this();
  error_code error;
  if (shared_.options.uds.empty()) {
    const Tcp::endpoint peer = client_.remote_endpoint(error);
    if (!error) peer_ = peer_of(peer.address());
    const Tcp::endpoint here = client_.local_endpoint(error);
    if (!error) port_ = here.port();
    client_.set_option(Tcp::no_delay(true), error);
  } else {
    peer_ = Peer::kUnixSocket;
  }
  client_.non_blocking(true, error);
  for (bool keep = true; keep;) {
    std::optional<RequestHead> head = co_await read_head();
    if (!head) break;
    asked_ = true;
    shared_.accepted.fetch_add(1, std::memory_order_relaxed);
    const ActiveGuard guard(shared_.active);
    keep = co_await serve(std::move(*head));
    // Told that the connection stays, the client may have asked again already.
    keep = keep && (!shared_.draining.load(std::memory_order_relaxed) || has_input());
    in_.shrink();
    up_in_.shrink();
  }
  unwatch_client();
  watchdog_.stop();
  close_client();
}

// A client may take the end of a connection that it has used for the end of its idleness, and asks again elsewhere. It
// does not expect that of a new one, and not where its request has come already.
void Session::drain() {
  if (talk_ != nullptr) return drain_socket(*talk_);
  if (phase_ != Phase::kIdle || has_input()) return;
  if (!asked_) return arm(Phase::kIdle, shared_.limits.drain_grace);
  // Bytes that have been read already are taken in by a handler that comes before this one.
  asio::post(client_.get_executor(), [self = shared_from_this()] {
    if (self->phase_ == Phase::kIdle && !self->has_input()) self->close_client();
  });
}

bool Session::has_input() {
  char byte = 0;
  return !in_.empty() || (client_.is_open() && ::recv(client_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0);
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
      stalled_ = true;
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
  const bool draining = shared_.draining.load(std::memory_order_relaxed);
  const auto idle = draining ? shared_.limits.drain_grace : shared_.limits.keep_alive_timeout;
  arm(in_.empty() ? Phase::kIdle : Phase::kClientRead, in_.empty() ? idle : shared_.limits.head_timeout);
  std::optional<HttpError> refused;
  for (;;) {
    while (scan.scanned == 0 && in_.view().starts_with("\r\n") && blank_lines++ < kMaxBlankLines) in_.consume(2);
    scan_head(in_.view(), scan);
    if (scan.state != HeadScan::State::kNeedMore) break;
    if (in_.size() >= shared_.limits.max_head_bytes) break;
    const error_code error = co_await read_client(kReadSize / 2);
    if (error) {
      if (!timed_out_ || in_.empty() || !client_.is_open()) co_return std::nullopt;
      refused = HttpError{408, "the request head took too long"};
      break;
    }
    if (phase_ == Phase::kIdle) arm(Phase::kClientRead, shared_.limits.head_timeout);
  }
  if (!refused && scan.state == HeadScan::State::kMalformed) refused = HttpError{400, "a line feed without its return"};
  if (!refused && (scan.state != HeadScan::State::kComplete || scan.size > shared_.limits.max_head_bytes)) {
    refused = HttpError{431, fmt::format("the request head is larger than {} bytes", shared_.limits.max_head_bytes)};
  }
  if (!refused) {
    auto head = parse_request_head(in_.view().substr(0, scan.size));
    if (head && head->fields.size() > shared_.limits.max_head_fields) {
      head = std::unexpected(
          HttpError{431, fmt::format("the request head has more than {} fields", shared_.limits.max_head_fields)});
    }
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
  exchange.caller = {peer_, &shared_.access};
  exchange.settings = shared_.settings.get();
  client_gone_ = response_started_ = upstream_answered_ = false;
  sender_ = {};
  begin_audit(exchange);
  co_await dispatch(exchange);
  unwatch_client();
  watchdog_.disarm();
  phase_ = Phase::kWorking;
  conclude(exchange);
  if (exchange.keep && !client_gone_ && client_.is_open()) co_return true;
  if (client_.is_open() && !client_gone_ && (!exchange.body_read || has_input())) co_await lingering_close();
  co_return false;
}

// What is told and kept of a request that is over.
void Session::conclude(Exchange& exchange) {
  const std::int64_t total_us = (shared_.services.clock.monotonic_ns() - exchange.start_ns) / 1000;
  if (shared_.log != nullptr) {
    const std::string path = shown_path(exchange.head.path);
    RequestLine line{exchange.in_socket ? kInSocket : exchange.head.method, path, exchange.status};
    line.total_us = total_us;
    line.note = exchange.note;
    line.compressed_route = exchange.row.has_value();
    if (exchange.row) line.tokens_before = exchange.row->tokens_before;
    if (exchange.row) line.tokens_after = exchange.row->tokens_after;
    shared_.log->request(line);
  }
  if (exchange.sending) emit(context::Stage::kResponseReceived, exchange, total_us);
  end_audit(exchange, total_us);
  end_telemetry(exchange, total_us);
  if (exchange.row && !exchange.route->counts) {  // counting costs nothing
    exchange.row->status = exchange.status;
    exchange.row->total_us = total_us;
    exchange.row->ttfb_us = exchange.ttfb_us;
    exchange.row->project = exchange.project;
    if (exchange.sending) count_spending(exchange);
    shared_.services.ledger.append(std::move(*exchange.row));
    exchange.row.reset();
  }
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
  auto project = take_project(exchange.head);
  if (!project) {
    co_await reply(exchange, api_error(project.error().status, "invalid_request", project.error().message));
    co_return;
  }
  exchange.project = std::move(*project);
  exchange.route = &find_route(exchange.head.method, exchange.head.path);
  const bool relayed = is_relayed(*exchange.route);
  if (relayed) {
    Destination to = destination_of(*exchange.route, exchange.head);
    exchange.provider = to.provider;
    exchange.api = exchange.route->api;
    if (to.provider == Provider::kBedrock && to.region.empty()) {
      to.region = shared_.aws.region(shared_.services.clock.now_ms());
    }
    exchange.pool = lane_.pool(to.provider, to.region);
    exchange.region = std::move(to.region);
    exchange.head.sent_path = std::move(to.path);
  }
  if (const auto refused = refuse(exchange.route->guard, exchange.head, exchange.caller)) {
    exchange.note = "refused";
    Reply answer = api_error(refused->status, "forbidden", refused->why);
    if (relayed) answer = provider_error(exchange.provider, refused->status, refused->why);
    co_await reply(exchange, std::move(answer));
    co_return;
  }
  if (relayed && exchange.head.fields.has(kProbeHeader)) {
    co_await serve_probe(exchange);
    co_return;
  }
  exchange.is_owner = is_owner(exchange.head, exchange.caller);
  exchange.head.fields.erase_if(
      [this](const Field& field) { return is_own_authorization(field, shared_.access.token); });
  if (relayed) {
    begin_telemetry(exchange);
    if (const auto over = over_limit(exchange)) {
      exchange.note = "over a limit";
      Reply answer = provider_error(exchange.provider, 429, over->why);
      answer.fields.push_back({"Retry-After", std::to_string(over->retry_after_s)});
      if (!over->worth_trying) answer.fields.push_back({"x-should-retry", "false"});
      co_await reply(exchange, std::move(answer));
      co_return;
    }
    number(exchange);
    if (may_be_signed(exchange)) co_await choose_signing(exchange);
    const bool bypass = equals_ci(exchange.head.fields.get("x-headroom-bypass"), "true");
    const bool socket = exchange.route->action == Action::kSocketRelay && exchange.head.fields.has("upgrade");
    if (socket && !bypass && exchange.settings->options.optimize) {
      if (goes_on_over_http(exchange.head)) {
        exchange.note = "a WebSocket is answered with 426, so that the client goes on over HTTP";
        co_await reply(exchange, provider_error(exchange.provider, 426, "use POST, where more can be saved"));
        co_return;
      }
      read_socket(exchange);
    }
    const bool compress = exchange.route->action == Action::kCompressRelay && !bypass &&
                          exchange.settings->options.optimize && exchange.signing != Signing::kKept &&
                          may_be_batch(exchange);
    if (compress || exchange.signing == Signing::kAnew) {
      co_await serve_whole(exchange, compress);
    } else {
      co_await serve_relayed(exchange);
    }
    co_return;
  }
  co_await serve_local(exchange);
}

Task<bool> Session::write_client(std::string_view bytes) {
  if (phase_ != Phase::kUpstream) arm(Phase::kClientWrite, response_timeout());
  const error_code error = co_await write_all(client_, bytes);
  co_return !error;
}

Task<void> Session::reply(Exchange& exchange, Reply answer) {
  exchange.keep = exchange.keep && exchange.body_read && !shared_.draining.load(std::memory_order_relaxed);
  exchange.status = answer.status;
  if (exchange.audited != nullptr) exchange.audited->answer.add(answer.body);
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
    in_.consume(in_.size());
    const error_code error = co_await read_client(kReadSize);
    if (error) break;
    left -= std::min(left, in_.size());
  }
  close_client();
}

// The read that is then under way is left to whoever reads next.
void Session::watch_client() {
  if (client_gone_ || in_.size() >= kMaxPipelined || !client_.is_open()) return;
  watching_ = true;
  in_.start(shared_from_this(), kReadSize / 2);
}

void Session::unwatch_client() {
  watching_ = false;
}

void Session::on_input(error_code error) {
  if (!watching_ || error == asio::error::operation_aborted) return;
  if (error) return client_is_gone();
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
