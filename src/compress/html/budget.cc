#include "compress/html/budget.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>

#include <fmt/format.h>

#include "base/bm25.h"
#include "base/text.h"
#include "compress/json/question.h"
#include "compress/marker.h"

namespace headroom::compress::html {
namespace {

constexpr std::size_t kLeastTokens = 1500;  ///< what an aggressive profile leaves of any page
constexpr std::size_t kFirstBlocks = 3;
constexpr std::size_t kLongPage = 2500;      ///< tokens from which on a passage is shown and not the whole page
constexpr std::size_t kLeastPassage = 1500;  ///< tokens that stay of such a page
constexpr std::size_t kSmallGap = 14;        ///< tokens; a marker costs as much
constexpr std::size_t kLongestLead = 150;    ///< tokens of the first block of a section
constexpr std::size_t kLeastTerms = 2;       ///< words of a question that stand together in a passage

std::size_t cost(const Block& block) {
  return block.text.size() / 4 + 2;
}

/// Worth of every block for the question. A block is scored together with the heading it stands under.
std::vector<double> score(const std::vector<Block>& blocks, const Query& query) {
  base::Bm25Index index;
  std::string_view heading;
  for (const Block& block : blocks) {
    if (block.kind == BlockKind::kHeading) heading = block.text;
    index.add(fmt::format("{} {}", heading, block.text));
  }
  std::vector<double> scores = index.score(query.user + ' ' + query.intent);
  const json::Question question(query);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    scores[i] += std::popcount(question.user_words_in(blocks[i].text));
    const bool fixed = blocks[i].kind == BlockKind::kTitle || blocks[i].kind == BlockKind::kHeading ||
                       blocks[i].head_row || i < kFirstBlocks || i + 1 == blocks.size();
    const bool named = std::ranges::any_of(question.literals(), [&](const std::string& literal) {
      return blocks[i].text.find(literal) != std::string::npos;
    });
    if (fixed || named) scores[i] = 1e9;
  }
  return scores;
}

/// What stands around a block that tells much tells something as well: the code below a sentence, the sentence above.
void spread(std::vector<double>& scores) {
  constexpr double kFixed = 1e8;
  const std::vector<double> own = scores;
  const auto at = [&](std::size_t i, std::ptrdiff_t by) {
    const std::ptrdiff_t other = static_cast<std::ptrdiff_t>(i) + by;
    if (other < 0 || other >= std::ssize(own)) return 0.0;
    const double value = own[static_cast<std::size_t>(other)];
    return value < kFixed ? value : 0.0;
  };
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (own[i] >= kFixed) continue;
    scores[i] += 0.5 * std::max(at(i, -1), at(i, 1)) + 0.25 * std::max(at(i, -2), at(i, 2));
  }
}

/// How many of the question's words stand in one block and the heading above it, at most.
std::size_t most_words(const std::vector<Block>& blocks, const json::Question& question) {
  std::uint64_t heading = 0;
  std::size_t best = 0;
  for (const Block& block : blocks) {
    const std::uint64_t words = question.user_words_in(block.text);
    if (block.kind == BlockKind::kHeading || block.kind == BlockKind::kTitle) heading = words;
    best = std::max(best, static_cast<std::size_t>(std::popcount(words | heading)));
  }
  return best;
}

/// A short question, and none about the page as a whole. Who is to do something by what a page says ("move us to
/// version 3") needs all of it.
bool asks_for_a_passage(std::string_view user) {
  static constexpr std::size_t kLongest = 600;
  static constexpr std::array<std::string_view, 8> kWhole = {"summar",  "overview",   "tl;dr",       "translat",
                                                             "outline", "key points", "main points", "read this"};
  static constexpr std::array<std::string_view, 10> kOpen = {"how ",   "what ", "which ", "why ", "when ",
                                                             "where ", "does ", "is ",    "can ", "who "};
  if (user.size() > kLongest) return false;
  std::string low(base::trim(user));
  std::ranges::transform(low, low.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  const bool question = low.find('?') != std::string::npos || std::ranges::any_of(kOpen, [&](std::string_view word) {
                          return std::string_view(low).starts_with(word);
                        });
  return question &&
         std::ranges::none_of(kWhole, [&](std::string_view word) { return low.find(word) != std::string::npos; });
}

/// A section of which something stays begins with what it is about.
void keep_leads(const std::vector<Block>& blocks, std::vector<bool>& keep) {
  for (std::size_t i = 0; i < blocks.size();) {
    std::size_t end = i + 1;
    while (end < blocks.size() && blocks[end].kind != BlockKind::kHeading) ++end;
    const bool any = std::find(keep.begin() + static_cast<std::ptrdiff_t>(std::min(i + 1, end)),
                               keep.begin() + static_cast<std::ptrdiff_t>(end),
                               true) != keep.begin() + static_cast<std::ptrdiff_t>(end);
    if (any && blocks[i].kind == BlockKind::kHeading && cost(blocks[i + 1]) <= kLongestLead) keep[i + 1] = true;
    i = end;
  }
}

/// Turns bytes of the page into lines, for places that come in ascending order.
class LineCounter {
 public:
  LineCounter(std::string_view page, std::size_t first_line) : page_(page), line_(first_line) {}
  std::size_t line_of(std::size_t at) {
    at = std::min(at, page_.size());
    if (at > at_) line_ += static_cast<std::size_t>(std::ranges::count(page_.substr(at_, at - at_), '\n'));
    at_ = std::max(at_, at);
    return line_;
  }

 private:
  std::string_view page_;
  std::size_t at_ = 0, line_;
};

}  // namespace

std::size_t token_budget(const Input& input, std::size_t tokens) {
  if (input.target_tokens > 0) return input.target_tokens;
  return input.profile == Profile::kAggressive && tokens > kLeastTokens ? std::max(kLeastTokens, tokens / 2) : 0;
}

std::size_t passage_budget(const Input& input, const std::vector<Block>& blocks, std::size_t tokens) {
  if (input.profile != Profile::kBalanced || tokens <= kLongPage || !asks_for_a_passage(input.query.user)) return 0;
  const json::Question question(input.query);
  const auto terms = static_cast<std::size_t>(std::popcount(question.user_words_in(input.query.user)));
  const std::size_t together = most_words(blocks, question);
  if (together < kLeastTerms || together * 2 < terms) return 0;
  const double near = static_cast<double>(together) / static_cast<double>(terms);
  const double all = static_cast<double>(tokens);
  const double share = std::clamp(0.8 - 0.12 * std::log2(all / kLongPage), 0.35, 0.8) * (1.0 - 0.25 * near);
  return std::max(kLeastPassage, static_cast<std::size_t>(share * all));
}

std::size_t keep_within(std::vector<Block>& blocks, std::size_t budget, const Query& query, std::string_view page,
                        std::size_t first_line) {
  std::vector<double> scores = score(blocks, query);
  spread(scores);
  std::vector<std::size_t> order(blocks.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  std::vector<bool> keep(blocks.size());
  std::size_t spent = 0;
  for (std::size_t i : order) {
    keep[i] = scores[i] >= 1e9 || spent + cost(blocks[i]) <= budget;
    if (keep[i]) spent += cost(blocks[i]);
  }
  keep_leads(blocks, keep);
  LineCounter lines(page, first_line);
  std::vector<Block> kept;
  std::size_t dropped = 0, last_line = 0;
  for (std::size_t i = 0; i < blocks.size();) {
    if (keep[i]) {
      kept.push_back(std::move(blocks[i++]));
      continue;
    }
    std::size_t end = i, tokens = 0;
    for (; end < blocks.size() && !keep[end]; ++end) tokens += cost(blocks[end]);
    if (tokens <= kSmallGap) {
      for (; i < end; ++i) kept.push_back(std::move(blocks[i]));
      continue;
    }
    dropped += end - i;
    const std::size_t first = std::max(lines.line_of(blocks[i].from), last_line + 1);
    const std::size_t last = lines.line_of(blocks[end - 1].to);
    if (first <= last) {  // a page without line breaks has no lines to name
      kept.push_back({.kind = BlockKind::kText, .text = gap_marker(first, last)});
      last_line = last;
    }
    i = end;
  }
  blocks = std::move(kept);
  return dropped;
}

}  // namespace headroom::compress::html
