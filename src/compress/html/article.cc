#include "compress/html/article.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"

namespace headroom::compress::html {
namespace {

constexpr std::uint32_t kLeastProse = 600;
constexpr std::uint32_t kLeastOfClaimed = 300;  ///< where the page says that it is an article
constexpr std::uint32_t kMuchProse = 1200;
constexpr std::uint32_t kLongestTeaser = 500, kLongestCaption = 300;

std::uint32_t plain_text(const Measure& measure) {
  return measure.text - measure.link_text;
}

/// Calls `visit` with each word of the element's class and id.
template <typename Visit>
void each_name_word(const Document& document, const Node& node, Visit visit) {
  for (std::string_view name : {std::string_view("class"), std::string_view("id")}) {
    const std::string_view names = document.attribute(node, name);
    std::size_t from = 0;
    for (std::size_t i = 0; i <= names.size(); ++i) {
      if (i < names.size() && ((names[i] | 0x20) >= 'a' && (names[i] | 0x20) <= 'z')) continue;
      if (i > from) visit(names.substr(from, i - from));
      from = i + 1;
    }
  }
}

/// "Figure 3: ...", "Abb. 2": the text may speak of it.
bool is_numbered(std::string_view caption) {
  const std::string_view text = base::trim(caption);
  for (std::string_view start : {"fig", "table", "tab", "abb", "listing", "chart", "map", "scheme"}) {
    if (!base::equals_ci(text.substr(0, start.size()), start)) continue;
    if (text.substr(0, 16).find_first_of("0123456789") != std::string_view::npos) return true;
  }
  return false;
}

/// "post question": which of several kinds of things the element is named as; a bit for each.
std::uint32_t named_kinds(const Document& document, const Node& node) {
  static constexpr std::array<std::string_view, 15> kKinds = {"post",     "message", "comment", "reply",  "answer",
                                                              "question", "entry",   "thread",  "topic",  "item",
                                                              "card",     "result",  "article", "review", "story"};
  std::uint32_t kinds = 0;
  each_name_word(document, node, [&](std::string_view word) {
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
      if (base::equals_ci(word, kKinds[i])) kinds |= 1U << i;
    }
  });
  return kinds;
}

/// What the page says of itself in its head, in attributes and data.
struct Claims {
  bool article = false;
  bool other = false;  ///< a product, a question with answers, a thread, a profile
};

void read_claim(std::string_view text, Claims& claims) {
  for (std::string_view sign : {"article", "blogposting", "recipe", "reportage"}) {
    if (base::contains_ci(text, sign)) claims.article = true;
  }
  for (std::string_view sign : {"product", "qapage", "discussionforum", "itemlist", "searchresults", "profile"}) {
    if (base::contains_ci(text, sign)) claims.other = true;
  }
}

Claims read_claims(const Document& document) {
  Claims claims;
  for (const Node& node : document.nodes()) {
    if (node.tag == Tag::kText || node.attribute_count == 0) continue;
    each_name_word(document, node, [&](std::string_view word) {
      if (base::equals_ci(word, "answer") || base::equals_ci(word, "answers")) claims.other = true;
    });
    if (node.tag == Tag::kMeta) {
      const std::string_view property = document.attribute(node, "property");
      if (base::equals_ci(property, "og:type")) read_claim(document.attribute(node, "content"), claims);
      if (base::equals_ci(property, "article:published_time")) claims.article = true;
    } else if (const std::string_view type = document.attribute(node, "itemtype"); !type.empty()) {
      read_claim(type, claims);
    }
  }
  return claims;
}

/// Elements of which several in a row are of one rank.
bool is_one_of_many(Tag tag) {
  switch (tag) {
    case Tag::kArticle:
    case Tag::kSection:
    case Tag::kLi:
    case Tag::kTr:
    case Tag::kTd:
    case Tag::kDd:
    case Tag::kBlockquote:
    case Tag::kDetails:
      return true;
    default:
      return false;
  }
}

/// Parts of a text rather than what may hold all of it.
bool is_part_of_text(Tag tag) {
  switch (tag) {
    case Tag::kUl:
    case Tag::kOl:
    case Tag::kDl:
    case Tag::kTable:
    case Tag::kTbody:
    case Tag::kTr:
    case Tag::kLi:
    case Tag::kDd:
    case Tag::kP:
    case Tag::kPre:
    case Tag::kBlockquote:
      return true;
    default:
      return heading_level(tag) > 0;
  }
}

class Finder {
 public:
  Finder(const Document& document, const std::vector<Measure>& measures, const std::vector<Hint>& hints)
      : document_(document), nodes_(document.nodes()), measures_(measures), hints_(hints) {
    prose_.resize(nodes_.size());
    for (std::size_t i = 0; i < nodes_.size(); ++i) prose_[i] = measures_[i].long_text;
    std::vector<std::uint32_t> gone(nodes_.size());
    for (std::size_t i = nodes_.size(); i-- > 1;) {
      if (is_aside(static_cast<std::uint32_t>(i))) gone[i] = measures_[i].long_text;
      prose_[i] -= gone[i];
      gone[nodes_[i].parent] += gone[i];
    }
    prose_[0] -= gone[0];
  }

  Article find(std::uint32_t main) const {
    const Claims claims = read_claims(document_);
    if (main == 0) main = only_article(claims.article ? kLeastOfClaimed : kMuchProse);
    const std::uint32_t core = descend(main);
    if (core == 0 || prose_[core] < (claims.article ? kLeastOfClaimed : kLeastProse) ||
        (main == 0 && prose_[core] * 2ULL < prose_[0]))
      return {};
    if (claims.other && !claims.article) return {};
    if (!claims.article && !in_article(core) && prose_[core] < kMuchProse) return {};
    return {.core = core, .says_so = claims.article, .head = head_of(core, main)};
  }

 private:
  bool is_aside(std::uint32_t i) const {
    const Measure& here = measures_[i];
    if (here.long_text == 0) return false;
    if (here.links >= 2 && is_teaser_list(document_, measures_, i)) return true;
    if (hints_[i].reason == Reason::kNone || hints_[i].reason == Reason::kHeader) return false;
    if (hints_[i].reason == Reason::kComments) return true;
    if (hints_[i].reason == Reason::kForm && here.long_text > 600) return false;
    return plain_text(here) * 10ULL <= plain_text(measures_[0]) * 4ULL;
  }

  /// The one <article> with a good deal of text; 0 when there are several or none.
  std::uint32_t only_article(std::uint32_t least) const {
    std::uint32_t found = 0;
    for (std::uint32_t i = 1; i < nodes_.size(); ++i) {
      if (nodes_[i].tag != Tag::kArticle) continue;
      if (prose_[i] >= least) {
        if (found != 0) return 0;
        found = i;
      }
      i = nodes_[i].end - 1;
    }
    return found;
  }

  std::uint32_t descend(std::uint32_t at) const {
    std::uint32_t core = at;
    for (;;) {
      if (!is_part_of_text(nodes_[at].tag)) core = at;
      std::uint32_t best = 0;
      for (std::uint32_t c = at + 1; c < nodes_[at].end; c = nodes_[c].end) {
        if (nodes_[c].tag != Tag::kText && (best == 0 || prose_[c] > prose_[best])) best = c;
      }
      if (best == 0 || prose_[best] * 10ULL < prose_[at] * 7ULL || prose_[best] < kLeastProse) return core;
      if (!is_block(nodes_[best].tag) && nodes_[best].tag != Tag::kOther) return core;
      if (has_equals(at, best)) return core;
      at = best;
    }
  }

  /// Siblings that look as if they held the same kind of thing.
  bool has_equals(std::uint32_t parent, std::uint32_t child) const {
    const std::string_view names = document_.attribute(nodes_[child], "class");
    const std::uint32_t kinds = named_kinds(document_, nodes_[child]);
    for (std::uint32_t c = parent + 1; c < nodes_[parent].end; c = nodes_[c].end) {
      if (c == child || nodes_[c].tag != nodes_[child].tag || plain_text(measures_[c]) < 40) continue;
      if (hints_[c].reason != Reason::kNone) continue;
      if (is_one_of_many(nodes_[c].tag)) return true;
      if (!names.empty() && document_.attribute(nodes_[c], "class") == names) return true;
      if ((named_kinds(document_, nodes_[c]) & kinds) != 0) return true;
    }
    return false;
  }

  bool in_article(std::uint32_t core) const {
    for (std::uint32_t at = core; at != 0; at = nodes_[at].parent) {
      if (nodes_[at].tag == Tag::kArticle || content_claim(document_, at) > 0) return true;
    }
    return false;
  }

  std::uint32_t head_of(std::uint32_t core, std::uint32_t main) const {
    std::uint32_t first = 0, second = 0;
    for (std::uint32_t i = main + 1; i < core; ++i) {
      if (measures_[i].text == 0) continue;
      if (nodes_[i].tag == Tag::kH1) first = i;
      if (nodes_[i].tag == Tag::kH2) second = i;
    }
    for (std::uint32_t i = core; first == 0 && i < nodes_[core].end; ++i) {
      if (nodes_[i].tag == Tag::kH1) return core;
    }
    return first != 0 ? first : second != 0 ? second : core;
  }

  const Document& document_;
  const std::vector<Node>& nodes_;
  const std::vector<Measure>& measures_;
  const std::vector<Hint>& hints_;
  std::vector<std::uint32_t> prose_;  ///< running text, without what stands in asides
};

}  // namespace

Article find_article(const Document& document, const std::vector<Measure>& measures, const std::vector<Hint>& hints,
                     std::uint32_t main) {
  return Finder(document, measures, hints).find(main);
}

bool is_teaser_list(const Document& document, const std::vector<Measure>& measures, std::uint32_t node) {
  const std::vector<Node>& nodes = document.nodes();
  const Measure& all = measures[node];
  if (all.links < 2 || all.code > 0 || all.cells > 0) return false;
  std::uint32_t parts = 0, teasers = 0, shown = 0, text = 0;
  for (std::uint32_t c = node + 1; c < nodes[node].end; c = nodes[c].end) {
    const Measure& here = measures[c];
    if (here.text == 0 && here.images == 0) continue;
    ++parts;
    if (nodes[c].tag == Tag::kText || heading_level(nodes[c].tag) > 0) continue;
    const bool looks = here.headings > 0 || here.images > 0;
    if (here.links == 0 || here.text > kLongestTeaser || (!looks && here.link_text * 10 < here.text * 7)) continue;
    ++teasers;
    shown += looks ? 1 : 0;
    text += here.text;
  }
  return teasers >= 2 && shown * 2 >= teasers && shown >= 2 && teasers * 10 >= parts * 6 &&
         text * 10ULL >= all.text * 7ULL;
}

bool is_caption_of_picture(const Document& document, const std::vector<Measure>& measures, std::uint32_t node) {
  const Node& at = document.nodes()[node];
  const Measure& here = measures[node];
  if (here.text > kLongestCaption || here.headings > 0) return false;
  bool caption = at.tag == Tag::kFigcaption;
  each_name_word(document, at, [&](std::string_view word) { caption = caption || base::equals_ci(word, "caption"); });
  if (!caption) return false;
  bool pictures = false;
  for (std::uint32_t up = at.parent, steps = 0; up != 0 && steps < 3; up = document.nodes()[up].parent, ++steps) {
    const Measure& around = measures[up];
    if (around.code > 0 || around.cells > 0 || around.text > here.text + kLongestCaption) break;
    pictures = pictures || around.images > 0 || document.nodes()[up].tag == Tag::kFigure;
  }
  return pictures && !is_numbered(document.text_of(node));
}

bool is_furniture(const Document& document, std::uint32_t node) {
  const Node& at = document.nodes()[node];
  bool author = false, box = false, alone = false;
  each_name_word(document, at, [&](std::string_view word) {
    static constexpr std::array<std::string_view, 9> kBoxes = {"box",  "bio",  "info",    "description", "about",
                                                               "card", "desc", "profile", "biography"};
    static constexpr std::array<std::string_view, 18> kAlone = {
        "tags",         "taglist",      "keywords",    "credit",   "copyright",   "print",
        "printer",      "authorbox",    "authorinfo",  "postmeta", "breadcrumbs", "addtoany",
        "commentcount", "relatedposts", "saboxplugin", "sociable", "newsletter",  "disqus"};
    const auto is = [&](std::string_view known) { return base::equals_ci(word, known); };
    author = author || is("author") || is("autor");
    box = box || std::ranges::any_of(kBoxes, is);
    alone = alone || std::ranges::any_of(kAlone, is);
  });
  return alone || (author && box);
}

bool shows_price(const Document& document, std::uint32_t node) {
  const std::vector<Node>& nodes = document.nodes();
  for (std::uint32_t i = node; i < nodes[node].end; ++i) {
    if (nodes[i].tag != Tag::kText) continue;
    const std::string_view text = nodes[i].text;
    for (std::string_view sign : {"$", "\u20AC", "\u00A3", "\u00A5", "EUR", "USD", "GBP", "CHF", "&euro;", "&pound;"}) {
      if (text.find(sign) != std::string_view::npos) return true;
    }
  }
  return false;
}

}  // namespace headroom::compress::html
