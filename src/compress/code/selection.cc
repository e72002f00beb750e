#include "compress/code/selection.h"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/text.h"

namespace headroom::compress::code {
namespace {

constexpr std::size_t kSmallBody = 90;        // bytes under which a gap costs as much as what it stands for
constexpr std::size_t kSmallRemark = 60;      // bytes of a comment that are worth a gap
constexpr std::uint32_t kShortStatement = 8;  // rows of a statement that stays whole around a row that matters
constexpr double kCallBudget = 0.35;          // of the budget, for what the kept bodies call
constexpr double kPartBudget = 0.5;           // of the budget, for single statements of other bodies
constexpr std::size_t kMostNotes = 300;

bool word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c & 0x80) != 0;
}

enum class Fate : std::uint8_t { kGone, kPart, kWhole };

struct Scored {
  std::uint32_t unit = 0;
  double score = 0;
  std::size_t bytes = 0;  ///< that go when the body goes
  std::string reason;
  std::vector<std::uint32_t> rows;  ///< that matter most
};

class Selector {
 public:
  explicit Selector(const SelectionInput& input) : in_(input), units_(input.outline.units) {}

  Selection run() {
    out_.keep.assign(in_.rows.size(), true);
    headed_.assign(in_.outline.statements.size(), false);
    fate_.assign(units_.size(), Fate::kGone);
    reasons_.assign(units_.size(), {});
    budget_ = static_cast<double>(in_.code.size()) * in_.budget;
    assign_rows();
    match_rows();
    score_units();
    keep_whole();
    if (in_.extent == Extent::kAll) keep_parts();
    keep_called();
    drop_bodies();
    if (in_.extent == Extent::kAll) {
      drop_remarks();
      drop_imports();
    }
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

  /// Which unit decides about a row: the innermost one that decides at all.
  void assign_rows() {
    owner_.assign(in_.rows.size(), kNone);
    own_bytes_.assign(units_.size(), 0);
    for (std::uint32_t i = 0; i < units_.size(); ++i) {
      const Unit& unit = units_[i];
      if (!unit.decides()) continue;
      const std::uint32_t last = unit.close != kNone ? unit.close : unit.body.last;
      for (std::uint32_t row = unit.start; row <= last; ++row) owner_[row] = i;
    }
    for (std::uint32_t row = 0; row < owner_.size(); ++row) {
      const std::uint32_t unit = owner_[row];
      if (unit != kNone && row >= units_[unit].body.first && row <= units_[unit].body.last) {
        own_bytes_[unit] += in_.rows[row].size() + 1;
      }
    }
  }

  void match_rows() {
    masks_.assign(in_.rows.size(), 0);
    if (!in_.question.terms().empty()) {
      for (std::size_t row = 0; row < masks_.size(); ++row) masks_[row] = in_.question.match(in_.rows[row]);
    }
    for (const CodeQuestion::Literal& literal : in_.question.literals()) find_literal(literal);
  }

  struct Hits {
    std::string text;
    std::vector<std::uint32_t> rows;
    std::size_t units = 0;  ///< bodies that it is in
  };

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
      if (owner_[row] != kNone && owner_[row] != before) ++hits.units;
      before = owner_[row];
    }
    if (!hits.rows.empty()) literals_.push_back(std::move(hits));
  }

  double weight_of(std::uint64_t mask) const {
    double sum = 0;
    for (; mask != 0; mask &= mask - 1) sum += weights_[static_cast<std::size_t>(std::countr_zero(mask))];
    return sum;
  }

  void score_units() {
    std::vector<std::uint64_t> unit_mask(units_.size(), 0);
    for (std::size_t row = 0; row < owner_.size(); ++row) {
      if (owner_[row] != kNone) unit_mask[owner_[row]] |= masks_[row];
    }
    const auto& terms = in_.question.terms();
    weights_.assign(CodeQuestion::kMaxTerms, 0);
    double deciding = 0;
    std::vector<double> frequency(terms.size(), 0);
    for (std::size_t i = 0; i < units_.size(); ++i) {
      if (!units_[i].decides()) continue;
      ++deciding;
      for (std::uint64_t mask = unit_mask[i]; mask != 0; mask &= mask - 1)
        ++frequency[static_cast<std::size_t>(std::countr_zero(mask))];
    }
    const double n = std::max(deciding, 8.0);
    for (std::size_t t = 0; t < terms.size(); ++t) {
      if (frequency[t] == 0) continue;
      weights_[t] = terms[t].weight * std::log(1 + (n - frequency[t] + 0.5) / (frequency[t] + 0.5));
      total_ += weights_[t];
    }
    for (std::uint32_t i = 0; i < units_.size(); ++i) {
      if (units_[i].decides()) scored_.push_back({i, 0, own_bytes_[i], {}, {}});
    }
    place_.assign(units_.size(), kNone);
    for (std::uint32_t s = 0; s < scored_.size(); ++s) place_[scored_[s].unit] = s;
    if (total_ > 0) score_words(unit_mask);
    for (Scored& s : scored_) score_name(s);
    score_literals(deciding);
  }

  void score_words(const std::vector<std::uint64_t>& unit_mask) {
    std::vector<double> best(units_.size(), 0);
    std::vector<std::uint32_t> best_row(units_.size(), 0), rows_met(units_.size(), 0);
    for (std::uint32_t row = 0; row < masks_.size(); ++row) {
      const std::uint32_t unit = owner_[row];
      if (unit == kNone || masks_[row] == 0) continue;
      ++rows_met[unit];
      std::uint64_t window = masks_[row];
      if (row > 0 && owner_[row - 1] == unit) window |= masks_[row - 1];
      if (row + 1 < masks_.size() && owner_[row + 1] == unit) window |= masks_[row + 1];
      const double weight = weight_of(window);
      if (weight > best[unit]) {
        best[unit] = weight;
        best_row[unit] = row;
      }
      if (std::popcount(window) >= 2 && weight > 0.3 * total_) scored_[place_[unit]].rows.push_back(row);
    }
    for (Scored& s : scored_) {
      if (unit_mask[s.unit] == 0) continue;
      const double window = best[s.unit] / total_;
      const double all = weight_of(unit_mask[s.unit]) / total_;
      s.score += window + 0.5 * all + 0.05 * std::log2(1 + rows_met[s.unit]);
      s.reason = fmt::format("line {} meets words of the question", line(best_row[s.unit]));
    }
  }

  void score_name(Scored& s) {
    const Unit& unit = units_[s.unit];
    if (unit.name.empty()) return;
    if (std::ranges::any_of(in_.question.literals(), [&](const auto& literal) { return literal.text == unit.name; })) {
      s.score += 4;
      s.reason = fmt::format("question names {}", unit.name);
    } else if (in_.question.says(unit.name)) {
      s.score += 0.6;
      s.reason = fmt::format("question says {}", unit.name);
    } else if (in_.question.covers_name(unit.name)) {
      s.score += 0.6;
      s.reason = fmt::format("words of the question make up {}", unit.name);
    }
  }

  void score_literals(double deciding) {
    for (const Hits& hits : literals_) {
      if (static_cast<double>(hits.units) > std::max(4.0, deciding / 8)) continue;
      std::uint32_t before = kNone;
      for (std::uint32_t row : hits.rows) {
        const std::uint32_t unit = owner_[row];
        if (unit == kNone) continue;
        Scored& s = scored_[place_[unit]];
        s.rows.push_back(row);
        if (unit == before || row < units_[unit].body.first) continue;
        before = unit;
        s.score += 2.0 / static_cast<double>(std::max<std::size_t>(hits.units, 1)) + 0.5;
        if (s.score < 4) s.reason = fmt::format("line {} holds {}", line(row), hits.text);
      }
    }
  }

  std::size_t line(std::uint32_t row) const { return row + in_.line_of_row_0; }

  void keep_whole() {
    std::ranges::stable_sort(scored_, [](const Scored& a, const Scored& b) { return a.score > b.score; });
    if (scored_.empty()) return;
    const double best = scored_.front().score;
    const double floor = std::max(0.25, std::min(best, 3.0) * 0.4);
    double left = budget_;
    for (Scored& s : scored_) {
      if (s.score < floor) break;
      const auto cost = static_cast<double>(s.bytes);
      if (cost > left && !(s.score >= 4 && cost < left + budget_)) continue;
      left -= cost;
      fate_[s.unit] = Fate::kWhole;
      reasons_[s.unit] = s.reason;
    }
  }

  /// Single statements of bodies that cannot stay whole.
  void keep_parts() {
    double left = budget_ * kPartBudget;
    part_rows_.clear();
    for (Scored& s : scored_) {
      if (fate_[s.unit] != Fate::kGone || s.rows.empty()) continue;
      std::ranges::sort(s.rows);
      for (std::uint32_t row : s.rows) {
        const Unit& unit = units_[s.unit];
        if (row < unit.body.first || row > unit.body.last) continue;
        left -= 200;
        if (left < 0) return;
        fate_[s.unit] = Fate::kPart;
        part_rows_.push_back(row);
      }
      if (fate_[s.unit] == Fate::kPart) reasons_[s.unit] = s.reason;
    }
  }

  /// What the kept bodies call, one step.
  void keep_called() {
    if (in_.question.empty()) return;
    std::unordered_map<std::string_view, std::vector<std::uint32_t>> by_name;
    for (const Scored& s : scored_) {
      if (!units_[s.unit].name.empty()) by_name[units_[s.unit].name].push_back(s.unit);
    }
    double left = budget_ * kCallBudget;
    std::size_t callers = 0;
    const double best = scored_.empty() ? 0 : scored_.front().score;
    for (const Scored& s : scored_) {
      if (fate_[s.unit] != Fate::kWhole || s.score < 0.6 * std::min(best, 3.0) || ++callers > 6) continue;
      const Unit& unit = units_[s.unit];
      for (std::uint32_t row = unit.body.first; row <= unit.body.last; ++row) {
        if (owner_[row] != s.unit) continue;
        const std::string_view text = in_.rows[row];
        for (std::size_t at = 0; at < text.size();) {
          if (!word_byte(text[at])) {
            ++at;
            continue;
          }
          std::size_t end = at;
          while (end < text.size() && word_byte(text[end])) ++end;
          const std::string_view name = text.substr(at, end - at);
          at = end;
          if (end >= text.size() || text[end] != '(') continue;
          const auto found = by_name.find(name);
          if (found == by_name.end() || found->second.size() > 2) continue;
          for (std::uint32_t called : found->second) {
            const auto cost = static_cast<double>(own_bytes_[called]);
            if (fate_[called] == Fate::kWhole || cost > left || cost > budget_ * 0.25) continue;
            left -= cost;
            fate_[called] = Fate::kWhole;
            reasons_[called] = fmt::format("called by {}", unit.name);
          }
        }
      }
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
      if (own_bytes_[i] < kSmallBody) {
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
    for (std::uint32_t row : part_rows_) keep_statement(row);
  }

  bool in_island(const Unit& unit, std::uint32_t row) const {
    return std::ranges::any_of(unit.islands,
                               [&](const Island& i) { return row >= i.rows.first && row <= i.rows.last; });
  }

  /// A row of a body that goes stays, with the statement that it is part of and the heads of those around.
  void keep_statement(std::uint32_t row) {
    const Outline& outline = in_.outline;
    const Unit& unit = units_[owner_[row]];
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
    for (const Remark& remark : in_.outline.remarks) {
      if (remark.rows.count() <= remark.keep) continue;
      Rows gone{remark.rows.first + remark.keep, remark.rows.last};
      if (remark.block && remark.close.empty() && gone.last-- == gone.first) continue;  // "=end" stays
      if (bytes_of(gone) < kSmallRemark) continue;
      std::uint64_t met = 0;
      for (std::uint32_t row = gone.first; row <= gone.last; ++row) met |= masks_[row];
      const bool asked = (std::popcount(met) >= 2 && weight_of(met) > 0.5 * total_) || holds_literal(gone);
      if (asked) continue;
      set(gone, false);
    }
  }

  bool holds_literal(Rows rows) const {
    return std::ranges::any_of(literals_, [&](const Hits& hits) {
      if (hits.rows.size() > 12) return false;
      const auto at = std::ranges::lower_bound(hits.rows, rows.first);
      return at != hits.rows.end() && *at <= rows.last;
    });
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
        referenced = referenced || masks_[row] != 0;
        each_word(in_.rows[row], [&](std::string_view word) {
          referenced = referenced || (!is_path_word(word) && used.contains(word));
        });
      }
      referenced = referenced || holds_literal(import.rows);
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
    for (const Scored& s : scored_) {
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
  double budget_ = 0, total_ = 0;
  std::vector<std::uint32_t> owner_, place_, part_rows_;
  std::vector<std::size_t> own_bytes_;
  std::vector<std::uint64_t> masks_;
  std::vector<bool> headed_;  ///< statements whose head stays
  std::vector<double> weights_;
  std::vector<Hits> literals_;
  std::vector<Scored> scored_;
  std::vector<Fate> fate_;
  std::vector<std::string> reasons_;
};

}  // namespace

Selection select_rows(const SelectionInput& input) {
  return Selector(input).run();
}

}  // namespace headroom::compress::code
