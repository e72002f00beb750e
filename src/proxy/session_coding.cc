#include <string>
#include <utility>

#include "proxy/coded_body.h"
#include "proxy/session_impl.h"

// Bodies of requests in content codings (docs/OPERATION.md): what they say is read and changed; what is not changed
// goes on in the bytes that came.

namespace headroom::proxy {

// A body that grows large has its place in the room before it is there. That it does is known only afterwards, so its
// size is found first, which costs no memory; both on a worker, as few bytes can be much work. Without room it is not
// read at all: many small bodies could take all memory at once, where as many large ones would have to be sent first.
Task<base::Result<std::string>> Session::decode(Exchange& exchange, std::string_view body,
                                                const std::vector<ContentCoding>& codings) {
  base::Result<std::size_t> size = base::fail(base::ErrorCode::kInternal, "nobody has read it");
  std::string text;
  const std::size_t large = shared_.limits.large_body_bytes;
  co_await on_worker([&] {
    size = decoded_size(body, codings, body_limit());
    if (size && *size < large) text = decode_body(body, codings, *size);
  });
  if (!size) co_return std::unexpected(size.error());
  if (*size < large) co_return text;
  exchange.place.give_back();
  exchange.place = co_await shared_.body_room.try_take(body.size() + *size, shared_.limits.body_room_patience);
  if (!exchange.place) co_return base::fail(base::ErrorCode::kUnavailable, "there was no room for its text in time");
  co_await on_worker([&] { text = decode_body(body, codings, *size); });
  co_return text;
}

// In the client's own coding, so that a slow line carries no more than it did, or in none.
Task<void> Session::encode(Exchange& exchange, Outgoing& outgoing) {
  std::string encoded;
  if (exchange.codings.size() == 1) {
    const ContentCoding coding = exchange.codings.front();
    const auto work = [&] { encoded = encode_body(outgoing.body, coding); };
    if (is_quick(outgoing.body.size())) {
      work();
    } else {
      co_await on_worker(work);
    }
  }
  if (encoded.empty()) {
    exchange.codings.clear();
    exchange.head.fields.erase_if([](const Field& field) { return equals_ci(field.name, "content-encoding"); });
    co_return;
  }
  outgoing.text = std::exchange(outgoing.body, std::move(encoded));
}

// False when the body cannot be read, and the client has heard why.
Task<bool> Session::decode_for_api(Exchange& exchange, std::string& body, const std::vector<ContentCoding>& codings) {
  auto text = co_await decode(exchange, body, codings);
  if (text) {
    body = *std::move(text);
    co_return true;
  }
  const std::string why = "the request body cannot be decoded: " + text.error().message;
  Reply answer = api_error(400, "invalid_request", why);
  if (text.error().code == base::ErrorCode::kTooLarge) answer = api_error(413, "request_too_large", why);
  if (text.error().code == base::ErrorCode::kUnavailable) answer = api_error(503, "unavailable", why);
  co_await reply(exchange, std::move(answer));
  co_return false;
}

}  // namespace headroom::proxy
