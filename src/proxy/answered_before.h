#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_document.h"
#include "base/splice.h"
#include "proxy/answered_beside.h"
#include "wire/conversation.h"

namespace headroom::proxy {

// Calls of the retrieve tool that were answered in the middle of an answer are not in what the client has of it. Where
// the model has thought behind them, and the provider takes that back only behind what it was sent
// (context/thinking_binding.h), they are put into the client's later requests again, in front of what the model said
// after it had the results.

/// The anchor of such calls (AnsweredBeside::anchor). `thinking`: its signature, or what holds it encrypted. `back`:
/// how many blocks of the answer the client has between them and it.
std::string anchor_before(std::string_view thinking, std::size_t back);

/// What a block of an answer or an item is known by as thinking: its signature, or what holds it encrypted. Empty for
/// anything else.
std::string_view thinking_of(wire::Api api, const base::JsonDocument& document, const base::JsonNode& block);

/// Edits of the body that put calls and results in. Those of which the body lacks the thinking are left out.
std::vector<base::Edit> edits_before_thinking(wire::Api api, const base::JsonDocument& document,
                                              const std::vector<AnsweredBeside>& answered);

}  // namespace headroom::proxy
