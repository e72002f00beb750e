#pragma once

#include "compress/compressor.h"

namespace headroom::compress {

/// A page becomes the markdown of its content: headings, paragraphs, lists, tables, code and links, each with the
/// page's own words; navigation, scripts, styles, banners and what else stands around it is left out, unless the
/// question is about it. The page itself is behind the handle, which says what was left out. Without an id nothing is
/// done.
class HtmlCompressor final : public Compressor {
 public:
  std::string_view name() const override { return "html"; }
  bool accepts(detect::ContentType type) const override { return type == detect::ContentType::kHtml; }
  std::optional<Output> compress(const Input& input) const override;
};

}  // namespace headroom::compress
