#include "compress/snapshot/rows.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "base/text.h"

namespace headroom::compress::snapshot {
namespace {

constexpr std::size_t kFewest = 6;  // entries of a list from which on some are told in short
constexpr std::size_t kWhole = 2;   // of them, shown as they are
// In a list of so few entries, with so few things to press in each, each can still be acted on.
constexpr std::size_t kFew = 30, kFewControls = 2;
constexpr std::size_t kUsualTenths = 7;  // of the entries that have a word that goes without saying

using Words = std::unordered_set<std::string>;

/// Words of a line, but not its reference: "[ref=e12]", "uid=1_4".
Words words_of(std::string_view line) {
  std::string kept;
  for (std::size_t at = 0; at < line.size();) {
    const std::string_view rest = line.substr(at);
    const std::size_t skip = rest.starts_with("[ref=") ? rest.find(']') : rest.starts_with("uid=") ? rest.find(' ') : 0;
    if (skip == std::string_view::npos) break;
    if (skip == 0) kept.push_back(line[at]);
    at += std::max<std::size_t>(skip, 1);
  }
  const std::vector<std::string> words = base::words(kept);
  return {words.begin(), words.end()};
}

bool is_control(std::string_view role) {
  static constexpr std::array<std::string_view, 11> kRoles = {"button", "link",       "checkbox", "combobox",
                                                              "radio",  "textbox",    "switch",   "menuitem",
                                                              "slider", "spinbutton", "searchbox"};
  return std::ranges::find(kRoles, role) != kRoles.end();
}

class Shortener {
 public:
  Shortener(std::span<const std::string_view> lines, std::span<const Node> nodes, std::span<const std::uint8_t> asked,
            bool controls)
      : lines_(lines), nodes_(nodes), asked_(asked), controls_(controls), gone_(lines.size(), false) {}

  std::vector<bool> run() {
    list(0, static_cast<std::uint32_t>(nodes_.size()));
    return std::move(gone_);
  }

 private:
  /// What stands in [begin, end), each with its own lists.
  void list(std::uint32_t begin, std::uint32_t end) {
    std::unordered_map<std::string_view, std::vector<std::uint32_t>> entries;
    for (std::uint32_t i = begin; i < end; i = std::max(nodes_[i].end, i + 1)) {
      const Node& node = nodes_[i];
      if (!node.name.empty() && node.end > i + 1) {
        entries[node.role].push_back(i);
      } else if (node.end > i + 1) {
        list(i + 1, node.end);
      }
    }
    for (const auto& [role, heads] : entries) {
      if (heads.size() >= kFewest) {
        shorten(heads);
      } else {
        for (const std::uint32_t head : heads) list(head + 1, nodes_[head].end);
      }
    }
  }

  bool holds_asked(std::uint32_t head) const {
    for (std::uint32_t i = head; i < nodes_[head].end; ++i) {
      if (asked_[i] != 0) return true;
    }
    return false;
  }

  std::size_t controls_of(std::uint32_t head) const {
    std::size_t count = 0;
    for (std::uint32_t i = head + 1; i < nodes_[head].end; ++i) count += is_control(nodes_[i].role);
    return count;
  }

  void shorten(const std::vector<std::uint32_t>& heads) {
    std::unordered_map<std::string, std::size_t> often;
    for (const std::uint32_t head : heads) {
      Words all;
      for (std::uint32_t i = head + 1; i < nodes_[head].end; ++i) all.merge(words_of(lines_[i]));
      for (const std::string& word : all) ++often[word];
    }
    for (std::size_t k = kWhole; k < heads.size(); ++k) {
      const bool asked = holds_asked(heads[k]);
      const bool controls = controls_ || (heads.size() <= kFew && controls_of(heads[k]) <= kFewControls);
      const Words own = words_of(nodes_[heads[k]].name);
      for (std::uint32_t i = heads[k] + 1; i < nodes_[heads[k]].end; ++i) {
        // Who presses or fills in something must see its reference.
        if ((asked || controls) && is_control(nodes_[i].role)) continue;
        if (asked && nodes_[i].role != "cell" && nodes_[i].role != "gridcell") continue;
        const Words words = words_of(lines_[i]);
        gone_[i] = std::ranges::all_of(words, [&](const std::string& word) {
          return own.contains(word) || word == nodes_[i].role ||
                 (!asked && often[word] * 10 >= heads.size() * kUsualTenths);
        });
      }
      keep_above(heads[k]);
    }
  }

  /// What stays, stays in what it stands in.
  void keep_above(std::uint32_t head) {
    std::uint32_t open = 0;  // lines less far in than this are above one that stays
    for (std::uint32_t i = nodes_[head].end; i-- > head + 1;) {
      if (!gone_[i]) {
        open = nodes_[i].indent;
      } else if (nodes_[i].indent < open) {
        gone_[i] = false;
        open = nodes_[i].indent;
      }
    }
  }

  std::span<const std::string_view> lines_;
  std::span<const Node> nodes_;
  std::span<const std::uint8_t> asked_;
  bool controls_;
  std::vector<bool> gone_;
};

}  // namespace

std::vector<bool> repeated_parts(std::span<const std::string_view> lines, std::span<const Node> nodes,
                                 std::span<const std::uint8_t> asked, bool controls) {
  return Shortener(lines, nodes, asked, controls).run();
}

}  // namespace headroom::compress::snapshot
