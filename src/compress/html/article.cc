#include "compress/html/article.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "compress/html/claims.h"
#include "compress/html/furniture.h"
#include "compress/html/names.h"

namespace headroom::compress::html {
namespace {

constexpr std::uint32_t kLeastProse = 600;
constexpr std::uint32_t kLeastOfClaimed = 300;  ///< where the page says that it is an article
constexpr std::uint32_t kMuchProse = 1200;

std::uint32_t plain_text(const Measure& measure) {
  return measure.text - measure.link_text;
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
    const std::uint32_t least = claims.article ? kLeastOfClaimed : kLeastProse;
    const bool told = core != 0 && prose_[core] >= least && (main != 0 || prose_[core] * 2ULL >= prose_[0]);
    if (claims.other && !claims.article) return {};
    const bool reads_so = claims.public_site && measures_[0].code == 0 && core != 0 && prose_[core] >= kMuchProse;
    // A short post: what holds it is known, but not where it begins and ends.
    if (!told)
      return {.core = claims.article ? main : 0,
              .says_so = claims.article && main != 0,
              .extent = Extent::kScant,
              .head = main};
    if (!claims.article && !in_article(core) && prose_[core] < kMuchProse) return {};
    return {.core = core,
            .says_so = claims.article || reads_so,
            .extent = prose_[core] < kLeastProse ? Extent::kBrief : Extent::kLong,
            .head = head_of(core, main)};
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

  /// The first heading above the core that has most of its words in the page's title, else the last one.
  std::uint32_t head_of(std::uint32_t core, std::uint32_t main) const {
    std::vector<std::string> title = base::words(page_title());
    std::ranges::sort(title);
    std::uint32_t first = 0, second = 0;
    for (std::uint32_t i = 1; i < core; ++i) {
      const int level = heading_level(nodes_[i].tag);
      if (level == 0 || level > 3 || measures_[i].text == 0) continue;
      const std::vector<std::string> words = base::words(document_.text_of(i));
      const auto named = std::ranges::count_if(
          words, [&](const std::string& word) { return std::ranges::binary_search(title, word); });
      if (words.size() >= 3 && static_cast<std::size_t>(named) * 10 >= words.size() * 7) return i;
      if (i <= main) continue;
      if (level == 1) first = i;
      if (level == 2) second = i;
    }
    for (std::uint32_t i = core; first == 0 && i < nodes_[core].end; ++i) {
      if (nodes_[i].tag == Tag::kH1) return core;
    }
    return first != 0 ? first : second != 0 ? second : core;
  }

  std::string page_title() const {
    for (std::uint32_t i = 1; i < nodes_.size(); ++i) {
      if (nodes_[i].tag == Tag::kTitle) return document_.text_of(i);
    }
    return {};
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

}  // namespace headroom::compress::html
