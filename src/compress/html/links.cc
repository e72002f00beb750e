#include "compress/html/links.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace headroom::compress::html {
namespace {

constexpr std::size_t kLongTarget = 160;

bool is_absolute(std::string_view target) {
  for (std::string_view scheme : {"http:", "https:", "mailto:", "ftp:", "//"}) {
    if (target.starts_with(scheme)) return true;
  }
  return false;
}

/// What pages write on links that do something to the page.
bool is_control_text(std::string_view text) {
  static constexpr std::array<std::string_view, 22> kTexts = {
      "source",          "[source]",       "src",         "[src]",         "edit",      "[edit]",
      "edit this page",  "view source",    "copy",        "copied",        "permalink", "reply",
      "share",           "report",         "back to top", "top",           "copy link", "print",
      "skip to content", "edit on github", "link",        "copy item path"};
  return std::ranges::any_of(kTexts, [&](std::string_view known) { return base::equals_ci(text, known); });
}

/// "Skip to content", "Back to top".
bool is_jump_text(std::string_view text) {
  if (text.size() > 32) return false;
  for (std::string_view start : {"skip to", "skip navigation", "jump to", "back to top", "to top", "go to top"}) {
    if (base::equals_ci(text.substr(0, start.size()), start)) return true;
  }
  return is_control_text(text);
}

/// "¶", "#", "§": no letter or digit of ASCII and hardly any byte at all.
bool is_sign(std::string_view text) {
  return text.size() <= 4 && std::ranges::none_of(text, [](char c) {
           return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
         });
}

}  // namespace

LinkFate Links::judge(std::uint32_t index, std::string_view text) {
  const Node& node = document_.nodes()[index];
  const std::string_view target = base::trim(document_.attribute(node, "href"));
  if (target.empty()) return LinkFate::kText;
  if (text.empty()) return LinkFate::kGone;
  // Broken markup can make anything an address; Markdown has no way to write one that spans lines or holds brackets.
  if (target.find_first_of("\r\n<>()") != std::string_view::npos && !is_absolute(target)) return LinkFate::kText;
  if (target.find_first_of("\r\n") != std::string_view::npos) return LinkFate::kText;
  if (target.front() == '#') return is_sign(text) || is_jump_text(text) ? LinkFate::kGone : LinkFate::kText;
  if (target.starts_with("javascript:") || target.starts_with("data:"))
    return is_control_text(text) ? LinkFate::kGone : LinkFate::kText;
  if (is_control_text(text) && !wishes_.links) return LinkFate::kGone;
  bool full = wishes_.links || (is_absolute(target) && target.size() <= kLongTarget);
  if (!full && target.size() <= kLongTarget) {
    // In a list of links the targets are what the list is for; in a sentence they only explain a word.
    const Measure& around = measures_[node.parent];
    const Tag parent = document_.nodes()[node.parent].tag;
    full = is_block(parent) && around.links <= 2 && around.link_text * 10ULL >= around.text * 7ULL;
  }
  if (full && text != target && given_.insert(target).second) return LinkFate::kFull;
  if (!full) ++without_target_;
  return LinkFate::kText;
}

}  // namespace headroom::compress::html
