#include "compress/config/blocks.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "base/hash.h"
#include "base/text.h"

namespace headroom::compress::config {
namespace {

constexpr std::size_t kSmallestCluster = 3;
constexpr std::size_t kClustersTried = 8;  // per kind
constexpr double kAlike = 0.4;             // shared part of two blocks' keys
constexpr std::size_t kLacksText = 80;     // bytes

bool alnum(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}
bool letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

std::string_view unquoted(std::string_view value) {
  if (const std::size_t comment = value.find(" #"); comment != std::string_view::npos)
    value = base::trim(value.substr(0, comment));
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
    return value.substr(1, value.size() - 2);
  return value;
}

bool is_name(std::string_view key) {
  static constexpr std::array<std::string_view, 8> kNames = {"name", "id",    "key",         "Name",
                                                             "host", "title", "operationId", "job_name"};
  return std::ranges::find(kNames, key) != kNames.end();
}

/// The same entry in two members has the same path and value. Both with the member's own name put aside.
struct Entry {
  std::uint32_t line = 0;
  std::uint64_t path = 0;
  std::uint64_t whole = 0;  ///< path and value
};

struct Draft {
  Member member;
  std::string_view kind;
  std::string_view own;  ///< the part of the name that others do not share
  std::vector<Entry> entries;
  std::unordered_set<std::uint64_t> paths;
};

/// `text` with `own` replaced wherever it stands as a word of its own.
std::string general(std::string_view text, std::string_view own) {
  if (own.empty() || text.size() < own.size() || text.find(own) == std::string_view::npos) return std::string(text);
  const bool digits = std::ranges::none_of(own, letter);
  if (digits && std::ranges::none_of(text, letter)) return std::string(text);
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = text.find(own); at != std::string_view::npos; at = text.find(own, at)) {
    const std::size_t end = at + own.size();
    const bool bounded = (at == 0 || !alnum(text[at - 1])) && (end == text.size() || !alnum(text[end]));
    if (bounded) {
      out.append(text.substr(from, at - from)).push_back('\x01');
      from = end;
    }
    at = bounded ? end : at + 1;
  }
  return out.append(text.substr(from));
}

class Finder {
 public:
  explicit Finder(const Tree& tree) : tree_(tree), children_(tree.lines.size()) {
    for (std::uint32_t i = 0; i < tree.lines.size(); ++i) {
      const Line& line = tree.lines[i];
      if (line.kind != Kind::kEntry) continue;
      if (line.parent == kNone) {
        top_.push_back(i);
      } else {
        children_[line.parent].push_back(i);
      }
    }
    path_.resize(tree.lines.size());
  }

  std::vector<Cluster> run() {
    if (tree_.documents.size() >= kSmallestCluster) {
      std::vector<Draft> drafts;
      for (std::uint32_t d = 0; d < tree_.documents.size(); ++d) drafts.push_back(document(d));
      group(std::move(drafts));
    } else {
      siblings(top_);
    }
    return std::move(out_);
  }

 private:
  const Line& line(std::uint32_t i) const { return tree_.lines[i]; }

  std::uint32_t child(const std::vector<std::uint32_t>& among, std::string_view key) const {
    for (const std::uint32_t i : among) {
      if (line(i).key == key) return i;
    }
    return kNone;
  }

  /// Name and kind, from entries at the top of a block.
  void describe(const std::vector<std::uint32_t>& entries, Draft& draft) const {
    if (const std::uint32_t kind = child(entries, "kind"); kind != kNone) draft.kind = unquoted(line(kind).value);
    if (const std::uint32_t metadata = child(entries, "metadata"); metadata != kNone) {
      if (const std::uint32_t name = child(children_[metadata], "name"); name != kNone) return named(name, draft);
    }
    for (const std::uint32_t i : entries) {
      if (is_name(line(i).key) && !line(i).value.empty()) return named(i, draft);
    }
  }

  void named(std::uint32_t i, Draft& draft) const {
    draft.member.name_line = i;
    draft.member.name = unquoted(line(i).value);
  }

  Draft document(std::uint32_t d) const {
    Draft draft;
    draft.member.begin = tree_.documents[d];
    draft.member.end = tree_.document_end(d);
    std::vector<std::uint32_t> entries;
    const auto from = std::ranges::lower_bound(top_, draft.member.begin);
    for (auto at = from; at != top_.end() && *at < draft.member.end; ++at) entries.push_back(*at);
    describe(entries, draft);
    if (draft.member.name_line == kNone && !entries.empty()) draft.member.name_line = entries.front();
    return draft;
  }

  Draft block(std::uint32_t head) const {
    Draft draft;
    const Line& l = line(head);
    draft.member.begin = head;
    draft.member.end = l.end;
    if (l.item) {
      std::vector<std::uint32_t> entries{head};
      entries.insert(entries.end(), children_[head].begin(), children_[head].end());
      describe(entries, draft);
      if (draft.member.name_line != kNone) return draft;
    }
    draft.member.name_line = head;
    std::string_view name = l.key.empty() ? l.value : l.key;
    if (name.ends_with('{')) {
      name = base::trim(name.substr(0, name.size() - 1));
      draft.kind = name.substr(0, name.find_first_of(" \t"));
      if (name.ends_with('"')) name = name.substr(0, name.size() - 1);
      name = name.substr(name.find_last_of("\" \t") + 1);
    } else if (name.starts_with('[') || name.starts_with('<')) {
      name = name.substr(name.find_first_not_of("[<"));
      name = name.substr(0, name.find_last_not_of("]> \t") + 1);
    }
    draft.member.name = unquoted(name);
    return draft;
  }

  /// Groups what heads blocks among `among`; what is in no cluster is searched for clusters of its own.
  void siblings(const std::vector<std::uint32_t>& among) {
    std::vector<Draft> drafts;
    for (const std::uint32_t i : among) {
      if (line(i).end > i + 1) drafts.push_back(block(i));
    }
    if (!drafts.empty()) group(std::move(drafts));
  }

  void descend(const Draft& draft) {
    if (line(draft.member.begin).kind == Kind::kEntry && draft.member.end == line(draft.member.begin).end) {
      siblings(children_[draft.member.begin]);
      return;
    }
    const auto from = std::ranges::lower_bound(top_, draft.member.begin);
    std::vector<std::uint32_t> entries;
    for (auto at = from; at != top_.end() && *at < draft.member.end; ++at) entries.push_back(*at);
    siblings(entries);
  }

  void group(std::vector<Draft> drafts) {
    std::map<std::string_view, std::vector<std::size_t>> kinds;
    for (std::size_t i = 0; i < drafts.size(); ++i) kinds[drafts[i].kind].push_back(i);
    for (const auto& [kind, members] : kinds) {
      set_own_names(drafts, members);
      std::vector<std::vector<std::size_t>> clusters;
      for (const std::size_t i : members) {
        flatten(drafts[i]);
        std::size_t best = clusters.size();
        for (std::size_t c = 0; c < std::min(clusters.size(), kClustersTried) && best == clusters.size(); ++c) {
          if (alike(drafts[clusters[c].front()], drafts[i])) best = c;
        }
        if (best == clusters.size()) clusters.emplace_back();
        clusters[best].push_back(i);
      }
      for (const auto& cluster : clusters) finish(drafts, cluster);
    }
  }

  /// Cuts from all names what they begin and end with in common.
  static void set_own_names(std::vector<Draft>& drafts, const std::vector<std::size_t>& members) {
    if (members.size() < 2) return;
    std::string_view first = drafts[members.front()].member.name;
    std::size_t head = first.size();
    std::size_t tail = first.size();
    for (const std::size_t i : members) {
      const std::string_view name = drafts[i].member.name;
      std::size_t h = 0;
      while (h < std::min(head, name.size()) && name[h] == first[h]) ++h;
      std::size_t t = 0;
      while (t < std::min(tail, name.size()) && name[name.size() - 1 - t] == first[first.size() - 1 - t]) ++t;
      head = h;
      tail = t;
    }
    while (head > 0 && alnum(first[head - 1])) --head;
    while (tail > 0 && alnum(first[first.size() - tail])) --tail;
    for (const std::size_t i : members) {
      const std::string_view name = drafts[i].member.name;
      drafts[i].own = head + tail < name.size() ? name.substr(head, name.size() - head - tail) : name;
    }
  }

  /// Paths and values of all lines of a member.
  void flatten(Draft& draft) {
    static constexpr std::uint64_t kTop = 0x9E3779B97F4A7C15ULL;
    for (std::uint32_t i = draft.member.begin; i < draft.member.end; ++i) {
      const Line& l = line(i);
      if (l.kind != Kind::kEntry && l.kind != Kind::kScalar) continue;
      const bool head = i == draft.member.begin && l.kind == Kind::kEntry;
      std::uint64_t path = head || l.parent == kNone || l.parent < draft.member.begin ? kTop : path_[l.parent];
      std::string value = general(l.value, draft.own);
      if (l.kind == Kind::kScalar) {
        path = base::hash64("|", path);
      } else {
        path = base::hash64(l.item ? "-" : ".", path);
        const bool identity = l.item && is_name(l.key);
        if (!head || l.item) path = base::hash64(general(l.key, draft.own), path);
        if (identity && !head) path = base::hash64(value, path);
        if (head && !l.item) value = general(l.key, draft.own);
      }
      path_[i] = path;
      draft.entries.push_back({i, path, base::hash64(value, path ^ 0x55)});
      draft.paths.insert(path);
    }
  }

  static bool alike(const Draft& a, const Draft& b) {
    std::size_t shared = 0;
    for (const std::uint64_t path : b.paths) shared += a.paths.contains(path);
    const std::size_t all = a.paths.size() + b.paths.size() - shared;
    return static_cast<double>(shared) >= kAlike * static_cast<double>(all);
  }

  void finish(std::vector<Draft>& drafts, const std::vector<std::size_t>& cluster) {
    if (cluster.size() < kSmallestCluster) {
      for (const std::size_t i : cluster) descend(drafts[i]);
      return;
    }
    std::unordered_map<std::uint64_t, std::size_t> counts;
    for (const std::size_t i : cluster) {
      for (const Entry& entry : drafts[i].entries) ++counts[entry.whole];
    }
    Cluster out;
    std::size_t best = 0;
    for (std::size_t k = 0; k < cluster.size(); ++k) {
      std::size_t score = 0;
      for (const Entry& entry : drafts[cluster[k]].entries) score += counts[entry.whole];
      if (k == 0 || score * 50 > best * 51) {
        best = score;
        out.representative = static_cast<std::uint32_t>(k);
      }
    }
    const Draft& model = drafts[cluster[out.representative]];
    std::size_t folded = 0;
    for (std::size_t k = 0; k < cluster.size(); ++k) {
      Draft& draft = drafts[cluster[k]];
      if (k != out.representative) compare(model, draft);
      folded += draft.member.folded;
      out.members.push_back(draft.member);
    }
    if (folded * 2 < cluster.size()) {
      for (const std::size_t i : cluster) descend(drafts[i]);
      return;
    }
    out_.push_back(std::move(out));
  }

  void compare(const Draft& model, Draft& draft) const {
    std::unordered_map<std::uint64_t, std::uint32_t> left;
    for (const Entry& entry : model.entries) ++left[entry.whole];
    for (const Entry& entry : draft.entries) {
      const auto found = left.find(entry.whole);
      if (found != left.end() && found->second > 0) {
        --found->second;
      } else if (entry.line != draft.member.name_line) {
        draft.member.differs.push_back(entry.line);
      }
    }
    std::unordered_set<std::uint64_t> told;
    for (const Entry& entry : model.entries) {
      const auto found = left.find(entry.whole);
      if (found == left.end() || found->second == 0) continue;
      const Line& l = line(entry.line);
      const bool plain_item = l.item && l.key.empty();
      if (draft.paths.contains(entry.path) && !plain_item) continue;  // it has another value, which stays
      if (l.kind == Kind::kScalar || told.contains(l.parent == kNone ? 0 : path_[l.parent])) {
        told.insert(entry.path);
        continue;
      }
      --found->second;
      told.insert(entry.path);
      lack(l, draft.member);
    }
    draft.member.folded = draft.member.differs.size() * 5 < draft.entries.size() * 3;
  }

  void lack(const Line& l, Member& member) const {
    std::string_view what = l.key;
    if (l.item) {
      const bool secret = l.parent != kNone && names_secret(line(l.parent).key);
      what = secret || names_secret(l.value) ? (l.parent == kNone ? "-" : line(l.parent).key) : l.value;
      if (what.empty()) what = l.key;
    }
    if (member.lacks.size() > kLacksText) return;
    if (!member.lacks.empty()) member.lacks += ", ";
    member.lacks += what.substr(0, 40);
    if (member.lacks.size() > kLacksText) member.lacks += " ...";
  }

  const Tree& tree_;
  std::vector<std::uint32_t> top_;
  std::vector<std::vector<std::uint32_t>> children_;
  std::vector<std::uint64_t> path_;  // of a line, while its member is looked at
  std::vector<Cluster> out_;
};

}  // namespace

std::vector<Cluster> find_clusters(const Tree& tree) {
  return Finder(tree).run();
}

bool names_secret(std::string_view key) {
  static constexpr std::array<std::string_view, 9> kSecrets = {
      "passw", "secret", "token", "apikey", "api_key", "private", "credential", "passphrase", "access_key"};
  return std::ranges::any_of(kSecrets, [&](std::string_view s) { return base::contains_ci(key, s); });
}

}  // namespace headroom::compress::config
