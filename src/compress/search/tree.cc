#include "compress/search/tree.h"

#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace headroom::compress::search {
namespace {

/// How a program draws: what stands before a child, before the last one, and below a child that is not the last one and
/// below one that is.
struct Style {
  std::string_view name, child, last, below, clear;
  bool cut = false;  ///< more would have followed at every level where the text ends
};

constexpr std::array kStyles = {
    Style{"[tree]", "\xE2\x94\x9C\xE2\x94\x80\xE2\x94\x80 ", "\xE2\x94\x94\xE2\x94\x80\xE2\x94\x80 ",
          "\xE2\x94\x82\xC2\xA0\xC2\xA0 ", "    "},
    Style{"[tree, blanks]", "\xE2\x94\x9C\xE2\x94\x80\xE2\x94\x80 ", "\xE2\x94\x94\xE2\x94\x80\xE2\x94\x80 ",
          "\xE2\x94\x82   ", "    "},
    Style{"[tree, ascii]", "|-- ", "`-- ", "|   ", "    "},
    Style{"[tree, cut]", "\xE2\x94\x9C\xE2\x94\x80\xE2\x94\x80 ", "\xE2\x94\x94\xE2\x94\x80\xE2\x94\x80 ",
          "\xE2\x94\x82\xC2\xA0\xC2\xA0 ", "    ", true},
    Style{"[tree, blanks, cut]", "\xE2\x94\x9C\xE2\x94\x80\xE2\x94\x80 ", "\xE2\x94\x94\xE2\x94\x80\xE2\x94\x80 ",
          "\xE2\x94\x82   ", "    ", true},
    Style{"[tree, ascii, cut]", "|-- ", "`-- ", "|   ", "    ", true},
};

struct Item {
  std::size_t depth = 0;  ///< 0: no drawn line
  std::string_view name;
};

Item read_item(std::string_view line, const Style& style) {
  Item item{.depth = 0, .name = line};
  std::string_view rest = line;
  while (rest.starts_with(style.below) || rest.starts_with(style.clear)) {
    rest.remove_prefix(rest.starts_with(style.below) ? style.below.size() : style.clear.size());
    ++item.depth;
  }
  if (!rest.starts_with(style.child) && !rest.starts_with(style.last)) return {.depth = 0, .name = line};
  item.name = rest.substr(rest.starts_with(style.child) ? style.child.size() : style.last.size());
  ++item.depth;
  return item;
}

/// For each item, whether another of its depth follows before the tree goes up.
std::vector<bool> followed(const std::vector<Item>& items, bool cut) {
  std::vector<bool> out(items.size());
  std::vector<bool> open;  // by depth: an item of this depth stands further down
  if (cut && !items.empty()) open.assign(items.back().depth + 1, true);
  for (std::size_t i = items.size(); i-- > 0;) {
    const std::size_t depth = items[i].depth;
    if (depth == 0) {
      open.clear();
      continue;
    }
    open.resize(depth + 1);
    out[i] = open[depth];
    open[depth] = true;
  }
  return out;
}

std::string draw(const std::vector<Item>& items, const Style& style) {
  const std::vector<bool> more = followed(items, style.cut);
  std::string out;
  std::vector<bool> bars;  // by depth: the item above is not the last one
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out.push_back('\n');
    const std::size_t depth = items[i].depth;
    if (depth > 0) {
      bars.resize(depth + 1);
      for (std::size_t k = 1; k < depth; ++k) out += bars[k] ? style.below : style.clear;
      out += more[i] ? style.child : style.last;
      bars[depth] = more[i];
    } else {
      bars.clear();
    }
    out += items[i].name;
  }
  return out;
}

}  // namespace

std::optional<std::string> fold_tree(const Document& document) {
  for (const Style& style : kStyles) {
    std::vector<Item> items;
    std::string source;
    std::size_t drawn = 0;
    for (const Row& row : document.rows) {
      items.push_back(read_item(row.line, style));
      drawn += items.back().depth > 0;
      if (!source.empty() || items.size() > 1) source.push_back('\n');
      source += row.line;
    }
    if (drawn * 2 < items.size() || draw(items, style) != source) continue;
    std::string out(style.name);
    for (const Item& item : items) {
      if (item.depth == 0 && item.name.starts_with(' ')) return std::nullopt;
      out.push_back('\n');
      out.append(item.depth, ' ');
      out += item.name;
    }
    return out;
  }
  return std::nullopt;
}

std::optional<std::string> unfold_tree(std::string_view text) {
  for (const Style& style : kStyles) {
    if (!text.starts_with(style.name) || text.substr(style.name.size(), 1) != "\n") continue;
    std::vector<Item> items;
    for (std::string_view line : base::split_lines(text.substr(style.name.size() + 1))) {
      const std::size_t depth = std::min(line.find_first_not_of(' '), line.size());
      items.push_back({depth, line.substr(depth)});
    }
    return draw(items, style);
  }
  return std::nullopt;
}

}  // namespace headroom::compress::search
