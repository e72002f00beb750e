#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compress/xml/document.h"
#include "compress/xml/long_texts.h"

namespace headroom::compress::xml {

struct Rendered {
  std::string text;   ///< with gaps, without the handle
  bool lines = true;  ///< gaps count lines; else elements, from 0, in the order of their start tags
};

/// The text without the elements that go; in their place a comment with a gap, on a line of its own. Gaps count lines
/// where what goes fills its lines everywhere; else elements, and then the line breaks around a gap belong to it.
/// `lines`: of elements that stay; they go only where gaps count lines.
Rendered render(const Document& document, std::string_view text, const std::vector<bool>& gone,
                const std::vector<LineGap>& lines = {});

/// Puts elements back where gaps that count them stand.
std::string fill_gaps(std::string_view rendered, std::string_view original);

/// Elements first..last, counted from 0 in the order of their start tags, with all that stands between them; empty when
/// there are not so many, or one is not closed.
std::string_view element_range(std::string_view text, std::size_t first, std::size_t last);

/// A marker as a comment, so that the text stays XML.
std::string as_comment(std::string_view marker);

}  // namespace headroom::compress::xml
