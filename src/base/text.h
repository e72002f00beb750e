#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::base {

/// Lines of `text` without their '\n' ('\r' stays). A final '\n' does not start another line; "" has no lines.
std::vector<std::string_view> split_lines(std::string_view text);

/// How many lines split_lines() gives.
std::size_t count_lines(std::string_view text);

/// Words for matching and scoring: lower-case ASCII, split at everything that is not a letter, digit or non-ASCII byte,
/// at camelCase humps and at letter/digit borders; the unsplit identifier is kept as well when it has parts
/// ("payloadSize_v2" gives payload, size, v, 2, payloadsize_v2). Plain plural and verb endings are cut (Porter-light)
/// so that "failed" meets "failures". Views into a lower-cased copy would dangle, so the words are owned.
std::vector<std::string> words(std::string_view text);

/// The crude stem that words() applies to one lower-case word.
std::string stem(std::string_view word);

/// True for English function words that carry no information for search.
bool is_stop_word(std::string_view word);

std::string_view trim(std::string_view text);
bool equals_ci(std::string_view text, std::string_view lower_case);
bool contains_ci(std::string_view haystack, std::string_view lower_case_needle);

}  // namespace headroom::base
