#include <algorithm>

#include "base/text.h"
#include "compress/marker.h"
#include "compress/search/events.h"
#include "compress/search/matches.h"
#include "compress/search/render.h"
#include "compress/search/tree.h"
#include "detect/path_shape.h"

namespace headroom::compress::search {
namespace {

using detect::first_place;
using detect::numbers_prefix;
using detect::Place;

bool is_gap(std::string_view line) {
  return line.starts_with("<<") && has_gap_line(line);
}

class Expander {
 public:
  explicit Expander(std::string_view root, bool numbered) : root_(root), numbered_(numbered) {}

  void hit_line(std::string_view line) {
    if (line.empty() || line == "--" || is_gap(line)) return add(line);
    if (line.front() == ' ') return add(line.substr(1));
    if (numbered_) {
      if (const std::size_t end = numbers_prefix(line); end > 0) return numbers(line, end);
      if (const Place place = first_place(line); place.path > 0) return places(line, place.path);
    } else {
      if (line.front() == ':' || line.front() == '-') {
        add(file_);
        out_ += line;
        return;
      }
      if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) return inlined(line, colon);
    }
    if (line.back() == '/' || line.back() == '\\') {
      folder_ = line == "./" ? std::string_view() : line;
    } else {
      open(line);
    }
  }

  void list_line(std::string_view line) {
    if (line.empty() || is_gap(line)) return add(line);
    if (line.front() == ' ') return add(line.substr(1));
    std::size_t names = line.find(": ");
    while (names != std::string_view::npos && names > 0 && line[names - 1] != '/' && line[names - 1] != '\\')
      names = line.find(": ", names + 1);
    if (names == std::string_view::npos) {
      add(root_);
      out_ += line;
      return;
    }
    if (names > 0) folder_ = line.starts_with("./: ") ? std::string_view() : line.substr(0, names);
    for (std::string_view rest = line.substr(names + 2);;) {
      const std::size_t end = rest.find(' ');
      add(root_);
      const std::string_view name = rest.substr(0, end);
      out_ += name == "." && !folder_.empty() ? folder_.substr(0, folder_.size() - 1) : folder_;
      if (name != "." && name != "./") out_ += name;
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void add(std::string_view line) {
    if (started_) out_.push_back('\n');
    out_ += line;
    started_ = true;
  }
  void open(std::string_view name) {
    file_ = root_;
    file_ += folder_;
    file_ += name;
  }
  /// "12,15:text": a row for each number.
  void numbers(std::string_view line, std::size_t end) {
    const std::string_view text = line.substr(end - 1);
    for (std::string_view rest = line.substr(0, end - 1);;) {
      const std::size_t comma = rest.find(',');
      add(file_);
      out_.push_back(text.front());
      out_ += rest.substr(0, comma);
      out_ += text;
      if (comma == std::string_view::npos) return;
      rest.remove_prefix(comma + 1);
    }
  }

  /// "a.c:12, b.c:15:text": a row for each place. The last path ends at `last`.
  void places(std::string_view line, std::size_t last) {
    const std::size_t text = line.find(':', last + 1);
    for (std::string_view rest = line.substr(0, text);;) {
      const std::size_t comma = rest.substr(0, std::min(rest.size(), last)).find(", ");
      const std::string_view place = rest.substr(0, comma);
      open(place.substr(0, place.rfind(':')));
      add(root_);
      out_ += folder_;
      out_ += place;
      out_ += line.substr(text);
      if (comma == std::string_view::npos) return;
      rest.remove_prefix(comma + 2);
      last -= comma + 2;
    }
  }

  void inlined(std::string_view line, std::size_t path) {
    open(line.substr(0, path));
    add(file_);
    out_ += line.substr(path);
  }

  std::string_view root_, folder_;
  bool numbered_ = true;
  std::string file_, out_;
  bool started_ = false;
};

/// "[START]" or "[START under ROOT]".
bool read_header(std::string_view line, std::string_view start, std::string_view& root) {
  if (!line.starts_with(start) || !line.ends_with(']')) return false;
  line.remove_prefix(start.size());
  line.remove_suffix(1);
  if (line.empty()) return true;
  static constexpr std::string_view kUnder = " under ";
  if (!line.starts_with(kUnder)) return false;
  root = line.substr(kUnder.size());
  return true;
}

std::string expand_events(std::string_view text) {
  const std::string flat = expand(text);
  std::string out;
  for (std::string_view line : base::split_lines(flat)) {
    out += is_gap(line) ? std::string(line) : restore_event(line);
    out.push_back('\n');
  }
  if (!flat.ends_with('\n') && !out.empty()) out.pop_back();
  return out;
}

}  // namespace

std::string expand(std::string_view text) {
  if (text.starts_with(kEventsTitle) && text.substr(kEventsTitle.size()).starts_with('\n'))
    return expand_events(text.substr(kEventsTitle.size() + 1));
  if (const std::string_view flat = after_matches_title(text); !flat.empty())
    return restore_matches(text, expand(flat));
  const std::size_t end = text.find('\n');
  const std::string_view header = text.substr(0, end);
  if (auto tree = unfold_tree(text)) {
    if (text.ends_with('\n')) tree->push_back('\n');
    return *std::move(tree);
  }
  std::string_view root;
  const bool numbered = read_header(header, "[hits by file", root);
  const bool unnumbered = !numbered && read_header(header, "[hits by file, no line numbers", root);
  const bool list = !numbered && !unnumbered && read_header(header, "[paths by folder", root);
  if ((!numbered && !unnumbered && !list) || end == std::string_view::npos) return std::string(text);
  Expander expander(root, numbered);
  for (std::string_view line : base::split_lines(text.substr(end + 1))) {
    if (list) {
      expander.list_line(line);
    } else {
      expander.hit_line(line);
    }
  }
  std::string out = expander.take();
  if (text.ends_with('\n')) out.push_back('\n');
  return out;
}

}  // namespace headroom::compress::search
