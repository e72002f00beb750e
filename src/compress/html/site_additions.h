#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compress/html/article.h"
#include "compress/html/document.h"
#include "compress/html/hints.h"
#include "compress/html/measures.h"
#include "compress/html/wishes.h"

namespace headroom::compress::html {

/// Tells what a site adds to its articles, in their text and around it: other stories, boxes about the author, lines
/// below pictures, credits, appeals to subscribe. Dates, bylines and what code or a table stands in are left alone.
class SiteAdditions {
 public:
  SiteAdditions(const Document& document, const std::vector<Measure>& measures, const std::vector<Hint>& hints,
                const Wishes& wishes, const Article& article);

  /// Before the nodes are judged once more from the first.
  void restart() { lead_until_ = links_until_ = 0; }
  /// Nodes are asked for in document order, without those below one that is left out. A reason: it is left out; kNone:
  /// it stays, wherever it stands; nothing: it is not told by what it is.
  std::optional<Reason> judge(std::uint32_t node);

 private:
  bool is_small(const Measure& here) const;
  bool is_long() const { return article_.extent == Extent::kLong; }
  bool inside_core(std::uint32_t i) const;
  bool stands_apart(std::uint32_t i) const;
  bool is_beside(std::uint32_t i) const;
  bool is_long_list_of_others(std::uint32_t i) const;
  bool is_topic(std::uint32_t i) const;
  bool is_list_of_stories(std::uint32_t i) const;
  bool leads_within(std::uint32_t i) const;
  bool is_label(std::uint32_t i) const;
  bool is_line(std::uint32_t i) const;
  bool says_when_or_who(std::uint32_t i) const;
  bool leads_away(std::uint32_t i);
  bool stands_alone(std::uint32_t i);
  bool announces_story(std::uint32_t i) const;
  bool in_site(std::uint32_t i) const;
  bool is_by_the_way(std::uint32_t i) const;
  std::string first_line(std::uint32_t i) const;

  const Document& document_;
  const std::vector<Node>& nodes_;
  const std::vector<Measure>& measures_;
  const std::vector<Hint>& hints_;
  const Wishes& wishes_;
  const Article& article_;
  std::string_view host_;                           ///< of the page
  std::uint32_t first_prose_ = 0;                   ///< the first paragraph of the article
  bool in_paragraphs_ = false;                      ///< the article is written in paragraphs
  std::uint32_t lead_until_ = 0, lead_parent_ = 0;  ///< what was left out last because it leads elsewhere
  std::uint32_t links_until_ = 0;                   ///< end of the last block that is nothing but a link
};

}  // namespace headroom::compress::html
