#include "proxy/learned_api.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "base/json_writer.h"
#include "context/gentleness.h"
#include "proxy/query_string.h"

namespace headroom::proxy {
namespace {

using context::Gentleness;
using context::LearnedStep;

base::Result<std::vector<LearnedStep>> learned(store::OfferRecord* offers, store::Scope scope) {
  if (offers == nullptr) return std::vector<LearnedStep>{};
  const auto counts = offers->counts(scope);
  if (!counts) return std::unexpected(counts.error());
  return context::learn(*counts);
}

Reply unavailable(const base::Error& error) {
  return api_error(503, "unavailable", error.message);
}

}  // namespace

Reply learned_stats_api(store::OfferRecord* offers, store::Scope scope) {
  const auto steps = learned(offers, scope);
  if (!steps) return unavailable(steps.error());
  std::int64_t offered = 0, retrieved = 0;
  for (const LearnedStep& one : *steps) {
    offered += one.offers();
    retrieved += one.retrieved();
  }
  base::JsonWriter json;
  json.begin_object().member("enabled", offers != nullptr).member("total_patterns", steps->size());
  json.member("gentler", std::ranges::count(*steps, Gentleness::kGentler, &LearnedStep::step));
  json.member("lossless", std::ranges::count(*steps, Gentleness::kLossless, &LearnedStep::step));
  json.member("originals_offered", offered).member("originals_retrieved", retrieved);
  json.member("retrieval_percent",
              offered > 0 ? 100.0 * static_cast<double>(retrieved) / static_cast<double>(offered) : 0.0);
  json.end_object();
  return {200, "application/json", std::move(json).take()};
}

Reply learned_patterns_api(store::OfferRecord* offers, store::Scope scope, std::string_view query) {
  const std::string text = query_parameter(query, "limit").value_or("20");
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error != std::errc() || end != text.data() + text.size()) {
    return api_error(400, "invalid_request", "limit must be a whole number");
  }
  auto steps = learned(offers, scope);
  if (!steps) return unavailable(steps.error());
  std::ranges::stable_sort(*steps, std::greater<>(), &LearnedStep::offers);
  base::JsonWriter json;
  json.begin_array();
  for (std::size_t i = 0; i < std::min(limit, steps->size()); ++i) context::write_learned(json, (*steps)[i]);
  json.end_array();
  return {200, "application/json", std::move(json).take()};
}

Reply learned_pattern_api(store::OfferRecord* offers, store::Scope scope, std::string_view path) {
  const std::string prefix = percent_decode(path.substr(path.rfind('/') + 1));
  auto steps = learned(offers, scope);
  if (!steps) return unavailable(steps.error());
  if (prefix.empty()) return detail_error(404, "Pattern not found: give the first digits of its id");
  std::erase_if(*steps, [&](const LearnedStep& one) { return !one.id().starts_with(prefix); });
  if (steps->empty()) return detail_error(404, "Pattern not found: nothing was learned under this id");
  if (steps->size() > 1) return detail_error(409, "Several patterns begin with these digits: give more of them");
  base::JsonWriter json;
  context::write_learned(json, steps->front());
  return {200, "application/json", std::move(json).take()};
}

}  // namespace headroom::proxy
