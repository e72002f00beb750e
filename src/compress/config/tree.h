#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace headroom::compress::config {

constexpr std::uint32_t kNone = 0xFFFFFFFF;

enum class Kind : std::uint8_t {
  kBlank,
  kComment,
  kMark,    ///< "---" and "..." between YAML documents
  kEntry,   ///< a key with or without a value, a list item, a section's title, the line that opens a block
  kScalar,  ///< a further line of a value
  kClose,   ///< "}", "</VirtualHost>"
};

/// A line and its place in the tree that indentation, sections or braces make. Line numbers count from 0.
struct Line {
  std::string_view text;
  Kind kind = Kind::kBlank;
  bool item = false;             ///< "- ..."
  std::uint32_t parent = kNone;  ///< the line of the enclosing block's head; kNone at the top of a document
  std::uint32_t end = 0;         ///< after the last line of the block that it heads; its own number + 1 without one
  std::uint32_t document = 0;    ///< YAML documents count from 0
  std::string_view key;          ///< "name"; empty for a plain list item
  std::string_view value;        ///< "nginx", quotes and trailing comment included; empty for a block's head
};

struct Tree {
  std::vector<Line> lines;
  std::vector<std::uint32_t> documents;  ///< first lines of YAML documents, "---" included
  bool final_newline = false;
  std::uint32_t document_end(std::uint32_t document) const {
    return document + 1 < documents.size() ? documents[document + 1] : static_cast<std::uint32_t>(lines.size());
  }
};

/// Reads YAML, TOML, INI and unit files, .env and properties, and formats of blocks in braces or angle brackets, by
/// lines: what a line is says how it looks and what stands above it. No input fails; what is not understood is an entry
/// of its own.
Tree read_tree(std::string_view text);

}  // namespace headroom::compress::config
