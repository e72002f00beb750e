#pragma once

#include <string_view>

#include "proxy/reply.h"
#include "store/offer_record.h"
#include "store/scope.h"

namespace headroom::proxy {

// What was learned from what models asked for (docs/RETRIEVAL.md), under the paths of the original's patterns: one for
// each tool and compressor. `offers` may be nullptr: nothing is learned.

/// GET /v1/toin/stats: the sums.
Reply learned_stats_api(store::OfferRecord* offers, store::Scope scope);
/// GET /v1/toin/patterns[?limit=20]: those with the most originals first.
Reply learned_patterns_api(store::OfferRecord* offers, store::Scope scope, std::string_view query);
/// GET /v1/toin/pattern/PREFIX: the one whose id begins so; 404 where there is none, 409 where there are several.
Reply learned_pattern_api(store::OfferRecord* offers, store::Scope scope, std::string_view path);

}  // namespace headroom::proxy
