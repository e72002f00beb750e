#include "compress/config/records.h"

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>

#include "base/text.h"
#include "compress/json/question.h"

namespace headroom::compress::config {
namespace {

constexpr std::size_t kFewest = 40;        // blocks
constexpr std::size_t kFewestLarge = 12;   // blocks that are much text together
constexpr std::size_t kMuchText = 16000;   // bytes
constexpr std::size_t kLongest = 16;       // lines of a block, on average
constexpr std::size_t kFirst = 2;          // blocks that show what all are like
constexpr std::size_t kMostOdd = 12;       // blocks
constexpr std::size_t kMostUsual = 64;     // keys
constexpr std::size_t kMostValues = 4;     // of a key whose values sort the blocks
constexpr std::size_t kHardlyAny = 33;     // one in so many
constexpr std::size_t kFewSay = 12;        // blocks; a word in more of them is about none
constexpr std::size_t kMostKeptTenth = 6;  // tenths of the blocks; with more it is no choice

class Records {
 public:
  Records(const Tree& tree, const std::vector<std::uint32_t>& heads) : tree_(tree), heads_(heads) {}

  /// Most have a key that most have, and they are small.
  bool alike() {
    std::size_t lines = 0;
    for (const std::uint32_t head : heads_) {
      lines += tree_.lines[head].end - head;
      for_own(head, [&](const Line& line) { ++keys_[line.key].blocks; });
    }
    if (lines > heads_.size() * kLongest) return false;
    return std::ranges::any_of(keys_, [&](const auto& key) { return key.second.blocks * 10 >= heads_.size() * 7; });
  }

  /// By block: it has what hardly any other has.
  std::vector<bool> odd() {
    for (const std::uint32_t head : heads_) {
      for_own(head, [&](const Line& line) {
        auto& values = keys_[line.key].values;
        if (values.size() <= kMostValues) ++values[line.value];
      });
    }
    std::vector<bool> out(heads_.size(), false);
    std::size_t found = 0;
    for (std::size_t at = 0; at < heads_.size() && found < kMostOdd; ++at) {
      bool odd = false;
      for_own(heads_[at], [&](const Line& line) {
        const Key& key = keys_[line.key];
        odd = odd || is_rare(key.blocks) || (key.values.size() <= kMostValues && is_rare(key.values.at(line.value)));
      });
      out[at] = odd;
      found += odd;
    }
    return out;
  }

  /// After odd(): a key of few values is asked for, so that any of its values may be what is meant.
  bool asks_for_sort(const json::Question& question) const {
    return std::ranges::any_of(keys_, [&](const auto& each) {
      const auto& [name, key] = each;
      return key.values.size() >= 2 && key.values.size() <= kMostValues && key.blocks * 2 >= heads_.size() &&
             question.describes(name).all() != 0;
    });
  }

  /// By block: the user's words are all of a value, or name one that not all have.
  std::vector<bool> said(const json::Question& question) const {
    std::vector<bool> out(heads_.size(), false);
    for (std::size_t at = 0; at < heads_.size(); ++at) {
      for_own(heads_[at], [&](const Line& line) {
        if (out[at] || line.value.empty()) return;
        const bool simple = line.value.front() != '[' && line.value.front() != '{';
        const bool optional = simple && keys_.at(line.key).blocks * 10 <= heads_.size() * kMostKeptTenth;
        out[at] = (optional && question.user_words_in(line.key) != 0) || is_all_of(line.value, question);
      });
    }
    return out;
  }

  /// By block: it lacks a key that nearly all others have, or that half of them have and the question says without
  /// which.
  std::vector<bool> lacking(const json::Question& question) {
    const bool without = question.negation() || question.conditions().empty;
    std::vector<std::string_view> usual;
    for (const auto& [name, key] : keys_) {
      const std::size_t lack = heads_.size() - std::min(key.blocks, heads_.size());
      if (lack == 0 || usual.size() == kMostUsual) continue;
      if (is_rare(lack) || (without && lack * 2 <= heads_.size() && question.user_words_in(name) != 0))
        usual.push_back(name);
    }
    std::vector<bool> out(heads_.size(), false);
    for (std::size_t at = 0; at < heads_.size() && !usual.empty(); ++at) {
      std::set<std::string_view> own;
      for_own(heads_[at], [&](const Line& line) { own.insert(line.key); });
      out[at] = std::ranges::any_of(usual, [&](std::string_view name) { return !own.contains(name); });
    }
    return out;
  }

 private:
  struct Key {
    std::size_t blocks = 0;
    std::map<std::string_view, std::size_t> values;  ///< up to one more than kMostValues
  };

  static bool is_all_of(std::string_view value, const json::Question& question) {
    static constexpr std::size_t kLongestValue = 80;
    if (value.size() > kLongestValue || question.user_words_in(value) == 0) return false;
    return std::ranges::all_of(base::words(value),
                               [&](const std::string& word) { return question.user_words_in(word) != 0; });
  }

  bool is_rare(std::size_t blocks) const { return blocks * kHardlyAny <= heads_.size(); }

  /// The entries right below the head; of a list's item the head's own, too.
  template <typename Fn>
  void for_own(std::uint32_t head, Fn fn) const {
    if (tree_.lines[head].item && !tree_.lines[head].key.empty()) fn(tree_.lines[head]);
    for (std::uint32_t i = head + 1; i < tree_.lines[head].end; ++i) {
      const Line& line = tree_.lines[i];
      if (line.kind == Kind::kEntry && line.parent == head && !line.key.empty()) fn(line);
    }
  }

  const Tree& tree_;
  const std::vector<std::uint32_t>& heads_;
  std::unordered_map<std::string_view, Key> keys_;
};

/// By block: its head, or what is in it, says a word of the question that few others say.
std::vector<bool> spoken_of(const Tree& tree, const std::vector<std::uint32_t>& heads, const json::Question& question) {
  std::vector<std::uint64_t> said(heads.size(), 0), named(heads.size(), 0);
  std::array<std::size_t, json::Question::kMaxTerms> saying{}, naming{};
  const auto count = [](std::uint64_t words, auto& counts) {
    for (; words != 0; words &= words - 1) ++counts[static_cast<std::size_t>(std::countr_zero(words))];
  };
  for (std::size_t at = 0; at < heads.size(); ++at) {
    const Line& head = tree.lines[heads[at]];
    named[at] = question.user_words_in(head.text);
    for (std::uint32_t i = heads[at]; i < head.end; ++i) said[at] |= question.user_words_in(tree.lines[i].text);
    count(named[at], naming);
    count(said[at], saying);
  }
  const std::size_t few = std::max(kFewSay, heads.size() / 12);
  std::uint64_t rare = 0, names = 0;
  for (std::size_t term = 0; term < saying.size(); ++term) {
    if (saying[term] <= few) rare |= std::uint64_t{1} << term;
    if (naming[term] <= kFewSay) names |= std::uint64_t{1} << term;
  }
  std::vector<bool> out(heads.size());
  for (std::size_t at = 0; at < heads.size(); ++at) out[at] = ((said[at] & rare) | (named[at] & names)) != 0;
  return out;
}

/// False: all stay.
bool leave(const Tree& tree, const std::vector<std::uint32_t>& heads, const std::vector<std::uint8_t>& asked,
           const json::Question& question, std::vector<Left>& lines) {
  Records records(tree, heads);
  if (!records.alike()) return false;
  const std::vector<bool> spoken = spoken_of(tree, heads, question);
  const std::vector<bool> lacking = records.lacking(question);
  std::vector<bool> keep = records.odd();
  if (records.asks_for_sort(question)) return false;
  const std::vector<bool> said = records.said(question);
  bool about_any = false;
  for (std::size_t at = 0; at < heads.size(); ++at) {
    const auto begin = asked.begin() + heads[at];
    const bool named = std::any_of(begin, asked.begin() + tree.lines[heads[at]].end, [](auto a) { return a != 0; });
    const bool about = named || spoken[at] || lacking[at] || said[at];
    about_any = about_any || about;
    if (about || at < kFirst || at + 1 == heads.size()) keep[at] = true;
  }
  // A question that shares no word with any of them may mean each ("databases", where they say "role = db").
  if (!about_any) return false;
  if (static_cast<std::size_t>(std::ranges::count(keep, true)) * 10 > heads.size() * kMostKeptTenth) return false;
  for (std::size_t at = 0; at < heads.size(); ++at) {
    for (std::uint32_t i = heads[at]; i < tree.lines[heads[at]].end && !keep[at]; ++i) {
      if (lines[i] == Left::kKept) lines[i] = Left::kAside;
    }
  }
  return true;
}

}  // namespace

namespace {

std::size_t bytes_of(const Tree& tree, std::uint32_t begin, std::uint32_t end) {
  std::size_t bytes = 0;
  for (std::uint32_t i = begin; i < end; ++i) bytes += tree.lines[i].text.size() + 1;
  return bytes;
}

/// Many blocks, or a dozen of much text, as the packages of a lock file with all their hashes.
bool worth_choosing(const Tree& tree, const std::vector<std::uint32_t>& heads) {
  if (heads.size() < kFewestLarge) return false;
  if (heads.size() >= kFewest) return true;
  std::size_t bytes = 0;
  for (const std::uint32_t head : heads) bytes += bytes_of(tree, head, tree.lines[head].end);
  return bytes >= kMuchText;
}

}  // namespace

void leave_records(const Tree& tree, const std::vector<Cluster>& clusters, const std::vector<std::uint8_t>& asked,
                   const Query& query, std::vector<Left>& lines) {
  if (wants_every_block(query.user)) return;
  const json::Question question(query);
  // "The largest", "more than 3", "how many": each is compared with the others, or counted.
  if (base::contains_ci(query.user, "how many") || base::contains_ci(query.user, "number of")) return;
  if (question.superlative() || question.orders().any() || !question.bounds().empty()) return;
  std::vector<bool> clustered(tree.lines.size(), false);
  // Where tokens are short, what is alike has to go from those that stay, too.
  const bool tight = std::ranges::find(lines, Left::kAside) != lines.end();
  std::vector<Left> apart = lines;  // what stays of the blocks of large clusters when each stands for itself
  for (const Cluster& cluster : clusters) {
    // What so many blocks of much text have alike is little of it.
    std::size_t bytes = 0;
    for (const Member& member : cluster.members) bytes += bytes_of(tree, member.begin, member.end);
    const bool large = !tight && cluster.members.size() >= kFewestLarge && bytes >= kMuchText;
    for (const Member& member : cluster.members) {
      clustered[member.begin] = !large;
      for (std::uint32_t i = member.begin; large && i < member.end; ++i) {
        if (apart[i] == Left::kAlike || apart[i] == Left::kValue) apart[i] = Left::kKept;
      }
    }
  }
  std::map<std::uint32_t, std::vector<std::uint32_t>> siblings;
  for (std::uint32_t i = 0; i < tree.lines.size(); ++i) {
    const Line& line = tree.lines[i];
    if (line.kind == Kind::kEntry && line.end > i + 1 && !clustered[i]) siblings[line.parent].push_back(i);
  }
  for (const auto& [parent, heads] : siblings) {
    if (!worth_choosing(tree, heads)) continue;
    std::vector<Left> chosen = lines;
    for (const std::uint32_t head : heads) {
      std::copy(apart.begin() + head, apart.begin() + tree.lines[head].end, chosen.begin() + head);
    }
    if (leave(tree, heads, asked, question, chosen)) lines = std::move(chosen);
  }
}

}  // namespace headroom::compress::config
