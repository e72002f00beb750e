#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>

#include "base/text.h"
#include "compress/search/document.h"
#include "detect/path_shape.h"

namespace headroom::compress::search {
namespace {

using detect::heading_path;
using detect::hit_place;
using detect::is_path_like;
using detect::is_tool_note;
using detect::number_prefix;
using detect::numbered_row;
using detect::Place;
using detect::text_place;

bool digit(char c) {
  return c >= '0' && c <= '9';
}

/// A count behind a path is no text that was found.
bool only_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, digit);
}

/// "--", "---": stands between blocks.
bool is_rule(std::string_view line) {
  return line.size() >= 2 && line.find_first_not_of('-') == std::string_view::npos;
}

bool is_tree_row(std::string_view line) {
  static constexpr std::array<std::string_view, 5> kBranches = {
      "\xE2\x94\x9C\xE2\x94\x80\xE2\x94\x80 ", "\xE2\x94\x94\xE2\x94\x80\xE2\x94\x80 ", "|-- ", "`-- ", "+--- "};
  return std::ranges::any_of(kBranches, [&](std::string_view b) { return line.find(b) != std::string_view::npos; });
}

struct Counts {
  std::size_t lines = 0, hits = 0, texts = 0, numbered = 0, headings = 0, paths = 0, trees = 0;
};

class Scanner {
 public:
  Scanner(std::string_view text, bool events) : events_(events) {
    const std::vector<std::string_view> lines = base::split_lines(text);
    document_.final_newline = text.ends_with('\n');
    document_.rows.reserve(lines.size());
    for (std::string_view line : lines) document_.rows.push_back({.line = line});
  }

  Document run() {
    document_.form = form();
    for (Row& row : document_.rows) {
      if (base::trim(row.line).empty()) {
        row.kind = RowKind::kBlank;
      } else if (is_rule(row.line) || (events_ && (row.line.starts_with("begin: ") || row.line.starts_with("end: ")))) {
        row.kind = RowKind::kSeparator;
      } else if (is_tool_note(row.line)) {
        row.kind = RowKind::kNote;
      }
    }
    switch (document_.form) {
      case Form::kNumbered:
        numbered();
        break;
      case Form::kUnnumbered:
        unnumbered();
        break;
      case Form::kHeading:
        headings();
        break;
      case Form::kList:
        list();
        break;
      case Form::kTree:
        tree();
        break;
      case Form::kRaw:
        raw();
        break;
    }
    settle_others();
    return std::move(document_);
  }

 private:
  /// Few lines of no known shape are something that the tool says; many are finds of a shape that is not known.
  void settle_others() {
    const auto others = std::ranges::count(document_.rows, RowKind::kOther, &Row::kind);
    const bool few = others <= std::max<std::ptrdiff_t>(4, std::ssize(document_.rows) / 20);
    for (Row& row : document_.rows) {
      if (row.kind == RowKind::kOther) row.kind = few ? RowKind::kNote : RowKind::kHit;
    }
  }

  Form form() const {
    if (events_) return Form::kNumbered;
    Counts n;
    for (const Row& row : document_.rows) {
      const std::string_view line = row.line;
      if (base::trim(line).empty() || line == "--") continue;
      ++n.lines;
      const Place place = hit_place(line);
      if (place.path > 0) {
        ++n.hits;
        continue;
      }
      if (is_tree_row(line)) ++n.trees;
      if (numbered_row(line) > 0) {
        ++n.numbered;
      } else if (!heading_path(line).empty()) {
        ++n.headings;
      }
      const std::size_t colon = text_place(line);
      if (colon > 0 && !only_digits(line.substr(colon + 1))) ++n.texts;
      if (is_path_like(line) && (colon == 0 || only_digits(line.substr(colon + 1)))) ++n.paths;
    }
    if (n.hits * 2 >= n.lines || (n.hits * 8 >= n.lines && n.hits >= 5)) return Form::kNumbered;
    if (n.trees * 2 > n.lines) return Form::kTree;
    if (n.headings > 0 && n.numbered * 2 > n.lines) return Form::kHeading;
    if (n.paths * 10 >= n.lines * 7) return Form::kList;
    if (n.texts * 2 > n.lines) return Form::kUnnumbered;
    return Form::kRaw;
  }

  std::uint32_t file(std::string_view path) {
    const auto [found, fresh] = known_.try_emplace(path, static_cast<std::uint32_t>(document_.files.size()));
    if (fresh) document_.files.push_back(path);
    return found->second;
  }

  void take(Row& row, RowKind kind, std::size_t path, std::size_t text_at) {
    row.kind = kind;
    row.file = file(row.line.substr(0, path));
    row.path_bytes = static_cast<std::uint32_t>(path);
    if (events_ && row.line.substr(text_at).starts_with('@'))
      text_at = std::min(row.line.find(':', text_at), row.line.size() - 1) + 1;
    row.text_at = static_cast<std::uint32_t>(text_at);
  }

  void numbered() {
    for (Row& row : document_.rows) {
      if (row.kind == RowKind::kBlank || row.kind == RowKind::kSeparator) continue;
      if (const Place place = hit_place(row.line); place.path > 0) take(row, RowKind::kHit, place.path, place.end);
    }
    for (Row& row : document_.rows) {
      if (row.kind == RowKind::kOther) context(row);
    }
  }

  /// "path-12-text" and "path=12=text", where a hit has told the path.
  void context(Row& row) {
    const std::string_view line = row.line;
    for (std::size_t at = line.find_first_of("-="); at != std::string_view::npos && at < 400;
         at = line.find_first_of("-=", at + 1)) {
      const std::size_t number = number_prefix(line.substr(at + 1));
      if (number == 0 || line[at + number] != line[at]) continue;
      if (!known_.contains(line.substr(0, at))) continue;
      take(row, RowKind::kContext, at, at + 1 + number);
      return;
    }
  }

  void unnumbered() {
    for (Row& row : document_.rows) {
      if (row.kind != RowKind::kOther) continue;
      if (const std::size_t colon = text_place(row.line); colon > 0) take(row, RowKind::kHit, colon, colon + 1);
    }
    for (Row& row : document_.rows) {
      if (row.kind != RowKind::kOther) continue;
      for (std::size_t at = row.line.find('-'); at != std::string_view::npos && at < 400;
           at = row.line.find('-', at + 1)) {
        if (!known_.contains(row.line.substr(0, at))) continue;
        take(row, RowKind::kContext, at, at + 1);
        break;
      }
    }
  }

  void headings() {
    std::uint32_t current = kNoFile;
    for (Row& row : document_.rows) {
      if (row.kind != RowKind::kOther && row.kind != RowKind::kNote) continue;
      if (const std::size_t text_at = numbered_row(row.line); text_at > 0) {
        row.kind = row.line[text_at - 1] == '-' ? RowKind::kContext : RowKind::kHit;
        row.file = current;
        row.text_at = static_cast<std::uint32_t>(text_at);
      } else if (const std::string_view path = heading_path(row.line); !path.empty()) {
        row.kind = RowKind::kHeading;
        row.file = current = file(path);
      } else if (row.kind == RowKind::kOther && current != kNoFile) {
        row.kind = RowKind::kHit;
        row.file = current;
      }
    }
  }

  void list() {
    for (Row& row : document_.rows) {
      if (row.kind != RowKind::kOther) continue;
      row.kind = is_path_like(row.line) ? RowKind::kPath : RowKind::kOther;
      row.file = static_cast<std::uint32_t>(document_.files.size());
      document_.files.push_back(row.line);
    }
  }

  void tree() {
    for (Row& row : document_.rows) {
      if (row.kind != RowKind::kOther && row.kind != RowKind::kNote) continue;
      if (!is_tree_row(row.line)) continue;
      row.kind = RowKind::kPath;
      const std::size_t branch = std::min(row.line.find("\xE2\x94\x80 "), row.line.find("-- "));
      row.text_at = static_cast<std::uint32_t>(std::min(row.line.size(), row.line.find(' ', branch) + 1));
      for (char c : row.line.substr(0, row.text_at)) row.level += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }
  }

  void raw() {
    for (Row& row : document_.rows) {
      if (row.kind != RowKind::kOther) continue;
      row.kind = RowKind::kHit;
      row.text_at = static_cast<std::uint32_t>(numbered_row(row.line));
    }
  }

  bool events_ = false;
  Document document_;
  std::unordered_map<std::string_view, std::uint32_t> known_;
};

}  // namespace

Document scan(std::string_view text, bool events) {
  return Scanner(text, events).run();
}

}  // namespace headroom::compress::search
