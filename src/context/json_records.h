#pragma once

#include <string_view>

namespace headroom::context {

/// The JSON text is data and no settings: most of its bytes are records, that is objects that stand in a row of many
/// (findings, events, rows), or it is one such record a line. Nobody edits these by hand. False for what is no JSON.
bool holds_records(std::string_view text);

}  // namespace headroom::context
