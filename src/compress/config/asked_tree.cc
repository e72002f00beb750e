#include "compress/config/asked_tree.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/text.h"
#include "compress/config/letters.h"
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

}  // namespace

AskedTree ask_tree(const Tree& tree, const Query& query) {
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
  return out;
}

}  // namespace headroom::compress::config
