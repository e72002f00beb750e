#include "compress/html/hints.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "base/text.h"

namespace headroom::compress::html {
namespace {

struct Word {
  std::string_view text;
  Reason reason;
  bool sure = false;
};

// Words of class names and ids: "site-nav", "cookieBanner", "md-sidebar__inner". Sorted.
constexpr std::array<Word, 139> kWords = {{
    {"ad", Reason::kAdvert, true},
    {"addtoany", Reason::kShare, true},
    {"ads", Reason::kAdvert, true},
    {"adsbygoogle", Reason::kAdvert, true},
    {"adsense", Reason::kAdvert, true},
    {"advert", Reason::kAdvert, true},
    {"advertisement", Reason::kAdvert, true},
    {"advertising", Reason::kAdvert, true},
    {"appstores", Reason::kAdvert},
    {"banner", Reason::kNotice},
    {"bookmark", Reason::kShare},
    {"boring", Reason::kHidden, true},
    {"bottomnav", Reason::kNavigation},
    {"breadcrumb", Reason::kNavigation},
    {"breadcrumbs", Reason::kNavigation},
    {"burger", Reason::kNavigation},
    {"buybox", Reason::kAdvert},
    {"catlinks", Reason::kNavigation},
    {"ccpa", Reason::kNotice, true},
    {"colophon", Reason::kFooter},
    {"comment", Reason::kComments},
    {"commentform", Reason::kForm},
    {"commentlist", Reason::kComments},
    {"comments", Reason::kComments},
    {"consent", Reason::kNotice, true},
    {"cookie", Reason::kNotice, true},
    {"cookies", Reason::kNotice, true},
    {"crossselling", Reason::kOutside},
    {"crumbs", Reason::kNavigation},
    {"cta", Reason::kAdvert},
    {"disclaimer", Reason::kFooter},
    {"disqus", Reason::kComments},
    {"dropdown", Reason::kNavigation},
    {"editsection", Reason::kNavigation, true},
    {"feedback", Reason::kForm},
    {"flyin", Reason::kNotice},
    {"flyout", Reason::kNavigation},
    {"footer", Reason::kFooter},
    {"gdpr", Reason::kNotice, true},
    {"globaltoc", Reason::kNavigation},
    {"gutter", Reason::kHidden},
    {"hamburger", Reason::kNavigation},
    {"headerlink", Reason::kNavigation, true},
    {"hideme", Reason::kHidden, true},
    {"imprint", Reason::kFooter},
    {"jumbotron", Reason::kHeader},
    {"leftnav", Reason::kNavigation},
    {"lightbox", Reason::kNotice},
    {"lineno", Reason::kHidden, true},
    {"linenos", Reason::kHidden, true},
    {"linkbox", Reason::kOutside},
    {"linklist", Reason::kOutside},
    {"localtoc", Reason::kNavigation},
    {"login", Reason::kForm},
    {"masthead", Reason::kHeader},
    {"megamenu", Reason::kNavigation},
    {"menu", Reason::kNavigation},
    {"menubar", Reason::kNavigation},
    {"minitoc", Reason::kNavigation},
    {"modal", Reason::kNotice},
    {"morelinks", Reason::kOutside},
    {"mostread", Reason::kOutside},
    {"nav", Reason::kNavigation},
    {"navbar", Reason::kNavigation},
    {"navbox", Reason::kNavigation, true},
    {"navfooter", Reason::kNavigation},
    {"navheader", Reason::kNavigation},
    {"navi", Reason::kNavigation},
    {"navigation", Reason::kNavigation},
    {"navlinks", Reason::kNavigation},
    {"navlist", Reason::kNavigation},
    {"newsletter", Reason::kShare, true},
    {"newsteaser", Reason::kOutside},
    {"nojs", Reason::kHidden},
    {"noprint", Reason::kNavigation},
    {"offcanvas", Reason::kNavigation},
    {"offscreen", Reason::kHidden},
    {"outbrain", Reason::kAdvert, true},
    {"pagenav", Reason::kNavigation},
    {"pager", Reason::kNavigation},
    {"paginate", Reason::kNavigation},
    {"pagination", Reason::kNavigation},
    {"paging", Reason::kNavigation},
    {"paidbox", Reason::kNotice},
    {"paywall", Reason::kNotice},
    {"permalink", Reason::kNavigation, true},
    {"popover", Reason::kNotice},
    {"popular", Reason::kOutside},
    {"popup", Reason::kNotice},
    {"prevnext", Reason::kNavigation},
    {"printfooter", Reason::kFooter},
    {"promo", Reason::kAdvert},
    {"promoted", Reason::kAdvert},
    {"promotion", Reason::kAdvert},
    {"pushlayer", Reason::kNotice},
    {"readmore", Reason::kNavigation},
    {"recirculation", Reason::kOutside},
    {"recommendation", Reason::kOutside},
    {"recommendations", Reason::kOutside},
    {"recommended", Reason::kOutside},
    {"regwall", Reason::kNotice},
    {"related", Reason::kOutside},
    {"relatedposts", Reason::kOutside},
    {"respond", Reason::kForm},
    {"selling", Reason::kOutside},
    {"share", Reason::kShare},
    {"sharebar", Reason::kShare},
    {"sharebuttons", Reason::kShare},
    {"sharedaddy", Reason::kShare, true},
    {"shariff", Reason::kShare},
    {"sharing", Reason::kShare},
    {"sidebar", Reason::kSidebar},
    {"sidenav", Reason::kSidebar},
    {"signup", Reason::kForm},
    {"siteinfo", Reason::kFooter},
    {"skip", Reason::kNavigation},
    {"social", Reason::kShare},
    {"socials", Reason::kShare},
    {"sponsor", Reason::kAdvert},
    {"sponsored", Reason::kAdvert},
    {"sponsors", Reason::kAdvert},
    {"subnav", Reason::kNavigation},
    {"subscribe", Reason::kShare},
    {"taboola", Reason::kAdvert, true},
    {"tagcloud", Reason::kNavigation},
    {"taxonomy", Reason::kNavigation},
    {"teaser", Reason::kOutside},
    {"teaserlist", Reason::kOutside},
    {"teasers", Reason::kOutside},
    {"toc", Reason::kNavigation},
    {"toolbar", Reason::kNavigation},
    {"tooltip", Reason::kHidden},
    {"topbar", Reason::kHeader},
    {"topnav", Reason::kNavigation},
    {"trending", Reason::kOutside},
    {"upsell", Reason::kOutside},
    {"widget", Reason::kSidebar},
    {"widgets", Reason::kSidebar},
    {"yarpp", Reason::kOutside, true},
}};
static_assert(std::ranges::is_sorted(kWords, {}, &Word::text));

// Whole class names or ids that hold the content.
constexpr std::array<std::string_view, 36> kContentNames = {"content",
                                                            "main-content",
                                                            "maincontent",
                                                            "main",
                                                            "bodycontent",
                                                            "mw-content-text",
                                                            "article-body",
                                                            "articlebody",
                                                            "article",
                                                            "post-content",
                                                            "entry-content",
                                                            "post-body",
                                                            "markdown-body",
                                                            "rst-content",
                                                            "document",
                                                            "story-body",
                                                            "page-content",
                                                            "content-body",
                                                            "theme-doc-markdown",
                                                            "contentcontainer",
                                                            "documentwrapper",
                                                            "article-content",
                                                            "article__body",
                                                            "article__content",
                                                            "entry",
                                                            "post",
                                                            "content-wrapper",
                                                            "primary",
                                                            "main_content",
                                                            "the-content",
                                                            "blog-post",
                                                            "doc-content",
                                                            "content-area",
                                                            "body-content",
                                                            "td-content",
                                                            "prose"};

bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool lower(char c) {
  return c >= 'a' && c <= 'z';
}

/// Calls `visit` with each word of "site-nav mdSidebar" in lower case.
template <typename Visit>
void each_word(std::string_view names, Visit visit) {
  std::array<char, 24> word{};
  std::size_t length = 0;
  char before = ' ';
  const auto flush = [&] {
    if (length > 0 && length <= word.size()) visit(std::string_view(word.data(), length));
    length = 0;
  };
  for (char c : names) {
    if (!upper(c) && !lower(c)) {
      flush();
    } else {
      if (upper(c) && lower(before)) flush();
      if (length < word.size()) word[length] = static_cast<char>(c | 0x20);
      ++length;
    }
    before = c;
  }
  flush();
}

/// Words of a name that says how a thing is, not what: "has-sidebar", "modal-enabled".
bool is_manner(std::string_view word) {
  static constexpr std::array<std::string_view, 10> kWordsOfManner = {"has",      "with", "no", "without", "enabled",
                                                                      "disabled", "is",   "js", "not",     "hide"};
  return std::ranges::find(kWordsOfManner, word) != kWordsOfManner.end();
}

Hint by_name(std::string_view name) {
  Hint hint;
  bool manner = false;
  if (const std::size_t modifier = name.find("--"); modifier != std::string_view::npos) name = name.substr(0, modifier);
  each_word(name, [&](std::string_view text) {
    manner = manner || is_manner(text);
    const auto* const found = std::ranges::lower_bound(kWords, text, {}, &Word::text);
    if (found == kWords.end() || found->text != text || hint.sure) return;
    if (hint.reason == Reason::kNone || found->sure) hint = {found->reason, found->sure, true};
  });
  return manner ? Hint{} : hint;
}

Hint by_names(std::string_view names) {
  Hint hint;
  while (!names.empty() && !hint.sure) {
    const std::size_t end = std::min(names.find_first_of(" \t\n"), names.size());
    const Hint one = by_name(names.substr(0, end));
    if (hint.reason == Reason::kNone || one.sure) hint = one;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return hint;
}

Hint by_tag(Tag tag) {
  switch (tag) {
    case Tag::kScript:
      return {Reason::kScript, true};
    case Tag::kStyle:
      return {Reason::kStyle, true};
    case Tag::kNav:
      return {Reason::kNavigation};
    case Tag::kAside:
      return {Reason::kSidebar};
    case Tag::kFooter:
      return {Reason::kFooter};
    case Tag::kHeader:
      return {Reason::kHeader};
    case Tag::kDialog:
      return {Reason::kNotice};
    case Tag::kTemplate:
    case Tag::kNoscript:
      return {Reason::kHidden};
    case Tag::kSvg:
    case Tag::kIframe:
    case Tag::kCanvas:
    case Tag::kAudio:
    case Tag::kVideo:
    case Tag::kObject:
    case Tag::kDatalist:
    case Tag::kMap:
      return {Reason::kHidden};
    case Tag::kForm:
      return {Reason::kForm};
    case Tag::kButton:
    case Tag::kSelect:
    case Tag::kTextarea:
      return {Reason::kForm, true};
    default:
      return {};
  }
}

Hint by_role(std::string_view role) {
  struct Role {
    std::string_view name;
    Reason reason;
  };
  static constexpr std::array<Role, 14> kRoles = {{{"navigation", Reason::kNavigation},
                                                   {"banner", Reason::kHeader},
                                                   {"contentinfo", Reason::kFooter},
                                                   {"complementary", Reason::kSidebar},
                                                   {"search", Reason::kForm},
                                                   {"dialog", Reason::kNotice},
                                                   {"alertdialog", Reason::kNotice},
                                                   {"menu", Reason::kNavigation},
                                                   {"menubar", Reason::kNavigation},
                                                   {"toolbar", Reason::kNavigation},
                                                   {"tooltip", Reason::kHidden},
                                                   {"directory", Reason::kNavigation},
                                                   {"doc-toc", Reason::kNavigation},
                                                   {"doc-pagelist", Reason::kNavigation}}};
  const auto* const found = std::ranges::find(kRoles, role, &Role::name);
  return found == kRoles.end() ? Hint{} : Hint{found->reason};
}

/// A section that is named after its heading: its id says what it is about, not what it is.
bool named_by_heading(const Document& document, std::uint32_t index) {
  const std::vector<Node>& nodes = document.nodes();
  if (nodes[index].tag == Tag::kSection || heading_level(nodes[index].tag) > 0) return true;
  const std::uint32_t last = std::min(nodes[index].end, index + 6);
  for (std::uint32_t i = index + 1; i < last; ++i) {
    if (heading_level(nodes[i].tag) > 0) return true;
  }
  return false;
}

bool hidden_by_attribute(const Document& document, const Node& node) {
  if (node.attribute_count == 0) return false;
  if (document.has_attribute(node, "hidden")) return true;
  if (document.attribute(node, "aria-hidden") == "true") return true;
  const std::string_view style = document.attribute(node, "style");
  return base::contains_ci(style, "display:none") || base::contains_ci(style, "display: none") ||
         base::contains_ci(style, "visibility:hidden") || base::contains_ci(style, "visibility: hidden");
}

/// A link around a heading and a paragraph.
bool holds_blocks(const Document& document, std::uint32_t index) {
  const std::vector<Node>& nodes = document.nodes();
  const std::uint32_t last = std::min(nodes[index].end, index + 8);
  for (std::uint32_t i = index + 1; i < last; ++i) {
    if (is_block(nodes[i].tag)) return true;
  }
  return false;
}

}  // namespace

Hint read_hint(const Document& document, std::uint32_t index) {
  const Node& node = document.nodes()[index];
  if (node.tag == Tag::kText || node.tag == Tag::kHtml || node.tag == Tag::kBody || node.tag == Tag::kRoot) return {};
  if (const Hint hint = by_tag(node.tag); hint.reason != Reason::kNone) {
    // <aside class="newsletter">: the name says more.
    if (node.tag != Tag::kAside || node.attribute_count == 0) return hint;
    Hint named = by_names(document.attribute(node, "class"));
    if (named.reason == Reason::kNone) named = by_names(document.attribute(node, "id"));
    const bool says_more = named.reason != Reason::kNone && named.reason != Reason::kSidebar &&
                           named.reason != Reason::kFooter && named.reason != Reason::kHeader;
    return says_more ? named : hint;
  }
  if (node.attribute_count == 0) return {};
  if (hidden_by_attribute(document, node)) return {Reason::kHidden};
  if (const Hint hint = by_role(document.attribute(node, "role")); hint.reason != Reason::kNone) return hint;
  const std::string_view names = document.attribute(node, "class");
  Hint hint = by_names(names);
  if (hint.reason == Reason::kNone && !named_by_heading(document, index))
    hint = by_names(document.attribute(node, "id"));
  if (hint.reason == Reason::kNone) return {};
  // Inside a line, such words are about what the text says ("menuselection") unless they are sure.
  const bool in_line = !is_block(node.tag) && node.tag != Tag::kOther && !holds_blocks(document, index);
  if (in_line && !hint.sure) return names.find("sr-only") != std::string_view::npos ? Hint{Reason::kHidden} : Hint{};
  return hint;
}

int content_claim(const Document& document, std::uint32_t index) {
  const Node& node = document.nodes()[index];
  if (node.tag == Tag::kMain) return 3;
  if (node.tag == Tag::kText || !is_block(node.tag) || node.tag == Tag::kBody) return 0;
  if (node.tag == Tag::kArticle) return 2;
  if (node.attribute_count == 0) return 0;
  if (document.attribute(node, "role") == "main") return 3;
  if (base::equals_ci(document.attribute(node, "itemprop"), "articlebody")) return 3;
  for (std::string_view name : {std::string_view("class"), std::string_view("id")}) {
    std::string_view names = document.attribute(node, name);
    while (!names.empty()) {
      const std::size_t end = std::min(names.find(' '), names.size());
      const std::string_view one = names.substr(0, end);
      if (std::ranges::any_of(kContentNames, [&](std::string_view known) { return base::equals_ci(one, known); }))
        return 1;
      names.remove_prefix(std::min(end + 1, names.size()));
    }
  }
  return 0;
}

}  // namespace headroom::compress::html
