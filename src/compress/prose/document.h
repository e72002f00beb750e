#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace headroom::compress::prose {

constexpr std::uint32_t kNone = 0xFFFFFFFFu;

struct Line {
  std::string_view text;     ///< without '\n'; views into the input
  std::string_view content;  ///< without the white space around
  std::uint32_t indent = 0;  ///< columns before the content, a tab counts to the next multiple of 8
  bool blank() const { return content.empty(); }
};

enum class BlockKind : std::uint8_t {
  kHeading,
  kParagraph,
  kItem,   ///< of a list, with the lines that continue it; an option or a term with what explains it beside it
  kCode,   ///< fenced, or set off by its indent
  kTable,  ///< the head of a table: its title row and rules
  kRow,    ///< a row of a table
  kQuote,
  kMeta,  ///< front matter, comments, badges, rules: says nothing about the matter
};

/// Lines that belong together. Blocks are in source order; blank lines between them belong to none.
struct Block {
  BlockKind kind = BlockKind::kParagraph;
  std::uint32_t first = 0, last = 0;  ///< lines, counted from 0, both included
  std::uint32_t indent = 0;           ///< of its first line
  std::uint8_t level = 0;             ///< of a heading, from 1
  std::uint32_t section = 0;
  std::uint32_t head =
      kNone;  ///< the block that introduces this one: a term, an outer item, "as follows:", a table head
  std::uint32_t first_sentence = 0, sentence_count = 0;
};

/// A heading and the blocks up to the next heading. The first section may have no heading.
struct Section {
  std::uint32_t heading = kNone;
  std::uint8_t level = 0;
  std::uint32_t parent = kNone;
  std::uint32_t first_block = 0, last_block = 0;  ///< its own, the heading included; both included
};

/// What is kept or dropped as one: a sentence of running text, or a whole block of another kind.
struct Sentence {
  std::uint32_t begin = 0, end = 0;             ///< bytes of the text
  std::uint32_t first_line = 0, last_line = 0;  ///< every line that holds a part of it
  std::uint32_t block = 0;
};

struct Document {
  std::string_view text;
  std::vector<Line> lines;
  std::vector<Block> blocks;
  std::vector<Section> sections;
  std::vector<Sentence> sentences;

  std::uint32_t offset_of(std::uint32_t line) const {
    return static_cast<std::uint32_t>(lines[line].text.data() - text.data());
  }
  /// Bytes of the lines first..last with their line ends.
  std::uint32_t bytes_of(std::uint32_t first, std::uint32_t last) const {
    return offset_of(last) + static_cast<std::uint32_t>(lines[last].text.size()) + 1 - offset_of(first);
  }
};

/// Reads the structure of a text: Markdown, reStructuredText, AsciiDoc headings, manual pages as rendered, RFC-like and
/// plain text. Linear in its length.
Document read_document(std::string_view text);

}  // namespace headroom::compress::prose
