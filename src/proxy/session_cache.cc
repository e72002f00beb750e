#include <string>
#include <utility>

#include "proxy/session_impl.h"

// Answers that are given again without asking, for who has switched that on (--response-cache).

namespace headroom::proxy {

// True when the client has its answer.
Task<bool> Session::reply_from_cache(Exchange& exchange, std::string_view body) {
  const std::int64_t seconds = exchange.settings->options.response_cache;
  const bool turn = exchange.route->action == Action::kCompressRelay && !exchange.route->counts &&
                    exchange.route->batch == Batch::kNone;  // each makes another one
  if (seconds <= 0 || !turn) co_return false;
  exchange.answer_key = answer_key(exchange.head, exchange.project, exchange.pool->url().authority, body);
  if (exchange.answer_key.empty()) co_return false;
  const auto known = shared_.answers.find(exchange.answer_key, shared_.services.clock.now_ms(), seconds * 1000);
  if (known == nullptr) co_return false;
  Reply answer{200, known->content_type, known->body, {{"x-headroom-cached", "true"}}};
  if (!known->content_encoding.empty()) answer.fields.push_back({"content-encoding", known->content_encoding});
  exchange.note = "from the cache of answers";
  co_await reply(exchange, std::move(answer));
  co_return true;
}

void Session::keep_answer(const Exchange& exchange, const ResponseHead& head, std::string body) {
  if (exchange.answer_key.empty() || !may_keep_answer(head)) return;
  shared_.answers.put(
      exchange.answer_key,
      {std::string(head.fields.get("content-type")), std::string(head.fields.get("content-encoding")), std::move(body)},
      shared_.services.clock.now_ms());
}

}  // namespace headroom::proxy
