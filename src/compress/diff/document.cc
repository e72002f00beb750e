#include "compress/diff/document.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "base/text.h"
#include "compress/focus/scan.h"
#include "detect/diff_shape.h"

namespace headroom::compress::diff {
namespace {

/// Counts of one side of a hunk's heading: "-12,7".
struct Side {
  std::uint32_t start = 0, count = 1;
};

/// "@@ -1,7 +1,8 @@ section", and with a side more per parent "@@@ -1,7 -1,7 +1,8 @@@".
struct Heading {
  std::vector<Side> old_sides;
  Side new_side;
  std::string_view section;
};

std::optional<Heading> read_heading(std::string_view line) {
  const std::size_t ats = line.find_first_not_of('@');
  if (ats == std::string_view::npos || ats < 2 || ats > 9) return std::nullopt;
  const std::string_view marks = line.substr(0, ats);
  Heading heading;
  std::string_view rest = line.substr(ats);
  for (std::size_t side = 0; side < ats; ++side) {
    const bool last = side + 1 == ats;
    if (rest.size() < 3 || rest[0] != ' ' || rest[1] != (last ? '+' : '-')) return std::nullopt;
    rest.remove_prefix(2);
    Side read;
    if (!focus::take_number(rest, read.start)) return std::nullopt;
    if (rest.starts_with(',')) {
      rest.remove_prefix(1);
      if (!focus::take_number(rest, read.count)) return std::nullopt;
    }
    if (last) {
      heading.new_side = read;
    } else {
      heading.old_sides.push_back(read);
    }
  }
  if (!rest.starts_with(' ') || !rest.substr(1).starts_with(marks)) return std::nullopt;
  rest.remove_prefix(1 + ats);
  heading.section = base::trim(rest);
  return heading;
}

/// The path of "--- a/x" and "+++ b/x", which GNU diff, svn and hg end with a date or a revision behind a tab.
std::string_view path_of(std::string_view line) {
  std::string_view path = base::trim(line.substr(4));
  path = path.substr(0, path.find('\t'));
  if (path.size() > 1 && path.front() == '"' && path.back() == '"') path = path.substr(1, path.size() - 2);
  if (path.starts_with("a/") || path.starts_with("b/")) path.remove_prefix(2);
  return path;
}

/// The new path in "diff --git a/x b/x", or the last word of other "diff" lines.
std::string_view path_in_command(std::string_view line) {
  line = base::trim(line);
  if (const std::size_t at = line.rfind(" b/"); at != std::string_view::npos) return line.substr(at + 3);
  return line.substr(line.rfind(' ') + 1);
}

bool is_stat(std::string_view line) {
  if (!line.starts_with(' ')) return false;
  const std::size_t bar = line.find(" | ");
  if (bar == std::string_view::npos) return false;
  const std::string_view count = base::trim(line.substr(bar + 3));
  if (count.starts_with("Bin")) return true;
  const std::size_t end = count.find_first_not_of("0123456789");
  if (end == 0) return false;
  return end == std::string_view::npos || count.substr(end).find_first_not_of(" +-") == std::string_view::npos;
}

class Reader {
 public:
  explicit Reader(std::string_view text) {
    d_.text = text;
    d_.lines = base::split_lines(text);
    d_.kinds.assign(d_.lines.size(), Kind::kText);
    d_.place.assign(d_.lines.size(), 0);
    d_.prefix.assign(d_.lines.size(), 1);
    d_.final_newline = text.ends_with('\n');
  }

  Document run() {
    while (at_ < size()) {
      const std::string_view line = d_.lines[at_];
      if (line.starts_with("@@")) {
        if (const auto heading = read_heading(line)) {
          read_hunk(*heading);
          continue;
        }
      }
      if (const std::size_t size = normal_hunk_at(at_); size > 0) {
        read_normal_hunk(static_cast<std::uint32_t>(size));
        continue;
      }
      if (starts_file()) {
        read_header();
        continue;
      }
      d_.kinds[at_] = is_stat(line) ? Kind::kStat : Kind::kText;
      open_ = false;
      ++at_;
    }
    return std::move(d_);
  }

 private:
  std::uint32_t size() const { return static_cast<std::uint32_t>(d_.lines.size()); }
  std::string_view line(std::uint32_t i) const { return i < size() ? d_.lines[i] : std::string_view{}; }

  bool starts_pair(std::uint32_t i) const { return line(i).starts_with("--- ") && line(i + 1).starts_with("+++ "); }
  bool starts_file() const {
    const std::string_view l = d_.lines[at_];
    if (l.starts_with("diff --git ") || l.starts_with("diff --cc ") || l.starts_with("diff --combined ")) return true;
    if (l.starts_with("diff -") &&
        (starts_pair(at_ + 1) || line(at_ + 1).starts_with("Binary ") || normal_hunk_at(at_ + 1) > 0))
      return true;
    if (l.starts_with("Index: ") && line(at_ + 1).starts_with("=====")) return true;
    return starts_pair(at_);
  }

  void read_header() {
    static constexpr std::array<std::string_view, 20> kStarts = {
        "index ",         "old mode ", "new mode ",    "deleted file mode ", "new file mode ",
        "copy from ",     "copy to ",  "rename from ", "rename to ",         "similarity index ",
        "dissimilarity ", "--- ",      "+++ ",         "Binary files ",      "mode ",
        "new file ",      "=====",     "Submodule ",   "Cannot display",     "svn:mime-type"};
    File file{.begin = at_, .first_hunk = static_cast<std::uint32_t>(d_.hunks.size())};
    const auto header_line = [&] {
      const std::string_view l = d_.lines[at_];
      d_.kinds[at_] = Kind::kHeader;
      if (l.starts_with("+++ ")) file.path = path_of(l);
      if (l.starts_with("--- ")) file.old_path = path_of(l);
      if (l.starts_with("rename from ")) file.old_path = l.substr(12);
      ++at_;
    };
    const std::string_view first = d_.lines[at_];
    if (first.starts_with("diff ")) file.path = path_in_command(first);
    if (first.starts_with("Index: ")) file.path = base::trim(first.substr(7));
    bool pair = first.starts_with("--- ");
    header_line();
    while (at_ < size()) {
      const std::string_view l = d_.lines[at_];
      if (l.starts_with("GIT binary patch")) {
        read_data();
        break;
      }
      if (l.starts_with("--- ")) {
        if (pair || !line(at_ + 1).starts_with("+++ ")) break;
        pair = true;
      }
      if (!std::ranges::any_of(kStarts, [&](std::string_view s) { return l.starts_with(s); })) break;
      const bool last = l.starts_with("+++ ") || l.starts_with("Binary files ");
      header_line();
      if (last) break;
    }
    if (file.path == "/dev/null" || file.path.empty()) file.path = file.old_path;
    file.header_end = file.end = at_;
    file.last_hunk = file.first_hunk;
    d_.files.push_back(file);
    open_ = true;
  }

  /// "GIT binary patch", then "literal 123" and lines of data up to an empty one, once or twice.
  void read_data() {
    d_.kinds[at_++] = Kind::kHeader;
    while (line(at_).starts_with("literal ") || line(at_).starts_with("delta ")) {
      while (at_ < size() && !d_.lines[at_].empty()) d_.kinds[at_++] = Kind::kData;
      if (at_ < size()) d_.kinds[at_++] = Kind::kData;
    }
  }

  /// Lines of a hunk of diff's normal format, its heading included; 0: none begins there.
  std::size_t normal_hunk_at(std::uint32_t i) const {
    return i < size() ? detect::normal_hunk_size(std::span(d_.lines).subspan(i)) : 0;
  }

  /// A heading, "< " lines, "---", "> " lines: one change, without context.
  void read_normal_hunk(std::uint32_t lines) {
    open_file();
    File& file = d_.files.back();
    const auto run = static_cast<std::uint32_t>(d_.runs.size());
    const std::uint32_t head = at_;
    const std::uint32_t end = at_ + lines;
    std::uint32_t place = detect::read_normal_heading(d_.lines[head])->place;
    d_.kinds[head] = Kind::kHunk;
    d_.place[head] = place;
    for (++at_; at_ < end; ++at_) {
      const std::string_view l = d_.lines[at_];
      const bool removed = l.starts_with('<');
      const bool added = l.starts_with('>');
      d_.kinds[at_] = removed ? Kind::kRemoved : added ? Kind::kAdded : Kind::kNote;
      d_.prefix[at_] = 2;
      d_.place[at_] = place;
      place += added;
      file.removed += removed;
      file.added += added;
    }
    d_.runs.push_back({head + 1, end, static_cast<std::uint32_t>(d_.hunks.size())});
    d_.hunks.push_back({.head = head,
                        .end = end,
                        .file = static_cast<std::uint32_t>(d_.files.size() - 1),
                        .first_run = run,
                        .last_run = run + 1});
    file.end = end;
    file.last_hunk = static_cast<std::uint32_t>(d_.hunks.size());
  }

  /// A hunk without a file's header before it has a file of its own.
  void open_file() {
    if (open_) return;
    d_.files.push_back({.begin = at_, .header_end = at_, .first_hunk = static_cast<std::uint32_t>(d_.hunks.size())});
    open_ = true;
  }

  void read_hunk(const Heading& heading) {
    open_file();
    File& file = d_.files.back();
    Hunk hunk{.head = at_,
              .file = static_cast<std::uint32_t>(d_.files.size() - 1),
              .first_run = static_cast<std::uint32_t>(d_.runs.size()),
              .section = heading.section};
    d_.kinds[at_] = Kind::kHunk;
    d_.place[at_] = heading.new_side.start;
    ++at_;
    const std::size_t parents = heading.old_sides.size();
    std::vector<std::uint32_t> left;
    for (const Side& side : heading.old_sides) left.push_back(side.count);
    std::uint32_t new_left = heading.new_side.count;
    std::uint32_t place = heading.new_side.start;
    bool in_run = false;
    const auto done = [&] { return new_left == 0 && std::ranges::all_of(left, [](auto n) { return n == 0; }); };
    while (at_ < size()) {
      const std::string_view l = d_.lines[at_];
      if (l.starts_with('\\')) {
        d_.kinds[at_] = Kind::kNote;
        d_.place[at_++] = place;
        if (in_run) d_.runs.back().end = at_;
        continue;
      }
      if (done()) break;
      const std::string_view columns = l.substr(0, parents);
      if (!l.empty() && columns.find_first_not_of(" +-") != std::string_view::npos) break;
      const bool removed = columns.find('-') != std::string_view::npos;
      const bool added = !removed && columns.find('+') != std::string_view::npos;
      for (std::size_t p = 0; p < parents; ++p) {
        const char c = p < columns.size() ? columns[p] : ' ';
        const bool counts = parents == 1 ? c != '+' : (removed ? c == '-' : c != '+');
        if (counts && left[p] > 0) --left[p];
      }
      d_.kinds[at_] = removed ? Kind::kRemoved : added ? Kind::kAdded : Kind::kContext;
      d_.place[at_] = place;
      d_.prefix[at_] = static_cast<std::uint8_t>(parents);
      if (!removed) {
        ++place;
        if (new_left > 0) --new_left;
      }
      file.added += added;
      file.removed += removed;
      if (removed || added) {
        if (!in_run) d_.runs.push_back({at_, at_, static_cast<std::uint32_t>(d_.hunks.size())});
        d_.runs.back().end = at_ + 1;
      }
      in_run = removed || added;
      ++at_;
    }
    hunk.end = at_;
    hunk.last_run = static_cast<std::uint32_t>(d_.runs.size());
    d_.hunks.push_back(hunk);
    file.end = at_;
    file.last_hunk = static_cast<std::uint32_t>(d_.hunks.size());
  }

  Document d_;
  std::uint32_t at_ = 0;
  bool open_ = false;  ///< a hunk that comes now belongs to the last file
};

}  // namespace

Document read_document(std::string_view text) {
  return Reader(text).run();
}

}  // namespace headroom::compress::diff
