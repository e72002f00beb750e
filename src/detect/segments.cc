#include "detect/segments.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "detect/command_frame.h"
#include "detect/cuts.h"
#include "detect/file_type.h"
#include "detect/gutter.h"
#include "detect/json_extent.h"

namespace headroom::detect {
namespace {

constexpr int kDeepest = 3;

using Finder = Cuts (*)(std::string_view);

bool one_json_value(std::string_view text) {
  const std::string_view body = base::trim(text);
  std::size_t looked = 0;
  return json_extent(body, 0, looked) == body.size();
}

/// "```" before the first hunk: a document that quotes a diff.
bool quotes_diff(std::string_view text) {
  const std::size_t hunk = std::min(text.find("\n@@ -"), text.size());
  const std::size_t fence = text.starts_with("```") ? 0 : text.find("\n```");
  return fence < hunk;
}

/// True when the text as a whole is of one kind, whatever its lines look like.
bool is_one(std::string_view text, const Detection& whole) {
  switch (whole.type) {
    case ContentType::kBinary:
    case ContentType::kHtml:
    case ContentType::kXml:
    case ContentType::kSearch:
      return true;
    case ContentType::kDiff:
      return !quotes_diff(text);
    case ContentType::kJson:
    case ContentType::kNdjson:
      return whole.type == ContentType::kNdjson || one_json_value(text);
    default:
      return false;
  }
}

class Splitter {
 public:
  Splitter(std::string_view text, const Hints& hints, const Detection* known)
      : text_(text), hints_(hints), known_(known) {}

  std::vector<Segment> run() {
    const Cuts notes = find_reminders(text_);
    std::size_t at = 0;
    for (const Cut& note : notes) {
      split_printed(at, note.begin);
      put(note, {ContentType::kOther, 1, note.reason});
      at = note.end;
    }
    split_printed(at, text_.size());
    return std::move(segments_);
  }

 private:
  /// What a tool says of the run of a command stands beside what the command printed.
  void split_printed(std::size_t begin, std::size_t end) {
    if (end - begin < 2 * kSmallestPart) return split(begin, end, std::string(hints_.path), 0);
    const CommandFrame frame = command_frame(slice(begin, end));
    const std::size_t from = begin + frame.begin, to = begin + frame.end;
    put({begin, from}, {ContentType::kOther, 1, "what is said of the run"});
    split(from, to, std::string(hints_.path), 0);
    put({to, end}, {ContentType::kOther, 1, "what is said of the run"});
  }

  std::string_view slice(std::size_t begin, std::size_t end) const { return text_.substr(begin, end - begin); }

  Detection detect_slice(std::string_view part, std::string_view path) const {
    Hints hints = hints_;
    hints.path = path;
    return detect(part, hints);
  }

  void put(const Cut& cut, Detection detection) {
    if (cut.end > cut.begin)
      segments_.push_back({cut.begin, cut.end - cut.begin, std::move(detection), cut.path, cut.fixed});
  }

  /// Which kinds of structure may be looked for in a text of that kind.
  static std::vector<Finder> finders(std::string_view text, const Detection& whole, bool file, int depth) {
    if (depth >= kDeepest || text.size() < 2 * kSmallestPart) return {};
    if (depth < 2 && !numbered_runs(text).empty()) return {&find_numbered_files};
    if (is_one(text, whole)) return {};
    if (file && whole.type != ContentType::kProse) return {};
    std::vector<Finder> all;
    if (!file && depth < 2) {
      all.push_back(&find_tagged);
      all.push_back(&find_files);
    }
    all.push_back(&find_fences);
    if (!file) {
      all.push_back(&find_numbered_sections);
      all.push_back(&find_values);
    }
    all.push_back(&find_tables);
    return all;
  }

  void split(std::size_t begin, std::size_t end, const std::string& path, int depth) {
    if (begin >= end) return;
    const std::string_view part = slice(begin, end);
    Detection whole =
        depth == 0 && part.size() == text_.size() && known_ != nullptr ? *known_ : detect_slice(part, path);
    const bool file = !path.empty() && content_type_of_path(path) != ContentType::kOther;
    for (Finder find : finders(part, whole, file, depth)) {
      const Cuts cuts = find(part);
      if (!worth(part, cuts, find == &find_numbered_sections, whole)) continue;
      std::size_t at = 0;
      for (const Cut& cut : cuts) {
        split(begin + at, begin + cut.begin, path, depth + 1);
        Cut moved = cut;
        moved.begin += begin;
        moved.end += begin;
        if (cut.type == ContentType::kOther) {
          split(moved.begin, moved.end, cut.path, depth + 1);
        } else {
          put(moved, {cut.type, 0.9, cut.reason});
        }
        at = cut.end;
      }
      split(begin + at, end, path, depth + 1);
      return;
    }
    put({begin, end, whole.type, {}, path}, whole);
  }

  /// Parts that are large enough make up enough of the text, and differ from it.
  bool worth(std::string_view part, const Cuts& cuts, bool sections, const Detection& whole) const {
    std::size_t large = 0;
    bool differs = false;
    for (const Cut& cut : cuts) {
      if (cut.end - cut.begin < kSmallestPart) continue;
      large += cut.end - cut.begin;
      if (!sections || differs) continue;
      const Detection found = detect_slice(part.substr(cut.begin, cut.end - cut.begin), cut.path);
      differs = found.type != whole.type && found.type != ContentType::kOther;
    }
    if (cuts.empty() || (sections && !differs)) return false;
    return large * 4 >= part.size() || large >= 8 * kSmallestPart;
  }

  std::string_view text_;
  Hints hints_;
  const Detection* known_;
  std::vector<Segment> segments_;
};

}  // namespace

std::vector<Segment> split_segments(std::string_view text, const Hints& hints, const Detection* known) {
  std::vector<Segment> segments = Splitter(text, hints, known).run();
  const auto large = std::ranges::count_if(
      segments, [](const Segment& segment) { return !segment.fixed && segment.size >= kSmallestPart; });
  const bool fixed = std::ranges::any_of(segments, &Segment::fixed);
  if (segments.size() > 1 && (large > 0 || fixed)) return segments;
  Segment whole{0, text.size(), known != nullptr ? *known : detect(text, hints), std::string(hints.path)};
  segments.clear();
  segments.push_back(std::move(whole));
  return segments;
}

}  // namespace headroom::detect
