#include "compress/config/asked_tree.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "compress/config/letters.h"
#include "compress/config/selection.h"
#include "compress/json/question.h"

namespace headroom::compress::config {
namespace {

constexpr std::size_t kMostLines = 4000;   // of a tree that is read so
constexpr std::size_t kLongestPath = 200;  // bytes

/// Words by which entries are compared, or all of a kind are meant.
bool compares(const Query& query) {
  static constexpr std::array<std::string_view, 26> kWords = {
      "no",    "not",    "never",   "lacks",    "lack", "why",        "any",  "anything", "another",
      "other", "others", "all",     "every",    "each", "different",  "same", "unusual",  "odd",
      "wrong", "low",    "missing", "compared", "rest", "everything", "none", "only"};
  const json::Question question(query);
  if (question.deviation() || question.superlative()) return true;
  const std::string low = lowered(std::string_view(query.user).substr(0, 2000));
  const std::vector<std::string_view> words = split(low, " \t\r\n,;?!.:()\"'`");
  return std::ranges::any_of(words,
                             [&](std::string_view word) { return std::ranges::find(kWords, word) != kWords.end(); });
}

/// Lines of more than one entry ("autoread        tabstop=8"), or blocks without names.
bool is_something_else(const Tree& tree) {
  std::size_t entries = 0;
  std::size_t others = 0;
  for (std::uint32_t i = 0; i < tree.lines.size(); ++i) {
    const Line& line = tree.lines[i];
    if (line.kind != Kind::kEntry) continue;
    ++entries;
    const bool nameless = line.item && line.key.empty() && line.end > i + 1;
    others += nameless || std::ranges::count(line.key, ' ') > 3 || line.value.find("   ") != std::string_view::npos;
  }
  return others * 4 > entries;
}

/// What a line adds to the path of what is below it.
std::string_view part_of(const Line& line, bool heads) {
  static constexpr std::array<std::string_view, 4> kNames = {"name", "id", "host", "title"};
  // A head may have blanks and no mark: "ECC Errors".
  const std::string_view text = base::trim(line.text);
  if (heads && !line.item && text.find_first_of(":=") == std::string_view::npos) return text;
  const bool named = line.item && std::ranges::find(kNames, line.key) != kNames.end();
  return named || line.key.empty() ? line.value : line.key;
}

constexpr std::size_t kMostBlocks = 4;     // that a question may name
constexpr std::uint32_t kWholeBlock = 40;  // lines of a named block that stays as a whole
constexpr std::size_t kShortestName = 3;

struct NamedBlock {
  std::uint32_t begin = 0, end = 0;
  std::string_view name;
};

/// The blocks that the question names: members of clusters, and blocks whose head hardly another one has. None where it
/// names many, and none that lies in another.
std::vector<NamedBlock> named_blocks(const Tree& tree, std::span<const Cluster> clusters, const std::string& question) {
  std::vector<NamedBlock> blocks;
  for (const Cluster& cluster : clusters) {
    for (const Member& m : cluster.members) {
      if (m.name.size() >= kShortestName && says(question, m.name)) blocks.push_back({m.begin, m.end, m.name});
      if (blocks.size() > 4 * kMostBlocks) return {};
    }
  }
  for (std::uint32_t i = 0; i < tree.lines.size(); ++i) {
    const Line& line = tree.lines[i];
    if (line.kind != Kind::kEntry || line.end <= i + 1 || line.key.size() < kShortestName) continue;
    if (says(question, line.key)) blocks.push_back({i, line.end, line.key});
    if (blocks.size() > 4 * kMostBlocks) return {};
  }
  std::ranges::sort(blocks, [](const NamedBlock& a, const NamedBlock& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  std::vector<NamedBlock> outer;
  for (const NamedBlock& block : blocks) {
    if (outer.empty() || block.begin >= outer.back().end) outer.push_back(block);
  }
  // What several blocks are called names none of them.
  std::erase_if(outer, [&](const NamedBlock& block) {
    return std::ranges::count(outer, block.name, &NamedBlock::name) > static_cast<std::ptrdiff_t>(kMostBlocks);
  });
  // ... and what is most of the text singles out nothing.
  std::size_t inside = 0;
  for (const NamedBlock& block : outer) inside += block.end - block.begin;
  if (outer.size() > kMostBlocks || inside * 2 > tree.lines.size()) outer.clear();
  return outer;
}

/// The query without the names of the blocks.
Query without_names(const Query& query, std::span<const NamedBlock> blocks) {
  Query rest = query;
  rest.intent.clear();
  std::string low = lowered(rest.user);
  for (const NamedBlock& block : blocks) {
    const std::string name = lowered(base::trim(block.name));
    for (std::size_t at = low.find(name); !name.empty() && at != std::string::npos; at = low.find(name, at + 1)) {
      const std::size_t end = at + name.size();
      if ((at > 0 && is_letter(low[at - 1])) || (end < low.size() && is_letter(low[end]))) continue;
      rest.user.replace(at, name.size(), name.size(), ' ');
      low.replace(at, name.size(), name.size(), ' ');
    }
  }
  return rest;
}

/// Some word of the question is in the blocks, and none that is not is anywhere else: "published" and "run" of which no
/// setting speaks are how one asks.
bool only_inside(const Tree& tree, std::span<const NamedBlock> blocks, std::string_view question) {
  std::unordered_set<std::string> inside, outside;
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < tree.lines.size(); ++i) {
    while (next < blocks.size() && i >= blocks[next].end) ++next;
    const bool in = next < blocks.size() && i >= blocks[next].begin;
    for (std::string& word : base::words(tree.lines[i].text)) (in ? inside : outside).insert(std::move(word));
  }
  bool any = false;
  for (const std::string& word : base::words(question)) {
    if (base::is_stop_word(word) || word.size() < 2) continue;
    if (inside.contains(word)) {
      any = true;
    } else if (outside.contains(word)) {
      return false;
    }
  }
  return any;
}

/// Where the question names blocks, and all that it says beside their names is in these, only what is in them is meant.
void ask_blocks(const Tree& tree, std::span<const Cluster> clusters, const detect::SettingsListing& listing,
                const Query& query, AskedTree& asked) {
  const std::vector<NamedBlock> blocks = named_blocks(tree, clusters, lowered(query.user));
  if (blocks.empty()) return;
  detect::SettingsListing inside;
  for (const NamedBlock& block : blocks) {
    for (const detect::Setting& setting : listing.settings) {
      if (setting.line < block.begin || setting.line >= block.end) continue;
      inside.settings.push_back(setting);
      // The way to the block is the same for all of them.
      const std::size_t at = lowered(setting.key).find(lowered(block.name));
      if (at == std::string::npos) continue;
      const std::string_view rest = setting.key.substr(std::min(at + block.name.size() + 1, setting.key.size()));
      if (!rest.empty()) inside.settings.back().key = rest;
    }
  }
  const Query rest = without_names(query, blocks);
  const AskedSettings found = ask_settings(inside, {}, rest);
  if (found.said < Said::kNearlyAll && !only_inside(tree, blocks, rest.user)) return;
  asked.said = std::max(found.said, Said::kNearlyAll);
  asked.in_blocks = true;
  std::ranges::fill(asked.named, std::uint8_t{0});
  for (const NamedBlock& block : blocks) {
    const bool whole = block.end - block.begin <= kWholeBlock;
    for (std::uint32_t i = block.begin; whole && i < block.end; ++i) asked.named[i] = 1;
  }
  for (std::size_t k = 0; k < inside.settings.size(); ++k) {
    if (found.named[k] != 0) asked.named[inside.settings[k].line] = 1;
  }
}

}  // namespace

AskedTree ask_tree(const Tree& tree, const Query& query, std::span<const Cluster> clusters) {
  AskedTree out{.named = std::vector<std::uint8_t>(tree.lines.size(), 0)};
  if (tree.lines.size() > kMostLines || compares(query) || is_something_else(tree)) return out;
  std::vector<std::string> paths(tree.lines.size());
  detect::SettingsListing listing;
  for (std::uint32_t i = 0; i < tree.lines.size(); ++i) {
    const Line& line = tree.lines[i];
    if (line.kind != Kind::kEntry) continue;
    if (line.parent != kNone) paths[i] = paths[line.parent];
    if (paths[i].size() < kLongestPath)
      paths[i].append(paths[i].empty() ? "" : ".").append(part_of(line, line.end > i + 1));
    const bool leaf = line.end <= i + 1;
    if (leaf || !line.value.empty()) listing.settings.push_back({i, i, i + 1, paths[i], line.value, {}});
  }
  const AskedSettings asked = ask_settings(listing, {}, query);
  out.said = asked.said;
  for (std::size_t k = 0; k < listing.settings.size(); ++k) {
    if (asked.named[k] != 0 || asked.parts.contains(k)) out.named[listing.settings[k].line] = 1;
  }
  ask_blocks(tree, clusters, listing, query, out);
  return out;
}

}  // namespace headroom::compress::config
