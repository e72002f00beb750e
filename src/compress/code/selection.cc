#include "compress/code/selection.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/code/unasked_runs.h"

namespace headroom::compress::code {
namespace {

constexpr std::size_t kSmallBody = 90;        // bytes under which a gap costs as much as what it stands for
constexpr std::size_t kSmallRemark = 60;      // bytes of a comment that are worth a gap
constexpr std::uint32_t kShortStatement = 8;  // rows of a statement that stays whole around a row that matters
constexpr double kCallBudget = 0.2;           // of the budget, for what the kept bodies call
constexpr double kLargeFile = 40'000;         // bytes beyond which the budget grows a quarter as fast
constexpr double kPartBudget = 0.4;           // of the budget, for single statements of other bodies
constexpr double kLeastScore = 0.25;
constexpr double kOfBest = 0.4;          // share of the best score that makes a body worth keeping whole
constexpr double kPartFloor = 0.26;      // weight of words within three rows that makes a statement worth keeping
constexpr double kPartOfBest = 0.6;      // ... and share of the best such weight in its body
constexpr std::size_t kShortRest = 400;  // bytes of a body, most of which stays
constexpr std::size_t kMostRests = 2;    // of the bodies of which some stays, the best
constexpr double kRestBudget = 0.3;      // of the budget, for such bytes
constexpr std::uint32_t kRowsAfter = 2;  // rows that stay behind one that matters
constexpr double kCertain = 3;           // scores above tell no more
constexpr double kNamed = 4;             // ... of a body that the question names
constexpr double kNamedBytes = 5000;     // of a body of which the question tells but the name
constexpr double kCloseToBest = 0.6;     // share of the best score that makes a body one that the question is about
constexpr double kCalledShare = 0.25;    // of the budget, for one body that is called
constexpr std::size_t kSmallCrowd = 4;   // bodies that words may speak of beside a name
constexpr std::size_t kMostCentres = 6, kMostNamesakes = 2;
constexpr std::size_t kGapBytes = 12;
constexpr std::size_t kItemsAhead = 3;                         // items of a table that stay at its start
constexpr std::size_t kFewItems = 6;                           // of a table, that a word tells apart from the others
constexpr std::size_t kSpokenBytes = 1200, kSpokenShare = 10;  // for comments with the question's words; of all bytes
constexpr std::size_t kMostNotes = 300;

bool word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

enum class Fate : std::uint8_t { kGone, kPart, kWhole };

class Selector {
 public:
  explicit Selector(const SelectionInput& input) : in_(input), units_(input.outline.units), scores_(input.scores) {}

  Selection run() {
    out_.keep.assign(in_.rows.size(), true);
    headed_.assign(in_.outline.statements.size(), false);
    fate_.assign(units_.size(), Fate::kGone);
    reasons_.assign(units_.size(), {});
    part_.assign(in_.rows.size(), false);
    // What a question is about grows more slowly than the file.
    const auto bytes = static_cast<double>(in_.code.size());
    budget_ = in_.budget * (std::min(bytes, kLargeFile) + 0.25 * std::max(0.0, bytes - kLargeFile));
    keep_whole();
    keep_neighbours();
    keep_parts();
    keep_rests();
    drop_bodies();
    drop_unasked();
    drop_plain_members();
    drop_remarks();
    drop_tables();
    drop_imports();
    explain();
    return std::move(out_);
  }

 private:
  std::size_t bytes_of(Rows rows) const {
    if (rows.first > rows.last) return 0;
    const char* from = in_.rows[rows.first].data();
    const std::string_view last = in_.rows[rows.last];
    return static_cast<std::size_t>(last.data() + last.size() - from) + 1;
  }

  std::size_t line(std::uint32_t row) const { return row + in_.line_of_row_0; }

  void keep_whole() {
    if (scores_.ranked.empty()) return;
    const double best = std::min(scores_.ranked.front().score, kCertain);
    const double floor = std::max(kLeastScore, best * kOfBest);
    double left = budget_;
    // Beside a name that the question gives, words that most bodies have tell nothing.
    named_ = scores_.ranked.front().score >= kNamed && is_said(scores_.ranked.front());
    const auto crowd = static_cast<std::size_t>(
        std::ranges::count_if(scores_.ranked, [&](const Score& s) { return s.score >= floor && !is_said(s); }));
    const bool crowded = named_ && is_crowd(crowd);
    for (const Score& s : scores_.ranked) {
      if (s.score < floor) break;
      if (crowded && s.rows.empty() && !is_said(s)) continue;
      const auto cost = static_cast<double>(s.bytes);
      // What the question names may take twice the room.
      const double more = s.score >= kNamed                                ? budget_
                          : &s == &scores_.ranked.front() && only_named(s) ? kNamedBytes
                                                                           : 0;
      if (cost > left && cost >= left + more) continue;
      left -= cost;
      keep(s.unit, s.reason);
    }
    keep_inner(std::max(left, kNamedBytes));
  }

  /// Functions within those that the question names are part of these.
  void keep_inner(double left) {
    for (std::uint32_t i = 0; i < units_.size(); ++i) {
      const std::uint32_t around = units_[i].parent;
      if (around == kNone || fate_[around] != Fate::kWhole || fate_[i] == Fate::kWhole) continue;
      const auto cost = static_cast<double>(scores_.bytes[i]);
      if (!in_.question.says(units_[around].name) || cost > left) continue;
      left -= cost;
      keep(i, fmt::format("in {}", units_[around].name));
    }
  }

  bool is_said(const Score& s) const { return in_.question.says(units_[s.unit].name); }

  /// Its name is in the question, and no line of it has another word of that: which part is asked about cannot be told.
  bool only_named(const Score& s) const {
    const Unit& unit = units_[s.unit];
    if (unit.name.empty() || !(in_.question.says(unit.name) || in_.question.covers_name(unit.name))) return false;
    const std::uint64_t others = scores_.said & ~in_.question.match(unit.name);
    for (std::uint32_t row = unit.body.first; row <= unit.body.last; ++row) {
      if (scores_.owner[row] == s.unit && (scores_.masks[row] & others) != 0) return false;
    }
    return s.rows.empty();
  }
  bool is_crowd(std::size_t bodies) const { return bodies > std::max(kSmallCrowd, scores_.ranked.size() / 4); }

  void keep(std::uint32_t unit, std::string reason) {
    fate_[unit] = Fate::kWhole;
    reasons_[unit] = std::move(reason);
  }

  /// Single statements of bodies that cannot stay whole.
  void keep_parts() {
    double left = budget_ * kPartBudget;
    const auto crowd = static_cast<std::size_t>(std::ranges::count_if(
        scores_.ranked, [&](const Score& s) { return s.best > 0 && s.best >= kPartFloor * scores_.total; }));
    const bool crowded = named_ && is_crowd(crowd);
    for (const Score& s : scores_.ranked) {
      if (fate_[s.unit] == Fate::kWhole || left < 0) continue;
      const Unit& unit = units_[s.unit];
      std::vector<std::uint32_t> rows = s.rows;
      const double wanted = std::max(kPartFloor * scores_.total, kPartOfBest * s.best);
      if (s.best > 0 && s.best >= wanted && !crowded) {
        for (std::uint32_t row = unit.body.first; row <= unit.body.last; ++row) {
          if (scores_.owner[row] == s.unit && scores_.row_weights[row] >= wanted) rows.push_back(row);
        }
      }
      std::ranges::sort(rows);
      for (std::uint32_t row : rows) {
        const bool documentation = unit.doc_row != kNone && row > unit.doc_row && row <= unit.doc_last;
        if (documentation && scores_.row_weights[row] < 0.5 * scores_.total) continue;
        keep_around(s.unit, row, left, s.reason);
      }
    }
  }

  /// A row of a body and those beside it, as far as there is room.
  void keep_around(std::uint32_t index, std::uint32_t row, double& left, const std::string& reason) {
    const Unit& unit = units_[index];
    if (row < unit.body.first || row > unit.body.last || left < 0) return;
    const std::uint32_t first = row == unit.body.first ? row : row - 1;
    const std::uint32_t last = std::min(unit.body.last, row + kRowsAfter);
    for (std::uint32_t r = first; r <= last; ++r) {
      if (scores_.owner[r] != index || part_[r]) continue;
      left -= static_cast<double>(in_.rows[r].size() + kGapBytes);
      part_[r] = true;
    }
    if (fate_[index] == Fate::kGone) reasons_[index] = reason;
    fate_[index] = Fate::kPart;
  }

  /// Where most of a short body stays, the answer is as likely in the few lines that would go.
  void keep_rests() {
    double left = budget_ * kRestBudget;
    std::size_t bodies = 0;
    for (const Score& s : scores_.ranked) {
      if (bodies == kMostRests) break;
      if (fate_[s.unit] != Fate::kPart) continue;
      ++bodies;
      const Unit& unit = units_[s.unit];
      std::size_t stays = 0, goes = 0;
      for (std::uint32_t row = unit.body.first; row <= unit.body.last; ++row) {
        if (scores_.owner[row] == s.unit) (part_[row] ? stays : goes) += in_.rows[row].size() + 1;
      }
      if (goes > kShortRest || goes > stays || static_cast<double>(goes) > left) continue;
      left -= static_cast<double>(goes);
      fate_[s.unit] = Fate::kWhole;
    }
  }

  /// Calls `use` with each name in a body that an opening parenthesis follows.
  template <typename Use>
  void each_call(std::uint32_t index, Use use) const {
    const Unit& unit = units_[index];
    for (std::uint32_t row = unit.body.first; row <= unit.body.last; ++row) {
      if (scores_.owner[row] != index) continue;
      const std::string_view text = in_.rows[row];
      for (std::size_t at = text.find('('); at != std::string_view::npos; at = text.find('(', at + 1)) {
        std::size_t from = at;
        while (from > 0 && word_byte(text[from - 1])) --from;
        if (from < at) use(text.substr(from, at - from), row);
      }
    }
  }

  /// One step from what the question is about: what it calls, and where it is called from.
  void keep_neighbours() {
    if (in_.question.empty() || scores_.ranked.empty()) return;
    std::unordered_map<std::string_view, std::vector<std::uint32_t>> by_name;
    for (const Score& s : scores_.ranked) {
      if (!units_[s.unit].name.empty()) by_name[units_[s.unit].name].push_back(s.unit);
    }
    const double floor = std::max(kLeastScore, kCloseToBest * std::min(scores_.ranked.front().score, kCertain));
    std::vector<std::uint32_t> centre;
    for (const Score& s : scores_.ranked) {
      if (s.score >= floor && fate_[s.unit] == Fate::kWhole && centre.size() < kMostCentres) centre.push_back(s.unit);
    }
    double left = budget_ * kCallBudget;
    std::unordered_set<std::string_view> names;
    for (std::uint32_t caller : centre) {
      const std::string& name = units_[caller].name;
      if (name.size() >= 4 && by_name[name].size() <= kMostNamesakes) names.insert(name);
      each_call(caller, [&](std::string_view called, std::uint32_t) {
        const auto found = by_name.find(called);
        if (found == by_name.end() || found->second.size() > kMostNamesakes) return;
        for (std::uint32_t unit : found->second) {
          const auto cost = static_cast<double>(scores_.bytes[unit]);
          if (fate_[unit] == Fate::kWhole || cost > left || cost > budget_ * kCalledShare) continue;
          left -= cost;
          keep(unit, fmt::format("called by {}", name));
        }
      });
    }
    if (names.empty()) return;
    left = budget_ * kCallBudget;
    for (const Score& s : scores_.ranked) {
      if (fate_[s.unit] == Fate::kWhole || left < 0) continue;
      each_call(s.unit, [&](std::string_view called, std::uint32_t row) {
        if (names.contains(called)) keep_around(s.unit, row, left, fmt::format("calls {}", called));
      });
    }
  }

  // --- rows --------------------------------------------------------------------------------------------------------

  void set(Rows rows, bool keep) {
    for (std::uint32_t row = rows.first; row <= rows.last && row < out_.keep.size(); ++row) out_.keep[row] = keep;
  }

  void drop_bodies() {
    for (std::uint32_t i = 0; i < units_.size(); ++i) {
      const Unit& unit = units_[i];
      if (!unit.decides() || fate_[i] == Fate::kWhole) continue;
      if (scores_.bytes[i] < kSmallBody) {
        fate_[i] = Fate::kWhole;
        continue;
      }
      Rows gone = unit.body;
      if (unit.doc_row != kNone) gone.first = unit.doc_row + 1;
      if (gone.first > gone.last) {
        fate_[i] = Fate::kWhole;
        continue;
      }
      set(gone, false);
      if (unit.close != kNone) out_.keep[unit.close] = false;
      for (const Island& island : unit.islands) {
        set({std::max(island.rows.first, gone.first), std::min(island.rows.last, gone.last)}, true);
        keep_heads(island.statement);
      }
      if (unit.close != kNone && out_.keep[unit.close - 1]) out_.keep[unit.close] = true;
      ++(fate_[i] == Fate::kPart ? out_.bodies_in_part : out_.bodies_gone);
    }
    for (std::uint32_t row = 0; row < part_.size(); ++row) {
      if (part_[row] && fate_[scores_.owner[row]] == Fate::kPart) keep_statement(row);
    }
  }

  /// Items that have nothing to do with what the question is surely about.
  void drop_unasked() {
    std::vector<bool> wanted(units_.size(), false);
    for (std::uint32_t i = 0; i < units_.size(); ++i) {
      wanted[i] = units_[i].decides() && fate_[i] != Fate::kGone && !reasons_[i].empty();
    }
    out_.runs = unasked_runs({in_.outline, in_.question, in_.rows, scores_, out_.keep, wanted});
    for (const FoldedRun& run : out_.runs) set(run.rows, false);
  }

  /// Getters and setters that nobody asks about.
  void drop_plain_members() {
    if (in_.question.counts()) return;
    std::vector<double> score(units_.size(), 0);
    for (const Score& s : scores_.ranked) score[s.unit] = s.score;
    const auto asked = [&](std::uint32_t unit, Rows rows) {
      return score[unit] >= kLeastScore || scores_.hold_literal(rows) || scores_.speak_of(rows);
    };
    for (FoldedRun& run : plain_runs(in_.outline, in_.rows, asked)) {
      if (!out_.keep[run.rows.first] || !out_.keep[run.rows.last]) continue;
      set(run.rows, false);
      out_.runs.push_back(std::move(run));
    }
    std::ranges::sort(out_.runs, {}, [](const FoldedRun& run) { return run.rows.first; });
  }

  bool in_island(const Unit& unit, std::uint32_t row) const {
    return std::ranges::any_of(unit.islands,
                               [&](const Island& i) { return row >= i.rows.first && row <= i.rows.last; });
  }

  /// A row of a body that goes stays, with the statement that it is part of and the heads of those around.
  void keep_statement(std::uint32_t row) {
    const Outline& outline = in_.outline;
    const Unit& unit = units_[scores_.owner[row]];
    if (row < unit.body.first || row > unit.body.last || out_.keep[row] || in_island(unit, row)) return;
    out_.keep[row] = true;
    std::uint32_t statement = outline.statement_of[row];
    if (statement != kNone && outline.statements[statement].rows.count() <= kShortStatement) {
      set(outline.statements[statement].rows, true);
    }
    keep_heads(statement);
    // The body's own end stays where its last statement does.
    if (unit.close != kNone && out_.keep[unit.body.last]) out_.keep[unit.close] = true;
  }

  /// "if (...) {", "} else {", "}" of a statement and of those around it.
  void keep_heads(std::uint32_t statement) {
    const Outline& outline = in_.outline;
    for (; statement != kNone && !headed_[statement]; statement = outline.statements[statement].parent) {
      headed_[statement] = true;
      const Rows rows = outline.statements[statement].rows;
      for (std::uint32_t r = rows.first; r <= rows.last; ++r) {
        if (outline.statement_of[r] == statement && !outline.in_block[r]) out_.keep[r] = true;
      }
    }
  }

  void drop_remarks() {
    std::vector<Rows> gone_parts;
    std::vector<Spoken> spoken;
    for (const Remark& remark : in_.outline.remarks) {
      if (remark.rows.count() <= remark.keep) continue;
      Rows gone{remark.rows.first + remark.keep, remark.rows.last};
      if (remark.block && remark.close.empty() && gone.last-- == gone.first) continue;  // "=end" stays
      if (bytes_of(gone) < kSmallRemark) continue;
      std::uint64_t met = 0;
      for (std::uint32_t row = gone.first; row <= gone.last; ++row) met |= scores_.masks[row];
      const bool explains = explains_name(remark);
      const bool exact = explains || scores_.hold_literal(gone);
      const double weight = scores_.weight_of(met);
      if (exact || (std::popcount(met) >= 2 && weight > 0.5 * scores_.total && !remark.licence)) {
        const double named = (exact ? kNamed : 0) + (explains ? 2 * kNamed : 0);
        spoken.push_back({gone, weight + named + (stands_at_answer(remark) ? kCertain : 0)});
        continue;
      }
      set(gone, false);
      if (!remark.licence) gone_parts.push_back(gone);
    }
    if (!drop_rest_of(spoken)) keep_best_remarks(gone_parts);
  }

  /// Right above something that is no function, a constant, a field, that the question names.
  bool explains_name(const Remark& remark) const {
    const std::uint32_t below = remark.rows.last + 1;
    return !remark.licence && below < in_.rows.size() && scores_.hold_literal({below, below});
  }

  /// A comment that has the question's words.
  struct Spoken {
    Rows rows;
    double weight = 0;
  };

  /// Where comments all over the text have the words of the question, the best of them stay. True when some go.
  bool drop_rest_of(std::vector<Spoken>& spoken) {
    std::ranges::stable_sort(spoken, std::greater<>(), &Spoken::weight);
    const std::size_t room = std::max(kSpokenBytes, in_.code.size() / kSpokenShare);
    std::size_t bytes = 0;
    for (const Spoken& s : spoken) {
      bytes += bytes_of(s.rows);
      if (bytes > room && &s != &spoken.front()) set(s.rows, false);
    }
    return bytes > room;
  }

  /// Right above a function that stays because of the question.
  bool stands_at_answer(const Remark& remark) const {
    const std::uint32_t below = remark.rows.last + 1;
    return std::ranges::any_of(scores_.ranked, [&](const Score& s) {
      return fate_[s.unit] == Fate::kWhole && !reasons_[s.unit].empty() && units_[s.unit].start >= below &&
             units_[s.unit].start <= below + 1;
    });
  }

  /// What each of the user's words weighs in these parts; 0 for the others.
  std::vector<double> weights_in(const std::vector<Rows>& parts) const {
    std::vector<double> weights(in_.question.terms().size(), 0);
    for (const Rows& part : parts) {
      for (std::uint64_t m = mask_of(part); m != 0; m &= m - 1)
        ++weights[static_cast<std::size_t>(std::countr_zero(m))];
    }
    for (std::size_t t = 0; t < weights.size(); ++t) {
      const bool counts = weights[t] > 0 && !in_.question.terms()[t].synonym;
      weights[t] = counts ? std::log(1 + static_cast<double>(parts.size()) / weights[t]) : 0;
    }
    return weights;
  }

  /// Words of a comment that goes, of its beginning, which stays, and of what it explains.
  std::uint64_t mask_of(Rows part) const {
    std::uint64_t mask = 0;
    const std::uint32_t end = std::min<std::uint32_t>(part.last + 2, static_cast<std::uint32_t>(in_.rows.size()));
    for (std::uint32_t row = part.first - std::min(part.first, 1U); row < end; ++row) mask |= scores_.masks[row];
    return mask;
  }

  /// Of the comments that go, those stay that have most of the question's words, where one or a few stand out.
  void keep_best_remarks(const std::vector<Rows>& parts) {
    static constexpr std::size_t kMost = 4;
    static constexpr std::uint32_t kLongest = 16;
    static constexpr double kTelling = 0.5, kAsGood = 0.8;
    const std::vector<double> weights = weights_in(parts);
    double total = 0;
    for (const double weight : weights) total += weight;
    std::vector<std::pair<double, Rows>> best;
    for (const Rows& part : parts) {
      double weight = 0;
      std::size_t words = 0;
      for (std::uint64_t m = mask_of(part); m != 0; m &= m - 1) {
        const double here = weights[static_cast<std::size_t>(std::countr_zero(m))];
        weight += here;
        words += here > 0 ? 1 : 0;
      }
      if (words >= 2 && weight > kTelling * total && part.count() <= kLongest) best.emplace_back(weight, part);
    }
    std::ranges::stable_sort(best, std::greater<>(), &std::pair<double, Rows>::first);
    for (std::size_t i = 0; i < std::min(best.size(), kMost) && best[i].first >= kAsGood * best[0].first; ++i) {
      set(best[i].second, true);
    }
  }

  /// Items of long literals that the question does not speak of.
  void drop_tables() {
    for (const Table& table : in_.outline.tables) {
      const auto& items = table.items;
      if (in_.question.counts() && !picks_few(items)) continue;
      if (table.head < items.front().first && scores_.speak_of({table.head, table.head})) continue;
      const std::vector<bool> asked = asked_items(items);
      const auto stays = [&](std::size_t i) { return i < kItemsAhead || i + 1 == items.size() || asked[i]; };
      for (std::size_t i = 0; i < items.size();) {
        std::size_t end = i;
        while (end < items.size() && !stays(end)) ++end;
        if (end > i) {
          const Rows gone{items[i].first, items[end].first - 1};
          set(gone, false);
        }
        i = std::max(end, i + 1);
      }
    }
  }

  /// The words of the question are about a few items, and none of them about many.
  bool picks_few(const std::vector<Rows>& items) const {
    const auto& terms = in_.question.terms();
    const std::size_t few = std::max<std::size_t>(kFewItems, items.size() / 10);
    bool any = false;
    for (std::size_t t = 0; t < terms.size(); ++t) {
      if (terms[t].synonym) continue;
      const auto holders = static_cast<std::size_t>(std::ranges::count_if(items, [&](const Rows& item) {
        std::uint64_t met = 0;
        for (std::uint32_t row = item.first; row <= item.last; ++row) met |= scores_.masks[row];
        return (met >> t & 1) != 0;
      }));
      if (holders > few) return false;
      any = any || holders > 0;
    }
    return any;
  }

  /// Items that hold something exact of the question, or words of it that few of the others hold.
  std::vector<bool> asked_items(const std::vector<Rows>& items) const {
    std::vector<std::uint64_t> met(items.size(), 0);
    std::array<std::size_t, CodeQuestion::kMaxTerms> holders{};
    for (std::size_t i = 0; i < items.size(); ++i) {
      for (std::uint32_t row = items[i].first; row <= items[i].last; ++row) met[i] |= scores_.masks[row];
      for (std::uint64_t mask = met[i]; mask != 0; mask &= mask - 1)
        ++holders[static_cast<std::size_t>(std::countr_zero(mask))];
    }
    const std::size_t few = std::max<std::size_t>(kFewItems, items.size() / 10);
    std::uint64_t telling = 0;
    for (std::size_t t = 0; t < holders.size(); ++t) {
      if (holders[t] > 0 && holders[t] <= few) telling |= std::uint64_t{1} << t;
    }
    const auto words = [](std::uint64_t mask) { return std::popcount(mask); };
    const int most = met.empty() ? 0 : words(*std::ranges::max_element(met, {}, words));
    const bool tells = most > 1 && static_cast<std::size_t>(std::ranges::count(met, most, words)) <= few;
    std::vector<bool> asked(items.size(), false);
    for (std::size_t i = 0; i < items.size(); ++i) {
      asked[i] = (met[i] & telling) != 0 || (tells && words(met[i]) == most) || scores_.hold_literal(items[i]);
    }
    return asked;
  }

  static constexpr std::size_t kSmallImports = 60;

  void drop_imports() {
    const auto& imports = in_.outline.imports;
    if (in_.question.imports() || imports.empty()) return;
    std::vector<bool> import_row(in_.rows.size(), false);
    for (const Import& import : imports) {
      for (std::uint32_t row = import.rows.first; row <= import.rows.last; ++row) import_row[row] = true;
    }
    std::unordered_set<std::string_view> used;
    for (std::uint32_t row = 0; row < in_.rows.size(); ++row) {
      if (out_.keep[row] && !import_row[row])
        each_word(in_.rows[row], [&](std::string_view word) { used.insert(word); });
    }
    std::vector<bool> unused(in_.rows.size(), false);
    for (const Import& import : imports) {
      bool referenced = false;
      for (std::uint32_t row = import.rows.first; row <= import.rows.last; ++row) {
        referenced = referenced || scores_.masks[row] != 0;
        each_word(in_.rows[row], [&](std::string_view word) {
          referenced = referenced || (!is_path_word(word) && used.contains(word));
        });
      }
      referenced = referenced || scores_.hold_literal(import.rows);
      if (!referenced) {
        for (std::uint32_t row = import.rows.first; row <= import.rows.last; ++row) unused[row] = true;
      }
    }
    for (std::uint32_t row = 0; row < unused.size();) {
      std::uint32_t end = row;
      while (end < unused.size() && unused[end]) ++end;
      if (end > row && bytes_of({row, end - 1}) >= kSmallImports) set({row, end - 1}, false);
      row = std::max(end, row + 1);
    }
  }

  template <typename Use>
  static void each_word(std::string_view text, Use use) {
    for (std::size_t at = 0; at < text.size();) {
      std::size_t end = at;
      while (end < text.size() && word_byte(text[end])) ++end;
      if (end > at + 1) use(text.substr(at, end - at));
      at = std::max(end, at + 1);
    }
  }

  /// Words that stand in import lines of any program.
  static bool is_path_word(std::string_view word) {
    static constexpr std::string_view kWords[] = {
        "import", "from", "use",  "using",  "static", "java", "javax", "org", "com",  "std",   "crate",
        "super",  "self", "type", "System", "pub",    "as",   "io",    "net", "util", "const", "require"};
    return std::ranges::find(kWords, word) != std::end(kWords);
  }

  void explain() {
    for (const Score& s : scores_.ranked) {
      if (out_.notes.size() >= kMostNotes) break;
      const Unit& unit = units_[s.unit];
      const std::string name = unit.name.empty() ? fmt::format("the function at line {}", line(unit.start)) : unit.name;
      const std::string where = fmt::format("lines {}-{}", line(unit.body.first), line(unit.body.last));
      switch (fate_[s.unit]) {
        case Fate::kWhole:
          if (!reasons_[s.unit].empty())
            out_.notes.push_back(fmt::format("body of {} ({}) kept: {}", name, where, reasons_[s.unit]));
          break;
        case Fate::kPart:
          out_.notes.push_back(fmt::format("body of {} ({}) kept in part: {}", name, where, reasons_[s.unit]));
          break;
        case Fate::kGone:
          out_.notes.push_back(fmt::format("elided: {} body of {}", where, name));
          break;
      }
    }
  }

  const SelectionInput& in_;
  const std::vector<Unit>& units_;
  Selection out_;
  const Scores& scores_;
  double budget_ = 0;
  bool named_ = false;        ///< the question gives the name of a function
  std::vector<bool> part_;    ///< rows that stay of bodies that go
  std::vector<bool> headed_;  ///< statements whose head stays
  std::vector<Fate> fate_;
  std::vector<std::string> reasons_;
};

}  // namespace

Selection select_rows(const SelectionInput& input) {
  return Selector(input).run();
}

}  // namespace headroom::compress::code
