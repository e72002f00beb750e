#include "compress/html/content.h"

#include <algorithm>
#include <cstddef>

namespace headroom::compress::html {
namespace {

enum class Tier : std::uint8_t { kAll, kTagsOnly, kNothing };

std::uint32_t plain_text(const Measure& measure) {
  return measure.text - measure.link_text;
}

/// The subtree that holds the content by what it says of itself; 0 when none does.
std::uint32_t find_main(const Document& document, const std::vector<Measure>& measures) {
  const std::vector<Node>& nodes = document.nodes();
  const std::uint32_t all = plain_text(measures[0]);
  std::uint32_t by_tag = 0, by_name = 0, article = 0, article_end = 0, articles = 0;
  for (std::uint32_t i = 1; i < nodes.size(); ++i) {
    if (measures[i].text < 100) continue;
    const int claim = content_claim(document, i);
    const std::uint32_t plain = plain_text(measures[i]);
    if (claim == 3 && (by_tag == 0 || plain > plain_text(measures[by_tag]))) by_tag = i;
    if (claim == 2 && i >= article_end) {
      ++articles;
      article_end = nodes[i].end;
      if (article == 0 || plain > plain_text(measures[article])) article = i;
    }
    // The innermost one that still has most of the text.
    if (claim == 1 && plain * 10ULL >= all * 6ULL) by_name = i;
  }
  if (by_tag != 0 && plain_text(measures[by_tag]) >= std::min<std::uint32_t>(200, all / 3)) return by_tag;
  if (articles == 1 && plain_text(measures[article]) * 10ULL >= all * 4ULL) return article;
  return by_name;
}

class Chooser {
 public:
  Chooser(const Document& document, const std::vector<Measure>& measures, const Wishes& wishes, std::uint32_t main,
          Tier tier)
      : document_(document), measures_(measures), wishes_(wishes), main_(main), tier_(tier) {}

  Content run() {
    const std::vector<Node>& nodes = document_.nodes();
    Content content;
    content.left_out.assign(nodes.size(), Reason::kNone);
    content.shown_text = measures_[0].text;
    std::uint32_t left_out = 0, links_left_out = 0;
    for (std::uint32_t i = 1; i < nodes.size();) {
      const Reason reason = judge(i);
      if (reason == Reason::kNone) {
        ++i;
        continue;
      }
      left_out += measures_[i].text;
      links_left_out += measures_[i].link_text;
      const std::uint32_t end = nodes[i].end;
      std::fill(content.left_out.begin() + i, content.left_out.begin() + end, reason);
      i = end;
    }
    content.kept_text = content.shown_text - left_out;
    kept_plain_ = plain_text(measures_[0]) - (left_out - links_left_out);
    return content;
  }

  bool enough(const Content& content) const {
    const std::uint32_t plain = plain_text(measures_[0]);
    return kept_plain_ >= 1500 ||
           (kept_plain_ * 4ULL >= plain && content.kept_text >= std::min<std::uint32_t>(400, content.shown_text / 2));
  }

 private:
  bool wanted(Reason reason) const {
    switch (reason) {
      case Reason::kScript:
        return wishes_.scripts;
      case Reason::kStyle:
        return wishes_.styles;
      case Reason::kNavigation:
      case Reason::kSidebar:
      case Reason::kLinks:
      case Reason::kOutside:
        return wishes_.navigation;
      case Reason::kFooter:
        return wishes_.footer;
      case Reason::kHeader:
        return wishes_.header;
      case Reason::kNotice:
        return wishes_.notices;
      case Reason::kAdvert:
        return wishes_.adverts;
      case Reason::kShare:
        return wishes_.share;
      case Reason::kForm:
        return wishes_.forms;
      case Reason::kHidden:
        return wishes_.hidden;
      case Reason::kNone:
        break;
    }
    return true;
  }

  Reason judge(std::uint32_t i) {
    const Node& node = document_.nodes()[i];
    if (node.tag == Tag::kText || node.tag == Tag::kHtml || node.tag == Tag::kBody || i == main_) return Reason::kNone;
    if (node.tag == Tag::kHead) return Reason::kNone;
    const Hint hint = read_hint(document_, i);
    if (hint.reason == Reason::kScript || hint.reason == Reason::kStyle)
      return wanted(hint.reason) ? Reason::kNone : hint.reason;
    if (tier_ == Tier::kNothing || i < keep_until_) return Reason::kNone;
    const bool holds_main = main_ > i && main_ < node.end;
    if (holds_main) return Reason::kNone;
    const bool in_main = main_ != 0 && i > main_ && i < document_.nodes()[main_].end;
    if (hint.reason != Reason::kNone && (!hint.by_name || hint.sure || tier_ == Tier::kAll)) {
      if (wanted(hint.reason)) {
        keep_until_ = node.end;
        return Reason::kNone;
      }
      if (in_main ? out_of_main(node, measures_[i], hint) : out_of_page(measures_[i], hint)) return hint.reason;
    }
    if (tier_ != Tier::kAll || !is_block(node.tag)) return Reason::kNone;
    return in_main ? inside(node, measures_[i]) : outside(node, measures_[i]);
  }

  /// Most of what the page says: no class name makes that go.
  bool is_much(const Measure& here) const {
    return plain_text(here) * 10ULL > plain_text(measures_[0]) * 4ULL && here.link_density() < 0.5;
  }

  bool out_of_main(const Node& node, const Measure& here, const Hint& hint) const {
    if (is_much(here)) return false;
    if (hint.sure) return true;
    if (here.text == 0) return true;
    switch (hint.reason) {
      case Reason::kHeader:
        return false;
      case Reason::kHidden:
        return here.text < 200 || here.link_density() > 0.5;
      case Reason::kFooter:
        return here.link_density() > 0.35 && document_.nodes()[node.parent].tag != Tag::kBlockquote;
      default:
        break;
    }
    if (here.is_textual()) return false;
    if (here.link_density() > 0.5) return true;
    const bool ui = hint.reason == Reason::kNavigation || hint.reason == Reason::kShare || hint.reason == Reason::kForm;
    return ui && here.text < 60 && here.headings == 0 && (here.links > 0 || here.controls > 0);
  }

  bool out_of_page(const Measure& here, const Hint& hint) const {
    if (is_much(here)) return false;
    if (hint.sure) return true;
    switch (hint.reason) {
      case Reason::kHeader:
        return here.headings == 0 || here.link_density() > 0.5;
      case Reason::kHidden:
        return here.text < 200 || here.link_density() > 0.5;
      case Reason::kFooter:
      case Reason::kNavigation:
        return !hint.by_name || !here.is_textual() || plain_text(here) * 10ULL < plain_text(measures_[0]);
      default:
        return !here.is_textual();
    }
  }

  /// In the content: a table of contents that only repeats the page's headings.
  Reason inside(const Node& node, const Measure& here) const {
    const bool list = node.tag == Tag::kUl || node.tag == Tag::kOl || node.tag == Tag::kDiv || node.tag == Tag::kDl;
    const bool contents = here.page_links >= 3 && here.page_links == here.links && here.link_density() > 0.8;
    return list && contents && measures_[0].headings >= here.links / 2 && !wishes_.navigation ? Reason::kNavigation
                                                                                              : Reason::kNone;
  }

  Reason outside(const Node& node, const Measure& here) const {
    if (main_ != 0) {
      if (here.text == 0) return Reason::kNone;
      const bool text = here.long_text >= 200 && here.link_density() < 0.25;
      return text || heading_level(node.tag) == 1 || wanted(Reason::kOutside) || inside_kept(node) ? Reason::kNone
                                                                                                   : Reason::kOutside;
    }
    if (inside(node, here) != Reason::kNone) return Reason::kNavigation;
    const bool list = here.links >= 4 && here.link_density() > 0.8 && here.text < here.links * 32;
    return list && !wanted(Reason::kLinks) ? Reason::kLinks : Reason::kNone;
  }

  /// Part of a text beside the content that is kept as a whole.
  bool inside_kept(const Node& node) const {
    for (std::uint32_t at = node.parent; at != 0; at = document_.nodes()[at].parent) {
      if (main_ > at && main_ < document_.nodes()[at].end) return false;
      if (measures_[at].long_text >= 200 && measures_[at].link_density() < 0.25) return true;
    }
    return false;
  }

  const Document& document_;
  const std::vector<Measure>& measures_;
  const Wishes& wishes_;
  const std::uint32_t main_;
  const Tier tier_;
  std::uint32_t keep_until_ = 0;  ///< end of a part that the question wants
  std::uint32_t kept_plain_ = 0;
};

}  // namespace

Content choose_content(const Document& document, const std::vector<Measure>& measures, const Wishes& wishes) {
  Content content;
  for (Tier tier : {Tier::kAll, Tier::kTagsOnly, Tier::kNothing}) {
    const std::uint32_t main = tier == Tier::kAll ? find_main(document, measures) : 0;
    Chooser chooser(document, measures, wishes, main, tier);
    content = chooser.run();
    if (chooser.enough(content)) break;
  }
  return content;
}

}  // namespace headroom::compress::html
