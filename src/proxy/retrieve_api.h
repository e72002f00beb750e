#pragma once

#include <string_view>

#include "proxy/reply.h"
#include "store/offer_record.h"
#include "store/original_store.h"

namespace headroom::proxy {

/// Where originals are asked for, by whom.
struct Shelf {
  store::OriginalStore* store = nullptr;  ///< nullptr: nothing is stored
  store::OfferRecord* offers = nullptr;   ///< is told what was given; nullptr: nothing is learned
  store::Scope scope;
};

/// GET /v1/retrieve/HASH[?lines=A:B | items=A:B[&path=] | query=], GET /v1/retrieve?hash=... and POST /v1/retrieve with
/// the same names as members of a JSON object. Blocks on the store.
Reply retrieve_api(const Shelf& shelf, std::string_view method, std::string_view path, std::string_view query,
                   std::string_view body);

/// POST /v1/retrieve/tool_call with {"tool_call": a model's call of the retrieve tool, "provider": "anthropic" or
/// "openai"}: {"tool_result": the message part that answers it, "success", "data": as of retrieve_api()}.
Reply retrieve_tool_call_api(const Shelf& shelf, std::string_view body);

/// GET /v1/retrieve/stats.
Reply retrieve_stats_api(store::OriginalStore* store, store::Scope scope);

}  // namespace headroom::proxy
