#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compress/log/line.h"

namespace headroom::compress::log {

/// What a checker or a compiler found at one place: "src/a.c:7:3: error: ...", or a line that says what, and one below
/// it that says where ("  --> src/a.rs:7:9", "Location: src/a.py:7:0").
struct Finding {
  std::uint32_t head = 0;   ///< the line that says what
  std::uint32_t where = 0;  ///< the line that says where; often the same
  std::uint32_t last = 0;   ///< the last line of what is shown of it
  std::string_view what;    ///< of the head, without the place
  std::string_view place;   ///< file and line
  std::uint64_t kind = 0;   ///< equal for findings that differ in what they quote and count
};

/// The findings of a report, in order; none in a log with time stamps.
std::vector<Finding> find_findings(const Document& document);

/// The code that a finding begins with ("E501", "TS2307"), or the name of the check that it ends with
/// ("[readability-magic-numbers]"); empty: it has neither.
std::string_view code_of(std::string_view what);

/// Lines of second and later findings of a kind that say no more than the first did: a message that is no error, and
/// the code quoted below its place. One entry a line; findings whose place stands in their message have no such lines.
std::vector<bool> repeated_lines(const Document& document, const std::vector<Finding>& findings);

}  // namespace headroom::compress::log
