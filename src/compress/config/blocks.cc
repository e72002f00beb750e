#include "compress/config/blocks.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "base/hash.h"
#include "base/hash_map.h"
#include "base/text.h"
#include "base/utf8.h"

namespace headroom::compress::config {
namespace {

constexpr std::size_t kSmallestCluster = 3;
constexpr std::size_t kClustersTried = 8;  // per kind
constexpr double kAlike = 0.5;             // shared part of two blocks' keys
constexpr std::size_t kDeepest = 24;       // levels that are searched
constexpr std::size_t kLeastShared = 4;    // lines that a block and its model have alike
constexpr std::size_t kLongestName = 60;   // bytes
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
  if (value.ends_with(';') || value.ends_with(',')) value.remove_suffix(1);
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
  std::string own;  ///< the part of the name that others do not share
  std::vector<Entry> entries;
  std::vector<std::uint64_t> paths;  ///< of the entries, sorted, each once
};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}

/// A word of its own ends or starts between the two: at a mark, or at a hump of "ApiErrorRate".
bool bounds(char before, char after) {
  return !alnum(before) || !alnum(after) || (!upper(before) && upper(after));
}

/// `text` with `own` replaced wherever it stands as a word of its own, in whichever case. In a key '-' and '_' are
/// letters: "proxy" is no word of "proxy_pass".
std::string general(std::string_view text, std::string_view own, bool key = false) {
  if (own.empty() || text.size() < own.size()) return std::string(text);
  const bool digits = std::ranges::none_of(own, letter);
  if (digits && std::ranges::none_of(text, letter)) return std::string(text);
  const char first = lower(own[0]);
  const auto joins = [](char c) { return c == '-' || c == '_'; };
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = 0; at + own.size() <= text.size();) {
    const std::size_t end = at + own.size();
    if (lower(text[at]) == first && std::ranges::equal(text.substr(at, own.size()), own, same) &&
        (at == 0 || bounds(text[at - 1], text[at])) && (end == text.size() || bounds(text[end - 1], text[end])) &&
        !(key && ((at > 0 && joins(text[at - 1])) || (end < text.size() && joins(text[end]))))) {
      out.append(text.substr(from, at - from)).push_back('\x01');
      from = at = end;
    } else {
      ++at;
    }
  }
  return out.append(text.substr(from));
}

/// The one word by which two values differ, in whichever number of places; nothing when they differ otherwise.
std::optional<std::pair<std::string, std::string>> replaced_word(std::string_view a, std::string_view b) {
  std::pair<std::string, std::string> out;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (alnum(a[i]) != alnum(b[j])) return std::nullopt;
    if (!alnum(a[i])) {
      if (a[i++] != b[j++]) return std::nullopt;
      continue;
    }
    const auto word = [](std::string_view text, std::size_t& at) {
      const std::size_t begin = at++;
      while (at < text.size() && !bounds(text[at - 1], text[at])) ++at;
      return text.substr(begin, at - begin);
    };
    const auto same = [](char x, char y) { return lower(x) == lower(y); };
    const std::string_view x = word(a, i);
    const std::string_view y = word(b, j);
    if (std::ranges::equal(x, y, same)) continue;
    if (out.first.empty()) {
      out = {std::string(x), std::string(y)};
      std::ranges::transform(out.first, out.first.begin(), lower);
      std::ranges::transform(out.second, out.second.begin(), lower);
    } else if (!std::ranges::equal(out.first, x, same) || !std::ranges::equal(out.second, y, same)) {
      return std::nullopt;
    }
  }
  if (i < a.size() || j < b.size() || out.first.empty()) return std::nullopt;
  return out;
}

void sort_out(std::vector<std::uint64_t>& hashes) {
  std::ranges::sort(hashes);
  const auto again = std::ranges::unique(hashes);
  hashes.erase(again.begin(), again.end());
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
    if (const std::uint32_t kind = child(entries, "kind"); kind != kNone)
      draft.kind = draft.member.kind = unquoted(line(kind).value);
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
      name = name.substr(std::min(name.size(), name.find_first_not_of("[<")));
      name = name.substr(0, name.find_last_not_of("]> \t") + 1);
      draft.kind = name.substr(0, name.find_first_of(":. \t\""));
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
    if (depth_ >= kDeepest) return;
    ++depth_;
    descend_one(draft);
    --depth_;
  }

  void descend_one(const Draft& draft) {
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
      if (members.size() < kSmallestCluster) {
        for (const std::size_t i : members) descend(drafts[i]);
        continue;
      }
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
      drafts[i].own = std::string(head + tail < name.size() ? name.substr(head, name.size() - head - tail) : name);
    }
  }

  /// Paths and values of all lines of a member.
  void flatten(Draft& draft) {
    draft.entries.clear();
    draft.paths.clear();
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
        if (!head || l.item) path = base::hash64(general(l.key, draft.own, true), path);
        if (identity && !head) path = base::hash64(value, path);
        if (head && !l.item) value = general(l.key, draft.own, true);
      }
      path_[i] = path;
      draft.entries.push_back({i, path, base::hash64(value, path ^ 0x55)});
      draft.paths.push_back(path);
    }
    sort_out(draft.paths);
  }

  static bool alike(const Draft& a, const Draft& b) {
    std::size_t shared = 0;
    for (auto x = a.paths.begin(), y = b.paths.begin(); x != a.paths.end() && y != b.paths.end();) {
      shared += *x == *y;
      const bool first = *x <= *y;
      y += *y <= *x;
      x += first;
    }
    const std::size_t all = a.paths.size() + b.paths.size() - shared;
    return static_cast<double>(shared) >= kAlike * static_cast<double>(all);
  }

  /// The member whose lines most others have alike.
  static std::uint32_t most_common(const std::vector<Draft>& drafts, const std::vector<std::size_t>& cluster) {
    base::HashMap<std::uint32_t> counts;  // members that have an entry
    std::vector<std::vector<std::uint64_t>> distinct(cluster.size());
    for (std::size_t k = 0; k < cluster.size(); ++k) {
      distinct[k].reserve(drafts[cluster[k]].entries.size());
      for (const Entry& entry : drafts[cluster[k]].entries) distinct[k].push_back(entry.whole);
      sort_out(distinct[k]);
      for (const std::uint64_t whole : distinct[k]) ++counts[whole];
    }
    std::uint32_t found = 0;
    std::int64_t best = 0;
    for (std::size_t k = 0; k < cluster.size(); ++k) {
      std::int64_t score = 0;
      // What most have counts for a block, what few have against it.
      for (const std::uint64_t whole : distinct[k])
        score += 2 * static_cast<std::int64_t>(*counts.find(whole)) - static_cast<std::int64_t>(cluster.size());
      if (k == 0 || score > best + std::abs(best) / 50) {
        best = score;
        found = static_cast<std::uint32_t>(k);
      }
    }
    return found;
  }

  /// Blocks that are all called alike ("server", "[[rule]]") are named by the first of their lines that tells them
  /// apart.
  void name_members(std::vector<Draft>& drafts, const std::vector<std::size_t>& cluster, std::uint32_t model) const {
    std::unordered_set<std::string_view> names;
    for (const std::size_t i : cluster) names.insert(drafts[i].member.name);
    if (names.size() == cluster.size() && !names.contains("")) return;
    std::unordered_map<std::uint64_t, std::unordered_set<std::string_view>> values;
    for (const std::size_t i : cluster) {
      for (const Entry& entry : drafts[i].entries) values[entry.path].insert(line(entry.line).value);
    }
    for (const Entry& entry : drafts[cluster[model]].entries) {
      const std::string_view value = line(entry.line).value;
      if (value.empty() || value.size() > kLongestName || values[entry.path].size() < cluster.size() ||
          names_secret(line(entry.line).key))
        continue;
      for (const std::size_t i : cluster) {
        const auto same = std::ranges::find(drafts[i].entries, entry.path, &Entry::path);
        if (same == drafts[i].entries.end()) continue;
        drafts[i].member.name_line = same->line;
        drafts[i].member.name = base::beginning(unquoted(line(same->line).value), kLongestName);
      }
      return;
    }
  }

  /// What is taken for a member's own must be seen: a member whose name does not say it is named by the first of its
  /// lines that does.
  void show_own_names(std::vector<Draft>& drafts, const std::vector<std::size_t>& cluster) const {
    for (const std::size_t i : cluster) {
      Draft& draft = drafts[i];
      if (general(draft.member.name, draft.own) != draft.member.name) continue;
      for (const Entry& entry : draft.entries) {
        const std::string_view value = line(entry.line).value;
        if (value.size() > kLongestName || general(value, draft.own) == value) continue;
        draft.member.name_line = entry.line;
        draft.member.name = unquoted(value);
        break;
      }
    }
  }

  /// Where the same word of the model is another one in several lines of a member, that word is the member's own,
  /// wherever it stands: a block need not say its name first. True when some name is not what it was.
  bool learn_own_names(std::vector<Draft>& drafts, const std::vector<std::size_t>& cluster, std::uint32_t model) const {
    base::HashMap<std::string_view> values(drafts[cluster[model]].entries.size());
    for (const Entry& entry : drafts[cluster[model]].entries) {
      if (const auto [value, fresh] = values.try_emplace(entry.path); fresh) value = line(entry.line).value;
    }
    std::map<std::string, std::size_t> votes;
    std::vector<std::map<std::pair<std::string, std::string>, std::size_t>> pairs(cluster.size());
    for (std::size_t k = 0; k < cluster.size(); ++k) {
      if (k == model) continue;
      for (const Entry& entry : drafts[cluster[k]].entries) {
        const std::string_view* const found = values.find(entry.path);
        if (found == nullptr || *found == line(entry.line).value) continue;
        if (auto pair = replaced_word(*found, line(entry.line).value)) {
          if (std::ranges::none_of(pair->first, letter)) continue;
          ++votes[pair->first];
          ++pairs[k][*std::move(pair)];
        }
      }
    }
    if (votes.empty()) return false;
    const auto best = std::ranges::max_element(votes, {}, [](const auto& v) { return v.second; });
    if (best->second < 2 * (cluster.size() - 1)) return false;
    bool changed = false;
    const auto set = [&](Draft& draft, const std::string& own) {
      changed = changed || !base::equals_ci(draft.own, own);
      draft.own = own;
    };
    for (std::size_t k = 0; k < cluster.size(); ++k) {
      std::size_t most = 0;
      for (const auto& [pair, n] : pairs[k]) {
        if (pair.first != best->first || n <= most) continue;
        most = n;
        set(drafts[cluster[k]], pair.second);
      }
    }
    set(drafts[cluster[model]], best->first);
    return changed;
  }

  void finish(std::vector<Draft>& drafts, const std::vector<std::size_t>& cluster) {
    if (cluster.size() < kSmallestCluster) {
      for (const std::size_t i : cluster) descend(drafts[i]);
      return;
    }
    Cluster out;
    out.representative = most_common(drafts, cluster);
    if (learn_own_names(drafts, cluster, out.representative)) {
      for (const std::size_t i : cluster) flatten(drafts[i]);
      out.representative = most_common(drafts, cluster);
    }
    name_members(drafts, cluster, out.representative);
    show_own_names(drafts, cluster);
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

  /// How often the model has an entry, and where first: the order of a list's plain items may matter.
  struct InModel {
    std::uint32_t left = 0;
    std::uint32_t first = 0;
  };

  void compare(const Draft& model, Draft& draft) const {
    base::HashMap<InModel> left(model.entries.size());
    for (std::uint32_t k = 0; k < model.entries.size(); ++k) {
      const auto [entry, fresh] = left.try_emplace(model.entries[k].whole);
      if (fresh) entry.first = k;
      ++entry.left;
    }
    base::HashMap<std::uint32_t> last;
    for (const Entry& entry : draft.entries) {
      InModel* const found = left.find(entry.whole);
      const Line& l = line(entry.line);
      bool ordered = true;
      if (found != nullptr && l.item && l.key.empty()) {
        std::uint32_t& before = last[entry.path];
        ordered = found->first >= before;
        before = std::max(before, found->first);
      }
      if (found != nullptr && found->left > 0 && ordered) {
        --found->left;
      } else if (entry.line != draft.member.name_line) {
        draft.member.differs.push_back(entry.line);
      }
    }
    base::HashMap<bool> told;
    std::size_t lacking = 0;
    for (const Entry& entry : model.entries) {
      InModel& found = *left.find(entry.whole);
      if (found.left == 0) continue;
      const Line& l = line(entry.line);
      const bool plain_item = l.item && l.key.empty();
      // It has another value, which stays.
      if (std::ranges::binary_search(draft.paths, entry.path) && !plain_item) continue;
      ++lacking;
      if (l.kind == Kind::kScalar || told.contains(l.parent == kNone ? 0 : path_[l.parent])) {
        told.try_emplace(entry.path);
        continue;
      }
      --found.left;
      told.try_emplace(entry.path);
      lack(l, draft.member);
    }
    const std::size_t shared = draft.entries.size() - draft.member.differs.size();
    draft.member.folded =
        shared >= kLeastShared && shared * 5 > draft.entries.size() * 2 && lacking * 2 < model.entries.size();
  }

  void lack(const Line& l, Member& member) const {
    std::string_view what = l.key;
    if (l.item) {
      const bool secret = l.parent != kNone && names_secret(line(l.parent).key);
      what = secret || names_secret(l.value) ? (l.parent == kNone ? "-" : line(l.parent).key) : l.value;
      if (what.empty()) what = l.key;
    }
    what = base::beginning(what, 40);
    if (member.lacks.size() > kLacksText || member.lacks.find(what) != std::string::npos) return;
    if (!member.lacks.empty()) member.lacks += ", ";
    member.lacks += what;
    if (member.lacks.size() > kLacksText) member.lacks += " ...";
  }

  const Tree& tree_;
  std::vector<std::uint32_t> top_;
  std::vector<std::vector<std::uint32_t>> children_;
  std::vector<std::uint64_t> path_;  // of a line, while its member is looked at
  std::vector<Cluster> out_;
  std::size_t depth_ = 0;
};

}  // namespace

std::vector<Cluster> find_clusters(const Tree& tree) {
  return Finder(tree).run();
}

bool names_secret(std::string_view key) {
  static constexpr std::array<std::string_view, 11> kSecrets = {"passw",      "_pass",      "pwd",       "secret",
                                                                "token",      "apikey",     "api_key",   "private",
                                                                "credential", "passphrase", "access_key"};
  return std::ranges::any_of(kSecrets, [&](std::string_view s) { return base::contains_ci(key, s); });
}

}  // namespace headroom::compress::config
