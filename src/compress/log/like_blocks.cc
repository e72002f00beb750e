#include "compress/log/like_blocks.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/text.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kLeastBlocks = 3;
constexpr std::size_t kLongestKey = 32;
constexpr std::uint32_t kHeadWithin = 8;         // lines in which the line stands that begins the first record
constexpr std::size_t kLongestBlock = 5000;      // lines
constexpr std::size_t kMostPercentOfLines = 50;  // as many lines may part records at most

bool digit(char c) {
  return c >= '0' && c <= '9';
}

/// "-----", "=====": one mark all along.
bool is_rule(std::string_view text) {
  return text.size() >= 3 && std::string_view("-=_*#~").find(text[0]) != std::string_view::npos &&
         text.find_first_not_of(text[0]) == std::string_view::npos;
}

/// What a line begins with, up to its value: "DTSTART", "LF", "msgid"; "0" for a number, "0:" for a time.
std::string_view key_of(std::string_view text) {
  text = base::trim(text);
  if (text.empty()) return {};
  if (digit(text.front())) {
    const std::string_view word = text.substr(0, text.find_first_of(" \t"));
    if (word.find(':') != std::string_view::npos) return "0:";
    return std::ranges::all_of(word, digit) ? "0" : "0x";
  }
  std::size_t end = text.find_first_of(":=;");
  if (end == std::string_view::npos || end == 0 || end > kLongestKey) end = text.find_first_of(" \t");
  return text.substr(0, std::min({end, text.size(), kLongestKey}));
}

/// How lines part records.
enum class Part : std::uint8_t { kBegin, kEnd, kBetween };

class Finder {
 public:
  explicit Finder(const Document& document) : lines_(document.lines) {
    for (std::uint32_t i = 0; i < lines_.size(); ++i) {
      if (!lines_[i].has(kBlank)) filled_.push_back(i);
    }
  }

  LikeBlocks run() {
    if (filled_.size() < kLeastBlocks * 3) return {};
    find_parting_lines();
    // Of several ways to cut it the first, unless another comes to many more records.
    for (const Parting& parting : partings_) {
      const bool often = parting.lines >= kLeastBlocks && parting.lines * 100 <= filled_.size() * kMostPercentOfLines;
      if (often) attempt(parting.text, parting.part);
    }
    attempt({}, Part::kBetween);
    return std::move(best_);
  }

 private:
  struct Parting {
    std::string_view text;
    Part part = Part::kBetween;
    std::size_t lines = 0;
  };

  /// The commonest rule, the last lines, which end records, and the first, of which one begins the first record; and
  /// how often they stand there.
  void find_parting_lines() {
    std::unordered_map<std::string_view, std::size_t> rules;
    for (const std::uint32_t i : filled_) {
      if (is_rule(base::trim(lines_[i].text))) ++rules[lines_[i].text];
    }
    const auto rule = std::ranges::max_element(
        rules, {}, [](const auto& entry) { return std::pair(entry.second, std::string_view(entry.first)); });
    if (rule != rules.end()) partings_.push_back({rule->first, Part::kBetween});
    const auto add = [&](std::uint32_t i, Part part) {
      if (std::ranges::find(partings_, lines_[i].text, &Parting::text) == partings_.end())
        partings_.push_back({lines_[i].text, part});
    };
    for (std::size_t back = 1; back <= 2; ++back) add(filled_[filled_.size() - back], Part::kEnd);
    for (std::size_t k = 0; k < std::min<std::size_t>(kHeadWithin, filled_.size()); ++k) add(filled_[k], Part::kBegin);
    for (const std::uint32_t i : filled_) {
      for (Parting& parting : partings_) parting.lines += lines_[i].text == parting.text;
    }
  }

  void attempt(std::string_view text, Part part) {
    if (!cut(text, part) || blocks_.size() * 2 <= best_.blocks.size() * 3) return;
    best_ = {blocks_, fields()};
  }

  /// Cuts at the lines with this text, at blank ones where it is empty. False: the blocks are not alike.
  bool cut(std::string_view text, Part part) {
    blocks_.clear();
    std::optional<LikeBlock> open;
    const auto close = [&] {
      if (open) blocks_.push_back(*open);
      open.reset();
    };
    bool begun = part != Part::kBegin;
    for (std::uint32_t i = 0; i < lines_.size(); ++i) {
      const bool blank = lines_[i].has(kBlank);
      const bool parts = text.empty() ? blank : !blank && lines_[i].text == text;
      if (parts && part != Part::kEnd) close();
      begun |= parts;
      if (!blank && begun && !(parts && part == Part::kBetween)) {
        if (!open) open = LikeBlock{i, i};
        open->last = i;
      }
      if (parts && part == Part::kEnd) close();
    }
    close();
    return alike(text.empty() ? kMostByBlanks : kMost);
  }

  /// Most of the first blocks have two kinds of lines in common at least, and these are much of the text.
  bool alike(std::size_t tenths) {
    common_.clear();
    if (blocks_.size() < kLeastBlocks) return false;
    struct Seen {
      std::size_t blocks = 0;
      std::size_t lines = 0;  // in blocks that have few of the kind
      std::size_t in = 0;     // number of the block, from 1, that `here` counts in
      std::size_t here = 0;
    };
    std::unordered_map<std::string_view, Seen> kinds;
    const std::size_t sample = std::min(blocks_.size(), kSample);
    std::size_t inside = 0;
    for (std::size_t k = 0; k < sample; ++k) {
      if (blocks_[k].last - blocks_[k].first >= kLongestBlock) return false;
      inside += blocks_[k].last - blocks_[k].first + 1;
      for (std::uint32_t i = blocks_[k].first; i <= blocks_[k].last; ++i) {
        if (lines_[i].has(kBlank)) continue;
        Seen& seen = kinds[key_of(lines_[i].text)];
        if (seen.in != k + 1) {
          seen.in = k + 1;
          seen.here = 0;
          ++seen.blocks;
        }
        if (++seen.here <= kFewOfAKind) ++seen.lines;
      }
    }
    std::size_t lines = 0;
    for (const auto& [key, seen] : kinds) {
      if (seen.blocks * 10 < sample * tenths) continue;
      common_.insert(key);
      lines += seen.lines;
    }
    std::size_t all = 0;
    for (const LikeBlock& block : blocks_) all += block.last - block.first + 1;
    if (common_.size() < 2 || all * 10 < filled_.size() * 7) return false;
    // Long blocks hold much besides what they have in common.
    const std::size_t mean = inside / sample;
    return mean >= 2 && (mean > 20 || lines * 10 >= inside * 4);
  }

  std::vector<bool> fields() const {
    std::vector<bool> field(lines_.size(), false);
    for (const LikeBlock& block : blocks_) {
      std::unordered_map<std::string_view, std::size_t> here;
      for (std::uint32_t i = block.first; i <= block.last; ++i) ++here[key_of(lines_[i].text)];
      for (std::uint32_t i = block.first; i <= block.last; ++i) {
        const std::string_view key = key_of(lines_[i].text);
        field[i] = !lines_[i].has(kBlank) && here[key] <= kFewOfAKind && common_.contains(key);
      }
    }
    return field;
  }

  static constexpr std::size_t kSample = 48;  // blocks
  static constexpr std::size_t kFewOfAKind = 2;
  /// In so many tenths of the blocks stands what most of them have. Blank lines part much that is not alike.
  static constexpr std::size_t kMost = 6, kMostByBlanks = 8;

  const std::vector<Line>& lines_;
  std::vector<std::uint32_t> filled_;
  std::vector<Parting> partings_;
  std::vector<LikeBlock> blocks_;
  std::unordered_set<std::string_view> common_;  ///< what most of the blocks have, by key
  LikeBlocks best_;
};

}  // namespace

LikeBlocks find_like_blocks(const Document& document) {
  if (document.timed) return {};
  // Threads, goroutines and traces are records already.
  const auto stack = [](const Line& line) { return line.has(kUntilBlank) || line.has(kTraceHead); };
  if (std::ranges::any_of(document.lines, stack)) return {};
  return Finder(document).run();
}

}  // namespace headroom::compress::log
