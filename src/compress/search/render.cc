#include "compress/search/render.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "compress/marker.h"
#include "compress/search/folders.h"
#include "compress/search/path.h"
#include "detect/path_shape.h"

namespace headroom::compress::search {
namespace {

using detect::first_place;
using detect::numbers_prefix;

constexpr std::string_view kTop = "./";
constexpr std::size_t kLongestHeld = 300;  // places in a line; what is longer is no place for the decoder

/// Rows [first, last) that stand, or a gap.
struct Stretch {
  std::size_t first = 0, last = 0;
  bool gap = false;
};

std::vector<Stretch> stretches(const Keep& keep) {
  std::vector<Stretch> out;
  for (std::size_t at = 0; at < keep.size();) {
    std::size_t end = at;
    const bool gap = keep[at] == Show::kNot;
    while (end < keep.size() && (keep[end] == Show::kNot) == gap) ++end;
    out.push_back({at, end, gap});
    at = end;
  }
  return out;
}

class Lines {
 public:
  void add(std::string_view line) {
    if (started_) text_.push_back('\n');
    text_ += line;
    started_ = true;
  }
  void verbatim(std::string_view line) {
    add(" ");
    text_ += line;
  }
  void more(std::string_view text) { text_ += text; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  bool started_ = false;
};

void add_gap(Lines& out, const Stretch& gap, const GapText& gap_text, std::uint32_t open) {
  out.add(gap_marker(gap.first + 1, gap.last, gap_text(gap.first, gap.last, open)));
}

bool ends_as_folder(std::string_view text) {
  return text.ends_with('/') || text.ends_with('\\');
}

class HitWriter {
 public:
  HitWriter(const Document& document, const Keep& keep, const GapText& gap_text)
      : d_(document), keep_(keep), gap_text_(gap_text) {}

  std::string run() {
    collect();
    Lines out;
    root_ = shared_root(paths_);
    const std::string_view what = numbered() ? "[hits by file" : "[hits by file, no line numbers";
    out.add(root_.empty() ? fmt::format("{}]", what) : fmt::format("{} under {}]", what, root_));
    std::vector<std::string_view> below;
    for (std::string_view path : paths_) below.push_back(path.substr(root_.size()));
    folders_ = folder_runs(below, 6);
    for (FolderRun& run : folders_) {
      if (run.folder == kTop || !can_stand(run.folder)) run.folder = {};
    }
    for (const Stretch& s : stretches(keep_)) {
      if (s.gap) {
        flush(out);
        add_gap(out, s, gap_text_, file_);
        continue;
      }
      for (std::size_t row = s.first; row < s.last; ++row) write(d_.rows[row], keep_[row], out);
    }
    flush(out);
    return out.take();
  }

 private:
  /// One file's rows, up to those of another.
  struct Visit {
    std::uint32_t file = kNoFile;
    std::size_t rows = 0;
  };

  void collect() {
    for (std::size_t row = 0; row < d_.rows.size(); ++row) {
      const Row& r = d_.rows[row];
      if (keep_[row] != Show::kGrouped || r.file == kNoFile) continue;
      if (visits_.empty() || visits_.back().file != r.file) {
        visits_.push_back({r.file, 0});
        paths_.push_back(d_.files[r.file]);
      }
      ++visits_.back().rows;
    }
  }

  void write(const Row& row, Show show, Lines& out) {
    if (row.file == kNoFile || show == Show::kWhole) {
      flush(out);
      if (row.line == "--" || row.line.empty()) {
        out.add(row.line);
      } else {
        out.verbatim(row.line);
      }
      return;
    }
    const bool opens = row.file != file_;
    const std::string_view shown = opens ? open(row, out) : std::string_view();
    if (!expressible_ || row.rest() == "--") {
      flush(out);
      out.verbatim(row.line);
    } else if (inlined_) {
      hold(row, shown, out);
    } else {
      if (opens) {
        flush(out);
        out.add(shown);
      }
      hold(row, {}, out);
    }
  }

  /// Waits for the next row: neighbours with the same text are written in one line.
  void hold(const Row& row, std::string_view shown, Lines& out) {
    const std::string_view rest = row.rest();
    std::size_t number = 1;
    while (numbered() && number < rest.size() && rest[number] >= '0' && rest[number] <= '9') ++number;
    const bool hit = numbered() && row.kind == RowKind::kHit;
    const std::string_view place = shown.empty() && numbered() ? rest.substr(1, number - 1) : rest.substr(0, number);
    const std::string_view text = rest.substr(number);
    if (holds_ && hit && held_hit_ && text == held_text_ && shown.empty() == held_in_file_ &&
        held_.size() + shown.size() < kLongestHeld) {
      held_ += shown.empty() ? "," : ", ";
    } else {
      flush(out);
      held_.clear();
      held_text_ = text;
      held_hit_ = hit;
      held_in_file_ = shown.empty();
      holds_ = true;
    }
    held_ += shown;
    held_ += place;
  }

  void flush(Lines& out) {
    if (!holds_) return;
    out.add(held_);
    out.more(held_text_);
    holds_ = false;
  }

  bool numbered() const { return d_.form == Form::kNumbered; }

  /// Turns to the row's file; gives its path as it is to be shown.
  std::string_view open(const Row& row, Lines& out) {
    file_ = row.file;
    const std::size_t visit = next_visit_++;
    if (visit == folders_[next_folder_].last) ++next_folder_;
    const std::string_view folder = folders_[next_folder_].folder;
    const std::string_view shown = d_.files[file_].substr(root_.size() + folder.size());
    expressible_ = can_stand(shown) && !ends_as_folder(shown) && shown.find(", ") == std::string_view::npos;
    if (!expressible_) return shown;
    if (folder != folder_) {
      flush(out);
      out.add(folder.empty() ? kTop : folder);
      folder_ = folder;
    }
    inlined_ = visits_[visit].rows == 1 && row.kind == RowKind::kHit;
    return shown;
  }

  /// The decoder must take the line for a path again.
  bool can_stand(std::string_view shown) const {
    if (shown.empty() || std::string_view(" :-<").find(shown.front()) != std::string_view::npos) return false;
    if (numbers_prefix(shown) > 0 || shown.find_first_not_of("0123456789") == std::string_view::npos) return false;
    return numbered() ? first_place(shown).path == 0 : shown.find(':') == std::string_view::npos;
  }

  const Document& d_;
  const Keep& keep_;
  const GapText& gap_text_;
  std::vector<Visit> visits_;
  std::vector<std::string_view> paths_;  // of the visits
  std::vector<FolderRun> folders_;
  std::string_view root_, folder_;
  std::uint32_t file_ = kNoFile;
  std::size_t next_visit_ = 0, next_folder_ = 0;
  bool expressible_ = true, inlined_ = false;
  std::string held_;            // places of the line that is waiting
  std::string_view held_text_;  // and its text
  bool holds_ = false, held_hit_ = false, held_in_file_ = false;
};

class ListWriter {
 public:
  ListWriter(const Document& document, const Keep& keep, const GapText& gap_text)
      : d_(document), keep_(keep), gap_text_(gap_text) {}

  std::string run() {
    for (std::size_t row = 0; row < d_.rows.size(); ++row) {
      if (keep_[row] == Show::kGrouped && d_.rows[row].kind == RowKind::kPath) paths_.push_back(d_.rows[row].line);
    }
    // A folder whose own paths follow is written among them.
    for (std::size_t at = 0; at + 1 < paths_.size(); ++at) {
      const std::string_view next = paths_[at + 1];
      const std::size_t size = paths_[at].size();
      if (next.size() > size + 1 && next.starts_with(paths_[at]) && ends_as_folder(next.substr(0, size + 1)) &&
          !ends_as_folder(paths_[at]))
        paths_[at] = next.substr(0, size + 1);
    }
    root_ = shared_root(paths_);
    for (std::string_view& path : paths_) path.remove_prefix(root_.size());
    folders_ = folder_runs(paths_, 3);
    join_lone();
    Lines out;
    out.add(root_.empty() ? std::string("[paths by folder]") : fmt::format("[paths by folder under {}]", root_));
    for (const Stretch& s : stretches(keep_)) {
      if (s.gap) {
        add_gap(out, s, gap_text_, kNoFile);
        on_line_ = false;
        continue;
      }
      for (std::size_t row = s.first; row < s.last; ++row) write(d_.rows[row], keep_[row], out);
    }
    return out.take();
  }

 private:
  void write(const Row& row, Show show, Lines& out) {
    if (row.kind != RowKind::kPath || show == Show::kWhole) {
      on_line_ = false;
      if (row.line.empty()) {
        out.add(row.line);
      } else {
        out.verbatim(row.line);
      }
      return;
    }
    const std::size_t path = next_++;
    if (path == folders_[next_folder_].last) ++next_folder_;
    const std::string_view folder = folders_[next_folder_].folder;
    const bool rooted = row.line.size() > root_.size();
    const std::string_view shown = rooted ? row.line.substr(root_.size()) : std::string_view();
    const bool self = folder != kTop && paths_[path] == folder;
    const std::string_view name = self ? (ends_as_folder(row.line) ? std::string_view("./") : std::string_view("."))
                                       : shown.substr(folder == kTop ? 0 : folder.size());
    const bool alone = folder.empty() || !rooted || name.empty() || ((name == "." || name == "./") && !self) ||
                       name.find(' ') != std::string_view::npos || folder.find(": ") != std::string_view::npos ||
                       starts_oddly(folder);
    if (alone) {
      on_line_ = false;
      if (shown.empty() || starts_oddly(shown) || has_folder_mark(shown)) {
        out.verbatim(row.line);
      } else {
        out.add(shown);
      }
      return;
    }
    if (!on_line_) {
      if (folder_ == folder) {
        out.add(":");
      } else {
        out.add(folder);
        out.more(":");
      }
      folder_ = folder;
      on_line_ = true;
    } else if (folder_ != folder) {
      out.add(folder);
      out.more(":");
      folder_ = folder;
    }
    out.more(" ");
    out.more(name);
  }

  /// Neighbours that share no folder are written in one line, too.
  void join_lone() {
    std::vector<FolderRun> joined;
    for (FolderRun run : folders_) {
      if (run.folder == kTop) run.folder = {};
      if (run.folder.empty() && !joined.empty() && (joined.back().folder.empty() || joined.back().folder == kTop)) {
        joined.back().last = run.last;
        joined.back().folder = kTop;
      } else {
        if (run.folder.empty() && run.last - run.first > 1) run.folder = kTop;
        joined.push_back(run);
      }
    }
    folders_ = std::move(joined);
  }

  static bool starts_oddly(std::string_view text) {
    return text.empty() || std::string_view(" :<").find(text.front()) != std::string_view::npos;
  }
  static bool has_folder_mark(std::string_view text) {
    return text.find("/: ") != std::string_view::npos || text.find("\\: ") != std::string_view::npos;
  }

  const Document& d_;
  const Keep& keep_;
  const GapText& gap_text_;
  std::vector<std::string_view> paths_;  // of the rows, below the root
  std::vector<FolderRun> folders_;
  std::string_view root_, folder_;
  std::size_t next_ = 0, next_folder_ = 0;
  bool on_line_ = false;
};

}  // namespace

std::string render_plain(const Document& document, const Keep& keep, const GapText& gap_text) {
  Lines out;
  std::uint32_t open = kNoFile;
  for (const Stretch& s : stretches(keep)) {
    if (s.gap) {
      add_gap(out, s, gap_text, open);
      continue;
    }
    for (std::size_t row = s.first; row < s.last; ++row) {
      out.add(document.rows[row].line);
      if (document.rows[row].file != kNoFile) open = document.rows[row].file;
    }
  }
  return out.take();
}

std::string render(const Document& document, const Keep& keep, const GapText& gap_text) {
  switch (document.form) {
    case Form::kNumbered:
    case Form::kUnnumbered:
      return HitWriter(document, keep, gap_text).run();
    case Form::kList:
      return ListWriter(document, keep, gap_text).run();
    case Form::kTree:
    case Form::kHeading:
    case Form::kRaw:
      break;
  }
  return render_plain(document, keep, gap_text);
}

}  // namespace headroom::compress::search
