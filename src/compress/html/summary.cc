#include "compress/html/summary.h"

#include <array>

#include <fmt/format.h>

namespace headroom::compress::html {
namespace {

struct Kind {
  Reason reason;
  std::string_view one, many;
};

constexpr std::array<Kind, 14> kKinds = {{{Reason::kScript, "script", "scripts"},
                                          {Reason::kStyle, "style", "styles"},
                                          {Reason::kNavigation, "navigation part", "navigation parts"},
                                          {Reason::kSidebar, "sidebar", "sidebars"},
                                          {Reason::kHeader, "page header", "page headers"},
                                          {Reason::kFooter, "footer", "footers"},
                                          {Reason::kNotice, "banner", "banners"},
                                          {Reason::kAdvert, "advert", "adverts"},
                                          {Reason::kShare, "share bar", "share bars"},
                                          {Reason::kForm, "form part", "form parts"},
                                          {Reason::kHidden, "hidden part", "hidden parts"},
                                          {Reason::kLinks, "link list", "link lists"},
                                          {Reason::kComments, "comment section", "comment sections"},
                                          {Reason::kOutside, "part beside the content", "parts beside the content"}}};

}  // namespace

Summary summarize(const Document& document, const std::vector<Measure>& measures, const Content& content) {
  struct Count {
    std::size_t parts = 0, links = 0;
  };
  std::array<Count, kKinds.size() + 1> counts{};
  Summary summary;
  const std::vector<Node>& nodes = document.nodes();
  for (std::uint32_t i = 1; i < nodes.size();) {
    const Reason reason = content.left_out[i];
    if (reason == Reason::kNone) {
      ++i;
      continue;
    }
    Count& count = counts[static_cast<std::size_t>(reason)];
    ++count.parts;
    ++summary.parts;
    count.links += measures[i].links;
    i = nodes[i].end;
  }
  summary.text = "page as markdown, without tags";
  for (const Kind& kind : kKinds) {
    const Count& count = counts[static_cast<std::size_t>(kind.reason)];
    if (count.parts == 0) continue;
    summary.text += fmt::format(", {} {}", count.parts, count.parts == 1 ? kind.one : kind.many);
    if (count.links > 0) summary.text += fmt::format(" ({} links)", count.links);
  }
  return summary;
}

}  // namespace headroom::compress::html
