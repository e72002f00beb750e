#include "compress/html/wishes.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"

namespace headroom::compress::html {
namespace {

struct Sign {
  std::string_view stem;
  bool Wishes::* wish;
};

// Stems, as base::words() gives them, of what people call the parts of a page.
const std::array<Sign, 67>& signs() {
  static const std::array<Sign, 67> kSigns = {{
      {"html", &Wishes::markup},
      {"markup", &Wishes::markup},
      {"selector", &Wishes::markup},
      {"xpath", &Wishes::markup},
      {"dom", &Wishes::markup},
      {"aria", &Wishes::markup},
      {"accessibility", &Wishes::markup},
      {"a11y", &Wishes::markup},
      {"doctype", &Wishes::markup},
      {"charset", &Wishes::markup},
      {"viewport", &Wishes::markup},
      {"div", &Wishes::markup},
      {"span", &Wishes::markup},
      {"favicon", &Wishes::markup},
      {"canonical", &Wishes::markup},
      {"link", &Wishes::links},
      {"url", &Wishes::links},
      {"href", &Wishes::links},
      {"hyperlink", &Wishes::links},
      {"address", &Wishes::links},
      {"download", &Wishes::links},
      {"menu", &Wishes::navigation},
      {"navigation", &Wishes::navigation},
      {"nav", &Wishes::navigation},
      {"navbar", &Wishes::navigation},
      {"sidebar", &Wishes::navigation},
      {"breadcrumb", &Wishes::navigation},
      {"toc", &Wishes::navigation},
      {"chapter", &Wishes::navigation},
      {"sitemap", &Wishes::navigation},
      {"footer", &Wishes::footer},
      {"copyright", &Wishes::footer},
      {"imprint", &Wishes::footer},
      {"header", &Wishes::header},
      {"masthead", &Wishes::header},
      {"logo", &Wishes::header},
      {"banner", &Wishes::notices},
      {"cookie", &Wishes::notices},
      {"consent", &Wishes::notices},
      {"popup", &Wishes::notices},
      {"modal", &Wishes::notices},
      {"dialog", &Wishes::notices},
      {"ad", &Wishes::adverts},
      {"advert", &Wishes::adverts},
      {"advertisement", &Wishes::adverts},
      {"sponsor", &Wishes::adverts},
      {"share", &Wishes::share},
      {"newsletter", &Wishes::share},
      {"form", &Wishes::forms},
      {"button", &Wishes::forms},
      {"input", &Wishes::forms},
      {"checkbox", &Wishes::forms},
      {"dropdown", &Wishes::forms},
      {"hidden", &Wishes::hidden},
      {"comment", &Wishes::comments},
      {"commenter", &Wishes::comments},
      {"reply", &Wishes::comments},
      {"discussion", &Wishes::comments},
      {"reader", &Wishes::comments},
      {"script", &Wishes::scripts},
      {"javascript", &Wishes::scripts},
      {"analytic", &Wishes::scripts},
      {"tracker", &Wishes::scripts},
      {"css", &Wishes::styles},
      {"stylesheet", &Wishes::styles},
      {"image", &Wishes::images},
      {"picture", &Wishes::images},
  }};
  return kSigns;
}

}  // namespace

Wishes read_wishes(const Query& query) {
  Wishes wishes;
  for (const std::string* text : {&query.user, &query.intent}) {
    for (const std::string& word : base::words(*text)) {
      for (const Sign& sign : signs()) {
        if (word == base::stem(sign.stem)) wishes.*sign.wish = true;
      }
    }
  }
  const std::vector<std::string> words = base::words(query.user);
  const auto has = [&](std::string_view word) { return std::ranges::find(words, base::stem(word)) != words.end(); };
  wishes.everything = has("all") || has("every") || has("summarize") || has("summarise") || has("summary") ||
                      has("review") || has("list") || has("everything") || has("translate") || has("whole");
  return wishes;
}

}  // namespace headroom::compress::html
