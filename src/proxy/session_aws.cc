#include <memory>
#include <string>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "aws/sigv4.h"
#include "proxy/session_impl.h"

// Requests that are signed for AWS (docs/OPERATION.md). The credentials of this process are lent to nobody: another
// signature is made only for who has them, too, or is the owner of this proxy.

namespace headroom::proxy {

bool Session::may_be_signed(const Exchange& exchange) {
  const bool wants_one =
      exchange.provider == Provider::kBedrock && exchange.is_owner && !exchange.head.fields.has("authorization");
  return wants_one || is_signed_for_aws(exchange.head);
}

Task<void> Session::choose_signing(Exchange& exchange) {
  const bool is_signed = is_signed_for_aws(exchange.head);
  const auto read = aws::read_authorization(exchange.head.fields.get("authorization"));
  const std::string key(exchange.is_owner || !read ? std::string_view() : read->key_id);
  const std::int64_t now_ms = shared_.services.clock.now_ms();
  aws::Account::Answer answer = shared_.aws.credentials(key, now_ms);
  if (answer.fetching) {
    phase_ = Phase::kWorking;
    co_await credentials_fetched();
    answer = shared_.aws.credentials(key, now_ms);
  }
  exchange.credentials = std::move(answer.credentials);
  const bool same_key = exchange.credentials && read && read->key_id == exchange.credentials->key_id;
  if (exchange.credentials && (same_key || exchange.is_owner)) {
    exchange.signing = Signing::kAnew;
  } else if (is_signed) {
    keep_signed(exchange, exchange.credentials ? "it is signed with other credentials than are here" : answer.why);
  } else {
    tell_of_signature("a request for AWS goes out without a signature", answer.why);
  }
}

// The thread that fetches hands back to this connection's.
Task<void> Session::credentials_fetched() {
  co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
      [this](auto handler) {
        auto executor = asio::get_associated_executor(handler);
        const auto held = std::make_shared<decltype(handler)>(std::move(handler));
        shared_.aws.when_fetched([held, executor] { asio::post(executor, [held] { std::move (*held)(); }); });
      },
      asio::use_awaitable_t<Executor>{});
}

void Session::sign(Exchange& exchange, std::string_view body) {
  sign_anew(exchange.head, exchange.pool->url(), exchange.region, body, *exchange.credentials,
            shared_.services.clock.now_ms());
}

// A signature covers the body and Host.
void Session::keep_signed(Exchange& exchange, std::string_view why) {
  exchange.signing = Signing::kKept;
  exchange.head.keeps_host = true;
  tell_of_signature("a request that is signed for AWS is relayed as it is, uncompressed", why);
}

void Session::tell_of_signature(std::string_view what, std::string_view why) const {
  if (shared_.log == nullptr) return;
  std::string line = fmt::format("{}: {}; docs/OPERATION.md says what helps", what, why);
  if (shared_.told_of_signatures.is_new(line, shared_.services.clock.now_ms())) shared_.log->warn(line);
}

}  // namespace headroom::proxy
