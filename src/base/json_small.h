#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "base/json_document.h"

namespace headroom::base {

/// Texts up to this are tried here first.
inline constexpr std::size_t kSmallJson = 1024;

/// For JsonDocument::parse(): reads a small text where it stands. An index of a text, a copy with room
/// behind it and memory for both pay for themselves only in larger ones. False, with `nodes` and `decoded` as they
/// were, for whatever is not plain: errors, lone surrogates, many values, deep nesting.
bool read_small_json(std::string_view text, std::vector<JsonNode>& nodes, std::unique_ptr<char[]>& decoded);

}  // namespace headroom::base
