#include "proxy/otlp_transport.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <ctime>
#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "proxy/forward_proxy.h"
#include "proxy/tls_context.h"
#include "proxy/upstream.h"
#include "proxy/version.h"
#include "proxy/whole_answer.h"

namespace headroom::proxy {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using telemetry::Delivery;

constexpr std::size_t kMostAnswer = 64 * 1024;  // of it the beginning is told

/// Seconds, or a date.
std::optional<milliseconds> read_retry_after(std::string_view value, const base::Clock& clock) {
  if (value.empty()) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  constexpr std::int64_t kMost = 86'400;
  if (error == std::errc() && end == value.data() + value.size()) {
    return milliseconds(std::clamp<std::int64_t>(seconds, 0, kMost) * 1000);
  }
  std::tm date{};
  if (::strptime(std::string(value).c_str(), "%a, %d %b %Y %H:%M:%S GMT", &date) == nullptr) return std::nullopt;
  const std::int64_t left_ms = std::int64_t{::timegm(&date)} * 1000 - clock.now_ms();
  return milliseconds(std::clamp<std::int64_t>(left_ms, 0, kMost * 1000));
}

/// The way to one address.
class Collector {
 public:
  Collector(UpstreamUrl url, const telemetry::Signal& signal, const std::string& ca_bundle,
            const ForwardProxies& proxies)
      : url_(std::move(url)),
        timeout_(signal.timeout),
        tls_({signal.ca_file.empty() ? ca_bundle : signal.ca_file, signal.client_cert, signal.client_key}),
        proxy_(proxies.to(url_)) {
    head_ = fmt::format(
        "POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: headroom/{}\r\nContent-Type: application/json\r\nAccept: "
        "application/json\r\n",
        url_.base_path.empty() ? "/" : url_.base_path, url_.authority, kVersion);
    for (const auto& [name, value] : signal.headers)
      fmt::format_to(std::back_inserter(head_), "{}: {}\r\n", name, value);
  }

  milliseconds timeout() const { return timeout_; }
  /// Ends a send() that is under way.
  void give_up() {
    given_up_ = true;
    if (connection_ != nullptr) connection_->close();
  }

  /// A kept connection that has ended meanwhile is replaced once: what is sent twice is told twice at worst.
  Task<Delivery> send(Executor executor, Names& names, std::string_view json, const base::Clock& clock) {
    given_up_ = false;
    const std::string head = fmt::format("{}Content-Length: {}\r\n\r\n", head_, json.size());
    for (;;) {
      const bool kept = connection_ != nullptr && connection_->is_usable();
      if (!kept) {
        connection_ = std::make_unique<UpstreamConnection>(executor, names);
        auto connected = co_await connection_->connect(url_, tls_, proxy_);
        if (!connected) {
          connection_.reset();
          co_return failure(connected.error().message);
        }
      }
      Delivery delivery;
      const error_code error = co_await connection_->write(head, json);
      if (!error) delivery = co_await read_answer(clock);
      if (delivery.status > 0) co_return delivery;
      connection_.reset();
      if (!kept || given_up_) co_return failure(url_.authority + " closed the connection before it answered");
    }
  }

 private:
  Delivery failure(std::string why) const {
    Delivery delivery;
    delivery.error = given_up_ ? url_.authority + " did not answer in time" : std::move(why);
    return delivery;
  }

  Task<Delivery> read_answer(const base::Clock& clock) {
    auto answer = co_await read_whole_answer(*connection_, "POST", kMostAnswer);
    if (!answer) co_return Delivery{};
    Delivery delivery;
    delivery.status = answer->head.status;
    delivery.retry_after = read_retry_after(answer->head.fields.get("retry-after"), clock);
    delivery.body = std::move(answer->body);
    delivery.body.resize(std::min(delivery.body.size(), kMostAnswer));
    if (!answer->can_go_on) connection_.reset();
    co_return delivery;
  }

  const UpstreamUrl url_;
  const milliseconds timeout_;
  TlsContext tls_;
  const ForwardProxy* const proxy_;
  std::string head_;
  std::unique_ptr<UpstreamConnection> connection_;
  bool given_up_ = false;
};

class OtlpTransport final : public telemetry::Transport {
 public:
  OtlpTransport(ForwardProxies proxies, std::string ca_bundle, const base::Clock& clock)
      : proxies_(std::move(proxies)), ca_bundle_(std::move(ca_bundle)), clock_(clock) {}

  base::Result<void> add(telemetry::SignalKind kind, const telemetry::Signal& signal) {
    if (signal.url.empty()) return {};
    auto url = parse_upstream_url(signal.url);
    if (!url) return std::unexpected(url.error());
    at(kind).emplace(std::move(*url), signal, ca_bundle_, proxies_);
    return {};
  }

  Delivery send(telemetry::SignalKind kind, std::string_view json) override {
    std::optional<Collector>& collector = at(kind);
    if (!collector) return {.status = 0, .body = {}, .error = "no address", .retry_after = {}};
    Delivery delivery;
    context_.restart();
    asio::co_spawn(context_, collector->send(context_.get_executor(), names_, json, clock_),
                   [&](const std::exception_ptr& failure, Delivery result) {
                     if (!failure) delivery = std::move(result);
                     sending_ = nullptr;
                     deadline_.cancel();
                   });
    arm(std::min(steady_clock::now() + collector->timeout(), last_.load()), *collector);
    sending_ = &*collector;
    context_.run();
    return delivery;
  }

  void end_within(milliseconds left) override {
    last_ = steady_clock::now() + left;
    asio::post(context_, [this] {
      if (sending_ != nullptr) arm(std::min(deadline_.expiry(), last_.load()), *sending_);
    });
  }

 private:
  std::optional<Collector>& at(telemetry::SignalKind kind) {
    return kind == telemetry::SignalKind::kTraces ? traces_ : metrics_;
  }
  void arm(steady_clock::time_point end, Collector& collector) {
    deadline_.expires_at(end);
    deadline_.async_wait([&collector](error_code stopped) {
      if (!stopped) collector.give_up();
    });
  }

  const ForwardProxies proxies_;
  const std::string ca_bundle_;
  const base::Clock& clock_;
  Names names_;
  asio::io_context context_{1};
  SteadyTimer deadline_{context_};
  std::optional<Collector> traces_, metrics_;
  Collector* sending_ = nullptr;  // on the sending thread
  std::atomic<steady_clock::time_point> last_ = steady_clock::time_point::max();
};

}  // namespace

base::Result<std::unique_ptr<telemetry::Transport>> make_otlp_transport(const telemetry::Settings& settings,
                                                                        const config::Options& options,
                                                                        const config::Environment& environment,
                                                                        const base::Clock& clock) {
  auto proxies = ForwardProxies::make(options, environment);
  if (!proxies) return std::unexpected(proxies.error());
  auto transport = std::make_unique<OtlpTransport>(std::move(*proxies), options.ca_bundle, clock);
  using telemetry::SignalKind;
  for (const auto& [kind, signal] :
       {std::pair{SignalKind::kTraces, &settings.traces}, std::pair{SignalKind::kMetrics, &settings.metrics}}) {
    if (auto added = transport->add(kind, *signal); !added) return std::unexpected(added.error());
  }
  return transport;
}

}  // namespace headroom::proxy
