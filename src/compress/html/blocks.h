#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "compress/html/content.h"
#include "compress/html/document.h"
#include "compress/html/measures.h"
#include "compress/html/wishes.h"

namespace headroom::compress::html {

enum class BlockKind : std::uint8_t { kTitle, kHeading, kText, kItem, kCode, kRow, kSource };

/// One paragraph, heading, list item, code block or table row of the page, as markdown.
struct Block {
  BlockKind kind = BlockKind::kText;
  std::uint8_t level = 0;        ///< of a heading
  bool head_row = false;         ///< the row of a table's column titles
  bool before_cut = false;       ///< what it may be the heading of was left out right after it
  std::string text;              ///< its lines, marks such as "- " included
  std::size_t from = 0, to = 0;  ///< the bytes of the page that it comes from
};

/// The kept part of the page, block by block. The text of each is the page's own, with character references replaced
/// and white space collapsed (in code: as it is).
std::vector<Block> make_blocks(const Document& document, const std::vector<Measure>& measures, const Content& content,
                               const Wishes& wishes);

/// The blocks one after the other: rows and items of one list in lines that follow each other, others set off by an
/// empty line.
std::string join_blocks(const std::vector<Block>& blocks);

}  // namespace headroom::compress::html
