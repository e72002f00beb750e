#include "compress/prose/document.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "compress/prose/line_form.h"
#include "compress/prose/sentences.h"

namespace headroom::compress::prose {
namespace {

std::vector<Line> read_lines(std::string_view text) {
  std::vector<Line> lines;
  for (std::string_view raw : base::split_lines(text)) {
    Line line{.text = raw, .content = base::trim(raw)};
    for (std::size_t at = 0; at < raw.size() && (raw[at] == ' ' || raw[at] == '\t'); ++at) {
      line.indent = raw[at] == ' ' ? line.indent + 1 : (line.indent / 8 + 1) * 8;
    }
    lines.push_back(line);
  }
  return lines;
}

class BlockReader {
 public:
  explicit BlockReader(Document& document) : d_(document), lines_(document.lines), n_(count(document)) {}

  void run() {
    std::uint32_t at = front_matter();
    while (at < n_) {
      if (lines_[at].blank()) {
        ++at;
        continue;
      }
      const std::uint32_t from = static_cast<std::uint32_t>(d_.blocks.size());
      at = block_at(at);
      for (std::uint32_t b = from; b < d_.blocks.size(); ++b) introduce(b);
    }
  }

 private:
  static std::uint32_t count(const Document& document) { return static_cast<std::uint32_t>(document.lines.size()); }

  Block& add(BlockKind kind, std::uint32_t first, std::uint32_t last) {
    d_.blocks.push_back({.kind = kind, .first = first, .last = last, .indent = lines_[first].indent});
    return d_.blocks.back();
  }

  bool blank_before(std::uint32_t at) const { return at == 0 || lines_[at - 1].blank(); }
  bool blank_after(std::uint32_t at) const { return at + 1 >= n_ || lines_[at + 1].blank(); }

  /// "---", some lines of settings, "---" at the very start.
  std::uint32_t front_matter() {
    if (n_ < 3 || lines_[0].content != "---") return 0;
    for (std::uint32_t at = 1; at < std::min<std::uint32_t>(n_, 60); ++at) {
      if (lines_[at].content != "---") continue;
      add(BlockKind::kMeta, 0, at);
      return at + 1;
    }
    return 0;
  }

  /// Reads the block that starts at line `at`; gives the line after it.
  std::uint32_t block_at(std::uint32_t at) {
    const Line& line = lines_[at];
    if (opens_fence(line.content)) return fence(at);
    if (const std::uint32_t next = heading(at); next > at) return next;
    if (at >= no_table_before_ && is_table_line(line.content)) {
      if (const std::uint32_t next = table(at); next > at) return next;
    }
    if (is_meta(line.content) || navigates(at)) {
      std::uint32_t last = at;
      while (last + 1 < n_ && !lines_[last + 1].blank() && (is_meta(lines_[last + 1].content) || navigates(last + 1)))
        ++last;
      add(BlockKind::kMeta, at, last);
      return last + 1;
    }
    if (line.content.front() == '>') return quote(at);
    if (const std::uint32_t next = terms(at); next > at) return next;
    if (is_code_start(at)) return code(at);
    if (item_marker(line.content) > 0 || is_option(line.content)) return item(at);
    return paragraph(at);
  }

  /// A line in a run of nothing but links, in a text that is more than a list of links.
  bool navigates(std::uint32_t at) {
    if (!links_known_) find_navigation();
    return !navigation_.empty() && navigation_[at];
  }

  void find_navigation() {
    static constexpr std::uint32_t kFewest = 3;
    links_known_ = true;
    std::vector<bool> links(n_, false);
    std::uint32_t said = 0, linked = 0;
    for (std::uint32_t i = 0; i < n_; ++i) {
      if (lines_[i].blank()) continue;
      ++said;
      links[i] = lines_[i].content.find("](") != std::string_view::npos && is_only_links(lines_[i].content);
      linked += links[i];
    }
    if (linked < kFewest || linked * 10 > said * 7) return;
    navigation_.assign(n_, false);
    for (std::uint32_t i = 0; i < n_;) {
      std::uint32_t end = i, count = 0, last = i;
      for (; end < n_ && (links[end] || lines_[end].blank()); ++end) {
        count += links[end];
        if (links[end]) last = end;
      }
      for (std::uint32_t k = i; count >= kFewest && k <= last; ++k) navigation_[k] = links[k];
      i = std::max(end, i + 1);
    }
  }

  /// The line that closes the fence; n_ where none does, and then no later one of its kind is looked for again.
  std::uint32_t closing_fence(std::uint32_t at, std::string_view opener) {
    const std::size_t width = std::min(opener.find_first_not_of(opener.front()), opener.size());
    std::size_t& never = opener.front() == '~' ? never_closed_.tilde : never_closed_.backtick;
    if (width >= never) return n_;
    std::uint32_t last = at + 1;
    while (last < n_ && !closes_fence(lines_[last].content, opener)) ++last;
    if (last == n_) never = width;
    return last;
  }

  std::uint32_t fence(std::uint32_t at) {
    const std::string_view opener = lines_[at].content;
    std::uint32_t last = closing_fence(at, opener);
    // One that never closes was cut off with the text that it stands in: another begins with a heading.
    for (std::uint32_t next = at + 2; last == n_ && next < n_; ++next) {
      if (lines_[next - 1].blank() && lines_[next].content.starts_with("##") && marked_heading(lines_[next]) > 0) {
        last = next - 1;
      }
    }
    last = std::min(last, n_ - 1);
    add(BlockKind::kCode, at, last);
    return last + 1;
  }

  std::uint8_t level_of_rule(char mark, bool over) {
    const int key = mark + (over ? 256 : 0);
    const auto known = std::ranges::find(rules_, key);
    if (known != rules_.end()) return static_cast<std::uint8_t>(known - rules_.begin() + 1);
    rules_.push_back(key);
    return static_cast<std::uint8_t>(std::min<std::size_t>(rules_.size(), 6));
  }

  std::uint32_t heading(std::uint32_t at) {
    const Line& line = lines_[at];
    if (const std::uint8_t level = marked_heading(line); level > 0) {
      add(BlockKind::kHeading, at, at).level = level;
      return at + 1;
    }
    if (is_outline_heading(at)) {
      const std::size_t level = std::min(line.content.find_first_not_of('*'), std::size_t{6});
      add(BlockKind::kHeading, at, at).level = static_cast<std::uint8_t>(level);
      return at + 1;
    }
    // A title between two rules, or over one.
    const char over = rule_char(line.content);
    if (over != 0 && at + 2 < n_ && rule_char(lines_[at + 2].content) == over && !lines_[at + 1].blank() &&
        rule_char(lines_[at + 1].content) == 0) {
      add(BlockKind::kHeading, at, at + 2).level = level_of_rule(over, true);
      return at + 3;
    }
    if (at + 1 < n_ && over == 0 && blank_before(at) && line.content.size() < 120) {
      const char under = rule_char(lines_[at + 1].content);
      const bool long_enough = lines_[at + 1].content.size() + 2 >= std::min<std::size_t>(line.content.size(), 24);
      if (under != 0 && lines_[at + 1].indent == line.indent && long_enough && item_marker(line.content) == 0) {
        add(BlockKind::kHeading, at, at + 1).level = level_of_rule(under, false);
        return at + 2;
      }
    }
    if (!blank_before(at) || !is_title(line.content)) return at;
    // A title that nothing marks: something deeper follows at once, or a blank line sets it off.
    const bool deeper = !blank_after(at) && lines_[at + 1].indent > line.indent;
    if (line.indent == 0 && (deeper || (blank_after(at) && at + 1 < n_))) {
      const std::size_t dots = static_cast<std::size_t>(std::ranges::count(line.content.substr(0, 8), '.'));
      const bool number = line.content.front() >= '0' && line.content.front() <= '9';
      add(BlockKind::kHeading, at, at).level =
          static_cast<std::uint8_t>(number ? 1 + std::min<std::size_t>(dots, 4) : 1);
      return at + 1;
    }
    if (deeper && line.indent >= 2 && line.indent <= 4 && line.content.size() < 50) {
      add(BlockKind::kHeading, at, at).level = 2;
      return at + 1;
    }
    return at;
  }

  /// "* Changes in 1.9", "** Bug fixes": set off, and what follows is no other item.
  bool is_outline_heading(std::uint32_t at) const {
    const Line& line = lines_[at];
    if (line.indent > 0 || line.content.front() != '*' || line.content.size() > 90 || !blank_before(at)) return false;
    const std::size_t stars = std::min(line.content.find_first_not_of('*'), line.content.size());
    if (stars > 4 || stars + 1 >= line.content.size() || line.content[stars] != ' ' || !blank_after(at)) return false;
    std::uint32_t next = at + 1;
    while (next < n_ && lines_[next].blank()) ++next;
    if (next >= n_ || line.content.ends_with('.')) return false;
    return lines_[next].indent > 0 || lines_[next].content.starts_with("**");
  }

  std::uint32_t table(std::uint32_t at) {
    // Between rules of "=====  ===" every line up to a blank one is a row.
    const bool simple = lines_[at].content.starts_with("==") && is_table_rule(lines_[at].content);
    std::uint32_t end = at;
    std::uint32_t rules = 0;
    while (end < n_ && !lines_[end].blank() && (is_table_line(lines_[end].content) || simple || rules == 1)) {
      rules += is_table_rule(lines_[end].content);
      ++end;
    }
    if (end - at < 2 || (rules == 0 && lines_[at].content.front() != '|')) {
      no_table_before_ = end;
      return at;
    }
    // The head: up to the rule that follows the title row, if one does.
    std::uint32_t head_end = at;
    for (std::uint32_t i = at + 1; i < std::min(end, at + 6) && head_end == at; ++i) {
      if (is_table_rule(lines_[i].content)) head_end = i;
    }
    add(BlockKind::kTable, at, head_end);
    const auto head = static_cast<std::uint32_t>(d_.blocks.size() - 1);
    const bool grid = lines_[at].content.front() == '+';
    const bool barred = lines_[at].content.front() == '|';
    for (std::uint32_t i = head_end + 1; i < end;) {
      std::uint32_t last = i;
      if (grid) {
        while (last + 1 < end && !is_table_rule(lines_[last].content)) ++last;
      } else if (!barred) {
        while (last + 1 < end &&
               (lines_[last + 1].indent > lines_[i].indent || is_table_rule(lines_[last + 1].content)))
          ++last;
      }
      add(BlockKind::kRow, i, last).head = head;
      i = last + 1;
    }
    return end;
  }

  std::uint32_t quote(std::uint32_t at) {
    std::uint32_t last = at;
    while (last + 1 < n_ && !lines_[last + 1].blank() && lines_[last + 1].content.front() == '>') ++last;
    add(BlockKind::kQuote, at, last);
    return last + 1;
  }

  /// Set off by a deeper indent than the text before, and announced ("::", ":") or more code than sentence.
  bool is_code_start(std::uint32_t at) const {
    const Line& line = lines_[at];
    if (line.indent < 2 || d_.blocks.empty()) return line.content.starts_with(">>> ") || line.content.starts_with("$ ");
    const Block& before = d_.blocks.back();
    if (before.kind == BlockKind::kCode) return line.indent >= before.indent && blank_before(at) && line.indent >= 2;
    if (line.indent <= before.indent + 1 && before.kind != BlockKind::kHeading) return is_prompt(line.content);
    const std::string_view end = lines_[before.last].content;
    if (end.ends_with("::")) return true;
    if (!blank_before(at)) return is_prompt(line.content);
    if (before.kind == BlockKind::kItem && line.indent < before.indent + 6) return is_code_like(line.content);
    return is_code_like(line.content);
  }

  static bool is_prompt(std::string_view content) {
    return content.starts_with("$ ") || content.starts_with(">>> ") || content.starts_with("% ");
  }

  std::uint32_t code(std::uint32_t at) {
    const std::uint32_t indent = lines_[at].indent;
    std::uint32_t last = at;
    // Blank lines belong to it when the code goes on behind them.
    for (std::uint32_t i = at + 1; i < n_; ++i) {
      if (lines_[i].blank()) continue;
      if (lines_[i].indent < indent || (indent == 0 && last + 1 < i)) break;
      if (last + 1 < i && lines_[i].indent == indent && !is_code_like(lines_[i].content) && is_sentence(i)) break;
      last = i;
    }
    add(BlockKind::kCode, at, last);
    return last + 1;
  }

  bool is_sentence(std::uint32_t at) const {
    const std::string_view c = lines_[at].content;
    return c.size() > 40 && std::ranges::count(c, ' ') >= 6;
  }

  /// The column of what is said of the name on that line; 0: no such line.
  std::uint32_t column(std::uint32_t at) const {
    const std::size_t said = described_at(lines_[at].content);
    return said == 0 ? 0 : lines_[at].indent + static_cast<std::uint32_t>(said);
  }

  /// At least three names with what they are beside them, all in the same columns; what goes on with that stands below
  /// it.
  std::uint32_t terms(std::uint32_t at) {
    constexpr std::size_t kFewest = 3;
    const std::uint32_t said = column(at), indent = lines_[at].indent;
    if (said == 0 || item_marker(lines_[at].content) > 0 || is_option(lines_[at].content)) return at;
    std::vector<std::uint32_t> begins;
    std::uint32_t end = at;
    for (; end < n_ && !lines_[end].blank(); ++end) {
      const bool begins_here = lines_[end].indent == indent && column(end) == said;
      if (!begins_here && lines_[end].indent != said) break;
      if (begins_here) begins.push_back(end);
    }
    if (begins.size() < kFewest) return at;
    for (std::size_t i = 0; i < begins.size(); ++i) {
      add(BlockKind::kItem, begins[i], (i + 1 < begins.size() ? begins[i + 1] : end) - 1);
    }
    return end;
  }

  std::uint32_t item(std::uint32_t at) {
    const std::uint32_t indent = lines_[at].indent;
    const bool option = item_marker(lines_[at].content) == 0;
    const bool beside = option && lines_[at].content.starts_with("--") && indent == long_names_;
    if (option && !beside) read_names(at);
    std::uint32_t last = at;
    while (last + 1 < n_ && !lines_[last + 1].blank()) {
      const Line& next = lines_[last + 1];
      const bool starts =
          item_marker(next.content) > 0 ||
          (is_option(next.content) && (next.indent <= indent || (option && next.indent == long_names_)));
      if (starts || opens_fence(next.content) || marked_heading(next) > 0) break;
      if (next.indent < indent) break;
      ++last;
    }
    add(BlockKind::kItem, at, last);
    if (beside) d_.blocks.back().indent = short_names_;
    return last + 1;
  }

  /// "  -m, --memory": options that have a long name only stand below it, and belong to none of those above.
  void read_names(std::uint32_t at) {
    static constexpr std::size_t kWidest = 8;
    const Line& line = lines_[at];
    const std::size_t name = line.content.find("--");
    short_names_ = line.indent;
    long_names_ = line.indent + (name <= kWidest ? static_cast<std::uint32_t>(name) : 0);
  }

  std::uint32_t paragraph(std::uint32_t at) {
    std::uint32_t last = at;
    const std::uint32_t indent = lines_[at].indent;
    std::uint32_t body = indent;  // indent of the lines after the first
    while (last + 1 < n_ && !lines_[last + 1].blank()) {
      const Line& next = lines_[last + 1];
      if (item_marker(next.content) > 0 || opens_fence(next.content) || marked_heading(next) > 0) break;
      if (next.content.front() == '>' && next.content.starts_with("> ")) break;
      if (last == at && next.indent < indent && lines_[at].content.size() >= 50) body = next.indent;
      if (next.indent != body && !(next.indent > body && last > at && next.indent < body + 2)) break;
      if (is_table_line(next.content) && last + 2 < n_ && is_table_rule(lines_[last + 2].content)) break;
      ++last;
    }
    add(BlockKind::kParagraph, at, last);
    return last + 1;
  }

  /// Finds the block that block `b` needs before it to be understood.
  void introduce(std::uint32_t b) {
    Block& block = d_.blocks[b];
    while (!open_.empty() && (d_.blocks[open_.back()].kind == BlockKind::kHeading ||
                              block.kind == BlockKind::kHeading || d_.blocks[open_.back()].indent > block.indent ||
                              (d_.blocks[open_.back()].indent == block.indent && !announces(open_.back(), block)))) {
      open_.pop_back();
    }
    if (block.head == kNone && !open_.empty()) block.head = open_.back();
    if (block.kind != BlockKind::kRow && block.kind != BlockKind::kMeta) open_.push_back(b);
  }

  /// "The options are:" before a list at the same indent.
  bool announces(std::uint32_t before, const Block& block) const {
    const Block& b = d_.blocks[before];
    if (b.kind != BlockKind::kParagraph) return false;
    const std::string_view end = lines_[b.last].content;
    return end.ends_with(":") && (block.kind == BlockKind::kItem || block.kind == BlockKind::kCode ||
                                  block.kind == BlockKind::kTable || block.kind == BlockKind::kQuote);
  }

  Document& d_;
  const std::vector<Line>& lines_;
  std::uint32_t n_;
  bool links_known_ = false;
  std::vector<bool> navigation_;       // lines that only lead elsewhere; empty: none
  std::uint32_t no_table_before_ = 0;  // lines before it were looked at and are no table
  struct {
    std::size_t backtick = std::string_view::npos, tilde = std::string_view::npos;
  } never_closed_;          // widths from which on no later line closes a fence
  std::vector<int> rules_;  // kinds of underlines, in order of first use
  std::vector<std::uint32_t> open_;
  std::uint32_t short_names_ = 0, long_names_ = 0;  ///< indents of the options read last: "-m, --memory", "    --mount"
};

void make_sections(Document& d) {
  std::array<std::uint32_t, 8> last_of_level{};
  last_of_level.fill(kNone);
  for (std::uint32_t b = 0; b < d.blocks.size(); ++b) {
    Block& block = d.blocks[b];
    if (block.kind == BlockKind::kHeading || d.sections.empty()) {
      Section section{.first_block = b, .last_block = b};
      if (block.kind == BlockKind::kHeading) {
        section.heading = b;
        section.level = block.level;
        for (std::size_t level = block.level; level-- > 0;) {
          if (last_of_level[level] == kNone) continue;
          section.parent = last_of_level[level];
          break;
        }
        for (std::size_t level = block.level; level < last_of_level.size(); ++level) last_of_level[level] = kNone;
        last_of_level[block.level] = static_cast<std::uint32_t>(d.sections.size());
      }
      d.sections.push_back(section);
    }
    block.section = static_cast<std::uint32_t>(d.sections.size() - 1);
    d.sections.back().last_block = b;
  }
}

}  // namespace

Document read_document(std::string_view text) {
  Document d;
  d.text = text;
  d.lines = read_lines(text);
  BlockReader(d).run();
  make_sections(d);
  split_sentences(d);
  return d;
}

}  // namespace headroom::compress::prose
