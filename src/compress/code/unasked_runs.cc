#include "compress/code/unasked_runs.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <cmath>
#include <unordered_set>

#include "base/text.h"
#include "compress/code/item_name.h"

namespace headroom::compress::code {
namespace {

constexpr std::size_t kFewestItems = 4;                    // of a text that is worth looking at
constexpr std::size_t kFewNames = 400, kMostNames = 1600;  // bytes in one gap
constexpr std::size_t kShareOfNames = 6;                   // ... as a part of what is gone
constexpr std::size_t kLeastGain = 160;                    // bytes that a run must save beyond its gap
constexpr std::size_t kGapBytes = 24;
constexpr std::size_t kGutterBytes = 8;
constexpr std::uint32_t kShort = 8;         // rows within which words are close together
constexpr double kTouched = 0.2;            // share of the weight of all words that an item needs to be asked about
constexpr double kTouchedBesideName = 0.4;  // ... where the question names another
constexpr double kMostWords = 0.5;          // share of the words' weight that tells that the answer is here
constexpr double kNearlyAllWords = 0.75;    // ... to a question for a thing, which may be called otherwise
constexpr double kAbsent = 1.4;             // weight of a word that the text does not have
constexpr double kCentre = 0.6;             // share of the best weight of what surely answers
constexpr double kSaid = 0.6;               // least weight of a word of the user's own
constexpr std::size_t kLongWord = 5;        // bytes of a word that may be found within a name
constexpr std::size_t kFewPlaces = 12;      // that hold something exact
constexpr std::size_t kLongName = 4;        // bytes of a function's name that a plain word may be
constexpr double kOwnWord = 0.9;            // ... that is not a part of a name

bool word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || (c & 0x80) != 0;
}

template <typename Use>
void each_word(std::string_view text, Use use) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && word_byte(text[end])) ++end;
    if (end > at + 1) use(text.substr(at, end - at));
    at = std::max(end, at + 1);
  }
}

class Finder {
 public:
  explicit Finder(const UnaskedInput& input) : in_(input), items_(input.outline.items), about_(items_.size()) {}

  std::vector<FoldedRun> run() {
    if (items_.size() < kFewestItems || in_.question.empty()) return {};
    nest();
    read_items();
    weigh();
    if (!located()) return {};

    ask();
    use_names();
    spread();
    for (std::uint32_t i = 0; i < items_.size();) i = fold_from(i);
    return std::move(runs_);
  }

 private:
  struct About {
    Rows rows;          ///< with the comments right above
    std::uint32_t end;  ///< behind its last inner item
    bool looked_into = false;
    std::string name, shown;
    bool has_name = false;
    std::uint64_t mask = 0;  ///< words of the question
    double weight = 0;
    bool said = false;     ///< the question says its name
    bool literal = false;  ///< ... as it is
    bool exact = false;    ///< holds something exact of it
    bool stays = false;
  };

  bool leaf(std::uint32_t i) const { return !about_[i].looked_into; }

  // --- what there is -----------------------------------------------------------------------------------------------

  /// Comments belong to what they stand right above; what holds functions or declarations is looked into.
  void nest() {
    std::vector<std::uint32_t> remark_at(in_.rows.size(), kNone);
    for (const Remark& remark : in_.outline.remarks) {
      if (!remark.licence && remark.rows.last < remark_at.size()) remark_at[remark.rows.last] = remark.rows.first;
    }
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
      About& about = about_[i];
      about.rows = items_[i].rows;
      while (about.rows.first > 0 && remark_at[about.rows.first - 1] != kNone)
        about.rows.first = remark_at[about.rows.first - 1];
      about.end = i + 1;
    }
    for (auto i = static_cast<std::uint32_t>(items_.size()); i-- > 0;) {
      const std::uint32_t parent = items_[i].parent;
      if (parent != kNone) about_[parent].end = std::max(about_[parent].end, about_[i].end);
    }
    for (std::uint32_t i = 0; i < items_.size(); ++i) about_[i].looked_into = holds_items(i);
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
      const std::uint32_t parent = items_[i].parent;
      if (parent != kNone && (leaf(parent) || part_of_leaf_[parent])) part_of_leaf_[i] = true;
    }
  }

  bool holds_items(std::uint32_t i) {
    part_of_leaf_.resize(items_.size(), false);
    if (about_[i].end == i + 1) return false;
    const Rows rows = items_[i].rows;
    const std::string_view head = base::trim(in_.rows[rows.first]);
    if (head.starts_with('#') || head.starts_with("if")) return true;  // "#if"
    if (rows.count() * 2 > in_.rows.size()) return true;
    return has_unit(i);  // a function that is an item has no items in it, so this is one of a class's
  }

  void read_items() {
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
      if (part_of_leaf_[i]) continue;
      About& about = about_[i];
      ItemName name = name_item(items_[i].rows, in_.rows);
      about.shown = has_unit(i) || !leaf(i) ? std::move(name.head) : name.text;
      about.name = std::move(name.text);
      about.has_name = name.named;
      const auto& literals = in_.question.literals();
      about.literal = name.named && std::ranges::any_of(literals, [&](const auto& l) { return l.text == about.name; });
      about.said = about.literal || (name.named && in_.question.covers_joined_name(about.name));
      about.exact = in_.scores.hold_literal(about.rows);
      if (!leaf(i)) continue;
      for (std::uint32_t row = about.rows.first; row <= about.rows.last; ++row) about.mask |= in_.scores.masks[row];
      if (name.named) about.mask |= words_in(about.name);
      leaves_.push_back(i);
    }
  }

  /// Words of the user's that are a part of the name: "reopen" of freopen.
  std::uint64_t words_in(std::string_view name) const {
    std::uint64_t found = 0;
    const auto& terms = in_.question.terms();
    for (std::size_t t = 0; t < terms.size(); ++t) {
      const bool own = !terms[t].synonym && terms[t].weight >= kOwnWord && terms[t].stem.size() >= kLongWord;
      if (own && base::contains_ci(name, terms[t].stem)) found |= std::uint64_t{1} << t;
    }
    return found;
  }

  void weigh() {
    const auto& terms = in_.question.terms();
    std::array<double, CodeQuestion::kMaxTerms> holders{};
    for (const std::uint32_t i : leaves_) {
      for (std::uint64_t mask = about_[i].mask; mask != 0; mask &= mask - 1)
        ++holders[static_cast<std::size_t>(std::countr_zero(mask))];
    }
    const auto n = static_cast<double>(leaves_.size());
    const double many = std::max(6.0, n / 6), few = std::max(3.0, n / 20);
    for (std::size_t t = 0; t < terms.size(); ++t) {
      const bool said = !terms[t].synonym && terms[t].weight >= kSaid;
      if (said) said_ |= std::uint64_t{1} << t;
      if (terms[t].synonym) synonyms_ |= std::uint64_t{1} << t;
      if (holders[t] == 0) continue;
      weights_[t] = terms[t].weight * std::log(1 + (n - holders[t] + 0.5) / (holders[t] + 0.5));
      if (holders[t] > std::max(6.0, n / 4)) everywhere_ |= std::uint64_t{1} << t;
      if (holders[t] <= many && terms[t].weight >= kOwnWord) telling_ |= std::uint64_t{1} << t;
      if (holders[t] <= few) few_ |= std::uint64_t{1} << t;
      if (said && terms[t].weight >= kOwnWord && holders[t] > many) common_ = true;
      if (said && holders[t] <= many) rare_ = true;
    }
    for (const std::uint32_t i : leaves_) {
      about_[i].weight = weight_of(about_[i].mask);
      if (about_[i].rows.count() > kShort) about_[i].weight = weight_of(about_[i].mask = best_window(about_[i].rows));
      best_ = std::max(best_, about_[i].weight);
    }
  }

  /// Words of the rows of a long item that stand close together.
  std::uint64_t best_window(Rows rows) const {
    std::uint64_t best = 0;
    double most = -1;
    for (std::uint32_t row = rows.first; row + kShort <= rows.last + 1; ++row) {
      std::uint64_t mask = 0;
      for (std::uint32_t r = row; r < row + kShort; ++r) mask |= in_.scores.masks[r];
      if (mask == best) continue;
      const double weight = weight_of(mask);
      if (weight > most) best = mask, most = weight;
    }
    return best;
  }

  double weight_of(std::uint64_t mask) const {
    double weight = 0;
    for (; mask != 0; mask &= mask - 1) weight += weights_[static_cast<std::size_t>(std::countr_zero(mask))];
    return weight;
  }

  // --- what is asked -----------------------------------------------------------------------------------------------

  /// A part of the question that says something.
  struct Asked {
    std::uint64_t words = 0;
    double total = 0;
    bool named = false;  ///< it is about something that it names
  };

  /// The text surely holds what each part of the question is about.
  bool located() {
    std::unordered_set<std::string_view> names;
    bool whole = false, given = false;  // a class or the like is named; something is
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
      if (part_of_leaf_[i]) continue;
      const About& about = about_[i];
      if (!leaf(i)) whole = whole || about.said;
      if (leaf(i) && (about.literal || (about.has_name && about.name.size() >= kLongName && has_unit(i))))
        names.insert(about.name);
      given = given || (leaf(i) && about.literal);
    }
    for (const CodeQuestion::Part& part : in_.question.parts()) {
      Asked asked;
      asked.words = in_.question.match(part.text) & said_;
      each_word(part.text, [&](std::string_view word) { asked.named = asked.named || names.contains(word); });
      asked.named = asked.named && given && !part.for_thing;
      if (asked.words == 0 && !asked.named) continue;
      asked.total = weight_of(asked.words);
      const bool goes_on = part.goes_on && !asked_.empty();
      if (goes_on && !asked.named) asked.named = asked_.back().named;
      if (!asked.named && !goes_on && !holds_value(part.text, names) &&
          !gathers(asked.words, part.for_thing ? kNearlyAllWords : kMostWords))
        return false;
      asked_.push_back(asked);
    }
    names_ = !asked_.empty() && std::ranges::all_of(asked_, &Asked::named);
    // Who asks for all of something gets it all, unless the words are about a few of them.
    if (in_.question.counts() && (whole || common_ || !(rare_ || names_))) return false;
    return !asked_.empty();
  }

  /// A number, a flag or something in quotes that names nothing here, and that stands in a few places.
  bool holds_value(std::string_view part, const std::unordered_set<std::string_view>& names) const {
    return std::ranges::any_of(in_.scores.literals, [&](const Hits& hits) {
      return part.find(hits.text) != std::string_view::npos && !names.contains(hits.text) &&
             hits.rows.size() <= kFewPlaces;
    });
  }

  /// Most of the words meet in one of a few items.
  bool gathers(std::uint64_t words, double share) const {
    double all = 0;
    for (std::uint64_t mask = words; mask != 0; mask &= mask - 1) {
      const auto t = static_cast<std::size_t>(std::countr_zero(mask));
      all += weights_[t] > 0 ? weights_[t] : in_.question.terms()[t].weight * kAbsent;
      // The text has another word for it, and that may stand where words do not that many items have.
      if (weights_[t] <= 0 && (words & few_) == 0) share = std::max(share, kNearlyAllWords);
    }
    const auto most = static_cast<std::size_t>(std::ranges::count_if(
        leaves_, [&](std::uint32_t i) { return weight_of(about_[i].mask & words) >= share * all; }));
    return std::popcount(words) >= 2 && most > 0 && most <= std::max<std::size_t>(3, leaves_.size() / 8);
  }

  void ask() {
    for (const std::uint32_t i : leaves_) {
      About& about = about_[i];
      // Parts of a name that is given make up others.
      if (names_) about.said = about.literal || (has_unit(i) && in_.question.says(about.name));
      about.stays = items_[i].fixed || about.said || about.exact || is_fixed(i) || is_touched(about) || is_wanted(i) ||
                    (!names_ && has_unit(i));
    }
  }

  /// Words tell only what they do not tell of many; beside a name, of a few.
  bool is_touched(const About& about) const {
    return std::ranges::any_of(asked_, [&](const Asked& asked) {
      const std::uint64_t telling = asked.named ? telling_ : ~everywhere_;
      const double weight = weight_of(about.mask & telling & (asked.words | synonyms_));
      return weight > 0 && weight >= (asked.named ? kTouchedBesideName : kTouched) * asked.total;
    });
  }

  /// What is no use without what follows it, or the other way round.
  bool is_fixed(std::uint32_t i) const {
    const Rows rows = items_[i].rows;
    const std::string_view row = base::trim(in_.rows[rows.first]);
    if (row.starts_with("#include") || row.starts_with("# include") || row.starts_with("#import")) return true;
    if (row.starts_with("<?") || row.starts_with("use ")) return true;
    if (row.starts_with("module.exports") || row.starts_with("exports.") || row.starts_with("__all__")) return true;
    if (row.starts_with("package ") || row.starts_with("export {") || row.starts_with("\"\"\"") ||
        row.starts_with("'''"))
      return true;
    return rows.first == rows.last && row.ends_with(':');
  }

  /// Functions in an item, or the one that it is.
  std::pair<std::size_t, std::size_t> units_in(std::uint32_t i) const {
    const auto& units = in_.outline.units;
    const Rows rows = items_[i].rows;
    const auto first_row = [](const Unit& unit) { return unit.body.first; };
    return {static_cast<std::size_t>(std::ranges::lower_bound(units, rows.first, {}, first_row) - units.begin()),
            static_cast<std::size_t>(std::ranges::upper_bound(units, rows.last, {}, first_row) - units.begin())};
  }

  bool has_unit(std::uint32_t i) const {
    const auto [first, end] = units_in(i);
    return first < end;
  }

  bool is_wanted(std::uint32_t i) const {
    for (auto [unit, end] = units_in(i); unit < end; ++unit) {
      if (in_.wanted[unit]) return true;
    }
    return false;
  }

  /// Declarations of what the answer speaks of stay.
  void use_names() {
    std::unordered_set<std::string_view> used;
    for (const std::uint32_t i : leaves_) {
      const About& about = about_[i];
      const bool centre = about.said || is_wanted(i) || (!names_ && (about.exact || about.weight >= kCentre * best_));
      if (!centre) continue;
      for (std::uint32_t row = items_[i].rows.first; row <= items_[i].rows.last; ++row) {
        if (in_.keep[row]) each_word(in_.rows[row], [&](std::string_view word) { used.insert(word); });
      }
    }
    for (const std::uint32_t i : leaves_) {
      About& about = about_[i];
      about.stays = about.stays || (about.has_name && used.contains(about.name));
    }
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
      if (!leaf(i) && !part_of_leaf_[i]) about_[i].stays = about_[i].said || used.contains(about_[i].name);
    }
  }

  /// What holds something that stays, stays.
  void spread() {
    for (auto i = static_cast<std::uint32_t>(items_.size()); i-- > 0;) {
      if (part_of_leaf_[i]) continue;
      const std::uint32_t parent = items_[i].parent;
      if (parent != kNone && (about_[i].stays || items_[i].fixed)) about_[parent].stays = true;
    }
  }

  // --- runs --------------------------------------------------------------------------------------------------------

  /// The run that begins at an item, if any; gives the next item to look at.
  std::uint32_t fold_from(std::uint32_t first) {
    if (about_[first].stays) return first + (leaf(first) ? about_[first].end - first : 1);
    std::uint32_t end = about_[first].end;
    Rows rows = about_[first].rows;
    while (end < items_.size() && items_[end].parent == items_[first].parent && !about_[end].stays &&
           quiet_between(rows.last + 1, about_[end].rows.first)) {
      rows.last = about_[end].rows.last;
      end = about_[end].end;
    }
    std::size_t bytes = 0;
    for (std::uint32_t row = rows.first; row <= rows.last; ++row) {
      if (in_.keep[row]) bytes += base::trim(in_.rows[row]).size() + kGutterBytes;
    }
    FoldedRun run{rows, names_of(first, end, std::clamp(bytes / kShareOfNames, kFewNames, kMostNames))};
    if (bytes >= run.names.size() + kGapBytes + kLeastGain) runs_.push_back(std::move(run));
    return end;
  }

  /// Only comments that the question does not touch, and blank rows.
  bool quiet_between(std::uint32_t from, std::uint32_t to) const {
    if (from >= to) return true;
    if (in_.scores.hold_literal({from, to - 1})) return false;
    for (std::uint32_t row = from; row < to; ++row) {
      const std::string_view text = base::trim(in_.rows[row]);
      if (text.starts_with("#el") || text.starts_with("# el") || text.starts_with("#endif")) return false;
    }
    return true;
  }

  /// Of all items, but of those that are no functions only so many bytes.
  std::string names_of(std::uint32_t first, std::uint32_t end, std::size_t most) const {
    std::string names;
    std::unordered_set<std::string_view> seen;
    std::size_t bytes = 0;  // of what may be cut
    bool cut = false;
    for (std::uint32_t i = first; i < end; ++i) {
      const std::string& shown = about_[i].shown;
      const bool group = !leaf(i) && !about_[i].has_name;  // of "#if" counts what is in it
      const bool inner =
          items_[i].parent != kNone && i > first && about_[items_[i].parent].has_name && items_[i].parent >= first;
      if (part_of_leaf_[i] || group || (inner && !has_unit(i)) || shown.empty() || shown.starts_with('#') ||
          !seen.insert(shown).second)
        continue;
      // Definitions are all told.
      if (bytes + shown.size() > most && !has_unit(i)) {
        cut = true;
        continue;
      }
      names += (names.empty() ? "" : ", ") + shown;
      if (!has_unit(i)) bytes += shown.size() + 2;
    }
    return cut ? names + ", ..." : names;
  }

  const UnaskedInput& in_;
  const std::vector<Item>& items_;
  std::vector<About> about_;
  std::vector<bool> part_of_leaf_;  ///< in an item that is not looked into
  std::vector<std::uint32_t> leaves_;
  std::uint64_t said_ = 0;  ///< words of the user's own
  std::uint64_t synonyms_ = 0, everywhere_ = 0;
  std::uint64_t telling_ = 0;  ///< words that are no part of a name and that few items hold
  std::uint64_t few_ = 0;      ///< words that hardly an item holds
  std::array<double, CodeQuestion::kMaxTerms> weights_{};
  double best_ = 0;  ///< weight of an item
  std::vector<Asked> asked_;
  bool rare_ = false, common_ = false;  // words that few, and that many items hold
  bool names_ = false;                  // each part of the question is about something that it names
  std::vector<FoldedRun> runs_;
};

}  // namespace

std::vector<FoldedRun> unasked_runs(const UnaskedInput& input) {
  return Finder(input).run();
}

}  // namespace headroom::compress::code
