#include "compress/prose/selection.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <queue>

#include "base/text.h"
#include "compress/prose/line_form.h"
#include "compress/prose/traits.h"

namespace headroom::compress::prose {
namespace {

constexpr std::size_t kSmallGap = 56;     // bytes: a marker and the break in reading cost as much
constexpr std::size_t kSmallInner = 110;  // the same inside a paragraph
constexpr double kLongestOfPart = 1200;   // bytes
constexpr std::size_t kLongestNotice = 400;
constexpr std::uint32_t kNoticesWithin = 4;  // sentences from either end
constexpr double kShareOfReference = 0.25;
constexpr double kShareOfList = 0.6;
constexpr std::uint32_t kGuards = kNegation | kModal | kCondition | kWarning | kNote;
constexpr std::uint32_t kFacts = kUnit | kDate | kVersion | kPath | kCode | kMoney | kDefinition | kQuoted;

class Selector {
 public:
  Selector(const Analysis& a, Profile profile, std::size_t target)
      : d_(a.document), v_(a.vocabulary), q_(a.question), r_(a.relevance), n_(a.document.sentences.size()) {
    keep_.assign(n_, Reason::kDropped);
    near_.assign(d_.blocks.size(), 0);
    seen_.assign(v_.terms().size(), 0);
    open_.assign(n_, 0);
    reference_ = is_reference();
    budget_ = static_cast<double>(d_.text.size()) * share(profile);
    if (target > 0) budget_ = static_cast<double>(target);
    goal_ = target;
  }

  Selection run() {
    top();
    focus();
    literals();
    parts();
    notices();
    if (is_looked_up()) entries();
    leads();
    fill();
    return finish();
  }

  /// Once more, with what a judge says of the sentences; after run(), which has kept `lines`.
  Selection run_again(std::span<const float> judged, const std::vector<Reason>& lines) {
    const std::vector<Reason> before = std::move(keep_);
    keep_.assign(n_, Reason::kDropped);
    seen_.assign(seen_.size(), 0);
    spent_ = 0;
    for (std::uint32_t s = 0; s < n_; ++s) {
      if (is_plain(s) && (open_[s] != 0 || before[s] == Reason::kDropped)) continue;
      const Reason reason = before[s] == Reason::kDropped && shown_whole(lines, s) ? Reason::kSmall : before[s];
      if (reason == Reason::kDropped) continue;
      const double spent = spent_;
      keep(s, reason);
      if (reason == Reason::kIntroduces || reason == Reason::kSmall) spent_ = spent;  // came on top of the budget
    }
    judged_ = judged;
    float sum = 0;
    std::size_t count = 0;
    for (const float share : judged_) {
      sum += share < 0 ? 0 : share;
      count += share >= 0;
    }
    mean_ = count == 0 ? 0 : sum / static_cast<float>(count);
    fill();
    for (std::uint32_t s = 0; s < n_; ++s) {
      const bool new_content = before[s] == Reason::kDropped && keep_[s] == Reason::kContent;
      if (new_content && judged_[s] > mean_) keep_[s] = Reason::kJudged;
    }
    return finish();
  }

 private:
  Selection finish() {
    introduce();
    headings();
    return {.lines = to_lines(), .looked_up = is_looked_up()};
  }

  bool shown_whole(const std::vector<Reason>& lines, std::uint32_t s) const {
    const auto begin = lines.begin() + d_.sentences[s].first_line;
    const auto end = lines.begin() + d_.sentences[s].last_line + 1;
    return std::find(begin, end, Reason::kDropped) == end;
  }

  /// Nothing in it must stay: the judge may have it give way.
  bool is_plain(std::uint32_t s) const {
    constexpr std::uint32_t kHolds = kGuards | kFacts | kNumber | kName;
    return (v_.traits_of(s) & kHolds) == 0 && r_.sentence[s] <= 0;
  }

  /// Share of the text that is kept: less of a long one, less when the answer's place is plain.
  double share(Profile profile) const {
    const double tokens = static_cast<double>(d_.text.size()) / 4;
    double part = std::clamp(0.62 - 0.085 * std::log2(std::max(tokens, 200.0) / 3000), 0.10, 0.70);
    if (q_.scope == Scope::kCollection) part = std::min(0.75, part * 1.1);
    if (q_.scope == Scope::kPassage) {
      // The longer a text is, the less of it is near the question.
      part *= 1.0 - std::clamp(0.48 + 0.14 * std::log2(tokens / 6000), 0.48, 0.77) * r_.coverage;
    }
    // Who looks something up in a reference reads the entries that it is about.
    if (is_looked_up()) part *= kShareOfReference;
    // Of a history of changes or another long list, entries are read that the question is about.
    if (!reference_ && q_.scope == Scope::kPassage && is_list()) part *= kShareOfList;
    // A short text has little to save and little to tell what matters by.
    if (tokens < 2000 && !is_looked_up()) part = std::max(part, 0.45);
    if (profile == Profile::kGentle) return std::min(0.85, part * 1.6);
    return profile == Profile::kAggressive ? part * 0.6 : part;
  }

  /// The text is a reference, and the question is about some of its entries.
  bool is_looked_up() const {
    // "All files of a folder" is still one thing to look up; "all options" are not.
    return reference_ && (q_.scope == Scope::kPassage || (q_.scope == Scope::kCollection && !q_.every_entry));
  }

  /// Much of the text is options, commands or other names, and what explains them.
  bool is_reference() const {
    std::size_t bytes = 0;
    for (const Block& block : d_.blocks) {
      const std::string_view first = d_.lines[block.first].content;
      if (block.kind == BlockKind::kItem && (is_option(first) || described_at(first) > 0))
        bytes += d_.bytes_of(block.first, block.last);
    }
    return bytes * 5 > d_.text.size() * 2;
  }

  /// Most of the text is a list of many short entries.
  bool is_list() const {
    constexpr std::size_t kMany = 30, kShort = 300;
    std::size_t bytes = 0;
    std::size_t items = 0;
    for (const Block& block : d_.blocks) {
      if (block.kind != BlockKind::kItem || d_.bytes_of(block.first, block.last) > kShort) continue;
      bytes += d_.bytes_of(block.first, block.last);
      ++items;
    }
    return items >= kMany && bytes * 5 > d_.text.size() * 3;
  }

  double bytes_of(std::uint32_t s) const { return d_.sentences[s].end - d_.sentences[s].begin; }
  const Block& block_of(std::uint32_t s) const { return d_.blocks[d_.sentences[s].block]; }

  void keep(std::uint32_t s, Reason reason) {
    if (keep_[s] != Reason::kDropped) return;
    keep_[s] = reason;
    if (block_of(s).kind != BlockKind::kHeading) spent_ += bytes_of(s);
    for (const std::uint32_t term : v_.terms_of(s)) seen_[term] = 1;
  }
  void keep_block(std::uint32_t b, Reason reason) {
    const Block& block = d_.blocks[b];
    for (std::uint32_t s = block.first_sentence; s < block.first_sentence + block.sentence_count; ++s) keep(s, reason);
  }

  /// The first heading and the first two sentences that say something, or three items of a list that it begins with.
  void top() {
    std::size_t said = 0;
    std::size_t items = 0;
    for (std::uint32_t s = 0; s < n_ && s < 40 && said < 2 && items < 3; ++s) {
      const BlockKind kind = block_of(s).kind;
      if (kind == BlockKind::kMeta || kind == BlockKind::kCode) continue;
      if (bytes_of(s) > 1200) break;
      keep(s, kind == BlockKind::kHeading ? Reason::kHeading : Reason::kTop);
      said += kind == BlockKind::kParagraph || kind == BlockKind::kQuote;
      items += kind == BlockKind::kItem;
    }
  }

  /// The blocks nearest to the question stay whole, as far as half the budget goes.
  void focus() {
    if (r_.best <= 0 || q_.scope == Scope::kBroad) return;
    const bool collection = q_.scope == Scope::kCollection;
    std::vector<std::uint32_t> order;
    const float least = r_.best * 0.3f;
    // What only leads elsewhere is an answer where nothing that is said is a better one.
    float best_said = 0;
    for (std::uint32_t b = 0; b < d_.blocks.size(); ++b) {
      if (d_.blocks[b].kind != BlockKind::kMeta) best_said = std::max(best_said, r_.block[b]);
    }
    for (std::uint32_t b = 0; b < d_.blocks.size(); ++b) {
      const bool aside = d_.blocks[b].kind == BlockKind::kMeta && r_.block[b] <= best_said;
      if (d_.blocks[b].kind != BlockKind::kHeading && !aside && r_.block[b] >= least) order.push_back(b);
    }
    std::ranges::stable_sort(order, [&](std::uint32_t x, std::uint32_t y) { return r_.block[x] > r_.block[y]; });
    double left = std::max(1800.0, budget_ * (collection ? 0.8 : 0.6));
    for (const std::uint32_t b : order) {
      const Block& block = d_.blocks[b];
      const double size = d_.bytes_of(block.first, block.last);
      touch(b);
      // The nearest of all stays, however long: an example, a table's rows.
      if (size > left && !(b == order.front() && size <= std::max(5000.0, budget_))) {
        keep_best_sentences(b, left);
        if (left < 200) break;
        continue;
      }
      keep_block(b, Reason::kAnswer);
      left -= size;
    }
  }

  /// Blocks of the same section beside block `b`; all of a short section.
  void touch(std::uint32_t b) {
    const Section& section = d_.sections[d_.blocks[b].section];
    const bool small = d_.bytes_of(d_.blocks[section.first_block].first, d_.blocks[section.last_block].last) < 2500;
    const std::uint32_t from = small ? section.first_block : std::max(section.first_block, b < 3 ? 0u : b - 3);
    const std::uint32_t to = small ? section.last_block : std::min(section.last_block, b + 3);
    for (std::uint32_t k = from; k <= to; ++k) near_[k] = 1;
  }

  void keep_best_sentences(std::uint32_t b, double& left) {
    const Block& block = d_.blocks[b];
    for (std::uint32_t s = block.first_sentence; s < block.first_sentence + block.sentence_count; ++s) {
      if (r_.sentence[s] < r_.best * 0.3f || bytes_of(s) > left) continue;
      left -= bytes_of(s);
      keep(s, Reason::kAnswer);
    }
  }

  void literals() {
    for (const std::uint32_t s : r_.literals) {
      touch(d_.sentences[s].block);
      if (bytes_of(s) < std::max(4000.0, budget_ * 0.5)) keep(s, Reason::kLiteral);
    }
  }

  /// Who asks for several things is not answered by the nearest to one of them.
  void parts() {
    for (const std::uint32_t s : r_.by_part) {
      touch(d_.sentences[s].block);
      if (bytes_of(s) < kLongestOfPart) keep(s, Reason::kAnswer);
    }
  }

  /// That a text goes on elsewhere, and where, is said at its ends.
  void notices() {
    const std::uint32_t ends = std::min<std::uint32_t>(kNoticesWithin, static_cast<std::uint32_t>(n_));
    for (std::uint32_t s = 0; s < ends; ++s) {
      for (const std::uint32_t at : {s, static_cast<std::uint32_t>(n_) - 1 - s}) {
        const Sentence& sentence = d_.sentences[at];
        const std::string_view text = d_.text.substr(sentence.begin, sentence.end - sentence.begin);
        if (text.size() < kLongestNotice && says_more_follows(text)) keep(at, Reason::kNotice);
      }
    }
  }

  static bool says_more_follows(std::string_view text) {
    static constexpr std::array<std::string_view, 7> kPhrases = {
        "truncated", "start_index", "to get more", "read more of", "next page", "more content", "total lines"};
    return std::ranges::any_of(kPhrases, [&](std::string_view phrase) { return base::contains_ci(text, phrase); });
  }

  /// A question about several options has a word or two for each: every word gets its entries, and what is called by
  /// the user's words alone is meant.
  void entries() {
    for (const std::uint32_t s : r_.by_word) keep(s, Reason::kAnswer);
    for (std::uint32_t b = 0; b < d_.blocks.size(); ++b) {
      const Block& block = d_.blocks[b];
      const std::string_view option = d_.lines[block.first].content;
      if (block.kind != BlockKind::kItem || !is_option(option) || !is_named(option)) continue;
      keep(block.first_sentence, Reason::kAnswer);
    }
  }

  /// One of the option's names holds no other words than the user's.
  bool is_named(std::string_view option) const {
    const std::string_view names = option.substr(0, option.find("  "));
    for (std::size_t at = names.find("--"); at != std::string_view::npos; at = names.find("--", at + 2)) {
      const std::string_view name = names.substr(at + 2, names.find_first_of(" ,=[<", at) - at - 2);
      const std::vector<std::string> words = terms_of_text(name);
      const bool all = std::ranges::all_of(words, [&](const std::string& word) {
        return std::ranges::any_of(q_.terms, [&](const QuestionTerm& term) { return term.user && term.text == word; });
      });
      if (all && !words.empty()) return true;
    }
    return false;
  }

  /// The first sentence of every section, as far as a third of the budget goes, outer sections first.
  void leads() {
    double left = budget_ * (q_.scope == Scope::kBroad ? 0.6 : 0.3);
    for (std::uint8_t level = 0; level <= 7 && left > 0; ++level) {
      for (const Section& section : d_.sections) {
        if (section.level != level) continue;
        for (std::uint32_t b = section.first_block; b <= section.last_block; ++b) {
          const BlockKind kind = d_.blocks[b].kind;
          if (kind == BlockKind::kHeading || kind == BlockKind::kMeta) continue;
          if (kind == BlockKind::kCode || kind == BlockKind::kTable) break;
          const std::uint32_t s = d_.blocks[b].first_sentence;
          if (bytes_of(s) > 500 || bytes_of(s) > left) break;
          if (keep_[s] == Reason::kDropped) left -= bytes_of(s);
          keep(s, Reason::kLead);
          break;
        }
      }
    }
  }

  struct Candidate {
    float value = 0;
    std::uint32_t sentence = 0;
    bool operator<(const Candidate& other) const {
      return value != other.value ? value < other.value : sentence > other.sentence;
    }
  };

  /// The rest of the budget goes to what is worth most beside what is kept.
  void fill() {
    const double guard_room = goal_ > 0 ? 0 : budget_ * 0.12;
    std::priority_queue<Candidate> queue;
    for (std::uint32_t s = 0; s < n_; ++s) {
      if (keep_[s] != Reason::kDropped || block_of(s).kind == BlockKind::kHeading) continue;
      const float value = value_of(s);
      if (value > 0) queue.push({value * novelty(s), s});
    }
    while (!queue.empty() && spent_ < budget_ + guard_room) {
      const Candidate top = queue.top();
      queue.pop();
      const float now = value_of(top.sentence) * novelty(top.sentence);
      if (!queue.empty() && now < queue.top().value * 0.999f) {
        queue.push({now, top.sentence});
        continue;
      }
      if (now < 0.02f) break;
      const std::uint32_t traits = v_.traits_of(top.sentence);
      const bool near = near_[d_.sentences[top.sentence].block] != 0;
      const bool wanted = (traits & q_.wanted) != 0 && r_.sentence[top.sentence] > 0;
      const bool guarded = near && (traits & kGuards) != 0;
      if (spent_ + bytes_of(top.sentence) > budget_ && !wanted && !guarded) continue;
      if (bytes_of(top.sentence) > std::max(budget_ + guard_room - spent_, 300.0)) continue;
      const Sentence& sentence = d_.sentences[top.sentence];
      const bool first = d_.blocks[sentence.block].first_sentence == top.sentence;
      open_[top.sentence] = 1;
      keep(top.sentence, wanted    ? Reason::kWanted
                         : guarded ? Reason::kGuarded
                         : first   ? Reason::kLead
                                   : Reason::kContent);
    }
  }

  float value_of(std::uint32_t s) const {
    const Sentence& sentence = d_.sentences[s];
    const Block& block = d_.blocks[sentence.block];
    if (block.kind == BlockKind::kMeta) return 0;
    const std::uint32_t traits = v_.traits_of(s);
    const bool near = near_[sentence.block] != 0;
    const float scale = r_.best > 0 ? 1.0f / r_.best : 0.0f;
    float value = 2.0f * r_.sentence[s] * scale + 1.2f * r_.block[sentence.block] * scale;
    const bool first = block.first_sentence == s;
    if (block.kind == BlockKind::kParagraph || block.kind == BlockKind::kQuote) value += first ? 0.5f : 0.1f;
    if (block.kind == BlockKind::kItem) value += first ? 0.3f : 0.05f;
    value += 0.12f * static_cast<float>(std::popcount(traits & kGuards)) * (near ? 2.0f : 1.0f);
    value += 0.07f * static_cast<float>(std::popcount(traits & kFacts)) * (near ? 1.6f : 1.0f);
    if (q_.wanted != 0 && (traits & q_.wanted) != 0) value += r_.sentence[s] > 0 ? 0.8f : near ? 0.6f : 0.3f;
    value += 0.5f * information(s);
    if (!judged_.empty() && judged_[s] >= 0) {
      // What must not be lost does not sink.
      const float by = (q_.scope == Scope::kBroad ? 0.8f : 0.5f) * (judged_[s] - mean_);
      value += is_plain(s) ? by : std::max(by, 0.0f);
    }
    if (near) value += 0.3f;
    if (block.kind == BlockKind::kCode) value *= near ? 0.9f : 0.45f;
    if (block.kind == BlockKind::kRow || block.kind == BlockKind::kTable) value *= near ? 1.0f : 0.6f;
    const auto bytes = static_cast<float>(bytes_of(s));
    return value * std::pow(std::min(1.0f, 180.0f / bytes), 0.35f);
  }

  /// Mean rarity of its terms, 0..1.
  float information(std::uint32_t s) const {
    const auto terms = v_.terms_of(s);
    if (terms.empty()) return 0;
    float sum = 0;
    for (const std::uint32_t term : terms) sum += v_.rarity(term);
    return sum / static_cast<float>(terms.size() + 2);
  }

  /// Share of what it tells that nothing kept has told, 0.1..1.
  float novelty(std::uint32_t s) const {
    float all = 0.01f;
    float fresh = 0;
    for (const std::uint32_t term : v_.terms_of(s)) {
      all += v_.rarity(term);
      if (seen_[term] == 0) fresh += v_.rarity(term);
    }
    return 0.1f + 0.9f * std::sqrt(fresh / all);
  }

  /// Terms before what explains them, "as follows:" before the list, the head of a table before its rows.
  void introduce() {
    for (std::uint32_t b = static_cast<std::uint32_t>(d_.blocks.size()); b-- > 0;) {
      const Block& block = d_.blocks[b];
      if (block.kind == BlockKind::kItem && block.sentence_count > 1 && any_kept(b)) {
        keep(block.first_sentence, Reason::kIntroduces);
      }
      if (block.head == kNone || block.kind == BlockKind::kHeading || !any_kept(b)) continue;
      const Block& head = d_.blocks[block.head];
      const bool small = d_.bytes_of(head.first, head.last) <= 400;
      if (small || head.kind == BlockKind::kTable) {
        keep_block(block.head, Reason::kIntroduces);
      } else {
        keep(head.kind == BlockKind::kParagraph ? head.first_sentence + head.sentence_count - 1 : head.first_sentence,
             Reason::kIntroduces);
      }
    }
  }

  bool any_kept(std::uint32_t b) const {
    const Block& block = d_.blocks[b];
    for (std::uint32_t s = block.first_sentence; s < block.first_sentence + block.sentence_count; ++s) {
      if (keep_[s] != Reason::kDropped) return true;
    }
    return false;
  }

  /// Headings over what stays; the others as the outline, unless there are too many.
  void headings() {
    std::vector<std::uint8_t> used(d_.sections.size(), 0);
    for (std::uint32_t s = 0; s < n_; ++s) {
      if (keep_[s] != Reason::kDropped && block_of(s).kind != BlockKind::kHeading) used[block_of(s).section] = 1;
    }
    for (std::uint32_t i = static_cast<std::uint32_t>(d_.sections.size()); i-- > 0;) {
      if (used[i] != 0 && d_.sections[i].parent != kNone) used[d_.sections[i].parent] = 1;
    }
    double rest = 0;
    for (std::uint32_t i = 0; i < d_.sections.size(); ++i) {
      const std::uint32_t b = d_.sections[i].heading;
      if (b == kNone) continue;
      if (used[i] != 0) {
        keep_block(b, Reason::kHeading);
      } else {
        rest += d_.bytes_of(d_.blocks[b].first, d_.blocks[b].last) + 20;
      }
    }
    // Who asks for all of a sort may mean what the headings name.
    if (rest > budget_ * 0.12 && q_.scope != Scope::kCollection) return;
    for (const Section& section : d_.sections) {
      if (section.heading != kNone) keep_block(section.heading, Reason::kHeading);
    }
  }

  std::vector<Reason> to_lines() const {
    std::vector<Reason> lines(d_.lines.size(), Reason::kDropped);
    for (std::uint32_t s = 0; s < n_; ++s) {
      if (keep_[s] == Reason::kDropped) continue;
      for (std::uint32_t i = d_.sentences[s].first_line; i <= d_.sentences[s].last_line; ++i) {
        if (lines[i] == Reason::kDropped) lines[i] = keep_[s];
      }
    }
    fill_small_gaps(lines);
    settle_blanks(lines);
    return lines;
  }

  void fill_small_gaps(std::vector<Reason>& lines) const {
    const auto n = static_cast<std::uint32_t>(lines.size());
    for (std::uint32_t i = 0; i < n;) {
      if (lines[i] != Reason::kDropped || d_.lines[i].blank()) {
        ++i;
        continue;
      }
      std::uint32_t end = i;
      std::size_t bytes = 0;
      bool broken = false;  // holds a blank line, so it is more than the inside of a paragraph
      while (end < n && lines[end] == Reason::kDropped) {
        bytes += d_.lines[end].content.size();
        broken = broken || d_.lines[end].blank();
        ++end;
      }
      const bool inner = !broken && i > 0 && end < n && !d_.lines[i - 1].blank();
      if (bytes < (inner ? kSmallInner : kSmallGap)) {
        for (std::uint32_t k = i; k < end; ++k) lines[k] = Reason::kSmall;
      }
      i = end;
    }
  }

  /// A blank line between two that stay, stays; beside a gap it goes with it.
  void settle_blanks(std::vector<Reason>& lines) const {
    const auto n = static_cast<std::uint32_t>(lines.size());
    for (std::uint32_t i = 0; i < n;) {
      if (!d_.lines[i].blank()) {
        ++i;
        continue;
      }
      std::uint32_t end = i;
      while (end < n && d_.lines[end].blank()) ++end;
      const bool before = i == 0 || lines[i - 1] != Reason::kDropped;
      const bool after = end == n || lines[end] != Reason::kDropped;
      for (std::uint32_t k = i; k < end; ++k) {
        lines[k] = (before && after) ? Reason::kSmall : Reason::kDropped;
      }
      i = end;
    }
  }

  const Document& d_;
  const Vocabulary& v_;
  const Question& q_;
  const Relevance& r_;
  std::size_t n_;
  std::vector<Reason> keep_;
  std::vector<std::uint8_t> near_;  // blocks beside which something was found
  std::vector<std::uint8_t> seen_;  // terms of what is kept
  std::vector<std::uint8_t> open_;  // kept only to fill the budget
  std::span<const float> judged_;
  float mean_ = 0;
  bool reference_ = false;
  double budget_ = 0, spent_ = 0;
  std::size_t goal_ = 0;
};

}  // namespace

std::string_view reason_name(Reason reason) {
  switch (reason) {
    case Reason::kDropped:
      return "dropped";
    case Reason::kHeading:
      return "heading";
    case Reason::kTop:
      return "opens the text";
    case Reason::kAnswer:
      return "near to the question";
    case Reason::kLiteral:
      return "holds a string of the question";
    case Reason::kWanted:
      return "the kind of fact that is asked for";
    case Reason::kGuarded:
      return "a condition, negation or warning near to the question";
    case Reason::kLead:
      return "leads its section or paragraph";
    case Reason::kContent:
      return "tells more than others";
    case Reason::kIntroduces:
      return "introduces what follows";
    case Reason::kNotice:
      return "says that there is more";
    case Reason::kSmall:
      return "a marker would be as long";
    case Reason::kJudged:
      return "the learned judge finds it telling";
  }
  return {};
}

Selection select(const Analysis& analysis, Profile profile, std::size_t target_bytes, std::span<const float> judged) {
  if (analysis.question.scope == Scope::kWhole || analysis.document.sentences.empty()) return {.all = true};
  Selector selector(analysis, profile, target_bytes);
  Selection selection = selector.run();
  return judged.empty() ? selection : selector.run_again(judged, selection.lines);
}

}  // namespace headroom::compress::prose
