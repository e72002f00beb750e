#pragma once

#include <cstdint>

#include "compress/html/document.h"

namespace headroom::compress::html {

/// Why a part of a page is no content.
enum class Reason : std::uint8_t {
  kNone,
  kScript,
  kStyle,
  kNavigation,
  kSidebar,
  kFooter,
  kHeader,
  kNotice,  ///< cookie and consent banners, pop-ups
  kAdvert,
  kShare,  ///< share bars, newsletter forms
  kForm,
  kHidden,
  kLinks,     ///< a list of links beside the content
  kComments,  ///< what readers wrote below an article
  kOutside,   ///< beside the content
};

/// What an element says about itself by its tag, its role, its class and its id.
struct Hint {
  Reason reason = Reason::kNone;
  bool sure = false;     ///< holds whatever stands in it: an advert, a cookie notice
  bool by_name = false;  ///< read from class or id, which is less sure than a tag or a role
};

Hint read_hint(const Document& document, std::uint32_t node);

/// How much an element claims to hold the page's content: 0 not at all, 3 by tag or role, 2 one article, 1 by its name.
int content_claim(const Document& document, std::uint32_t node);

}  // namespace headroom::compress::html
