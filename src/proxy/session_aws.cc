#include <fmt/format.h>

#include "aws/sigv4.h"
#include "proxy/session_impl.h"

// Requests that are signed for AWS (docs/OPERATION.md). The credentials of this process are lent to nobody: another
// signature is made only for who has them, too, or is the owner of this proxy.

namespace headroom::proxy {

void Session::choose_signing(Exchange& exchange) {
  const bool is_signed = is_signed_for_aws(exchange.head);
  const bool wants_one =
      exchange.provider == Provider::kBedrock && exchange.is_owner && !exchange.head.fields.has("authorization");
  if (!is_signed && !wants_one) return;
  exchange.credentials = shared_.aws.credentials(shared_.services.clock.now_ms());
  const auto read = aws::read_authorization(exchange.head.fields.get("authorization"));
  const bool same_key = exchange.credentials && read && read->key_id == exchange.credentials->key_id;
  if (exchange.credentials && (same_key || exchange.is_owner)) {
    exchange.signing = Signing::kAnew;
  } else if (is_signed) {
    keep_signed(exchange, exchange.credentials ? "it is signed with other credentials than are here"
                                               : "there are no AWS credentials here to sign it anew");
  }
}

void Session::sign(Exchange& exchange, std::string_view body) {
  sign_anew(exchange.head, exchange.pool->url(), exchange.region, body, *exchange.credentials,
            shared_.services.clock.now_ms());
}

// A signature covers the body and Host.
void Session::keep_signed(Exchange& exchange, std::string_view why) {
  exchange.signing = Signing::kKept;
  exchange.head.keeps_host = true;
  if (shared_.log == nullptr || shared_.told_of_signatures.exchange(true)) return;
  shared_.log->warn(fmt::format(
      "a request that is signed for AWS is relayed as it is, uncompressed: {}; docs/OPERATION.md says what helps",
      why));
}

}  // namespace headroom::proxy
