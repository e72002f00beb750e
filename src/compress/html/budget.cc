#include "compress/html/budget.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>
#include <string>

#include <fmt/format.h>

#include "base/bm25.h"
#include "compress/json/question.h"
#include "compress/marker.h"

namespace headroom::compress::html {
namespace {

constexpr std::size_t kLeastTokens = 1500;  ///< what an aggressive profile leaves of any page
constexpr std::size_t kFirstBlocks = 3;

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

std::size_t keep_within(std::vector<Block>& blocks, std::size_t budget, const Query& query, std::string_view page,
                        std::size_t first_line) {
  const std::vector<double> scores = score(blocks, query);
  std::vector<std::size_t> order(blocks.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  std::vector<bool> keep(blocks.size());
  std::size_t spent = 0;
  for (std::size_t i : order) {
    keep[i] = scores[i] >= 1e9 || spent + cost(blocks[i]) <= budget;
    if (keep[i]) spent += cost(blocks[i]);
  }
  LineCounter lines(page, first_line);
  std::vector<Block> kept;
  std::size_t dropped = 0, last_line = 0;
  for (std::size_t i = 0; i < blocks.size();) {
    if (keep[i]) {
      kept.push_back(std::move(blocks[i++]));
      continue;
    }
    std::size_t end = i;
    while (end < blocks.size() && !keep[end]) ++end;
    dropped += end - i;
    const std::size_t first = std::max(lines.line_of(blocks[i].from), last_line + 1);
    const std::size_t last = lines.line_of(blocks[end - 1].to);
    if (first <= last) {  // a page without line breaks has no lines to name
      kept.push_back({.kind = BlockKind::kText, .text = gap_marker(first, last, fmt::format("{} blocks", end - i))});
      last_line = last;
    }
    i = end;
  }
  blocks = std::move(kept);
  return dropped;
}

}  // namespace headroom::compress::html
