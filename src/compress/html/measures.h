#pragma once

#include <cstdint>
#include <vector>

#include "compress/html/document.h"

namespace headroom::compress::html {

/// What stands below a node, itself included. Counts are of bytes that are no white space and that a browser would
/// show.
struct Measure {
  std::uint32_t text = 0;
  std::uint32_t link_text = 0;
  std::uint32_t links = 0;
  std::uint32_t page_links = 0;  ///< of these, to a place on the same page
  std::uint32_t long_text = 0;   ///< text in paragraphs, cells, items and code of at least 80 bytes outside links
  std::uint32_t headings = 0;
  std::uint32_t titles = 0;    ///< of these, h1
  std::uint32_t cells = 0;     ///< of tables
  std::uint32_t code = 0;      ///< blocks of it
  std::uint32_t controls = 0;  ///< inputs, buttons, selects
  std::uint32_t images = 0;

  /// Text outside links.
  std::uint32_t plain_text() const { return text - link_text; }
  double link_density() const { return text == 0 ? 0.0 : static_cast<double>(link_text) / text; }
  /// Reads as text rather than as a list of links.
  bool is_textual() const { return long_text >= 120 && link_density() < 0.35; }
  /// Text or figures that no list of links is.
  bool reads_by_itself() const {
    return code > 0 || ((long_text >= 300 || cells >= 6 || titles > 0) && link_density() < 0.25);
  }
  /// Most of what the page says: no class name makes that go.
  bool is_much_of(const Measure& page) const {
    return plain_text() * 10ULL > page.plain_text() * 4ULL && link_density() < 0.5;
  }
};

/// One for each node of the document.
std::vector<Measure> measure(const Document& document);

}  // namespace headroom::compress::html
