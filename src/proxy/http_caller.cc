#include "proxy/http_caller.h"

#include <memory>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "config/resolve.h"
#include "proxy/forward_proxy.h"
#include "proxy/upstream.h"
#include "proxy/whole_answer.h"

namespace headroom::proxy {
namespace {

using base::ErrorCode;
using base::fail;
using Answer = base::Result<aws::HttpAnswer>;

constexpr std::size_t kMostBody = 1 << 20;

/// One request, on a context of its own.
class Call {
 public:
  Call(const aws::HttpCall& call, UpstreamUrl url, std::string_view target, TlsContext& tls, const ForwardProxy* proxy,
       Names& names)
      : call_(call), url_(std::move(url)), tls_(tls), proxy_(proxy), connection_(context_.get_executor(), names) {
    head_ = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAccept: */*\r\n", call.method, target,
                        url_.authority);
    for (const auto& [name, value] : call.headers) head_ += fmt::format("{}: {}\r\n", name, value);
    if (call.method != "GET") head_ += fmt::format("Content-Length: {}\r\n", call.body.size());
    head_ += "\r\n";
  }

  Answer run(const std::stop_token& stop) {
    asio::co_spawn(context_, talk(), [this](const std::exception_ptr& failure, Answer answer) {
      if (!failure) answer_ = std::move(answer);
    });
    {
      const std::stop_callback stopper(stop, [this] { asio::post(context_, [this] { connection_.close(); }); });
      context_.run_for(call_.timeout);
    }
    const bool in_time = context_.stopped();
    connection_.close();
    context_.restart();
    context_.run();
    if (in_time) return std::move(answer_);
    const double seconds = static_cast<double>(call_.timeout.count()) / 1000;
    return fail(ErrorCode::kTimeout, fmt::format("{} did not answer within {} s", url_.authority, seconds));
  }

 private:
  Task<Answer> talk() {
    auto connected = co_await connection_.connect(url_, tls_, proxy_);
    if (!connected) co_return std::unexpected(connected.error());
    const error_code failed = co_await connection_.write(head_, call_.body);
    if (failed) co_return broken();
    auto answer = co_await read_whole_answer(connection_, call_.method, kMostBody);
    if (!answer || !answer->complete || answer->body.size() > kMostBody) co_return broken();
    co_return aws::HttpAnswer{answer->head.status, std::move(answer->body)};
  }

  Answer broken() const {
    return fail(ErrorCode::kUnavailable, fmt::format("{} did not give a whole answer", url_.authority));
  }

  const aws::HttpCall& call_;
  const UpstreamUrl url_;
  TlsContext& tls_;
  const ForwardProxy* proxy_;
  std::string head_;
  asio::io_context context_{1};
  UpstreamConnection connection_;
  Answer answer_ = fail(ErrorCode::kInternal, "the request was not made");
};

}  // namespace

base::Result<decltype(aws::Sources::http)> make_http_caller(const config::Options& options) {
  auto proxies = ForwardProxies::make(options, config::process_environment());
  if (!proxies) return std::unexpected(proxies.error());
  const auto ways = std::make_shared<const ForwardProxies>(*std::move(proxies));
  const auto tls = std::make_shared<TlsContext>(TlsFiles{options.ca_bundle, "", ""});
  const auto names = std::make_shared<Names>();
  return [ways, tls, names](const aws::HttpCall& call, const std::stop_token& stop) -> Answer {
    const std::size_t scheme = call.url.find("://");
    const std::size_t path = scheme == std::string::npos ? scheme : call.url.find_first_of("/?", scheme + 3);
    auto url = parse_upstream_url(call.url.substr(0, path));
    if (!url) return fail(ErrorCode::kInvalidArgument, "the address is no URL");
    const std::string target = path == std::string::npos ? "/" : call.url.substr(path);
    const bool plain = target.starts_with('/') && target.find_first_of(" \r\n#") == std::string::npos;
    if (!plain) return fail(ErrorCode::kInvalidArgument, "the address has characters that no URL has");
    const ForwardProxy* proxy = call.direct ? nullptr : ways->to(*url);
    return Call(call, *url, target, *tls, proxy, *names).run(stop);
  };
}

}  // namespace headroom::proxy
