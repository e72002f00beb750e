#include "compress/config/selection.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>

#include "base/text.h"
#include "compress/command/line_rules.h"
#include "compress/config/letters.h"
#include "compress/focus/asked_lines.h"
#include "detect/command_rules.h"

namespace headroom::compress::config {
namespace {

constexpr std::uint32_t kCommentAbove = 8;  // lines

bool word_char(char c) {
  return is_digit(c) || is_letter(c) || c == '_';
}

constexpr std::array<std::string_view, 30> kWarnings = {
    "warn",   "deprecat", "todo",   "fixme",  "hack",       "danger", "unsafe",    "insecure", "security", "secret",
    "passw",  "token",    "never",  "do not", "don't",      "must",   "important", "caution",  "beware",   "remove",
    "legacy", "obsolete", "expire", "broken", "workaround", "bug",    "temporar",  "because",  "pinned",   "note:"};

/// By the low bits of a letter, which letters follow it at the start of a warning.
constexpr std::array<std::uint32_t, 32> kWarningStarts = [] {
  std::array<std::uint32_t, 32> follows{};
  for (std::string_view word : kWarnings) follows[word[0] & 31] |= 1U << (word[1] & 31);
  return follows;
}();

/// Long digests, times and numbers that are some object's own.
bool opaque(std::string_view value) {
  if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
  if (value.size() < 7) return false;
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-'; };
  const auto time = [](char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '.' || c == 'T' || c == 'Z';
  };
  if (std::ranges::all_of(value, time)) return value.size() >= 19 && value.find('T') != std::string_view::npos;
  return value.size() >= 16 && std::ranges::all_of(value, hex) &&
         std::ranges::any_of(value, [](char c) { return c >= '0' && c <= '9'; });
}

/// Words of questions about ids.
constexpr std::array<std::string_view, 10> kIdWords = {"digest", "sha",       "hash", "checksum", " id",
                                                       "pin",    "integrity", "md5",  "commit",   "rev"};

/// Nothing but a long digest, and how it is made or kept: "containerd://7bc4...", "sha256:91ad...".
bool is_digest(std::string_view value) {
  static constexpr std::size_t kShortest = 40;
  static constexpr std::size_t kLongestKind = 20;
  while (!value.empty() && (value.front() == '"' || value.front() == '\'')) value.remove_prefix(1);
  while (!value.empty() && std::string_view("\"',;").find(value.back()) != std::string_view::npos)
    value.remove_suffix(1);
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  std::size_t digits = 0;
  while (digits < value.size() && hex(value[value.size() - 1 - digits])) ++digits;
  const std::string_view kind = value.substr(0, value.size() - digits);
  return digits >= kShortest && kind.size() <= kLongestKind &&
         (kind.empty() || kind.back() == ':' || kind.back() == '/' || kind.back() == '-');
}

/// "shop/web@sha256:91ad..." below "shop/web:2.1".
bool names_again(std::string_view value, std::string_view above) {
  const std::size_t at = value.find("@sha256:");
  return at != std::string_view::npos && at > 0 && is_digest(value.substr(at + 1)) && above.size() > at &&
         above.starts_with(value.substr(0, at)) && above[at] == ':';
}

/// What an API server writes into an object and no two have alike.
bool is_object_key(std::string_view key) {
  static constexpr std::array<std::string_view, 4> kKeys = {"uid", "resourceVersion", "creationTimestamp", "selfLink"};
  return std::ranges::find(kKeys, key) != kKeys.end();
}

/// Words of a question that wants a value of every block ("list the images of all services"); none of others.
std::vector<std::string> listed_words(std::string_view question) {
  static constexpr std::array<std::string_view, 10> kLists = {"list",  "all", "every",   "each",     "compare",
                                                              "total", "sum", "average", "overview", "respective"};
  std::vector<std::string> words = base::words(question);
  const bool lists = std::ranges::any_of(
      kLists, [&](std::string_view word) { return std::ranges::find(words, base::stem(word)) != words.end(); });
  if (!lists) return {};
  std::erase_if(words, [](const std::string& word) { return word.size() < 2 || base::is_stop_word(word); });
  return words;
}

/// Its key is one of the words.
bool is_listed(const Line& line, const std::vector<std::string>& listed) {
  if (line.kind != Kind::kEntry || line.value.empty()) return false;
  return std::ranges::any_of(base::words(line.key),
                             [&](const std::string& word) { return std::ranges::find(listed, word) != listed.end(); });
}

class Selector {
 public:
  Selector(const Tree& tree, const std::vector<Cluster>& clusters, const std::vector<std::uint8_t>& asked,
           const Query& query, Depth depth)
      : depth_(depth),
        tree_(tree),
        clusters_(clusters),
        asked_(asked),
        query_(query),
        question_(lowered(query.user)),
        listed_(listed_words(query.user)),
        out_(tree.lines.size(), Left::kKept) {}

  std::vector<Left> run() {
    comments();
    noise();
    if (!query_.call.command.empty()) ruled();
    for (const Cluster& cluster : clusters_) {
      for (std::size_t k = 0; k < cluster.members.size(); ++k) {
        if (k == cluster.representative || !cluster.members[k].folded) continue;
        find_keys(cluster.members[cluster.representative]);
        member(cluster.members[k]);
      }
    }
    if (depth_ >= Depth::kBlocks) untouched_blocks();
    if (depth_ >= Depth::kAsked) leave_all_but(tree_, asked_, out_);
    return std::move(out_);
  }

 private:
  /// A comment right above a line that the question names.
  bool explains_asked(std::uint32_t i) const {
    for (std::uint32_t k = i; k < std::min<std::size_t>(i + kCommentAbove, tree_.lines.size()); ++k) {
      if (tree_.lines[k].kind != Kind::kComment) return tree_.lines[k].kind == Kind::kEntry && asked_[k] != 0;
    }
    return false;
  }

  void comments() {
    const bool all = base::contains_ci(query_.user, "comment");
    for (std::uint32_t i = 0; i < tree_.lines.size(); ++i) {
      const Line& line = tree_.lines[i];
      if (line.kind != Kind::kComment) continue;
      // "#!" and editor lines, schema hints: short and first.
      const bool keep =
          all || asked_[i] != 0 || warns(line.text) || explains_asked(i) || (i == 0 && line.text.starts_with("#!"));
      if (!keep) out_[i] = Left::kComment;
    }
    // Blank lines between dropped comments go with them.
    for (std::uint32_t i = 1; i + 1 < tree_.lines.size(); ++i) {
      if (tree_.lines[i].kind == Kind::kBlank && out_[i - 1] == Left::kComment) out_[i] = Left::kComment;
    }
  }

  /// What only the API server reads, and ids that only machines compare.
  void noise() {
    const bool ids = std::ranges::any_of(kIdWords, [&](auto word) { return base::contains_ci(query_.user, word); });
    for (std::uint32_t i = 0; i < tree_.lines.size() && !ids; ++i) {
      const Line& line = tree_.lines[i];
      if (line.kind != Kind::kEntry || line.end > i + 1 || asked_[i] != 0) continue;
      if (is_digest(line.value) || (i > 0 && names_again(line.value, tree_.lines[i - 1].value))) out_[i] = Left::kNoise;
    }
    for (std::uint32_t i = 0; i < tree_.lines.size(); ++i) {
      const Line& line = tree_.lines[i];
      const bool fields = line.key == "managedFields" || line.key.ends_with("last-applied-configuration");
      if (!fields || line.end < i + 3) continue;
      bool asked = base::contains_ci(query_.user, "managed") || base::contains_ci(query_.user, "last-applied");
      for (std::uint32_t k = i; k < line.end && !asked; ++k) asked = asked_[k] != 0;
      if (asked) continue;
      for (std::uint32_t k = i + 1; k < line.end; ++k) out_[k] = Left::kNoise;
    }
  }

  /// What the rules of the command that printed the text let go.
  void ruled() {
    const std::vector<const detect::CommandRule*> rules = detect::rules_for_line(query_.call.command);
    if (std::ranges::all_of(rules, [](const auto* rule) { return rule->drop.empty(); })) return;
    std::vector<std::string_view> lines;
    for (const Line& line : tree_.lines) lines.push_back(line.text);
    const std::vector<std::string_view> why = command::lines_to_drop(lines, rules, asked_);
    for (std::uint32_t i = 0; i < tree_.lines.size(); ++i) {
      if (!why[i].empty() && asked_[i] == 0 && out_[i] == Left::kKept) out_[i] = Left::kNoise;
    }
  }

  void find_keys(const Member& model) {
    keys_.clear();
    for (std::uint32_t i = model.begin; depth_ >= Depth::kValues && i < model.end; ++i)
      keys_.insert(tree_.lines[i].key);
  }

  /// Of blocks at the top that hold nothing asked for only the head stays.
  void untouched_blocks() {
    for (std::uint32_t i = 0; i < tree_.lines.size(); ++i) {
      const Line& line = tree_.lines[i];
      if (line.parent != kNone || line.end <= i + 1) continue;
      const bool touched = std::any_of(asked_.begin() + i, asked_.begin() + line.end, [](auto a) { return a != 0; });
      for (std::uint32_t k = i + 1; k < line.end && !touched; ++k) aside(k);
    }
  }

  void aside(std::uint32_t i) {
    if (out_[i] == Left::kKept) out_[i] = Left::kAside;
  }

  void member(const Member& m) {
    if (says(question_, m.name)) return;
    for (std::uint32_t i = m.begin; i < m.end; ++i) {
      if (out_[i] == Left::kKept) out_[i] = Left::kAlike;
    }
    bool any = !m.lacks.empty();
    const bool times = base::contains_ci(query_.user, "created") || base::contains_ci(query_.user, "uid") ||
                       base::contains_ci(query_.user, "old") || base::contains_ci(query_.user, "new");
    for (const std::uint32_t i : m.differs) {
      if (!times && (opaque(tree_.lines[i].value) || is_object_key(tree_.lines[i].key))) continue;
      if (out_[i] == Left::kNoise) continue;
      const Line& line = tree_.lines[i];
      const bool other_value = depth_ >= Depth::kValues && i != m.name_line && !line.key.empty() &&
                               !line.value.empty() && keys_.contains(line.key);
      out_[i] = other_value ? Left::kValue : Left::kKept;
      any = true;
    }
    for (std::uint32_t i = m.begin; i < m.end && !listed_.empty(); ++i) {
      if (!is_listed(tree_.lines[i], listed_) || out_[i] == Left::kNoise) continue;
      out_[i] = Left::kKept;
      any = true;
    }
    for (std::uint32_t i = m.begin; i < m.end; ++i) {
      // The head of a block in it says no more than that of its model.
      const Line& line = tree_.lines[i];
      if (asked_[i] == 0 || (line.kind == Kind::kEntry && line.value.empty() && i != m.name_line)) continue;
      out_[i] = Left::kKept;
      any = true;
    }
    for (std::uint32_t i = m.begin; i < m.end; ++i) {
      if (tree_.lines[i].kind == Kind::kComment && (warns(tree_.lines[i].text) || asked_[i] != 0)) {
        out_[i] = Left::kKept;
        any = true;
      }
    }
    if (any && m.name_line != kNone) out_[m.name_line] = Left::kKept;
  }

  const Depth depth_;
  std::unordered_set<std::string_view> keys_;  // of the block that stands for the others, where values may go
  const Tree& tree_;
  const std::vector<Cluster>& clusters_;
  const std::vector<std::uint8_t>& asked_;
  const Query& query_;
  const std::string question_;  // in lower case
  const std::vector<std::string> listed_;
  std::vector<Left> out_;
};

}  // namespace

bool says(std::string_view lowered_question, std::string_view name) {
  while (!name.empty() && !word_char(name.front())) name.remove_prefix(1);
  while (!name.empty() && !word_char(name.back())) name.remove_suffix(1);
  if (name.size() < 2) return false;
  const std::string low = lowered(name);
  for (std::size_t at = lowered_question.find(low); at != std::string_view::npos;
       at = lowered_question.find(low, at + 1)) {
    const std::size_t end = at + low.size();
    if ((at == 0 || !word_char(lowered_question[at - 1])) &&
        (end == lowered_question.size() || !word_char(lowered_question[end])))
      return true;
  }
  return false;
}

bool warns(std::string_view comment) {
  for (std::size_t at = 0; at + 1 < comment.size(); ++at) {
    if ((kWarningStarts[comment[at] & 31] >> (comment[at + 1] & 31) & 1U) == 0) continue;
    const std::string_view rest = comment.substr(at);
    const bool found = std::ranges::any_of(
        kWarnings, [&](std::string_view word) { return base::equals_ci(rest.substr(0, word.size()), word); });
    if (found) return true;
  }
  return false;
}

std::string_view left_name(Left left) {
  static constexpr std::array<std::string_view, 7> kNames = {
      "kept", "comment", "as in a like block", "stands above", "bookkeeping", "another value", "not asked for"};
  return kNames[static_cast<std::size_t>(left)];
}

std::vector<Left> select_lines(const Tree& tree, const std::vector<Cluster>& clusters,
                               const std::vector<std::uint8_t>& asked, const Query& query, Depth depth) {
  return Selector(tree, clusters, asked, query, depth).run();
}

bool wants_every_block(std::string_view question) {
  return !listed_words(question).empty();
}

void leave_untouched(const Tree& tree, const std::vector<std::uint8_t>& asked, std::vector<Left>& lines) {
  std::vector<std::uint32_t> before(asked.size() + 1, 0);  // asked lines above each
  for (std::size_t i = 0; i < asked.size(); ++i) before[i + 1] = before[i] + (asked[i] != 0 ? 1 : 0);
  for (std::uint32_t i = 0; i < tree.lines.size(); ++i) {
    const std::uint32_t end = tree.lines[i].end;
    if (tree.lines[i].kind != Kind::kEntry || end <= i + 1 || before[end] != before[i]) continue;
    for (std::uint32_t k = i + 1; k < end; ++k) {
      if (lines[k] == Left::kKept) lines[k] = Left::kAside;
    }
    i = end - 1;
  }
}

void leave_all_but(const Tree& tree, const std::vector<std::uint8_t>& asked, std::vector<Left>& lines) {
  std::vector<bool> around(tree.lines.size(), false);
  for (std::uint32_t i = 0; i < tree.lines.size(); ++i) {
    if (asked[i] == 0) continue;
    for (std::uint32_t up = i; up != kNone && !around[up]; up = tree.lines[up].parent) around[up] = true;
  }
  for (std::uint32_t i = 1; i < tree.lines.size(); ++i) {
    if (!around[i] && lines[i] == Left::kKept) lines[i] = Left::kAside;
  }
}

void fill(const Tree& tree, std::size_t tokens, std::vector<Left>& lines) {
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    if (lines[i] != Left::kAside) continue;
    const std::size_t cost = focus::estimated_tokens(tree.lines[i].text) * 5 / 4 + 1;
    if (cost > tokens) return;
    tokens -= cost;
    lines[i] = Left::kKept;
  }
}

void ask_for_named(const Tree& tree, const std::vector<Cluster>& clusters, const Query& query,
                   std::vector<std::uint8_t>& asked) {
  if (const std::vector<std::string> listed = listed_words(query.user); !listed.empty()) {
    for (std::uint32_t i = 0; i < tree.lines.size(); ++i) {
      if (is_listed(tree.lines[i], listed)) asked[i] = 1;
    }
  }
  const std::string question = lowered(query.user);
  for (const Cluster& cluster : clusters) {
    for (const Member& m : cluster.members) {
      if (says(question, m.name)) std::fill(asked.begin() + m.begin, asked.begin() + m.end, std::uint8_t{1});
    }
  }
}

}  // namespace headroom::compress::config
