#include "compress/html/claims.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "base/text.h"
#include "compress/html/names.h"

namespace headroom::compress::html {
namespace {

void read_claim(std::string_view text, Claims& claims) {
  for (std::string_view sign : {"article", "blogposting", "recipe", "reportage"}) {
    if (base::contains_ci(text, sign)) claims.article = true;
  }
  for (std::string_view sign : {"product", "qapage", "discussionforum", "itemlist", "searchresults", "profile"}) {
    if (base::contains_ci(text, sign)) claims.other = true;
  }
}

bool names_any(std::string_view data, std::span<const std::string_view> types) {
  return std::ranges::any_of(types, [&](std::string_view type) { return data.find(type) != std::string_view::npos; });
}

/// Data for search engines: "@type": "NewsArticle".
void read_data(std::string_view data, Claims& hints) {
  static constexpr auto kArticles = std::to_array<std::string_view>(
      {"\"Article\"", "\"NewsArticle\"", "\"BlogPosting\"", "\"Recipe\"", "\"ReportageNewsArticle\"",
       "\"AnalysisNewsArticle\"", "\"OpinionNewsArticle\"", "\"ReviewNewsArticle\"", "\"LiveBlogPosting\""});
  static constexpr auto kOthers = std::to_array<std::string_view>(
      {"\"Product\"", "\"QAPage\"", "\"DiscussionForumPosting\"", "\"SearchResultsPage\"", "\"CollectionPage\""});
  if (data.find("\"@type\"") == std::string_view::npos) return;
  if (names_any(data, kArticles)) hints.article = true;
  if (names_any(data, kOthers)) hints.other = true;
}

/// Names that systems for blogs give to the page of one post and to each post on a page.
bool is_page_of_post(std::string_view body_names) {
  return body_names.find("single-post") != std::string_view::npos;
}
bool is_post(std::string_view names) {
  return names.find("hentry") != std::string_view::npos || names.find("h-entry") != std::string_view::npos;
}

bool is_network(std::string_view target) {
  const std::size_t host = target.find("//");
  if (host == std::string_view::npos) return false;
  target.remove_prefix(host + 2);
  target = target.substr(0, target.find('/'));
  static constexpr auto kNetworks = std::to_array<std::string_view>(
      {"facebook.com", "twitter.com", "instagram.com", "linkedin.com", "youtube.com", "pinterest.com", "xing.com"});
  return std::ranges::any_of(kNetworks, [&](std::string_view network) { return target.ends_with(network); });
}

/// Fields that pages of news have in their head.
bool is_news_field(std::string_view name) {
  static constexpr auto kFields =
      std::to_array<std::string_view>({"news_keywords", "pubdate", "datepublished", "date_published", "publish-date",
                                       "parsely-pub-date", "sailthru.date", "dc.date.issued", "displaydate"});
  return std::ranges::any_of(kFields, [&](std::string_view field) { return base::equals_ci(name, field); });
}

}  // namespace

Claims read_claims(const Document& document) {
  Claims claims, hints;
  int posts = 0;
  for (const Node& node : document.nodes()) {
    if (node.tag == Tag::kText || node.attribute_count == 0) continue;
    if (node.tag == Tag::kScript) {
      if (base::contains_ci(document.attribute(node, "type"), "ld+json"))
        read_data(document.page().substr(node.from, node.to - node.from), hints);
      continue;
    }
    if (node.tag == Tag::kBody && is_page_of_post(document.attribute(node, "class"))) hints.article = true;
    if (is_post(document.attribute(node, "class"))) ++posts;
    if (node.tag == Tag::kA && !claims.public_site) claims.public_site = is_network(document.attribute(node, "href"));
    each_name_word(document, node, [&](std::string_view word) {
      if (base::equals_ci(word, "answer") || base::equals_ci(word, "answers")) claims.other = true;
    });
    if (node.tag == Tag::kMeta) {
      const std::string_view property = document.attribute(node, "property");
      if (base::equals_ci(property, "og:type")) read_claim(document.attribute(node, "content"), claims);
      if (base::equals_ci(property, "article:published_time")) claims.article = true;
      if (property.starts_with("article:") || is_news_field(document.attribute(node, "name"))) hints.article = true;
    } else if (document.attribute(node, "itemprop") == "datePublished") {
      hints.article = true;
    } else if (const std::string_view type = document.attribute(node, "itemtype"); !type.empty()) {
      read_claim(type, claims);
    }
  }
  // What is said aside counts where nothing speaks against it.
  if ((hints.article || posts == 1) && !hints.other && !claims.other) claims.article = true;
  return claims;
}

}  // namespace headroom::compress::html
