#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "context/decision_cache.h"

namespace headroom::context {

/// A decision as JSON, for stores. Of the report what the answer and the ledger say is kept: strategy, counts, ids;
/// not the notes for people.
std::string write_decision(const Decision& decision);

/// The inverse. kParse for what is not such a text.
base::Result<Decision> read_decision(std::string_view text);

}  // namespace headroom::context
