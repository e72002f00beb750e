#include "compress/code/scores.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "base/text.h"
#include "compress/code/item_name.h"

namespace headroom::compress::code {
namespace {

// Scores count the weight of all words of the question as 1.
constexpr double kBodyWeight = 0.4;    // of a whole body beside the best three rows in it
constexpr double kLengthWeight = 0.5;  // BM25's b
constexpr double kNameScore = 0.6;     // for a name that the question says or whose parts it says
constexpr double kTellingName = 0.35;  // share of the weight of all words that a name needs for all of that
constexpr double kOwnWord = 0.9;       // least weight of a word that is not a part of a name
constexpr double kPartOfName = 0.3;    // of the weight of such a part where the whole name is a function's
constexpr double kOwnerScore = 0.3;    // for each method of a class that the question names
constexpr double kSmallOwner = 0.08;   // share of the file up to which a named class is what is asked about as a whole
constexpr double kSmallOwnerScore = 1.5, kSmallOwnerByWords = 1.0;
constexpr std::size_t kLongName = 4;  // bytes of a constant's name
constexpr double kFewBodies = 2;      // a word that no more bodies hold tells something by itself

bool word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

class Scorer {
 public:
  explicit Scorer(const ScoreInput& input) : in_(input), units_(input.outline.units) {}

  Scores run() {
    assign_rows();
    match_rows();
    score_all();
    std::ranges::stable_sort(out_.ranked, [](const Score& a, const Score& b) { return a.score > b.score; });
    return std::move(out_);
  }

 private:
  /// Which unit decides about a row: the innermost one that decides at all.
  void assign_rows() {
    out_.owner.assign(in_.rows.size(), kNone);
    out_.bytes.assign(units_.size(), 0);
    for (std::uint32_t i = 0; i < units_.size(); ++i) {
      const Unit& unit = units_[i];
      if (!unit.decides()) continue;
      const std::uint32_t last = unit.close != kNone ? unit.close : unit.body.last;
      for (std::uint32_t row = unit.start; row <= last; ++row) out_.owner[row] = i;
    }
    for (std::uint32_t row = 0; row < out_.owner.size(); ++row) {
      const std::uint32_t unit = out_.owner[row];
      if (unit != kNone && row >= units_[unit].body.first && row <= units_[unit].body.last) {
        out_.bytes[unit] += in_.rows[row].size() + 1;
      }
    }
    assign_remarks();
  }

  /// What a comment right above a function says is said of it.
  void assign_remarks() {
    static constexpr std::uint32_t kLongest = 60;     // rows of a comment that is about one function
    static constexpr std::uint32_t kMostBetween = 3;  // attributes
    std::vector<std::uint32_t> ends(in_.rows.size(), kNone);
    for (std::uint32_t i = 0; i < in_.outline.remarks.size(); ++i) {
      const Remark& remark = in_.outline.remarks[i];
      if (!remark.licence && remark.rows.count() <= kLongest) ends[remark.rows.last] = i;
    }
    for (std::uint32_t i = 0; i < units_.size(); ++i) {
      if (!units_[i].decides()) continue;
      std::uint32_t row = units_[i].start;
      for (std::uint32_t n = 0; n < kMostBetween && row > 0 && is_attribute(in_.rows[row - 1]); ++n) --row;
      if (row == 0 || ends[row - 1] == kNone) continue;
      const Rows rows = in_.outline.remarks[ends[row - 1]].rows;
      const std::uint32_t around = units_[i].parent == kNone ? kNone : out_.owner[units_[i].start - 1];
      for (std::uint32_t r = rows.first; r <= rows.last; ++r) {
        if (out_.owner[r] == around) out_.owner[r] = i;
      }
    }
  }

  static bool is_attribute(std::string_view row) {
    row = base::trim(row);
    return row.starts_with("#[") || row.starts_with('@') || row.starts_with('[');
  }

  void match_rows() {
    out_.masks.assign(in_.rows.size(), 0);
    if (!in_.question.terms().empty()) {
      for (std::size_t row = 0; row < out_.masks.size(); ++row) out_.masks[row] = in_.question.match(in_.rows[row]);
    }
    for (const CodeQuestion::Literal& literal : in_.question.literals()) find_literal(literal);
    find_constants_of_values();
  }

  /// A value that the question has may stand for a constant, which the code then has: "StatusGone = 410".
  void find_constants_of_values() {
    static constexpr std::size_t kFewPlaces = 2;
    std::vector<std::string> names;
    for (const Hits& hits : out_.literals) {
      if (hits.rows.size() > kFewPlaces) continue;
      for (const std::uint32_t row : hits.rows) {
        const std::string_view text = in_.rows[row];
        const bool gives = text.find('=') != std::string_view::npos || base::trim(text).starts_with("#define ");
        if (out_.owner[row] != kNone || !gives) continue;
        ItemName name = name_item({row, row}, in_.rows);
        if (name.named && name.text.size() >= kLongName && name.text != hits.text)
          names.push_back(std::move(name.text));
      }
    }
    for (const std::string& name : names) find_literal({name, true});
  }

  void find_literal(const CodeQuestion::Literal& literal) {
    Hits hits{literal.text, {}, 0};
    std::uint32_t before = kNone;
    for (std::size_t at = in_.code.find(literal.text); at != std::string_view::npos;
         at = in_.code.find(literal.text, at + 1)) {
      const std::size_t end = at + literal.text.size();
      if (literal.word &&
          ((at > 0 && word_byte(in_.code[at - 1])) || (end < in_.code.size() && word_byte(in_.code[end]))))
        continue;
      const auto row = static_cast<std::uint32_t>(
          std::ranges::upper_bound(in_.rows, in_.code.data() + at, {}, [](std::string_view r) { return r.data(); }) -
          in_.rows.begin() - 1);
      if (!hits.rows.empty() && hits.rows.back() == row) continue;
      hits.rows.push_back(row);
      if (out_.owner[row] != kNone && out_.owner[row] != before) ++hits.units;
      before = out_.owner[row];
    }
    if (!hits.rows.empty()) out_.literals.push_back(std::move(hits));
  }

  void score_all() {
    std::vector<std::uint64_t> unit_mask(units_.size(), 0);
    for (std::size_t row = 0; row < out_.owner.size(); ++row) {
      if (out_.owner[row] != kNone) unit_mask[out_.owner[row]] |= out_.masks[row];
    }
    const auto& terms = in_.question.terms();
    out_.weights.assign(CodeQuestion::kMaxTerms, 0);
    double deciding = 0;
    std::vector<double> frequency(terms.size(), 0);
    for (std::size_t i = 0; i < units_.size(); ++i) {
      if (!units_[i].decides()) continue;
      ++deciding;
      for (std::uint64_t mask = unit_mask[i]; mask != 0; mask &= mask - 1)
        ++frequency[static_cast<std::size_t>(std::countr_zero(mask))];
    }
    const double n = std::max(deciding, 8.0);
    const bool named = std::ranges::any_of(units_, [&](const Unit& unit) { return unit.decides() && is_named(unit); });
    for (std::size_t t = 0; t < terms.size(); ++t) {
      if (frequency[t] == 0) continue;
      out_.weights[t] = terms[t].weight * std::log(1 + (n - frequency[t] + 0.5) / (frequency[t] + 0.5));
      if (terms[t].synonym) continue;
      if (frequency[t] <= kFewBodies && deciding >= 8) rare_ |= std::uint64_t{1} << t;
      out_.total += out_.weights[t];
      out_.said |= std::uint64_t{1} << t;
      if (named && terms[t].weight < kOwnWord) out_.weights[t] *= kPartOfName;
    }
    for (std::uint32_t i = 0; i < units_.size(); ++i) {
      if (units_[i].decides()) out_.ranked.push_back({i, 0, out_.bytes[i], 0, {}, {}});
    }
    place_.assign(units_.size(), kNone);
    for (std::uint32_t s = 0; s < out_.ranked.size(); ++s) place_[out_.ranked[s].unit] = s;
    out_.row_weights.assign(in_.rows.size(), 0);
    if (out_.total > 0) score_words(unit_mask);
    rate_owners();
    for (Score& s : out_.ranked) score_name(s);
    score_literals(deciding);
    if (std::ranges::all_of(out_.ranked, [](const Score& s) { return s.score <= 0; })) score_plain_names();
  }

  /// "Is there a bug in check?": a word that tells nothing elsewhere is a name where nothing else is met.
  void score_plain_names() {
    for (Score& s : out_.ranked) {
      const std::string& name = units_[s.unit].name;
      if (!in_.question.says(name)) continue;
      s.score = kNameScore;
      s.reason = fmt::format("the question has the word {}", name);
    }
  }

  void score_words(const std::vector<std::uint64_t>& unit_mask) {
    std::vector<double> best(units_.size(), 0);
    std::vector<std::array<std::uint16_t, CodeQuestion::kMaxTerms>> tf(units_.size());
    double mean = 0;
    for (const Score& s : out_.ranked) mean += static_cast<double>(s.bytes);
    mean = std::max(1.0, mean / static_cast<double>(out_.ranked.size()));
    std::vector<std::uint32_t> best_row(units_.size(), 0), rows_met(units_.size(), 0);
    for (std::uint32_t row = 0; row < out_.masks.size(); ++row) {
      const std::uint32_t unit = out_.owner[row];
      if (unit == kNone || out_.masks[row] == 0) continue;
      ++rows_met[unit];
      for (std::uint64_t m = out_.masks[row]; m != 0; m &= m - 1)
        ++tf[unit][static_cast<std::size_t>(std::countr_zero(m))];
      std::uint64_t window = out_.masks[row];
      if (row > 0 && out_.owner[row - 1] == unit) window |= out_.masks[row - 1];
      if (row + 1 < out_.masks.size() && out_.owner[row + 1] == unit) window |= out_.masks[row + 1];
      const double weight = out_.weight_of(window);
      // One word says little about a single row, unless it is most of what the question has.
      const bool tells =
          std::popcount(window & out_.said) >= 2 || weight >= 0.5 * out_.total || (out_.masks[row] & rare_) != 0;
      out_.row_weights[row] = tells ? static_cast<float>(weight) : 0;
      if (weight > best[unit]) {
        best[unit] = weight;
        best_row[unit] = row;
      }
    }
    for (Score& s : out_.ranked) {
      if (unit_mask[s.unit] == 0) continue;
      s.best = best[s.unit];
      const double window = best[s.unit] / out_.total;
      double bm = 0;
      for (std::uint64_t m = unit_mask[s.unit]; m != 0; m &= m - 1) {
        const auto t = static_cast<std::size_t>(std::countr_zero(m));
        const double f = tf[s.unit][t];
        bm += out_.weights[t] * f * 2.2 /
              (f + 1.2 * (1 - kLengthWeight + kLengthWeight * static_cast<double>(s.bytes) / mean));
      }
      s.score += window + kBodyWeight * bm / out_.total;
      s.reason = fmt::format("line {} meets words of the question", line(best_row[s.unit]));
    }
  }

  /// What each class that the question names gives to its methods. A small one is asked about as a whole.
  void rate_owners() {
    std::unordered_map<std::string_view, std::size_t> bytes;
    for (const Score& s : out_.ranked) {
      if (!units_[s.unit].owner.empty()) bytes[units_[s.unit].owner] += s.bytes;
    }
    for (const auto& [owner, size] : bytes) {
      const bool named =
          std::ranges::any_of(in_.question.literals(), [&](const auto& literal) { return literal.text == owner; });
      if (!named && !in_.question.covers_joined_name(owner)) continue;
      const bool small = static_cast<double>(size) <= kSmallOwner * static_cast<double>(in_.code.size());
      owners_[owner] = !small ? kOwnerScore : named ? kSmallOwnerScore : kSmallOwnerByWords;
    }
  }

  bool is_named(const Unit& unit) const {
    return std::ranges::any_of(in_.question.literals(), [&](const auto& literal) { return literal.text == unit.name; });
  }

  void score_name(Score& s) {
    const Unit& unit = units_[s.unit];
    if (const auto owner = owners_.find(unit.owner); owner != owners_.end()) {
      s.score += owner->second;
      if (s.reason.empty()) s.reason = fmt::format("question names {}", unit.owner);
    }
    if (unit.name.empty()) return;
    if (is_named(unit)) {
      s.score += 4;
      s.reason = fmt::format("question names {}", unit.name);
    } else if (in_.question.says(unit.name) || in_.question.covers_name(unit.name)) {
      // A name of words that stand everywhere tells little.
      const double weight = out_.weight_of(in_.question.match(unit.name) & out_.said);
      s.score += kNameScore * std::min(1.0, weight / (std::max(kTellingName * out_.total, 1e-9)));
      s.reason = fmt::format("words of the question make up {}", unit.name);
    }
  }

  void score_literals(double deciding) {
    for (const Hits& hits : out_.literals) {
      if (static_cast<double>(hits.units) > std::max(4.0, deciding / 8)) continue;
      std::uint32_t before = kNone;
      for (std::uint32_t row : hits.rows) {
        const std::uint32_t unit = out_.owner[row];
        if (unit == kNone) continue;
        Score& s = out_.ranked[place_[unit]];
        s.rows.push_back(row);
        if (unit == before || row < units_[unit].body.first) continue;
        before = unit;
        s.score += 2.0 / static_cast<double>(std::max<std::size_t>(hits.units, 1)) + 0.5;
        if (s.score < 4) s.reason = fmt::format("line {} holds {}", line(row), hits.text);
      }
    }
  }

  std::size_t line(std::uint32_t row) const { return row + in_.line_of_row_0; }

  const ScoreInput& in_;
  const std::vector<Unit>& units_;
  std::unordered_map<std::string_view, double> owners_;  ///< classes that the question names
  std::uint64_t rare_ = 0;                               ///< words that hardly any body holds
  std::vector<std::uint32_t> place_;                     ///< of a unit in `ranked`, until that is sorted
  Scores out_;
};

}  // namespace

double Scores::weight_of(std::uint64_t mask) const {
  double sum = 0;
  for (; mask != 0; mask &= mask - 1) sum += weights[static_cast<std::size_t>(std::countr_zero(mask))];
  return sum;
}

bool Scores::hold_literal(Rows rows) const {
  static constexpr std::size_t kEverywhere = 12;
  return std::ranges::any_of(literals, [&](const Hits& hits) {
    if (hits.rows.size() > kEverywhere) return false;
    const auto at = std::ranges::lower_bound(hits.rows, rows.first);
    return at != hits.rows.end() && *at <= rows.last;
  });
}

bool Scores::speak_of(Rows rows) const {
  static constexpr double kSomething = 0.2;
  std::uint64_t met = 0;
  for (std::uint32_t row = rows.first; row <= rows.last; ++row) met |= masks[row];
  return hold_literal(rows) || (met != 0 && weight_of(met) >= kSomething * total);
}

Scores score_units(const ScoreInput& input) {
  return Scorer(input).run();
}

}  // namespace headroom::compress::code
