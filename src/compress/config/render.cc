#include "compress/config/render.h"

#include <algorithm>

#include <fmt/format.h>

#include "compress/focus/asked_lines.h"
#include "compress/marker.h"

namespace headroom::compress::config {
namespace {

constexpr std::size_t kPathKeys = 3;

struct Place {
  std::uint32_t cluster = kNone;
  std::uint32_t member = 0;
};

/// Texts of the gaps, in order.
class Gaps {
 public:
  Gaps(const Tree& tree, const std::vector<Cluster>& clusters, const std::vector<Left>& lines)
      : tree_(tree), clusters_(clusters), lines_(lines), places_(tree.lines.size()) {
    for (std::uint32_t c = 0; c < clusters.size(); ++c) {
      for (std::uint32_t m = 0; m < clusters[c].members.size(); ++m) {
        const Member& member = clusters[c].members[m];
        for (std::uint32_t i = member.begin; i < member.end; ++i) places_[i] = {c, m};
      }
    }
  }

  std::string text(std::uint32_t begin, std::uint32_t end) {
    std::string out;
    std::string names;
    std::uint32_t cluster = kNone;
    const auto flush = [&] {
      if (names.empty()) return;
      if (!out.empty()) out += "; ";
      out += names + " as " + model(cluster);
      names.clear();
    };
    for (std::uint32_t i = begin; i < end;) {
      const Place place = places_[i];
      if (place.cluster == kNone) {
        ++i;
        continue;
      }
      const Member& m = member(place);
      const std::uint32_t stop = std::min(end, m.end);
      const bool dropped = lines_[i] == Left::kAlike || std::any_of(lines_.begin() + i, lines_.begin() + stop,
                                                                    [](Left l) { return l == Left::kAlike; });
      if (dropped && m.begin >= begin && m.end <= end) {
        if (cluster != place.cluster) flush();
        cluster = place.cluster;
        names += (names.empty() ? "" : ", ") + std::string(m.name);
      } else if (dropped && m.name_line < i && (told_.cluster != place.cluster || told_.member != place.member)) {
        flush();
        told_ = place;
        if (!out.empty()) out += "; ";
        out += "as " + model(place.cluster);
        if (!m.lacks.empty()) out += " without " + m.lacks;
      }
      i = stop;
    }
    flush();
    if (end < tree_.lines.size()) {
      if (const std::string path = path_to(end, begin); !path.empty()) out += (out.empty() ? "in " : "; in ") + path;
    }
    return out;
  }

 private:
  const Member& member(Place p) const { return clusters_[p.cluster].members[p.member]; }
  std::string model(std::uint32_t cluster) const {
    return std::string(clusters_[cluster].members[clusters_[cluster].representative].name);
  }

  /// Keys under which the line stands and that are in the gap before it.
  std::string path_to(std::uint32_t line, std::uint32_t begin) const {
    std::vector<std::string_view> keys;
    if (places_[line].cluster != kNone && member(places_[line]).name_line == line) return {};
    for (std::uint32_t up = tree_.lines[line].parent; up != kNone && keys.size() < kPathKeys;
         up = tree_.lines[up].parent) {
      if (lines_[up] == Left::kKept || up < begin) break;
      const Line& l = tree_.lines[up];
      keys.push_back(l.item && !l.value.empty() ? l.value : l.key);
    }
    std::string out;
    for (std::size_t k = keys.size(); k-- > 0;) out += (out.empty() ? "" : ".") + std::string(keys[k].substr(0, 40));
    return out;
  }

  const Tree& tree_;
  const std::vector<Cluster>& clusters_;
  const std::vector<Left>& lines_;
  std::vector<Place> places_;
  Place told_;
};

template <typename OnGap, typename OnLine>
void walk(const std::vector<Left>& lines, OnGap gap, OnLine line) {
  const auto n = static_cast<std::uint32_t>(lines.size());
  for (std::uint32_t i = 0; i < n;) {
    if (lines[i] == Left::kKept) {
      line(i++);
      continue;
    }
    std::uint32_t end = i;
    while (end < n && lines[end] != Left::kKept) ++end;
    gap(i, end);
    i = end;
  }
}

}  // namespace

void settle(const Tree& tree, const std::vector<Cluster>& clusters, std::vector<Left>& lines) {
  Gaps gaps(tree, clusters, lines);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> back;
  walk(
      lines,
      [&](std::uint32_t begin, std::uint32_t end) {
        std::size_t tokens = 0;
        for (std::uint32_t i = begin; i < end; ++i) tokens += focus::estimated_tokens(tree.lines[i].text);
        if (focus::gap_tokens(begin + 1, end, gaps.text(begin, end)) + 2 > tokens) back.emplace_back(begin, end);
      },
      [](std::uint32_t) {});
  for (const auto& [begin, end] : back) {
    for (std::uint32_t i = begin; i < end; ++i) lines[i] = Left::kKept;
  }
}

std::string render(const Tree& tree, const std::vector<Cluster>& clusters, const std::vector<Left>& lines,
                   std::string_view id) {
  Gaps gaps(tree, clusters, lines);
  std::string out;
  std::size_t comments = 0;
  std::size_t alike = 0;
  std::size_t noise = 0;
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    comments += lines[i] == Left::kComment;
    alike += lines[i] == Left::kAlike;
    noise += lines[i] == Left::kNoise;
  }
  walk(
      lines,
      [&](std::uint32_t begin, std::uint32_t end) {
        out.append(gap_marker(begin + 1, end, gaps.text(begin, end))).push_back('\n');
      },
      [&](std::uint32_t i) { out.append(tree.lines[i].text).push_back('\n'); });
  std::string what = fmt::format("{} of {} lines left out", comments + alike + noise, lines.size());
  std::string parts;
  const auto part = [&](std::size_t n, std::string_view name) {
    if (n > 0) parts += fmt::format("{}{} {}", parts.empty() ? ": " : ", ", n, name);
  };
  part(alike, "alike in like blocks");
  part(comments, "comments");
  part(noise, "bookkeeping");
  out += handle_marker(id, what + parts);
  if (tree.final_newline) out.push_back('\n');
  return out;
}

}  // namespace headroom::compress::config
