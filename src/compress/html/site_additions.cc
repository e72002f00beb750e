#include "compress/html/site_additions.h"

#include <algorithm>

#include "base/text.h"
#include "compress/html/furniture.h"
#include "compress/html/phrases.h"

namespace headroom::compress::html {
namespace {

constexpr std::uint32_t kMostNodesOfLine = 40, kMostNodesOfByline = 200;
constexpr std::uint32_t kLongestLine = 360, kLongestBox = 2000, kLongestByline = 160;
constexpr std::uint32_t kLongestLabel = 60, kLongestLead = 300, kDeepestLabel = 16;
constexpr std::uint32_t kLongestTeaser = 500, kLongestOfLabels = 80, kLongestTopic = 40;
constexpr std::uint32_t kLeastHeadline = 25;  ///< of another page

/// The host that the page says to be from.
std::string_view host_of(const Document& document) {
  for (const Node& node : document.nodes()) {
    std::string_view address;
    if (node.tag == Tag::kMeta && document.attribute(node, "property") == "og:url")
      address = document.attribute(node, "content");
    if (node.tag == Tag::kLink && document.attribute(node, "rel") == "canonical")
      address = document.attribute(node, "href");
    const std::size_t host = address.find("//");
    if (host == std::string_view::npos) continue;
    address.remove_prefix(host + 2);
    address = address.substr(0, address.find('/'));
    return address.starts_with("www.") ? address.substr(4) : address;
  }
  return {};
}

bool is_paragraph(const Node& node, const Measure& here) {
  return (node.tag == Tag::kP || node.tag == Tag::kText) && here.text >= 100 && here.link_density() < 0.5;
}

std::uint32_t find_first_prose(const std::vector<Node>& nodes, const std::vector<Measure>& measures,
                               std::uint32_t core) {
  for (std::uint32_t i = core + 1; i < nodes[core].end; ++i) {
    if (is_paragraph(nodes[i], measures[i])) return i;
  }
  return core;
}

/// Nearly all of the running text stands in paragraphs.
bool is_in_paragraphs(const std::vector<Node>& nodes, const std::vector<Measure>& measures, std::uint32_t core) {
  std::uint64_t text = 0;
  for (std::uint32_t i = core + 1; i < nodes[core].end; ++i) {
    if (nodes[i].tag == Tag::kP) text += measures[i].long_text;
  }
  return text * 10 >= measures[core].long_text * 8ULL;
}

bool leads_to_author(const Document& document, std::uint32_t node) {
  const std::vector<Node>& nodes = document.nodes();
  for (std::uint32_t i = node; i < nodes[node].end; ++i) {
    if (nodes[i].tag == Tag::kText) continue;
    for (std::string_view name : {"class", "href", "rel", "itemprop"}) {
      const std::string_view value = document.attribute(nodes[i], name);
      for (std::string_view sign : {"author", "autor", "auteur", "byline", "profile", "people", "staff", "mailto:"}) {
        if (base::contains_ci(value, sign)) return true;
      }
    }
  }
  return false;
}

/// By telephone or mail.
bool reaches_someone(const Document& document, std::uint32_t node) {
  const std::vector<Node>& nodes = document.nodes();
  for (std::uint32_t i = node; i < nodes[node].end; ++i) {
    if (nodes[i].tag != Tag::kA) continue;
    const std::string_view target = document.attribute(nodes[i], "href");
    if (target.starts_with("tel:") || target.starts_with("mailto:")) return true;
  }
  return false;
}

}  // namespace

SiteAdditions::SiteAdditions(const Document& document, const std::vector<Measure>& measures,
                             const std::vector<Hint>& hints, const Wishes& wishes, const Article& article)
    : document_(document),
      nodes_(document.nodes()),
      measures_(measures),
      hints_(hints),
      wishes_(wishes),
      article_(article),
      host_(article.says_so ? host_of(document) : std::string_view{}),
      first_prose_(find_first_prose(nodes_, measures, article.core)),
      in_paragraphs_(is_in_paragraphs(nodes_, measures, article.core)) {}

std::optional<Reason> SiteAdditions::judge(std::uint32_t i) {
  const Node& node = nodes_[i];
  const Measure& here = measures_[i];
  const bool scant = article_.extent == Extent::kScant;
  const bool block = is_block(node.tag), element = node.tag != Tag::kText;
  const bool elsewhere = article_.says_so && is_long() && !inside_core(i) && (i < article_.head || i > article_.core);
  if (block && !scant && is_teaser_list(document_, measures_, i) &&
      (elsewhere || here.plain_text() * 2ULL < measures_[article_.core].plain_text()))
    return Reason::kOutside;
  if (!element) return std::nullopt;
  if (elsewhere && stands_apart(i)) return hints_[i].reason;
  if (!scant && is_long_list_of_others(i)) return Reason::kOutside;
  const bool small = is_small(here);
  const bool furniture = small && is_furniture(document_, measures_, i);
  if (furniture && !says_when_or_who(i)) return Reason::kOutside;
  if (!scant && !wishes_.images && is_caption_of_picture(document_, measures_, i)) return Reason::kOutside;
  if (small && !furniture) {
    if (is_long() && is_beside(i) && !says_when_or_who(i)) return hints_[i].reason;
    if (!scant && article_.says_so && in_paragraphs_ && is_label(i)) return Reason::kOutside;
    const bool stories = is_long() && article_.says_so && (is_topic(i) || is_list_of_stories(i));
    if (stories && !says_when_or_who(i)) return Reason::kOutside;
    if (block && ((!scant && leads_away(i)) || is_by_the_way(i)) && !says_when_or_who(i)) return Reason::kOutside;
  }
  return i < article_.core && small && says_when_or_who(i) ? std::optional(Reason::kNone) : std::nullopt;
}

bool SiteAdditions::is_small(const Measure& here) const {
  return here.plain_text() * 4ULL < measures_[article_.core].plain_text();
}

bool SiteAdditions::inside_core(std::uint32_t i) const {
  return i > article_.core && i < nodes_[article_.core].end;
}

/// Outside the article: part of the page that is not for it, whatever it has.
bool SiteAdditions::stands_apart(std::uint32_t i) const {
  const Measure& here = measures_[i];
  if (here.is_much_of(measures_[0])) return false;
  switch (hints_[i].reason) {
    case Reason::kNavigation:
    case Reason::kSidebar:
    case Reason::kFooter:
    case Reason::kNotice:
    case Reason::kAdvert:
    case Reason::kShare:
      return true;
    case Reason::kOutside:
      return here.links > 0;  // a site may call the lead of an article its teaser
    default:
      return false;
  }
}

/// Named as a list of other pages, with a line or two of each: their text may be as long as that of the article.
bool SiteAdditions::is_long_list_of_others(std::uint32_t i) const {
  const Measure& here = measures_[i];
  return hints_[i].reason == Reason::kOutside && hints_[i].by_name && here.links >= 2 && here.code == 0 &&
         here.cells == 0 && here.text < here.links * kLongestTeaser && !here.is_much_of(measures_[0]) &&
         (i < article_.core || i > first_prose_);
}

/// Named as something that stands beside an article, however much text it has.
bool SiteAdditions::is_beside(std::uint32_t i) const {
  const Measure& here = measures_[i];
  if (!hints_[i].by_name) return false;
  switch (hints_[i].reason) {
    case Reason::kShare:
    case Reason::kForm:
    case Reason::kAdvert:
    case Reason::kNotice:
      return here.long_text < 400;
    case Reason::kOutside:
      return here.links > 0;
    case Reason::kSidebar:
      return !inside_core(i) || (article_.says_so && i > first_prose_);
    default:
      return false;
  }
}

/// A short line with a date, or one above the running text with the name of who wrote it.
bool SiteAdditions::says_when_or_who(std::uint32_t i) const {
  if (measures_[i].text > kLongestByline || nodes_[i].end - i > kMostNodesOfByline) return false;
  const std::string text = document_.text_of(i);
  if (claims_rights(text) || asks_reader(text) || leads_elsewhere(text)) return false;
  return tells_when(text) || (i < first_prose_ && tells_who(text));
}

/// A few words in a box of their own, where the article is written in paragraphs: "Politics", "Read aloud", "Photo".
/// Sentences, numbers, names of who wrote it, answers to a label ("Level: high") are none.
bool SiteAdditions::is_label(std::uint32_t i) const {
  const Measure& here = measures_[i];
  switch (nodes_[i].tag) {
    case Tag::kDiv:
    case Tag::kSection:
    case Tag::kHeader:
    case Tag::kFooter:
    case Tag::kAside:
    case Tag::kArticle:
      break;
    default:
      return false;
  }
  if (here.text >= kLongestOfLabels || here.headings > 0 || here.cells > 0 || here.code > 0) return false;
  if (nodes_[i].end - i > kMostNodesOfByline) return false;
  for (std::uint32_t k = i + 1; k < nodes_[i].end; ++k) {
    if (is_block(nodes_[k].tag)) return false;
  }
  const std::string text = document_.text_of(i);
  return !says_something(text) && !tells_who(text) && !leads_to_author(document_, i);
}

/// Above the text, a word or two that lead to all pages on a topic. A link to who wrote it is none.
bool SiteAdditions::is_topic(std::uint32_t i) const {
  const Measure& here = measures_[i];
  if (i >= first_prose_ || !is_block(nodes_[i].tag) || here.headings > 0 || heading_level(nodes_[i].tag) > 0)
    return false;
  if (here.links == 0 || here.link_density() < 0.9 || here.text > kLongestTopic * here.links) return false;
  if (nodes_[i].end - i > kMostNodesOfByline) return false;
  return !leads_to_author(document_, i);
}

/// In the text, a list of nothing but headlines of other pages of the site. Where code stands, it may be what the page
/// is for.
bool SiteAdditions::is_list_of_stories(std::uint32_t i) const {
  const Measure& here = measures_[i];
  const bool list = nodes_[i].tag == Tag::kUl || nodes_[i].tag == Tag::kOl;
  if (!list || i < first_prose_ || measures_[0].code > 0 || here.links == 0 || here.page_links > 0) return false;
  const bool headlines = here.link_density() > 0.9 && here.link_text >= here.links * kLeastHeadline;
  return headlines && leads_within(i) && !leads_to_file(document_, i);
}

/// "Read more: ...", "Related" and the links below it, a paragraph that is one link to another page of the site.
bool SiteAdditions::leads_away(std::uint32_t i) {
  const Node& node = nodes_[i];
  const Measure& here = measures_[i];
  const bool next = lead_until_ != 0 && node.parent == lead_parent_ && i >= lead_until_ && i < lead_until_ + 2;
  if (next && here.links > 0 && (here.link_density() > 0.5 || is_teaser_list(document_, measures_, i)) &&
      !reaches_someone(document_, i)) {
    lead_until_ = node.end;
    return true;
  }
  if (here.text > kLongestLead || here.code > 0 || node.end - i > kMostNodesOfLine) return false;
  const bool all_link = here.links > 0 && here.link_density() > 0.9;
  const bool label = here.text < kLongestLabel && (heading_level(node.tag) > 0 || here.links == 0);
  if ((all_link || label || here.link_density() > 0.4) && leads_elsewhere(document_.text_of(i))) {
    lead_until_ = node.end;
    lead_parent_ = node.parent;
    return true;
  }
  if (!article_.says_so || here.links == 0) return false;
  if (announces_story(i)) return true;
  const bool own_title = i < first_prose_ && (here.headings > 0 || heading_level(node.tag) > 0);
  return !own_title && all_link && here.links <= 2 && here.text >= kLeastHeadline && is_long() && in_site(i) &&
         stands_alone(i);
}

/// Not in a row of links, which is a list.
bool SiteAdditions::stands_alone(std::uint32_t i) {
  const auto skip_space = [&](std::uint32_t at) {
    return at < nodes_.size() && measures_[at].text == 0 ? nodes_[at].end : at;
  };
  const std::uint32_t next = skip_space(nodes_[i].end);
  const bool follows = next < nodes_.size() && nodes_[next].parent == nodes_[i].parent && measures_[next].links > 0 &&
                       measures_[next].link_density() > 0.9;
  const bool after = links_until_ != 0 && skip_space(links_until_) == i;
  links_until_ = nodes_[i].end;
  return !follows && !after;
}

/// "Listen here: What the harbour master saw": a few words and the headline of another page of the site.
bool SiteAdditions::announces_story(std::uint32_t i) const {
  const Measure& here = measures_[i];
  if (here.links != 1 || here.link_text < kLeastHeadline || here.link_density() < 0.5) return false;
  if (nodes_[i].tag == Tag::kLi || !in_site(i) || leads_to_file(document_, i)) return false;
  const std::string text = document_.text_of(i);
  const std::size_t colon = text.find(':');
  return colon != std::string::npos && colon < 40 && here.plain_text() < 40;
}

/// A block in running text whose links lead to pages of the site itself.
bool SiteAdditions::in_site(std::uint32_t i) const {
  return nodes_[i].tag != Tag::kLi && nodes_[i].tag != Tag::kUl && leads_within(i);
}

/// All links below it lead to pages of the site.
bool SiteAdditions::leads_within(std::uint32_t i) const {
  for (std::uint32_t k = i; k < nodes_[i].end; ++k) {
    if (nodes_[k].tag != Tag::kA) continue;
    const std::string_view target = document_.attribute(nodes_[k], "href");
    if (target.starts_with('#')) return false;
    if (target.starts_with('/') && !target.starts_with("//")) continue;
    if (host_.empty() || target.find(host_) == std::string_view::npos) return false;
  }
  return true;
}

bool SiteAdditions::is_line(std::uint32_t i) const {
  const Measure& here = measures_[i];
  return here.headings == 0 && here.text <= kLongestLine && nodes_[i].end - i <= kMostNodesOfLine;
}

/// A line that the site adds to an article, and a box that such a line stands above.
bool SiteAdditions::is_by_the_way(std::uint32_t i) const {
  const Measure& here = measures_[i];
  // Documents that do not claim to be articles may be about rights, topics and authors.
  if (here.code > 0 || here.cells > 0) return false;
  if (!article_.says_so) return measures_[0].code == 0 && is_line(i) && asks_reader(document_.text_of(i));
  if (is_line(i)) {
    const std::string text = document_.text_of(i);
    if (labels_advert(text) || credits_picture(text) || claims_rights(text)) return true;
    if (here.link_density() > 0.3 && lists_topics(text)) return true;
    // Where code stands, readers may be told to subscribe to something for the sake of the matter.
    if (measures_[article_.core].code == 0 && asks_reader(text)) return true;
  }
  if (article_.extent == Extent::kScant || here.text > kLongestBox) return false;
  const std::string label = first_line(i);
  if (label.empty() || reaches_someone(document_, i)) return false;
  return presents_author(label) || (here.links > 0 && here.link_density() > 0.3 && leads_elsewhere(label));
}

/// The short line that a box begins with, when more than that line is in it.
std::string SiteAdditions::first_line(std::uint32_t i) const {
  std::uint32_t at = i;
  for (std::uint32_t steps = 0; steps < kDeepestLabel; ++steps) {
    std::uint32_t child = at + 1;
    while (child < nodes_[at].end && measures_[child].text == 0) child = nodes_[child].end;
    if (child >= nodes_[at].end) return {};
    at = child;
    const bool line = nodes_[at].tag == Tag::kText || is_block(nodes_[at].tag);
    if (line && measures_[at].text <= kLongestLabel)
      return measures_[at].text < measures_[i].text ? document_.text_of(at) : std::string{};
    if (nodes_[at].tag == Tag::kText) return {};
  }
  return {};
}

}  // namespace headroom::compress::html
