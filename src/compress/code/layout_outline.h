#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "compress/code/language.h"
#include "compress/code/outline.h"

namespace headroom::compress::code {

/// For source of a language without a grammar: one whose lines are read by their indentation. By the extension of
/// `path`; for a path that tells nothing, by how the text's own comments begin.
Language layout_language(std::string_view path, const std::vector<std::string_view>& rows);

/// True for the extension of a language that has no grammar here, so that its words must not be taken for another's.
bool has_layout_only(std::string_view path);

/// The functions of such a text: what a line opens that begins as definitions do in most languages ("def", "func",
/// "local function", "test \"...\" do", "Widget build(BuildContext context) {") and that deeper indented lines follow.
/// Classes, modules and the like are not left out but looked into. Where that is not much of the text: the many
/// blocks that a schema declares ("message Lease {", "type Quay {"), or else its comments over several lines alone.
/// nullopt when these are not much either and there are only a few items, or the text is not indented as source is.
std::optional<Outline> read_layout(const std::vector<std::string_view>& rows, const Language& language);

}  // namespace headroom::compress::code
