#include "compress/log/records.h"

#include <algorithm>

namespace headroom::compress::log {
namespace {

constexpr std::uint32_t kDeepIndent = 4;  // columns behind a time stamp that make a continuation
constexpr std::uint32_t kMaxRecord = 400;

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

}  // namespace

std::vector<Record> group_records(const Document& document) {
  return Grouper(document).run();
}

std::vector<std::uint32_t> parents(const Document& document) {
  const std::vector<Line>& lines = document.lines;
  std::vector<std::uint32_t> parent(lines.size());
  std::vector<std::uint32_t> stack;  // lines of growing indentation
  std::uint32_t heading = 0;
  bool has_heading = false;
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    parent[i] = i;
    const Line& line = lines[i];
    if (line.has(kBlank)) continue;
    while (!stack.empty() && lines[stack.back()].indent >= line.indent) stack.pop_back();
    if (!stack.empty()) {
      parent[i] = stack.back();
    } else if (has_heading && !line.has(kHeading)) {
      parent[i] = heading;
    }
    stack.push_back(i);
    if (line.has(kHeading) && line.indent == 0) {
      heading = i;
      has_heading = true;
    }
  }
  return parent;
}

}  // namespace headroom::compress::log
