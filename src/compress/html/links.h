#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>

#include "compress/html/document.h"
#include "compress/html/measures.h"
#include "compress/html/wishes.h"

namespace headroom::compress::html {

enum class LinkFate : std::uint8_t {
  kText,  ///< its text alone
  kFull,  ///< text and where it leads
  kGone,  ///< a mark of the page's own: "¶" beside a heading, "Edit"
};

/// Which links keep where they lead. Each target is given once.
class Links {
 public:
  Links(const Document& document, const std::vector<Measure>& measures, const Wishes& wishes)
      : document_(document), measures_(measures), wishes_(wishes) {}

  /// `text`: what the link shows.
  LinkFate judge(std::uint32_t node, std::string_view text);
  /// Links whose target is left out so far.
  std::uint32_t without_target() const { return without_target_; }

 private:
  const Document& document_;
  const std::vector<Measure>& measures_;
  const Wishes& wishes_;
  std::unordered_set<std::string_view> given_;
  std::uint32_t without_target_ = 0;
};

}  // namespace headroom::compress::html
