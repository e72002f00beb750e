#include "compress/html/furniture.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "compress/html/names.h"

namespace headroom::compress::html {
namespace {

constexpr std::uint32_t kLongestTeaser = 500, kLongestCaption = 300;
constexpr std::uint32_t kLongestByline = 160;

/// "Figure 3: ...", "Abb. 2": the text may speak of it.
bool is_numbered(std::string_view caption) {
  const std::string_view text = base::trim(caption);
  for (std::string_view start : {"fig", "table", "tab", "abb", "listing", "chart", "map", "scheme"}) {
    if (!base::equals_ci(text.substr(0, start.size()), start)) continue;
    if (text.substr(0, 16).find_first_of("0123456789") != std::string_view::npos) return true;
  }
  return false;
}

/// The picture is the last thing before it.
bool follows_picture(const Document& document, std::uint32_t node) {
  const std::vector<Node>& nodes = document.nodes();
  for (std::uint32_t i = node; i-- > 1 && node - i < 12;) {
    if (nodes[i].tag == Tag::kImg) return true;
    if (nodes[i].tag == Tag::kText && !base::trim(nodes[i].text).empty()) return false;
  }
  return false;
}

bool is_author(std::string_view word) {
  static constexpr auto kAuthors =
      std::to_array<std::string_view>({"author", "autor", "autorin", "auteur", "bio", "contributor"});
  return std::ranges::any_of(kAuthors, [&](std::string_view known) { return base::equals_ci(word, known); });
}

/// Two words that say it together: "author-box", "no-print", "comments-link", "post-category".
bool names_furniture(std::string_view name, const Measure& here) {
  struct Pair {
    std::string_view one, other;
    std::uint32_t longest;
  };
  static constexpr std::uint32_t kAny = ~0U;
  static constexpr auto kPairs = std::to_array<Pair>({{"author", "box", kAny},       {"author", "bio", kAny},
                                                      {"author", "info", kAny},      {"author", "description", kAny},
                                                      {"author", "about", kAny},     {"author", "card", kAny},
                                                      {"author", "desc", kAny},      {"author", "profile", kAny},
                                                      {"author", "biography", kAny}, {"no", "print", kAny},
                                                      {"hidden", "print", kAny},     {"print", "none", kAny},
                                                      {"visually", "hidden", 200},   {"screen", "reader", 200},
                                                      {"sr", "only", 200},           {"comments", "link", 60},
                                                      {"comment", "link", 60},       {"comments", "count", 60},
                                                      {"comment", "count", 60},      {"reading", "time", 60},
                                                      {"read", "time", 60},          {"post", "category", 60},
                                                      {"entry", "category", 60},     {"article", "category", 60},
                                                      {"article", "categories", 60}, {"post", "categories", 60},
                                                      {"entry", "categories", 60},   {"cat", "links", 60},
                                                      {"list", "tags", 200}});
  for (const Pair& pair : kPairs) {
    if (here.text > pair.longest) continue;
    bool one = false, other = false;
    each_part(name, [&](std::string_view word) {
      one = one || base::equals_ci(word, pair.one) || (pair.one == "author" && is_author(word));
      other = other || base::equals_ci(word, pair.other);
    });
    if (one && other) return true;
  }
  return false;
}

}  // namespace

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
         text * 10ULL >= all.text * 7ULL && !leads_to_file(document, node);
}

bool leads_to_file(const Document& document, std::uint32_t node) {
  const std::vector<Node>& nodes = document.nodes();
  for (std::uint32_t i = node; i < nodes[node].end; ++i) {
    if (nodes[i].tag != Tag::kA) continue;
    std::string_view target = document.attribute(nodes[i], "href");
    target = target.substr(0, target.find_first_of("?#"));
    for (std::string_view ending : {".pdf", ".zip", ".gz", ".csv", ".xls", ".xlsx", ".doc", ".docx", ".epub", ".mp3",
                                    ".jpg", ".jpeg", ".png", ".gif", ".webp"}) {
      if (target.size() > ending.size() && base::equals_ci(target.substr(target.size() - ending.size()), ending))
        return true;
    }
  }
  return false;
}

bool is_caption_of_picture(const Document& document, const std::vector<Measure>& measures, std::uint32_t node) {
  const Node& at = document.nodes()[node];
  const Measure& here = measures[node];
  if (here.text > kLongestCaption || here.code > 0 || here.cells > 0) return false;
  bool caption = at.tag == Tag::kFigcaption, picture = false, line = false;
  each_name_part(document, at, [&](std::string_view word) {
    static constexpr auto kPictures = std::to_array<std::string_view>(
        {"image", "img", "picture", "pic", "photo", "foto", "bild", "figure", "imagen", "thumbnail"});
    static constexpr auto kLines =
        std::to_array<std::string_view>({"subtitle", "description", "desc", "legend", "source", "credit", "credits",
                                         "copyright", "quelle", "zeile", "unterschrift"});
    static constexpr auto kWhole = std::to_array<std::string_view>(
        {"caption", "imagecaption", "imgcaption", "figcaption", "photocaption", "bildunterschrift", "bildtext",
         "bildzeile", "bildnachweis", "bildquelle", "photocredit", "imagecredit", "fotocredit", "legende"});
    const auto is = [&](std::string_view known) { return base::equals_ci(word, known); };
    caption = caption || std::ranges::any_of(kWhole, is);
    picture = picture || std::ranges::any_of(kPictures, is);
    line = line || std::ranges::any_of(kLines, is);
  });
  bool in_figure = at.tag == Tag::kFigcaption;
  for (std::uint32_t up = at.parent, steps = 0; up != 0 && steps < 3; up = document.nodes()[up].parent, ++steps)
    in_figure = in_figure || document.nodes()[up].tag == Tag::kFigure;
  if (here.headings > 0 && !in_figure) return false;
  caption = caption || (picture && line && here.images == 0);
  if (!caption) return false;
  bool pictures = follows_picture(document, node);
  for (std::uint32_t up = at.parent, steps = 0; up != 0 && steps < 3; up = document.nodes()[up].parent, ++steps) {
    const Measure& around = measures[up];
    if (around.code > 0 || around.cells > 0 || around.text > here.text + kLongestCaption) break;
    pictures = pictures || around.images > 0 || document.nodes()[up].tag == Tag::kFigure;
  }
  return pictures && !is_numbered(document.text_of(node));
}

bool is_furniture(const Document& document, const std::vector<Measure>& measures, std::uint32_t node) {
  const Node& at = document.nodes()[node];
  bool author = false, note = false, alone = false;
  each_name_part(document, at, [&](std::string_view word) {
    static constexpr auto kAlone = std::to_array<std::string_view>(
        {"tags",        "taglist",    "keywords",   "credit",       "copyright",  "print",        "printer",
         "authorbox",   "authorinfo", "postmeta",   "breadcrumbs",  "addtoany",   "commentcount", "relatedposts",
         "saboxplugin", "sociable",   "newsletter", "disqus",       "nextpost",   "prevpost",     "postnav",
         "nextstory",   "regwall",    "paywall",    "subscription", "subscribe",  "followus",     "donate",
         "donation",    "pingback",   "pingbacks",  "trackback",    "trackbacks", "tagcloud",     "reactions",
         "likes",       "vote",       "voting",     "promo",        "promobox",   "recirc",       "affiliate",
         "disclosure",  "tinypass",   "noprint",    "socials",      "readtime",   "buybox",       "paidbox",
         "pushlayer",   "breadcrumb", "newsletters"});
    const auto is = [&](std::string_view known) { return base::equals_ci(word, known); };
    author = author || is_author(word);
    note = note || is("note") || is("notes") || is("content") || is("text");
    alone = alone || std::ranges::any_of(kAlone, is);
  });
  // A byline is short; what is longer tells of who wrote it.
  if (alone || (author && !note && measures[node].long_text >= kLongestByline)) return true;
  bool pair = false;
  each_name(document, at, [&](std::string_view name) { pair = pair || names_furniture(name, measures[node]); });
  return pair;
}

bool is_form_of_site(const Document& document, std::uint32_t node) {
  if (document.nodes()[node].tag != Tag::kForm) return false;
  bool found = false;
  each_name_part(document, document.nodes()[node], [&](std::string_view word) {
    static constexpr auto kForms = std::to_array<std::string_view>(
        {"comment", "commentform", "respond", "review", "newsletter", "subscribe", "login", "signup"});
    found = found || std::ranges::any_of(kForms, [&](std::string_view known) { return base::equals_ci(word, known); });
  });
  return found;
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
