#include "compress/html/blocks.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/html/entities.h"
#include "compress/html/inline_text.h"
#include "compress/html/links.h"
#include "compress/html/page_data.h"

namespace headroom::compress::html {
namespace {

constexpr std::size_t kLeastRepeat = 40, kLongestRepeat = 300, kNear = 2;
constexpr std::size_t kLeastCopy = 4, kLeastCopyBytes = 400;

bool is_code_tag(Tag tag) {
  return tag == Tag::kCode || tag == Tag::kKbd || tag == Tag::kSamp || tag == Tag::kTt;
}

/// "c++", "objective-c", "f#", "asp.net".
bool is_of_language_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("+-#._").find(c) != std::string_view::npos;
}

/// "language-python", "lang-js", "highlight-c": the name after the dash; else empty.
std::string_view language_of(std::string_view classes) {
  for (std::string_view start : {"language-", "lang-", "highlight-source-", "highlight-"}) {
    const std::size_t at = classes.find(start);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = classes.substr(at + start.size());
    std::string_view name = rest.substr(0, rest.find_first_of(" \t"));
    if (!std::ranges::all_of(name, is_of_language_name))
      continue;  // a broken page: it would stand for words of the text
    if (name.size() <= 12 && name != "default" && name != "none" && name != "plaintext") return name;
  }
  return {};
}

/// An exponent: digits with a sign, or one letter.
bool is_exponent(std::string_view text) {
  if (text.empty() || text.size() > 4) return false;
  const auto digit = [](char c) { return (c >= '0' && c <= '9') || c == '-' || c == '+'; };
  return std::ranges::all_of(text, digit) || (text.size() == 1 && static_cast<unsigned char>(text[0]) < 0x80);
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// "IMG_2041.jpg": the name of a file rather than what the picture shows.
bool is_file_name(std::string_view alt) {
  const std::size_t dot = alt.rfind('.');
  if (dot == std::string_view::npos || alt.size() - dot > 5) return false;
  for (std::string_view ending : {".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg"}) {
    if (base::equals_ci(alt.substr(dot), ending)) return true;
  }
  return false;
}

/// "- [Facebook](https://...)", "Copy link".
bool is_share_target(std::string_view block) {
  static constexpr std::array<std::string_view, 26> kTargets = {
      "facebook", "twitter",  "x",       "whatsapp", "telegram",  "pinterest", "reddit",  "linkedin",  "email",
      "e-mail",   "mail",     "tumblr",  "pocket",   "messenger", "google",    "google+", "instagram", "youtube",
      "bluesky",  "mastodon", "threads", "xing",     "flipboard", "copy link", "print",   "share"};
  if (block.starts_with("- ")) block.remove_prefix(2);
  if (block.starts_with('[')) block = block.substr(1, block.find(']') - 1);
  return block.size() < 12 &&
         std::ranges::any_of(kTargets, [&](std::string_view t) { return base::equals_ci(block, t); });
}

class BlockBuilder {
 public:
  BlockBuilder(const Document& document, const std::vector<Measure>& measures, const Content& content,
               const Wishes& wishes)
      : document_(document),
        nodes_(document.nodes()),
        measures_(measures),
        content_(content),
        wishes_(wishes),
        links_(document, measures, wishes) {}

  std::vector<Block> run() {
    for (std::uint32_t i = 1; i < nodes_.size(); ++i) {
      leave_before(i);
      add_data(i);
      if (content_.left_out[i] != Reason::kNone) {
        if (is_block(nodes_[i].tag)) boundary();
        if (stands_below_heading(i) && !blocks_.empty() && line_.empty()) blocks_.back().before_cut = true;
        continue;
      }
      if (nodes_[i].tag == Tag::kText) {
        add_text(i);
      } else if (shown_as_source(i)) {
        add_source(i);
        i = nodes_[i].end - 1;
      } else {
        enter(i);
      }
    }
    leave_before(static_cast<std::uint32_t>(nodes_.size()));
    flush(nodes_[0].to);
    drop_share_bars();
    drop_bare_headings();
    join_title();
    if (content_.article) drop_repeats(), drop_second_copy();
    return std::move(blocks_);
  }

 private:
  /// Two blocks or more in a row that are nothing but the names of places to share a page.
  void drop_share_bars() {
    if (wishes_.share || wishes_.links) return;
    std::vector<Block> kept;
    for (std::size_t i = 0; i < blocks_.size();) {
      std::size_t end = i;
      while (end < blocks_.size() && is_share_target(blocks_[end].text)) ++end;
      const bool bar = end >= i + 2 && says_share(blocks_[i].from, blocks_[end - 1].to);
      if (bar && !kept.empty()) kept.back().before_cut = true;
      if (!bar && end == i) ++end;
      for (; i < end; ++i) {
        if (!bar) kept.push_back(std::move(blocks_[i]));
      }
    }
    blocks_ = std::move(kept);
  }

  /// The source there tells a share bar from a list of names.
  bool says_share(std::size_t from, std::size_t to) const {
    from -= std::min<std::size_t>(from, 200);
    const std::string_view source = document_.page().substr(from, std::min<std::size_t>(to - from, 8000));
    for (std::string_view sign : {"share", "social", "intent/", "mailto:?", "compart", "teilen"}) {
      if (base::contains_ci(source, sign)) return true;
    }
    return false;
  }

  /// "Gates | Delta Works" above "# Gates" says it once: "# Gates | Delta Works".
  void join_title() {
    if (blocks_.empty() || blocks_[0].kind != BlockKind::kTitle) return;
    for (std::size_t i = 1; i < blocks_.size(); ++i) {
      if (blocks_[i].kind != BlockKind::kHeading || blocks_[i].level > 2) continue;
      std::string heading = blocks_[i].text.substr(blocks_[i].level + 1U);
      std::ranges::transform(heading, heading.begin(), lower);
      if (heading.size() < 8 || !base::contains_ci(blocks_[0].text, heading)) continue;
      blocks_[0].text = std::string(blocks_[i].level, '#') + ' ' + blocks_[0].text;
      blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    }
  }

  /// A caption that stands a second time right after itself.
  void drop_repeats() {
    std::vector<Block> kept;
    kept.reserve(blocks_.size());
    for (Block& block : blocks_) {
      const bool words = (block.kind == BlockKind::kText || block.kind == BlockKind::kItem) &&
                         block.text.size() >= kLeastRepeat && block.text.size() <= kLongestRepeat;
      bool again = false;
      for (std::size_t back = 1; words && back <= std::min(kept.size(), kNear); ++back)
        again = again || kept[kept.size() - back].text == block.text;
      if (again)
        kept.back().before_cut = true;
      else
        kept.push_back(std::move(block));
    }
    blocks_ = std::move(kept);
  }

  /// An article that stands a second time in the page, for other screens or for machines.
  void drop_second_copy() {
    std::unordered_map<std::string_view, std::size_t> first;
    std::vector<bool> again(blocks_.size());
    for (std::size_t i = 0; i < blocks_.size();) {
      const auto [place, fresh] = first.try_emplace(blocks_[i].text, i);
      std::size_t same = 0, bytes = 0;
      if (!fresh) {
        for (std::size_t from = place->second; i + same < blocks_.size() && from + same < i; ++same) {
          if (blocks_[from + same].text != blocks_[i + same].text) break;
          bytes += blocks_[i + same].text.size();
        }
      }
      if (same >= kLeastCopy && bytes >= kLeastCopyBytes)
        std::fill_n(again.begin() + static_cast<std::ptrdiff_t>(i), same, true);
      i += std::max<std::size_t>(1, same);
    }
    std::vector<Block> kept;
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (!again[i])
        kept.push_back(std::move(blocks_[i]));
      else if (!kept.empty())
        kept.back().before_cut = true;
    }
    blocks_ = std::move(kept);
  }

  /// What was left out there is what a heading above it was for, rather than a line below the picture of an item.
  bool stands_below_heading(std::uint32_t i) const {
    const Measure& here = measures_[i];
    return here.text > 0 && (here.links > 0 || here.controls > 0 || content_.left_out[i] == Reason::kComments);
  }

  /// Headings of what was left out: nothing stands below them.
  void drop_bare_headings() {
    std::vector<Block> kept;
    for (std::size_t i = blocks_.size(); i-- > 0;) {
      const bool heading = blocks_[i].kind == BlockKind::kHeading;
      const bool bare =
          kept.empty() || (kept.back().kind == BlockKind::kHeading && kept.back().level <= blocks_[i].level);
      if (heading && blocks_[i].level > 1 && blocks_[i].before_cut && bare) continue;
      kept.push_back(std::move(blocks_[i]));
    }
    std::ranges::reverse(kept);
    blocks_ = std::move(kept);
  }

  struct Open {
    std::uint32_t node;
    std::size_t mark;  ///< where its text starts in the block, for elements in a line
  };
  struct List {
    bool ordered;
    long next;
  };

  void leave_before(std::uint32_t i) {
    while (!open_.empty() && nodes_[open_.back().node].end <= i) {
      const Open last = open_.back();
      open_.pop_back();
      leave(last);
    }
  }

  /// Elements whose text a browser does not show but that were asked for.
  bool shown_as_source(std::uint32_t i) const {
    switch (nodes_[i].tag) {
      case Tag::kScript:
      case Tag::kStyle:
      case Tag::kIframe:
        return true;
      case Tag::kInput:
        return wishes_.forms;
      case Tag::kMeta:
        return std::ranges::binary_search(content_.recalled, i);
      default:
        return false;
    }
  }

  void add_source(std::uint32_t i) {
    flush(nodes_[i].from);
    push(BlockKind::kSource, std::string(document_.page().substr(nodes_[i].from, nodes_[i].to - nodes_[i].from)),
         nodes_[i].from, nodes_[i].to);
  }

  void add_data(std::uint32_t i) {
    if (next_data_ == content_.data.size() || content_.data[next_data_] != i) return;
    ++next_data_;
    if (in_cell_ || in_code_) return;
    flush(nodes_[i].from);
    push(BlockKind::kSource, data_of(document_, i), nodes_[i].from, nodes_[i].to);
  }

  void push(BlockKind kind, std::string text, std::size_t from, std::size_t to) {
    if (!row_.empty()) end_row(from);  // text beside the cells of a row
    if (quote_ > 0) {
      std::string quoted = "> ";
      for (char c : text) {
        quoted += c;
        if (c == '\n') quoted += "> ";
      }
      text = std::move(quoted);
    }
    blocks_.push_back({.kind = kind, .text = std::move(text), .from = from, .to = to});
  }

  /// Ends the block that is being collected.
  void flush(std::size_t to) {
    std::string text = line_.take();
    if (text.empty()) return;
    BlockKind kind = BlockKind::kText;
    std::string prefix = std::exchange(prefix_, {});
    if (heading_ > 0) {
      std::ranges::replace(text, '\n', ' ');
      prefix = std::string(static_cast<std::size_t>(heading_), '#') + ' ';
      kind = BlockKind::kHeading;
    } else if (!prefix.empty()) {
      kind = BlockKind::kItem;
    }
    push(kind, prefix + text, from_, to);
    blocks_.back().level = static_cast<std::uint8_t>(heading_);
  }

  void boundary() {
    if (in_cell_) {
      line_.space();
    } else if (in_code_) {
      code_line_break();
    } else {
      flush(from_);
    }
  }

  /// Lines of code that stand in elements of their own.
  void code_line_break() {
    if (!line_.empty() && line_.last() != '\n') line_.add_verbatim("\n", true);
  }

  void add_text(std::uint32_t i) {
    const Node& node = nodes_[i];
    if (in_title_) return;
    if (line_.empty()) from_ = node.from;
    if (in_code_ && !in_cell_) {
      line_.add_verbatim(node.text, node.raw);
    } else {
      line_.add(node.text, node.raw);
    }
  }

  void enter(std::uint32_t i) {
    const Node& node = nodes_[i];
    if (is_block(node.tag))
      enter_block(i);
    else
      enter_inline(i);
    if (!is_void(node.tag) && node.end > i + 1)
      open_.push_back({i, line_.size()});
    else if (!is_void(node.tag))
      leave({i, line_.size()});
  }

  void enter_block(std::uint32_t i) {
    const Node& node = nodes_[i];
    if (in_code_) {
      if (in_cell_)
        line_.space();
      else
        code_line_break();
      return;
    }
    if (in_cell_ && node.tag != Tag::kTd && node.tag != Tag::kTh && node.tag != Tag::kTr) {
      line_.space();
      return;
    }
    flush(node.from);
    from_ = node.from;
    switch (node.tag) {
      case Tag::kTitle:
        enter_title(i);
        break;
      case Tag::kUl:
      case Tag::kMenu:
        lists_.push_back({false, 1});
        break;
      case Tag::kOl:
        lists_.push_back({true, start_of(node)});
        break;
      case Tag::kLi:
        enter_item();
        break;
      case Tag::kOption:
        prefix_ = "- ";
        break;
      case Tag::kDd:
        prefix_ = ": ";
        break;
      case Tag::kDt:
        prefix_.clear();
        break;
      case Tag::kBlockquote:
        ++quote_;
        break;
      case Tag::kPre:
      case Tag::kXmp:
        in_code_ = true;
        language_ = language_of(document_.attribute(node, "class"));
        if (language_.empty()) language_ = language_of(document_.attribute(nodes_[node.parent], "class"));
        break;
      case Tag::kTable:
        tables_.push_back(is_data_table(i));
        break;
      case Tag::kTr:
        row_.clear();
        row_from_ = node.from;
        row_has_heads_ = false;
        break;
      case Tag::kTd:
      case Tag::kTh:
        if (!tables_.empty() && tables_.back()) {
          in_cell_ = true;
          row_has_heads_ = row_has_heads_ || node.tag == Tag::kTh;
          all_heads_ = (row_.empty() || all_heads_) && node.tag == Tag::kTh;
        }
        break;
      default:
        if (const int level = heading_level(node.tag); level > 0) heading_ = level;
    }
  }

  long start_of(const Node& node) const {
    const std::string_view start = document_.attribute(node, "start");
    long value = 1;
    std::from_chars(start.data(), start.data() + start.size(), value);
    return value;
  }

  void enter_item() {
    const std::size_t depth = std::min<std::size_t>(lists_.size(), 8);
    prefix_ = std::string(depth > 1 ? (depth - 1) * 2 : 0, ' ');
    if (!lists_.empty() && lists_.back().ordered) {
      prefix_ += fmt::format("{}. ", lists_.back().next++);
    } else {
      prefix_ += "- ";
    }
  }

  void enter_title(std::uint32_t i) {
    in_title_ = true;
    if (titled_ || nodes_[nodes_[i].parent].tag == Tag::kSvg) return;
    titled_ = true;
    InlineText title;
    title.add(document_.text_of(i), true);
    std::string text = title.take();
    if (!text.empty()) push(BlockKind::kTitle, std::move(text), nodes_[i].from, nodes_[i].to);
  }

  void enter_inline(std::uint32_t i) {
    const Node& node = nodes_[i];
    if (line_.empty()) from_ = node.from;
    if (is_code_tag(node.tag)) {
      if (in_code_) {
        if (language_.empty()) language_ = language_of(document_.attribute(node, "class"));
      } else if (code_depth_++ == 0) {
        line_.open("`");
      }
    } else if (node.tag == Tag::kBr) {
      if (in_code_)
        line_.add_verbatim("\n", true);
      else if (in_cell_ || heading_ > 0)
        line_.space();
      else
        line_.line_break();
    } else if (node.tag == Tag::kImg) {
      add_image(i);
    } else if (node.tag == Tag::kSup && !in_code_) {
      const char before = line_.space_pending() ? ' ' : line_.last();
      const bool follows =
          before == ')' || (before >= '0' && before <= '9') || ((before | 0x20) >= 'a' && (before | 0x20) <= 'z');
      if (follows && measures_[i].links == 0 && is_exponent(base::trim(document_.text_of(i)))) line_.close("^");
    } else if (node.tag == Tag::kDel || node.tag == Tag::kS) {
      line_.open("~~");
    } else if (node.tag == Tag::kQ) {
      line_.open("\"");
    }
  }

  void add_image(std::uint32_t i) {
    const Node& node = nodes_[i];
    const std::string alt = decoded(base::trim(document_.attribute(node, "alt")));
    if (!wishes_.images) {
      if (alt.size() < 3 || is_file_name(alt)) return;
      // An article is read for its text; what its pictures show is told when the question names it.
      if (content_.article && !std::ranges::binary_search(content_.recalled, i)) return;
    }
    line_.open("![");
    line_.add(alt, true);
    line_.close("]");
    if (wishes_.images) line_.close(fmt::format("({})", document_.attribute(node, "src")));
  }

  void leave(const Open& last) {
    const Node& node = nodes_[last.node];
    if (is_block(node.tag)) {
      leave_block(node);
    } else {
      leave_inline(last);
    }
  }

  void leave_inline(const Open& last) {
    const Node& node = nodes_[last.node];
    if (is_code_tag(node.tag) && !in_code_) {
      if (--code_depth_ > 0) return;
      if (line_.last() == '`' && line_.size() <= last.mark)
        line_.cut(line_.size() - 1);
      else
        line_.close("`");
    } else if (node.tag == Tag::kA && !in_code_ && heading_ == 0 && code_depth_ == 0) {
      leave_link(last);
    } else if (node.tag == Tag::kA && heading_ > 0 && line_.size() > last.mark) {
      if (links_.judge(last.node, base::trim(line_.from(last.mark))) == LinkFate::kGone) line_.cut(last.mark);
    } else if (node.tag == Tag::kDel || node.tag == Tag::kS) {
      line_.close("~~");
    } else if (node.tag == Tag::kQ) {
      line_.close("\"");
    }
  }

  void leave_link(const Open& last) {
    const std::size_t mark = std::min(last.mark, line_.size());
    const std::string_view all = line_.from(mark);
    const std::string text(base::trim(all));
    // A link around blocks has no text of its own left by now.
    switch (links_.judge(last.node, text)) {
      case LinkFate::kGone:
        if (!text.empty()) line_.cut(mark);
        break;
      case LinkFate::kText:
        // The number of a line of code stands in a column of its own.
        if (!text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) line_.space();
        break;
      case LinkFate::kFull: {
        const std::string lead(all.substr(0, all.find_first_not_of(" \n")));
        line_.cut(mark);
        line_.close(lead);
        line_.close(fmt::format("[{}]({})", text, decoded(base::trim(document_.attribute(nodes_[last.node], "href")))));
        break;
      }
    }
  }

  void leave_block(const Node& node) {
    if (node.tag == Tag::kPre || node.tag == Tag::kXmp) return leave_code(node);
    if (in_code_) return in_cell_ ? line_.space() : code_line_break();
    if (node.tag == Tag::kTd || node.tag == Tag::kTh) return leave_cell(node);
    if (in_cell_) {
      line_.space();
      return;
    }
    flush(node.to);
    switch (node.tag) {
      case Tag::kTitle:
        in_title_ = false;
        break;
      case Tag::kUl:
      case Tag::kOl:
      case Tag::kMenu:
        if (!lists_.empty()) lists_.pop_back();
        break;
      case Tag::kLi:
      case Tag::kDd:
      case Tag::kOption:
        prefix_.clear();
        break;
      case Tag::kBlockquote:
        if (quote_ > 0) --quote_;
        break;
      case Tag::kTable:
        if (!tables_.empty()) tables_.pop_back();
        break;
      case Tag::kTr:
        end_row(node.to);
        break;
      default:
        if (heading_level(node.tag) > 0) heading_ = 0;
    }
  }

  void leave_code(const Node& node) {
    if (!in_code_) return;
    in_code_ = false;
    if (in_cell_) return;
    std::string text = line_.take();
    if (text.starts_with("\r\n")) text.erase(0, 2);
    if (text.starts_with('\n')) text.erase(0, 1);
    if (base::trim(text).empty()) return;
    const std::string_view fence = text.find("```") == std::string::npos ? "```" : "`````";
    prefix_.clear();
    push(BlockKind::kCode, fmt::format("{}{}\n{}\n{}", fence, language_, text, fence), node.from, node.to);
  }

  void leave_cell(const Node& node) {
    if (!in_cell_) return flush(node.to);
    in_cell_ = false;
    std::string text = line_.take();
    std::ranges::replace(text, '\n', ' ');
    row_.push_back(std::move(text));
  }

  void end_row(std::size_t to) {
    const std::vector<std::string> row = std::exchange(row_, {});
    if (std::ranges::all_of(row, [](const std::string& cell) { return cell.empty(); })) return;
    std::string text = "|";
    for (const std::string& cell : row) text += ' ' + cell + " |";
    const bool heads = all_heads_ && row.size() > 1;
    if (heads) {
      text += "\n|";
      for (std::size_t i = 0; i < row.size(); ++i) text += "---|";
    }
    push(BlockKind::kRow, std::move(text), row_from_, to);
    blocks_.back().head_row = heads;
  }

  /// A table whose cells are short texts, rather than one that lays out the page.
  bool is_data_table(std::uint32_t table) const {
    std::uint32_t rows = 0, cells = 0, in_row = 0, most_in_row = 0;
    for (std::uint32_t i = table + 1; i < nodes_[table].end; ++i) {
      const Tag tag = nodes_[i].tag;
      if (tag == Tag::kTable || tag == Tag::kPre || heading_level(tag) > 0) return false;
      if (tag == Tag::kTr) ++rows, in_row = 0;
      if (tag == Tag::kTd || tag == Tag::kTh) {
        ++cells;
        most_in_row = std::max(most_in_row, ++in_row);
        if (measures_[i].text > 4000) return false;
      }
    }
    return rows > 0 && most_in_row > 1 && measures_[table].text / cells < 500;
  }

  const Document& document_;
  const std::vector<Node>& nodes_;
  const std::vector<Measure>& measures_;
  const Content& content_;
  const Wishes& wishes_;
  Links links_;
  std::vector<Block> blocks_;
  std::vector<Open> open_;
  std::vector<List> lists_;
  std::vector<bool> tables_;  ///< open tables: whether each is one of data
  InlineText line_;
  std::string prefix_;
  std::string_view language_;
  std::vector<std::string> row_;
  std::size_t from_ = 0, row_from_ = 0, next_data_ = 0;
  int heading_ = 0, quote_ = 0, code_depth_ = 0;
  bool in_code_ = false, in_cell_ = false, in_title_ = false, titled_ = false, row_has_heads_ = false,
       all_heads_ = false;
};

bool tight(const Block& before, const Block& next) {
  if (before.kind == BlockKind::kRow && next.kind == BlockKind::kRow) return !next.head_row;
  return next.kind == BlockKind::kItem &&
         (before.kind == BlockKind::kItem || (before.kind == BlockKind::kText && next.text.starts_with(": ")));
}

}  // namespace

std::vector<Block> make_blocks(const Document& document, const std::vector<Measure>& measures, const Content& content,
                               const Wishes& wishes) {
  return BlockBuilder(document, measures, content, wishes).run();
}

std::string join_blocks(const std::vector<Block>& blocks) {
  std::string text;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (i > 0) text += tight(blocks[i - 1], blocks[i]) ? "\n" : "\n\n";
    text += blocks[i].text;
  }
  return text;
}

}  // namespace headroom::compress::html
