#include "compress/config/render.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/utf8.h"
#include "compress/focus/asked_lines.h"
#include "compress/focus/walk.h"
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
      const auto alike = [](Left l) { return l == Left::kAlike || l == Left::kValue; };
      if (std::any_of(lines_.begin() + i, lines_.begin() + stop, alike)) {
        if (m.begin >= begin && m.end <= end) {
          add(whole, place.cluster, m);
          if (other_values(m.begin, m.end)) std::ranges::find(whole, place.cluster, &Whole::cluster)->values = true;
        } else if (m.name_line < i && (told_.cluster != place.cluster || told_.member != place.member)) {
          told_ = place;
          partial = like(place.cluster);
          if (other_values(i, stop)) partial += partial.empty() ? "other values" : ", other values";
          if (!m.lacks.empty()) partial += (partial.empty() ? "without " : " without ") + m.lacks;
        }
      }
      i = stop;
    }
    std::string out = copies(begin, end);
    if (!partial.empty()) out += (out.empty() ? "" : "; ") + partial;
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

  /// What copies in the gaps refer to.
  void set_repeats(const std::vector<focus::Repeat>& repeats) { repeats_ = repeats; }

 private:
  /// "as 40-51".
  std::string copies(std::uint32_t begin, std::uint32_t end) const {
    std::string out;
    const auto first = std::ranges::lower_bound(repeats_, begin, {}, &focus::Repeat::begin);
    for (auto r = first; r != repeats_.end() && r->begin < end; ++r) {
      out += out.empty() ? "as " : ", ";
      out += fmt::format("{}-{}", r->from + 1, r->from + r->end - r->begin);
    }
    return out;
  }

  /// Blocks of a cluster, or of clusters that hold blocks of the same names, that are left out whole.
  struct Whole {
    std::uint32_t cluster = 0;
    std::string kinds;
    std::string names;
    bool values = false;  ///< some are others than the model's
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
    if (w.values) out += ", other values";
    return out;
  }

  bool other_values(std::uint32_t begin, std::uint32_t end) const {
    return std::any_of(lines_.begin() + begin, lines_.begin() + end, [](Left l) { return l == Left::kValue; });
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
    for (std::size_t k = keys.size(); k-- > 0;)
      out += (out.empty() ? "" : ".") + std::string(base::beginning(keys[k], 40));
    return out;
  }

  const Tree& tree_;
  const std::vector<Cluster>& clusters_;
  const std::vector<Left>& lines_;
  std::span<const focus::Repeat> repeats_;
  std::vector<Place> places_;
  std::vector<std::size_t> mentions_;  // per cluster
  Place told_;
};

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
  focus::walk(
      lines, Left::kKept,
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

std::vector<focus::Repeat> drop_repeats(const Tree& tree, const std::vector<std::uint8_t>& stays,
                                        std::vector<Left>& lines) {
  std::vector<std::string_view> text;
  std::vector<std::uint8_t> kept;
  std::vector<std::uint8_t> may_go;
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    text.push_back(tree.lines[i].text);
    kept.push_back(lines[i] == Left::kKept);
    may_go.push_back(lines[i] == Left::kKept && stays[i] == 0);
  }
  std::vector<focus::Repeat> repeats = focus::find_repeats(text, may_go, kept);
  std::vector<std::uint8_t> used(lines.size(), 0);  // what a copy refers to stays
  std::erase_if(repeats, [&](const focus::Repeat& r) {
    const std::size_t size = r.end - r.begin;
    for (std::size_t k = 0; k < size; ++k) {
      if (lines[r.from + k] != Left::kKept || used[r.begin + k] != 0) return true;
    }
    for (std::size_t k = 0; k < size; ++k) {
      used[r.from + k] = 1;
      lines[r.begin + k] = Left::kCopy;
    }
    return false;
  });
  return repeats;
}

std::string render(const Tree& tree, const std::vector<Cluster>& clusters, const std::vector<Left>& lines,
                   const std::vector<focus::Repeat>& repeats, std::string_view id) {
  Gaps gaps(tree, clusters, lines);
  gaps.set_repeats(repeats);
  std::string out;
  std::size_t comments = 0;
  std::size_t alike = 0;
  std::size_t noise = 0;
  std::size_t copies = 0;
  std::size_t values = 0;
  std::size_t aside = 0;
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    comments += lines[i] == Left::kComment;
    alike += lines[i] == Left::kAlike;
    noise += lines[i] == Left::kNoise;
    copies += lines[i] == Left::kCopy;
    values += lines[i] == Left::kValue;
    aside += lines[i] == Left::kAside;
  }
  focus::walk(
      lines, Left::kKept,
      [&](std::uint32_t begin, std::uint32_t end) {
        out.append(gap_marker(begin + 1, end, gaps.text(begin, end))).push_back('\n');
      },
      [&](std::uint32_t i) { out.append(tree.lines[i].text).push_back('\n'); });
  std::string what =
      fmt::format("{} of {} lines left out", comments + alike + noise + copies + values + aside, lines.size());
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
  part(values, "other values of such blocks");
  part(aside, "not asked for");
  part(copies, "as above");
  part(comments, "comments");
  part(noise, "bookkeeping");
  out += handle_marker(id, what + parts);
  if (tree.final_newline) out.push_back('\n');
  return out;
}

}  // namespace headroom::compress::config
