#pragma once

#include "compress/compressor.h"

namespace headroom::compress::html {

/// What a question wants from a page besides its text.
struct Wishes {
  bool markup = false;      ///< elements, classes, attributes: the source itself
  bool links = false;       ///< where links lead
  bool navigation = false;  ///< menus, sidebars, tables of contents
  bool footer = false;
  bool header = false;
  bool notices = false;  ///< banners, pop-ups
  bool adverts = false;
  bool share = false;
  bool forms = false;  ///< inputs, buttons, options
  bool comments = false;
  bool hidden = false;
  bool scripts = false;
  bool styles = false;
  bool images = false;
  bool everything = false;  ///< a list of all, a review: nothing may be cut for relevance
};

Wishes read_wishes(const Query& query);

}  // namespace headroom::compress::html
