#pragma once

#include <cstdint>
#include <string_view>

#include "compress/prose/document.h"

namespace headroom::compress::prose {

// What one line looks like, seen by itself. All take the content of a line, i.e. without the white space around it.

/// The level of a heading that a line marks by itself ("## Title", "== Title"); 0: none.
std::uint8_t marked_heading(const Line& line);

/// The character of a line that is nothing but at least three of it ("-----", "=====", "* * *"); 0: no such line.
char rule_char(std::string_view content);

/// "```", "~~~" and what may follow them.
bool opens_fence(std::string_view content);
bool closes_fence(std::string_view content, std::string_view opener);

/// Bytes of a list marker with the space after it: "- ", "12. ", "(a) ", "• "; 0: no item.
std::size_t item_marker(std::string_view content);

/// "-x, --long ..." as manual pages and usage texts set options.
bool is_option(std::string_view content);

/// "bisect     Find a commit by search": a name, and in a column of its own what it is. Where that begins in the
/// content; 0: no such line.
std::size_t described_at(std::string_view content);

/// A row of a table drawn with bars or a grid line of one.
bool is_table_line(std::string_view content);
/// Such a line that only rules: "|---|---|", "+-----+", "=====  ====".
bool is_table_rule(std::string_view content);

/// Reads like a title that nothing marks: short, no sentence, in capitals or numbered or with most words capitalised.
bool is_title(std::string_view content);

/// More code, command or drawing than a sentence.
bool is_code_like(std::string_view content);

/// Nothing but links in Markdown, and a word or two that name them: a line of a page's navigation.
bool is_only_links(std::string_view content);

/// Badges, comments, link definitions, rules.
bool is_meta(std::string_view content);

}  // namespace headroom::compress::prose
