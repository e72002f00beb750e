#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::compress::config {

constexpr std::size_t kShortestPart = 4;  ///< bytes of a word that may stand within another

/// What a noun and its verb have in common: "vector" of "vectorization"; of "retry" and "retries" what is before the
/// ending. "pag" of "page" stands in too many words, so that has its "e" again. `stem` is that of `word`, in lower
/// case.
std::string root_of(std::string stem, std::string_view word);
std::string root_of(std::string_view word);

/// Words with which people ask about settings, whichever they are. They name none. Takes a root.
bool is_general(const std::string& root);

/// Words that are said with others to name a setting, and seldom alone.
bool is_vague(const std::string& root);

/// Roots of what settings call that which people say with one of these roots.
std::vector<std::string> other_roots(const std::vector<std::string>& roots);

/// What these say of a word in lower case: that all is to be seen, or that something is wrong.
bool asks_for_overview(std::string_view word);
bool is_trouble(std::string_view word);

/// Which way switches are asked for: "which flags are on".
enum class Switches : std::uint8_t { kAny, kOn, kOff };

/// What a word of a question says of switches.
Switches switches_of(std::string_view word);

/// "[enabled]", "'true';", "0": the value is a switch that stands so.
bool stands(std::string_view value, Switches asked);

}  // namespace headroom::compress::config
