#include "compress/log/records.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

namespace headroom::compress::log {
namespace {

constexpr std::uint32_t kDeepIndent = 4;  // columns behind a time stamp that make a continuation
constexpr std::uint32_t kMaxRecord = 400;
constexpr std::uint32_t kLongest = 60;  // lines from which on even unlike entries are records of their own
constexpr std::uint32_t kUnit = 12;     // lines up to which an indented block is one record without a closer look

class Grouper {
 public:
  explicit Grouper(const Document& document) : document_(document), lines_(document.lines) {}

  std::vector<Record> run() {
    for (std::uint32_t i = 0; i < lines_.size(); ++i) {
      if (i == 0 || !continues(i)) {
        start(i);
      } else {
        extend(i);
      }
    }
    return std::move(records_);
  }

 private:
  void start(std::uint32_t i) {
    const Line& line = lines_[i];
    records_.push_back({i, i, line.level, i});
    head_indent_ = line.indent;
    until_blank_ = line.has(kUntilBlank);
    trace_ = line.has(kTraceHead);
    blank_head_ = line.has(kBlank);
  }

  void extend(std::uint32_t i) {
    Record& record = records_.back();
    record.last = i;
    if (lines_[i].level > record.level) {
      record.level = lines_[i].level;
      record.head_error = i;
    }
    if (lines_[i].has(kTraceHead)) trace_ = true;
  }

  bool continues(std::uint32_t i) {
    const Line& line = lines_[i];
    const Record& record = records_.back();
    if (i - record.first >= kMaxRecord) return false;
    if (line.has(kBlank)) return !blank_head_ && !until_blank_ && indented_follows(i);
    if (blank_head_) return false;
    if (until_blank_) return true;
    if (document_.timed && !line.has(kTimed)) return stack_like(i) || !lines_[record.first].has(kHeading);
    if (document_.timed) return line.indent >= kDeepIndent && line.indent > head_indent_ && !line.has(kExplicitLevel);
    if (line.has(kContinuation)) return true;
    if (line.indent > head_indent_) return !lines_[record.first].has(kHeading);
    if (trace_ && lines_[i - 1].indent > head_indent_ && line.indent == head_indent_) {
      trace_ = false;
      return true;
    }
    return false;
  }

  bool stack_like(std::uint32_t i) const { return lines_[i].indent > 0 || lines_[i].has(kContinuation); }

  /// After at most two blank lines the text goes on deeper than the record's head.
  bool indented_follows(std::uint32_t i) const {
    if (document_.timed || lines_[records_.back().first].has(kHeading)) return false;
    for (std::uint32_t k = i + 1; k < lines_.size() && k <= i + 2; ++k) {
      if (!lines_[k].has(kBlank)) return lines_[k].indent > head_indent_;
    }
    return false;
  }

  const Document& document_;
  const std::vector<Line>& lines_;
  std::vector<Record> records_;
  std::uint32_t head_indent_ = 0;
  bool until_blank_ = false;
  bool trace_ = false;
  bool blank_head_ = false;
};

/// Breaks indented blocks that are lists of entries (the tests under a file, the findings under a path) into these
/// entries. Stack traces and source excerpts stay whole.
class Splitter {
 public:
  explicit Splitter(const Document& document) : lines_(document.lines) {}

  std::vector<Record> run(const std::vector<Record>& records) {
    for (const Record& record : records) split(record.first, record.last, 0);
    return std::move(out_);
  }

 private:
  void split(std::uint32_t first, std::uint32_t last, int depth) {
    std::uint32_t indent = 0;
    if (last - first < kUnit || depth > 6 || !is_list(first, last, indent)) {
      emit(first, last);
      return;
    }
    std::uint32_t begin = first;
    for (std::uint32_t i = first + 1; i <= last + 1; ++i) {
      if (i <= last && (lines_[i].has(kBlank) || lines_[i].indent > indent || lines_[i].has(kContinuation))) continue;
      if (begin == first) {
        emit(first, i - 1);
      } else {
        split(begin, i - 1, depth + 1);
      }
      begin = i;
    }
  }

  /// True when the lines below `first` are entries; `indent` is theirs.
  bool is_list(std::uint32_t first, std::uint32_t last, std::uint32_t& indent) const {
    if (lines_[first].has(kUntilBlank) || lines_[first].has(kTraceHead)) return false;
    indent = UINT32_MAX;
    for (std::uint32_t i = first + 1; i <= last; ++i) {
      if (!lines_[i].has(kBlank) && !lines_[i].has(kContinuation)) indent = std::min(indent, lines_[i].indent);
    }
    if (indent == UINT32_MAX) return false;
    std::uint32_t entries = 0;
    std::uint32_t lines = 0;
    std::set<std::uint32_t> kinds;
    std::set<std::uint32_t> line_kinds;
    for (std::uint32_t i = first + 1; i <= last; ++i) {
      if (lines_[i].has(kTraceHead)) return false;
      if (lines_[i].has(kBlank) || lines_[i].has(kContinuation)) continue;
      ++lines;
      line_kinds.insert(lines_[i].template_id);
      if (lines_[i].indent > indent) continue;
      ++entries;
      kinds.insert(lines_[i].template_id);
    }
    if (entries < 2) return false;
    return last - first >= kLongest || kinds.size() * 3 <= entries * 2 || line_kinds.size() * 2 <= lines;
  }

  void emit(std::uint32_t first, std::uint32_t last) {
    Record record{first, last, Level::kNone, first};
    for (std::uint32_t i = first; i <= last; ++i) {
      if (lines_[i].level <= record.level) continue;
      record.level = lines_[i].level;
      record.head_error = i;
    }
    out_.push_back(record);
  }

  const std::vector<Line>& lines_;
  std::vector<Record> out_;
};

}  // namespace

std::vector<Record> group_records(const Document& document) {
  return Splitter(document).run(Grouper(document).run());
}

namespace {

/// Which heading a heading stands under: the character of its rule tells its rank, the one seen first is the highest.
class RuledHeadings {
 public:
  /// Index of the heading above heading `i`, or `i`.
  std::uint32_t above(const Line& line, std::uint32_t i) {
    if (!line.has(kRuled)) {
      const bool bare = line.token_count == 0 || is_rule(line);
      return open_.empty() || bare ? i : open_.back().line;
    }
    const char mark = line.text[line.text.find_first_not_of(" \t")];
    if (ranks_.find(mark) == std::string::npos) ranks_ += mark;
    const std::size_t rank = ranks_.find(mark);
    while (!open_.empty() && open_.back().rank >= rank) open_.pop_back();
    const std::uint32_t above = open_.empty() ? i : open_.back().line;
    open_.push_back({rank, i});
    return above;
  }

 private:
  struct Open {
    std::size_t rank;
    std::uint32_t line;
  };
  static bool is_rule(const Line& line) {
    return std::ranges::none_of(line.text, [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
  }

  std::string ranks_;
  std::vector<Open> open_;
};

/// The title of a drawn block: the only line between two rules, with rows below the second one.
class DrawnTitles {
 public:
  /// Reads the next line; blank lines end a block.
  void read(const Line& line, std::uint32_t i) {
    if (line.has(kBlank)) {
      title_ = first_rule_ = kNoLine;
    } else if (is_rule(line.text)) {
      title_ = first_rule_ != kNoLine && i == first_rule_ + 2 ? i - 1 : kNoLine;
      first_rule_ = i;
    }
  }

  /// The title above line `i`, whose parent by indentation is `parent`.
  std::uint32_t above(std::uint32_t i, std::uint32_t parent) const {
    const bool row = title_ != kNoLine && i > first_rule_ && (parent == i || parent <= first_rule_);
    return row ? title_ : parent;
  }

 private:
  static constexpr std::uint32_t kNoLine = ~std::uint32_t{0};

  static bool is_rule(std::string_view text) {
    constexpr std::size_t kShortest = 8;
    return text.size() >= kShortest && text.find_first_not_of(" -=+|") == std::string_view::npos;
  }

  std::uint32_t title_ = kNoLine;
  std::uint32_t first_rule_ = kNoLine;
};

}  // namespace

std::vector<std::uint32_t> parents(const Document& document) {
  const std::vector<Line>& lines = document.lines;
  std::vector<std::uint32_t> parent(lines.size());
  std::vector<std::uint32_t> stack;  // lines of growing indentation
  std::uint32_t heading = 0;
  bool has_heading = false;
  RuledHeadings ruled;
  DrawnTitles drawn;
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    parent[i] = i;
    const Line& line = lines[i];
    drawn.read(line, i);
    if (line.has(kBlank)) continue;
    while (!stack.empty() && lines[stack.back()].indent >= line.indent) stack.pop_back();
    if (!stack.empty()) {
      parent[i] = stack.back();
    } else if (has_heading && !line.has(kHeading)) {
      parent[i] = heading;
    }
    parent[i] = drawn.above(i, parent[i]);
    stack.push_back(i);
    if (line.has(kHeading) && line.indent == 0) {
      parent[i] = ruled.above(line, i);
      heading = i;
      has_heading = true;
    }
  }
  return parent;
}

}  // namespace headroom::compress::log
