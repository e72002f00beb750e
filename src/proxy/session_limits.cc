#include <algorithm>

#include "proxy/owner.h"
#include "proxy/session_impl.h"

// What may be spent, and how fast.

namespace headroom::proxy {
namespace {

RateLimit::Rates rates_of(const config::Options& options) {
  return {options.rpm, options.tpm};
}

}  // namespace

// Requests that only ask cost nothing.
std::optional<OverLimit> Session::over_limit(Exchange& exchange) {
  if (exchange.head.method != "POST" && !exchange.in_socket) return std::nullopt;
  const std::int64_t now_ms = shared_.services.clock.now_ms();
  if (auto over = shared_.budget.check(now_ms)) return over;
  const RateLimit::Rates rates = rates_of(exchange.settings->options);
  if (rates.requests <= 0 && rates.tokens <= 0) return std::nullopt;
  exchange.owner = owners_.of(exchange.head.fields);
  return shared_.rate_limit.check(exchange.owner, rates, now_ms);
}

void Session::count_spending(const Exchange& exchange) {
  const store::LedgerRow& row = *exchange.row;
  shared_.budget.add(row);
  if (exchange.owner.empty()) return;
  const std::int64_t input = row.billed_input >= 0 ? row.billed_input : row.tokens_after;
  shared_.rate_limit.add(exchange.owner, rates_of(exchange.settings->options),
                         input + std::max<std::int64_t>(row.billed_output, 0), shared_.services.clock.now_ms());
}

}  // namespace headroom::proxy
