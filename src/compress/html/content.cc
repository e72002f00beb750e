#include "compress/html/content.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "base/utf8.h"
#include "compress/html/article.h"
#include "compress/html/furniture.h"
#include "compress/html/site_additions.h"

namespace headroom::compress::html {
namespace {

enum class Tier : std::uint8_t { kAll, kTagsOnly, kNothing };

std::uint32_t plain_text(const Measure& measure) {
  return measure.text - measure.link_text;
}

struct Main {
  std::uint32_t node = 0;  ///< 0: none
  bool sure = false;       ///< it is marked as the content, and no page footer can be in it
};

/// The one article that has most of the text of `main`; `main` itself when there is none.
std::uint32_t article_in(const Document& document, const std::vector<Measure>& measures, std::uint32_t main) {
  const std::vector<Node>& nodes = document.nodes();
  const std::uint64_t all = plain_text(measures[main]);
  for (std::uint32_t i = main + 1; i < nodes[main].end;) {
    const bool article = nodes[i].tag == Tag::kArticle;
    if (article && measures[i].long_text >= 600 && plain_text(measures[i]) * 10ULL >= all * 6) return i;
    i = article ? nodes[i].end : i + 1;
  }
  return main;
}

/// The subtree that holds the content, by what it says of itself or because nearly all text is in it.
Main find_main(const Document& document, const std::vector<Measure>& measures) {
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
  if (by_tag != 0 && plain_text(measures[by_tag]) >= std::min<std::uint32_t>(200, all / 3))
    return {article_in(document, measures, by_tag), true};
  if (articles == 1 && plain_text(measures[article]) * 10ULL >= all * 4ULL) return {article, true};
  if (by_name != 0) return {by_name, false};
  // No claim at all: the innermost part that has nearly all the text.
  if (all < 600) return {};
  std::uint32_t most = 0;
  for (std::uint32_t i = 1; i < nodes.size();) {
    const bool goes_on = plain_text(measures[i]) * 10ULL >= all * 8ULL;
    if (goes_on && is_block(nodes[i].tag) && nodes[i].tag != Tag::kHtml && nodes[i].tag != Tag::kBody) most = i;
    i = goes_on ? i + 1 : nodes[i].end;
  }
  return {most, false};
}

class Chooser {
 public:
  Chooser(const Document& document, const std::vector<Measure>& measures, const std::vector<Hint>& hints,
          const Wishes& wishes, Main main, Tier tier)
      : document_(document),
        measures_(measures),
        hints_(hints),
        wishes_(wishes),
        main_(main.node),
        main_sure_(main.sure),
        tier_(tier),
        threads_(is_thread()) {
    if (tier == Tier::kAll) article_ = find_article(document, measures, hints, main_);
    // What readers wrote below an article is not what the page is about, however much it is.
    if (threads_ && article_.says_so && article_.extent == Extent::kLong) threads_ = false;
    if (threads_) article_ = {};
    if (article_.core != 0) {
      additions_.emplace(document, measures, hints, wishes, article_);
      holder_end_ = document.nodes()[article_holder()].end;
    }
  }

  Content run() {
    Content content = choose();
    // Where lists of links are a large part of the page, they are what it is for: an index, a list of results.
    if (in_link_lists_ * 3ULL > content.shown_text) {
      link_lists_go_ = false;
      content = choose();
    }
    return content;
  }

  Content choose() {
    const std::vector<Node>& nodes = document_.nodes();
    Content content;
    content.left_out.assign(nodes.size(), Reason::kNone);
    content.shown_text = measures_[0].text;
    content.article = article_.core != 0 && article_.extent == Extent::kLong;
    std::uint32_t left_out = 0, links_left_out = 0;
    keep_until_ = 0;
    if (additions_) additions_->restart();
    for (std::uint32_t i = 1; i < nodes.size();) {
      const Reason reason = judge(i);
      if (reason == Reason::kNone) {
        ++i;
        continue;
      }
      left_out += measures_[i].text;
      links_left_out += measures_[i].link_text;
      if (reason == Reason::kLinks) in_link_lists_ += measures_[i].text;
      const std::uint32_t end = nodes[i].end;
      std::fill(content.left_out.begin() + i, content.left_out.begin() + end, reason);
      i = end;
    }
    content.kept_text = content.shown_text - left_out;
    kept_plain_ = plain_text(measures_[0]) - (left_out - links_left_out);
    return content;
  }

  std::string told_by() const {
    if (tier_ == Tier::kNothing) return "scripts and styles";
    if (tier_ == Tier::kTagsOnly) return "tags and roles";
    if (article_.core != 0) return fmt::format("running text in <{}>", tag_text(article_.core));
    if (main_ == 0) return "tags, roles, names and links";
    return fmt::format("<{}{}>", tag_text(main_), main_sure_ ? "" : ", which has most of the text");
  }
  std::string tag_text(std::uint32_t index) const {
    const Node& node = document_.nodes()[index];
    const std::string_view id = document_.attribute(node, "id");
    const std::string_view names = document_.attribute(node, "class");
    return fmt::format("{}{}{}{}{}", node.text, id.empty() ? "" : " id=", id,
                       names.empty() ? "" : " class=", base::beginning(names, 60));
  }

  bool enough(const Content& content) const {
    const std::uint32_t plain = plain_text(measures_[0]);
    const std::uint32_t least = main_ == 0 ? 300 : main_sure_ ? 150 : 600;
    return kept_plain_ >= least ||
           (kept_plain_ * 4ULL >= plain && content.kept_text >= std::min<std::uint32_t>(200, content.shown_text / 2));
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
      case Reason::kComments:
        return wishes_.comments || threads_;
      case Reason::kHidden:
        return wishes_.hidden;
      case Reason::kNone:
        break;
    }
    return true;
  }

  Reason judge(std::uint32_t i) {
    const Node& node = document_.nodes()[i];
    if (node.tag == Tag::kHtml || node.tag == Tag::kBody || i == main_) return Reason::kNone;
    if (node.tag == Tag::kText && article_.core == 0) return Reason::kNone;
    if (node.tag == Tag::kHead) return Reason::kNone;
    const Hint& hint = hints_[i];
    if (hint.reason == Reason::kScript || hint.reason == Reason::kStyle)
      return wanted(hint.reason) ? Reason::kNone : hint.reason;
    if (tier_ == Tier::kNothing || i < keep_until_) return Reason::kNone;
    const bool holds_main = main_ > i && main_ < node.end;
    const bool holds_core = article_.core >= i && article_.core < node.end;
    if (holds_main || holds_core) return Reason::kNone;
    const bool in_main = main_ != 0 && i > main_ && i < document_.nodes()[main_].end;
    if (article_.core != 0 && hint.reason == Reason::kComments && !wanted(hint.reason)) return hint.reason;
    if (hint.reason != Reason::kNone && (!hint.by_name || hint.sure || tier_ == Tier::kAll)) {
      if (wanted(hint.reason)) {
        if (hint.reason != Reason::kComments || wishes_.comments) keep_until_ = node.end;
        return Reason::kNone;
      }
      if (in_main ? out_of_main(i, hint) : out_of_page(i, hint)) return hint.reason;
    }
    if (article_.core != 0) return beside_article(i);
    if (tier_ != Tier::kAll || !is_block(node.tag)) return Reason::kNone;
    return in_main ? inside(node, measures_[i]) : outside(i);
  }

  bool is_thread() const {
    const std::vector<Node>& nodes = document_.nodes();
    std::uint64_t text = 0;
    for (std::uint32_t i = 1; i < nodes.size();) {
      const bool comments = is_block(nodes[i].tag) && hints_[i].reason == Reason::kComments;
      if (comments) text += plain_text(measures_[i]);
      i = comments ? nodes[i].end : i + 1;
    }
    return text * 10 > plain_text(measures_[0]) * 4ULL;
  }

  /// The innermost element around the running text and its heading that is marked as an article or as the content.
  std::uint32_t article_holder() const {
    const std::vector<Node>& nodes = document_.nodes();
    std::uint32_t at = article_.core;
    while (at != 0 && article_.head < at) at = nodes[at].parent;
    for (std::uint32_t up = at; up != 0; up = nodes[up].parent) {
      if (up == main_ || nodes[up].tag == Tag::kArticle || content_claim(document_, up) > 0) return up;
    }
    return at;
  }

  /// A name with "ads" in it does not make an advert of long text.
  static bool is_article_text(const Measure& here, const Hint& hint) {
    return hint.reason == Reason::kAdvert && here.long_text >= 400 && here.link_density() < 0.3;
  }

  /// Named like a list of links, but without one.
  static bool leads_nowhere(const Measure& here, const Hint& hint) {
    const bool list = hint.reason == Reason::kNavigation || hint.reason == Reason::kOutside;
    return hint.by_name && !hint.sure && list && here.links == 0 && here.controls == 0 && here.text >= 60;
  }

  /// Something to fill in, rather than a page or an offer that happens to be in a form.
  bool is_form(std::uint32_t i) const {
    const Measure& here = measures_[i];
    if (is_form_of_site(document_, i)) return true;
    const bool form = here.controls > 0 && here.text < 1200 && here.long_text < 300 && here.cells < 4 && here.code == 0;
    return form && !shows_price(document_, i);
  }

  /// Pages that open their articles in what they call a dialog.
  bool holds_article(std::uint32_t i, Reason reason) const {
    if (reason != Reason::kNotice && reason != Reason::kForm && reason != Reason::kHeader) return false;
    const std::vector<Node>& nodes = document_.nodes();
    for (std::uint32_t k = i + 1; k < nodes[i].end; ++k) {
      if (nodes[k].tag == Tag::kArticle && measures_[k].long_text >= 600) return true;
    }
    return false;
  }

  /// What is for sale, and at which price; it stands beside its long description.
  bool is_offer(std::uint32_t i) const {
    const Measure& here = measures_[i];
    const bool few = document_.nodes()[i].end - i < 500;
    return few && here.text >= 8 && here.text < 2000 && here.link_density() < 0.2 && shows_price(document_, i);
  }

  bool out_of_main(std::uint32_t i, const Hint& hint) const {
    const Node& node = document_.nodes()[i];
    const Measure& here = measures_[i];
    if (here.is_much_of(measures_[0]) || leads_nowhere(here, hint)) return false;
    if ((hint.sure && !is_article_text(here, hint)) || here.text == 0) return true;
    const bool page_part = node.tag == Tag::kFooter || node.tag == Tag::kNav;
    if (page_part && !main_sure_ && document_.nodes()[node.parent].tag != Tag::kBlockquote) return out_of_page(i, hint);
    switch (hint.reason) {
      case Reason::kHeader:
        return false;
      case Reason::kComments:
        return true;
      case Reason::kHidden:
        return here.text < (node.tag == Tag::kNoscript ? 600 : 200) || here.link_density() > 0.5;
      case Reason::kForm:
        if (is_form(i)) return true;
        break;
      case Reason::kSidebar:
        if (!hint.by_name && here.link_density() > 0.2 && here.long_text < 120) return true;
        break;
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

  bool out_of_page(std::uint32_t i, const Hint& hint) const {
    const Measure& here = measures_[i];
    if (here.is_much_of(measures_[0]) || leads_nowhere(here, hint)) return false;
    if (hint.sure && !is_article_text(here, hint)) return true;
    if (here.long_text >= 600 && holds_article(i, hint.reason)) return false;
    switch (hint.reason) {
      case Reason::kHeader:
        return here.link_density() > 0.5 || (here.headings == 0 && here.long_text == 0);
      case Reason::kHidden:
        return here.text < 200 || here.link_density() > 0.5;
      case Reason::kForm:
        return is_form(i);
      case Reason::kFooter:
      case Reason::kNavigation:
        return !hint.by_name || !here.is_textual() || plain_text(here) * 10ULL < plain_text(measures_[0]);
      default:
        return !here.is_textual() || (main_ != 0 && plain_text(here) * 4ULL < plain_text(measures_[0]));
    }
  }

  /// On a page that is one article: what is not part of it.
  Reason beside_article(std::uint32_t i) {
    const Node& node = document_.nodes()[i];
    const Measure& here = measures_[i];
    if (here.text == 0 || wanted(Reason::kOutside)) return Reason::kNone;
    const std::vector<Node>& nodes = document_.nodes();
    if (const std::optional<Reason> reason = additions_->judge(i)) return *reason;
    if (i > article_.core && i < nodes[article_.core].end)
      return is_block(node.tag) ? inside(node, here) : Reason::kNone;
    if (article_.extent != Extent::kLong) return is_block(node.tag) ? outside(i) : Reason::kNone;
    if (i >= article_.head && i < article_.core) {
      const bool list = here.links >= 3 && here.link_density() > 0.6;
      return list && is_block(node.tag) ? Reason::kLinks : Reason::kNone;
    }
    if (i >= holder_end_ && (article_.says_so || main_sure_)) return Reason::kOutside;
    // Beside the running text, but in what holds the content: a list of ingredients, a table, a note.
    const bool in_main = main_ != 0 && i > main_ && i < nodes[main_].end;
    if (in_main && here.controls == 0 && here.text >= 24 && here.link_density() < 0.3) return Reason::kNone;
    if (here.text < 3000 && says_cookies(i)) return Reason::kNotice;
    // What has text beside lists of links is looked at part by part.
    const bool mixed = here.long_text >= 300 && node.end > i + 2;
    return mixed || here.reads_by_itself() || heading_level(node.tag) == 1 || inside_kept(node) ? Reason::kNone
                                                                                                : Reason::kOutside;
  }

  /// A notice about cookies that no name tells.
  bool says_cookies(std::uint32_t i) const {
    const std::vector<Node>& nodes = document_.nodes();
    int found = 0;
    for (std::uint32_t k = i; k < nodes[i].end && found < 2; ++k) {
      if (nodes[k].tag == Tag::kText && base::contains_ci(nodes[k].text, "cookies")) ++found;
    }
    return found > 1 || (found == 1 && measures_[i].text < 600);
  }

  /// In the content: a table of contents that only repeats the page's headings.
  Reason inside(const Node& node, const Measure& here) const {
    const bool list = node.tag == Tag::kUl || node.tag == Tag::kOl || node.tag == Tag::kDiv || node.tag == Tag::kDl;
    const bool contents = here.page_links >= 3 && here.page_links == here.links && here.link_density() > 0.8;
    return list && contents && measures_[0].headings >= here.links / 2 && !wishes_.navigation ? Reason::kNavigation
                                                                                              : Reason::kNone;
  }

  Reason outside(std::uint32_t i) const {
    const Node& node = document_.nodes()[i];
    const Measure& here = measures_[i];
    if (main_ != 0) {
      if (here.text == 0) return Reason::kNone;
      // Beside what is only guessed to be the content, a line may say the version or the date.
      if (!main_sure_ && here.controls == 0 && here.link_density() < 0.2 && here.text >= 12) return Reason::kNone;
      return here.reads_by_itself() || heading_level(node.tag) == 1 || wanted(Reason::kOutside) || inside_kept(node) ||
                     is_offer(i)
                 ? Reason::kNone
                 : Reason::kOutside;
    }
    if (inside(node, here) != Reason::kNone) return Reason::kNavigation;
    if (here.text * 2ULL > measures_[0].text) return Reason::kNone;
    const bool list = here.links >= 4 && here.link_density() > 0.8 && here.text < here.links * 32;
    return list && link_lists_go_ && !wanted(Reason::kLinks) ? Reason::kLinks : Reason::kNone;
  }

  /// Part of a text beside the content that is kept as a whole.
  bool inside_kept(const Node& node) const {
    const std::uint32_t content = article_.core != 0 ? article_.core : main_;
    for (std::uint32_t at = node.parent; at != 0; at = document_.nodes()[at].parent) {
      if (content >= at && content < document_.nodes()[at].end) return false;
      if (measures_[at].reads_by_itself()) return true;
    }
    return false;
  }

  const Document& document_;
  const std::vector<Measure>& measures_;
  const std::vector<Hint>& hints_;
  const Wishes& wishes_;
  const std::uint32_t main_;
  const bool main_sure_;
  const Tier tier_;
  bool threads_;  ///< what readers wrote is what the page is about
  Article article_;
  std::optional<SiteAdditions> additions_;  ///< when the page is an article
  std::uint32_t holder_end_ = 0;            ///< of what holds the article and its heading
  std::uint32_t keep_until_ = 0;            ///< end of a part that the question wants
  std::uint32_t kept_plain_ = 0;
  std::uint32_t in_link_lists_ = 0;
  bool link_lists_go_ = true;
};

}  // namespace

Content choose_content(const Document& document, const std::vector<Measure>& measures, const Wishes& wishes) {
  Content content;
  std::vector<Hint> hints(document.nodes().size());
  for (std::uint32_t i = 1; i < hints.size(); ++i) hints[i] = read_hint(document, i);
  for (Tier tier : {Tier::kAll, Tier::kTagsOnly, Tier::kNothing}) {
    const Main main = tier == Tier::kAll ? find_main(document, measures) : Main{};
    Chooser chooser(document, measures, hints, wishes, main, tier);
    content = chooser.run();
    content.by = chooser.told_by();
    if (chooser.enough(content)) break;
  }
  return content;
}

}  // namespace headroom::compress::html
