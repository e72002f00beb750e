#include "compress/config/render.h"

#include <algorithm>

#include <fmt/format.h>

#include "compress/focus/asked_lines.h"
#include "compress/marker.h"

namespace headroom::compress::config {
namespace {

constexpr std::size_t kPathKeys = 3;
constexpr std::size_t kModelsText = 120;  // bytes
constexpr std::size_t kMentions = 2;      // gaps that say what a block is like; later ones go without saying
constexpr std::size_t kLeastGain = 5;     // tokens; text with fewer gaps reads better

struct Place {
  std::uint32_t cluster = kNone;
  std::uint32_t member = 0;
};

/// Texts of the gaps, in order.
class Gaps {
 public:
  Gaps(const Tree& tree, const std::vector<Cluster>& clusters, const std::vector<Left>& lines)
      : tree_(tree), clusters_(clusters), lines_(lines), places_(tree.lines.size()), mentions_(clusters.size()) {
    for (std::uint32_t c = 0; c < clusters.size(); ++c) {
      for (std::uint32_t m = 0; m < clusters[c].members.size(); ++m) {
        const Member& member = clusters[c].members[m];
        for (std::uint32_t i = member.begin; i < member.end; ++i) places_[i] = {c, m};
      }
    }
  }

  std::string text(std::uint32_t begin, std::uint32_t end) {
    std::vector<Whole> whole;
    std::string partial;
    for (std::uint32_t i = begin; i < end;) {
      const Place place = places_[i];
      if (place.cluster == kNone) {
        ++i;
        continue;
      }
      const Member& m = member(place);
      const std::uint32_t stop = std::min(end, m.end);
      const auto alike = [](Left l) { return l == Left::kAlike; };
      if (std::any_of(lines_.begin() + i, lines_.begin() + stop, alike)) {
        if (m.begin >= begin && m.end <= end) {
          add(whole, place.cluster, m);
        } else if (m.name_line < i && (told_.cluster != place.cluster || told_.member != place.member)) {
          told_ = place;
          partial = like(place.cluster);
          if (!m.lacks.empty()) partial += (partial.empty() ? "without " : " without ") + m.lacks;
        }
      }
      i = stop;
    }
    std::string out = partial;
    const auto part = [&](const std::string& more) {
      if (more.empty()) return;
      if (!out.empty()) out += "; ";
      out += more;
    };
    for (std::size_t k = 0; k < whole.size(); ++k) {
      bool first = true;
      for (std::size_t earlier = 0; earlier < k && first; ++earlier) first = whole[earlier].names != whole[k].names;
      if (!first) continue;
      for (std::size_t later = k + 1; later < whole.size(); ++later) {
        if (whole[later].names == whole[k].names && !whole[later].kinds.empty())
          whole[k].kinds += "/" + whole[later].kinds;
      }
      part(whole_text(whole[k]));
    }
    if (end < tree_.lines.size()) {
      if (const std::string path = path_to(end, begin); !path.empty()) part("in " + path);
    }
    return out;
  }

 private:
  /// Blocks of a cluster, or of clusters that hold blocks of the same names, that are left out whole.
  struct Whole {
    std::uint32_t cluster = 0;
    std::string kinds;
    std::string names;
  };

  void add(std::vector<Whole>& whole, std::uint32_t cluster, const Member& m) const {
    auto found = std::ranges::find(whole, cluster, &Whole::cluster);
    if (found == whole.end()) found = whole.insert(found, {cluster, std::string(m.kind), {}});
    found->names += (found->names.empty() ? "" : ", ") + std::string(m.name);
  }

  std::string whole_text(const Whole& w) {
    std::string out = w.kinds;
    if (!out.empty()) out += ' ';
    out += w.names;
    if (const std::string as = like(w.cluster); !as.empty()) out += " " + as;
    return out;
  }

  /// "as payments", the first times.
  std::string like(std::uint32_t cluster) {
    return mentions_[cluster]++ < kMentions ? "as " + model(cluster) : std::string();
  }

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
  std::vector<std::size_t> mentions_;  // per cluster
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
  // Blank lines between what goes go with it.
  for (std::uint32_t i = 1; i < lines.size(); ++i) {
    if (tree.lines[i].kind != Kind::kBlank || lines[i - 1] == Left::kKept || lines[i] != Left::kKept) continue;
    std::uint32_t end = i;
    while (end < lines.size() && tree.lines[end].kind == Kind::kBlank) ++end;
    if (end == lines.size() || lines[end] == Left::kKept) {
      i = end;
      continue;
    }
    std::fill(lines.begin() + i, lines.begin() + end, lines[i - 1]);
  }
  Gaps gaps(tree, clusters, lines);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> back;
  walk(
      lines,
      [&](std::uint32_t begin, std::uint32_t end) {
        std::size_t tokens = 0;
        for (std::uint32_t i = begin; i < end; ++i) tokens += focus::estimated_tokens(tree.lines[i].text);
        if (focus::gap_tokens(begin + 1, end, gaps.text(begin, end)) + kLeastGain > tokens)
          back.emplace_back(begin, end);
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
  std::string models;
  for (const Cluster& cluster : clusters) {
    if (models.size() > kModelsText) break;
    const Member& m = cluster.members[cluster.representative];
    models += fmt::format("{}{}{}{}", models.empty() ? "" : ", ", m.kind, m.kind.empty() ? "" : " ", m.name);
  }
  part(alike, "as in " + models);
  part(comments, "comments");
  part(noise, "bookkeeping");
  out += handle_marker(id, what + parts);
  if (tree.final_newline) out.push_back('\n');
  return out;
}

}  // namespace headroom::compress::config
