#include "compress/code/render.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/marker.h"

namespace headroom::compress::code {
namespace {

constexpr std::size_t kShortRun = 44;  // bytes, white space aside, that a gap costs about as much as

/// How the gap that begins at a row differs from a plain comment.
enum class Style : std::uint8_t {
  kComment,    ///< "// <<2-9>>"
  kDocstring,  ///< "\"\"\"  # <<2-9>>"
  kInside,     ///< "<<2-9>>" within a comment that goes on
  kEndsBlock,  ///< " * <<2-9>> */"
};

class Renderer {
 public:
  Renderer(const Language& language, const Listing& listing, const Outline& outline, Cuts* cuts, std::vector<bool> keep,
           const std::vector<FoldedRun>& runs)
      : language_(language),
        listing_(listing),
        outline_(outline),
        cuts_(cuts),
        keep_(std::move(keep)),
        runs_(runs),
        rows_(keep_.size()) {}

  Rendered run() {
    mark();
    out_.text.reserve(listing_.code.size());
    for (std::size_t i = 0; i < listing_.first; ++i) line(listing_.lines[i]);
    for (std::uint32_t row = 0; row < keep_.size();) {
      if (keep_[row]) {
        kept(row++);
        continue;
      }
      std::uint32_t end = row;
      while (end + 1 < keep_.size() && !keep_[end + 1] && !rows_[end].ends && !rows_[end + 1].begins) ++end;
      const auto found = worth(row, end) ? cut(row, end) : Cuts::Found{};
      if (found.cut != Cut::kTears) {
        gap(row, end, found);
      } else {
        for (std::uint32_t r = row; r <= end; ++r) kept(r);
      }
      row = end + 1;
    }
    for (std::size_t i = listing_.last; i < listing_.lines.size(); ++i) line(listing_.lines[i]);
    return std::move(out_);
  }

 private:
  struct Row {
    bool begins = false, ends = false;  ///< a gap must begin or end here
    bool closes = false;                ///< a gap that ends here repeats the row
    Style style = Style::kComment;
    std::string_view quotes;
    TSNode around{};                  ///< the unit whose body begins here
    std::uint32_t inside_to = kNone;  ///< last row of the comment or docstring that the row continues
  };

  void mark() {
    for (const Unit& unit : outline_.units) {
      if (!unit.decides() || in_run({unit.start, unit.body.last})) continue;
      const std::uint32_t body = unit.doc_row == kNone ? unit.body.first : unit.doc_row + 1;
      if (body < rows_.size()) rows_[body].around = unit.node;
      if (unit.close != kNone && !keep_[unit.close]) rows_[unit.close].ends = rows_[unit.close].closes = true;
      if (unit.doc_row == kNone || unit.doc_close.empty() || !keep_[unit.doc_row]) continue;
      for (std::uint32_t row = unit.doc_row + 1; row <= unit.doc_last; ++row) {
        rows_[row].begins = keep_[row - 1];
        rows_[row].style = Style::kDocstring;
        rows_[row].quotes = unit.doc_close;
        rows_[row].inside_to = unit.doc_last;
      }
    }
    for (const Remark& remark : outline_.remarks) {
      const std::uint32_t at = remark.rows.first + remark.keep;
      if (at > remark.rows.last || keep_[at] || (!remark.block && remark.close.empty()) || in_run(remark.rows))
        continue;
      Row& row = rows_[at];
      row.begins = true;
      row.style = !remark.block ? Style::kDocstring : remark.close.empty() ? Style::kInside : Style::kEndsBlock;
      row.quotes = remark.close;
      std::uint32_t last = remark.rows.last;
      while (last > at && keep_[last]) --last;
      rows_[last].ends = true;
      row.inside_to = last;
    }
  }

  bool in_run(Rows rows) const {
    const auto after = std::ranges::upper_bound(runs_, rows.first, {}, [](const FoldedRun& r) { return r.rows.first; });
    return after != runs_.begin() && rows.last <= std::prev(after)->rows.last;
  }

  std::string_view code_row(std::uint32_t row) const {
    const std::string_view line = listing_.lines[listing_.first + row];
    return listing_.gutter.empty() ? line : line.substr(listing_.gutter[row]);
  }

  bool worth(std::uint32_t first, std::uint32_t last) const {
    std::size_t bytes = 0;
    for (std::uint32_t row = first; row <= last && bytes < kShortRun; ++row) {
      bytes += base::trim(code_row(row)).size();
      if (!listing_.gutter.empty() && row > first) bytes += 12;
    }
    return bytes >= kShortRun;
  }

  /// Whether the rows can go without tearing anything.
  Cuts::Found cut(std::uint32_t first, std::uint32_t last) {
    const std::uint32_t inside = rows_[first].inside_to;
    const std::uint32_t from = inside == kNone ? first : inside + 1;  // words within a comment can
    const std::uint32_t to = rows_[last].closes ? last : last + 1;    // and what closes the body is said again
    if (from >= to || cuts_ == nullptr) return {Cut::kClean, 0};
    const bool items = std::ranges::any_of(
        runs_, [&](const FoldedRun& run) { return run.rows.first <= first && run.rows.last + 1 >= to; });
    return items ? cuts_->check_items(from, to - 1) : cuts_->check(from, to - 1, rows_[first].around);
  }

  void line(std::string_view text) {
    out_.text.append(text);
    out_.text.push_back('\n');
  }

  void kept(std::uint32_t row) { line(listing_.lines[listing_.first + row]); }

  std::string_view indent_of(std::uint32_t first, std::uint32_t last) const {
    for (std::uint32_t row = first; row <= last; ++row) {
      const std::string_view text = code_row(row);
      const std::size_t at = text.find_first_not_of(" \t\r");
      if (at != std::string_view::npos) return text.substr(0, at);
    }
    return {};
  }

  /// What the runs of members in the rows are called.
  std::string names_in(std::uint32_t first, std::uint32_t last) const {
    std::string names;
    for (const FoldedRun& run : runs_) {
      if (run.rows.first >= first && run.rows.last <= last) names += (names.empty() ? "" : ", ") + run.names;
    }
    return names;
  }

  void gap(std::uint32_t first, std::uint32_t last, const Cuts::Found& found) {
    const std::string marker = gap_marker(listing_.first + first + 1, listing_.first + last + 1, names_in(first, last));
    const Row& begin = rows_[first];
    std::string text;
    if (rows_[last].closes) {
      const std::string_view close = code_row(last);
      text = fmt::format("{}{} {} {}{}", indent_of(last, last), base::trim(close), language_.comment, marker,
                         language_.comment_end);
    } else if (begin.style == Style::kDocstring && last < begin.inside_to) {
      text = fmt::format("{}{}", indent_of(first, last), marker);
    } else if (begin.style == Style::kDocstring) {
      text = fmt::format("{}{}  # {}", indent_of(first - 1, first - 1), begin.quotes, marker);
    } else if (begin.style == Style::kInside) {
      text = marker;
    } else if (begin.style == Style::kEndsBlock) {
      text = fmt::format("{}* {} */", indent_of(last, last), marker);
    } else {
      const bool statement = found.cut == Cut::kEmpties;
      text = fmt::format("{}{}{} {}{}", statement ? indent_of(found.row, last) : indent_of(first, last),
                         statement ? "...  " : "", language_.comment, marker, language_.comment_end);
    }
    line(text);
    out_.lines_gone += last - first + 1;
  }

  const Language& language_;
  const Listing& listing_;
  const Outline& outline_;
  Cuts* cuts_;
  std::vector<bool> keep_;
  const std::vector<FoldedRun>& runs_;
  std::vector<Row> rows_;
  Rendered out_;
};

}  // namespace

Rendered render(const Language& language, const Listing& listing, const Outline& outline, Cuts* cuts,
                std::vector<bool> keep, const std::vector<FoldedRun>& runs) {
  return Renderer(language, listing, outline, cuts, std::move(keep), runs).run();
}

}  // namespace headroom::compress::code
