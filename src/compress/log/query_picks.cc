#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "compress/log/pickers.h"

namespace headroom::compress::log {
namespace {

constexpr std::size_t kMaxAsked = 40;  // lines kept because the question holds a string of theirs
constexpr std::uint32_t kFewOfAKind = 24;
constexpr std::uint32_t kLongestBlock = 12;  // lines

}  // namespace

namespace {

/// Extremes of what the lines of a matching template measure, then its ends.
void extremes_of(Picks& picks, std::uint32_t template_id) {
  const Template& t = picks.analysis().templates[template_id];
  picks.add(0.9f, t.sample, t.sample, Reason::kMatch);
  picks.add(0.85f, t.last, t.last, Reason::kMatch);
  const std::vector<TemplateSlots>& all = picks.analysis().slots;
  const auto slots = std::ranges::lower_bound(all, template_id, {}, &TemplateSlots::template_id);
  if (slots == all.end() || slots->template_id != template_id) return;
  int told = 0;
  for (const Slot& slot : slots->slots) {
    if (slot.numbers * 2 < t.count || slot.max.value <= slot.min.value || told++ == 3) continue;
    picks.add(1.6f, slot.max_line, slot.max_line, Reason::kExtreme);
    picks.add(0.8f, slot.min_line, slot.min_line, Reason::kExtreme);
  }
}

/// The last line of the short block that line `i` heads: up to two blank lines, or the next line like it.
std::uint32_t block_below(const Picks& picks, std::uint32_t i) {
  std::uint32_t last = i;
  for (std::uint32_t k = i + 1; k < picks.count() && k <= i + kLongestBlock; ++k) {
    if (picks.line(k).template_id == picks.line(i).template_id) return last;
    if (!picks.line(k).has(kBlank)) {
      last = k;
    } else if (k > i + 1 && picks.line(k - 1).has(kBlank)) {
      return last;
    }
  }
  return i;  // too long to come along
}

/// What is asked for by the heading above it is what stands below.
void add_block(Picks& picks, float priority, std::uint32_t i) {
  if (!picks.line(i).has(kHeading) || picks.repeats(i) < 2) return;
  const std::uint32_t last = block_below(picks, i);
  if (last > i) picks.add(priority, i, last, Reason::kMatch);
}

/// Of a long block that stands further in below the line that is asked for, the lines that have words of the question,
/// too.
void add_details(Picks& picks, std::uint32_t i) {
  constexpr std::uint32_t kFarthest = 400, kMost = 4;
  std::vector<std::uint32_t> details;
  std::uint32_t k = i + 1;
  for (; k < picks.count() && k <= i + kFarthest; ++k) {
    if (picks.line(k).has(kBlank)) continue;
    if (picks.line(k).indent <= picks.line(i).indent) break;
    if (details.size() < kMost && picks.analysis().query.score[k] > 0) details.push_back(k);
  }
  if (k - i <= kLongestBlock + 1) return;
  for (const std::uint32_t line : details) picks.add(1.6f, line, line, Reason::kMatch);
}

/// How many tokens the lines begin with of which one is a clock: a time that never goes back, such as "[0.259s]" behind
/// the date.
std::uint32_t clock_tokens(const Picks& picks, Dimension wanted) {
  constexpr std::uint32_t kPlaces = 4;
  constexpr std::size_t kLeast = 20;
  if (wanted != Dimension::kTime) return 0;
  std::uint32_t clock = 0;
  for (std::uint32_t place = 0; place < kPlaces; ++place) {
    std::size_t lines = 0, steps = 0, back = 0;
    double last = -1;
    for (std::uint32_t i = 0; i < picks.count(); ++i) {
      const Line& line = picks.line(i);
      if (place >= line.token_count) continue;
      const Token& token = picks.document().tokens[line.first_token + place];
      if (token.kind == TokenKind::kTime) continue;
      const auto quantity = parse_quantity(picks.document().text_of(line, token));
      if (!quantity || quantity->dimension != wanted) continue;
      ++lines;
      steps += quantity->value > last;
      back += quantity->value < last;
      last = quantity->value;
    }
    if (lines >= kLeast && lines * 2 > picks.count() && back == 0 && steps * 10 >= lines) clock = place + 1;
  }
  return clock;
}

/// The last quantity of a line that has the dimension which the question's order is one of, behind the first tokens.
double measured(const Picks& picks, const Line& line, Dimension wanted, std::uint32_t behind) {
  // What a line begins with is when it was written.
  const std::uint32_t first = line.first_token + std::max(behind, std::uint32_t{1});
  for (std::uint32_t t = line.first_token + line.token_count; t-- > first;) {
    const Token& token = picks.document().tokens[t];
    if (token.kind == TokenKind::kTime || token.begin < line.content) continue;
    const auto quantity = parse_quantity(picks.document().text_of(line, token));
    if (quantity && quantity->dimension == wanted) return quantity->value;
  }
  return 0;
}

/// "The longest pause": of all lines with the word the three with the most, whatever else they say.
void pick_most_of_asked(Picks& picks) {
  constexpr std::size_t kMost = 3;
  const Wants& wants = picks.analysis().query.wants;
  if (!wants.extreme || !wants.high || wants.span == wants.size) return;
  std::vector<std::pair<double, std::uint32_t>> found;
  const Dimension dimension = wants.span ? Dimension::kTime : Dimension::kSize;
  const std::uint32_t clock = clock_tokens(picks, dimension);
  for (std::uint32_t i = 0; i < picks.count(); ++i) {
    if (!picks.analysis().query.met[i]) continue;
    const double value = measured(picks, picks.line(i), dimension, clock);
    if (value > 0) found.emplace_back(-value, i);
  }
  if (found.size() < 2 * kMost) return;
  std::ranges::sort(found);
  for (std::size_t k = 0; k < kMost; ++k) {
    picks.add(2.2f - 0.1f * static_cast<float>(k), found[k].second, found[k].second, Reason::kExtreme);
  }
}

}  // namespace

void pick_asked(Picks& picks) {
  std::size_t n = 0;
  for (std::uint32_t i : picks.analysis().query.exact) {
    if (++n > kMaxAsked) break;
    const Record& record = picks.record_of(i);
    picks.add(kAlways, i, i, Reason::kAsked);
    if (n <= 12) add_block(picks, 2.0f, i);
    if (record.last - record.first < 8 && n <= 6) picks.add(1.0f, record.first, record.last, Reason::kAsked);
  }
}

void pick_matches(Picks& picks) {
  const std::vector<float>& score = picks.analysis().query.score;
  const float best = score.empty() ? 0.0f : *std::ranges::max_element(score);
  if (!picks.analysis().query.met.empty()) pick_most_of_asked(picks);
  if (best < 0.4f) return;
  if (!picks.analysis().query.wants.number) {
    for (std::uint32_t i : picks.analysis().query.few) {
      if (picks.line(i).has(kNote)) continue;
      picks.add(1.1f, i, i, Reason::kMatch);
      add_block(picks, 1.8f, i);
      add_details(picks, i);
    }
  }
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < picks.count(); ++i) {
    if (score[i] >= std::max(0.35f, 0.3f * best) && !picks.line(i).has(kNote)) order.push_back(i);
  }
  std::ranges::sort(
      order, [&](std::uint32_t x, std::uint32_t y) { return score[x] != score[y] ? score[x] > score[y] : x < y; });
  std::map<std::uint32_t, std::uint32_t> per_template;
  std::uint32_t sure = 0;
  for (std::uint32_t i : order) {
    const std::uint32_t nth = ++per_template[picks.line(i).template_id];
    if (nth == 1 && score[i] >= 0.6f * best && per_template.size() <= 3) extremes_of(picks, picks.line(i).template_id);
    const std::uint32_t last = picks.analysis().templates[picks.line(i).template_id].last;
    if (nth == 1 && picks.repeats(i) > 1 && (picks.analysis().query.wants.first || picks.analysis().query.wants.last) &&
        score[i] >= 0.6f * best) {
      const std::uint32_t first = picks.analysis().templates[picks.line(i).template_id].sample;
      if (picks.analysis().query.wants.first && score[first] >= 0.6f * score[i])
        picks.add(1.2f, first, first, Reason::kMatch);
      if (picks.analysis().query.wants.last && score[last] >= 0.6f * score[i])
        picks.add(1.2f, last, last, Reason::kMatch);
    }
    if (nth == 3 && score[last] >= score[i]) picks.add(0.6f, last, last, Reason::kMatch);
    // Where hardly a word tells the lines of the kind that is asked for apart, all of a few are.
    if (nth > 5 && picks.repeats(i) <= kFewOfAKind && score[i] >= 0.8f * best) {
      picks.add(0.6f, i, i, Reason::kMatch);
    }
    if (nth > 5) continue;
    const float relative = score[i] / best;
    const bool certain = relative >= 0.8f && score[i] >= 0.7f && nth <= 2 && ++sure <= 8;
    picks.add(certain ? 3.0f : 0.35f + 0.5f * relative - 0.05f * static_cast<float>(nth), i, i, Reason::kMatch);
    const Record& record = picks.record_of(i);
    if (certain && record.last - record.first < 12) picks.add(0.8f, record.first, record.last, Reason::kMatch);
  }
}

}  // namespace headroom::compress::log
