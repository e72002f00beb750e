#include "compress/log/selection.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <tuple>

#include "compress/log/pickers.h"
#include "compress/log/picks.h"
#include "compress/log/test_lines.h"

namespace headroom::compress::log {
namespace {

/// Priority of a line that has words of the question which hardly any other line has.
constexpr float kSure = 1.0f;

class Selector {
 public:
  Selector(const Analysis& a, std::size_t target, Profile profile)
      : a_(a),
        lines_(a.document.lines),
        count_(static_cast<std::uint32_t>(lines_.size())),
        target_(target),
        profile_(profile),
        keep_(count_, Reason::kDropped),
        asked_(count_, false),
        passed_(passed_tests(a.document)) {}

  std::vector<Reason> run() {
    Picks picks(a_);
    pick_edges(picks);
    const std::size_t facts = pick_facts(picks);
    pick_errors(picks);
    pick_warnings(picks);
    pick_frames(picks);
    pick_summaries(picks);
    pick_asked(picks);
    pick_matches(picks);
    pick_tables(picks);
    pick_sections(picks);
    pick_stanzas(picks);
    pick_like_blocks(picks);
    // The greatest numbers of such a tree are those of its roots, which say nothing.
    if (!pick_nested(picks)) pick_extremes(picks);
    pick_loners(picks);
    pick_rare(picks);
    pick_pauses(picks);
    pick_changes(picks);
    // Facts stay anyway; what else may stay is a share of the rest.
    total_ = picks.total() - facts;
    distinct_ = std::max(distinct_tokens(picks), facts) - facts;
    fill(picks.take());
    headings();
    leave_dull_lines();
    small_gaps();
    return std::move(keep_);
  }

 private:
  std::size_t cost(std::uint32_t i) const { return line_cost(lines_[i]); }

  /// Tokens of the lines that say something of their own: rare ones, rows of tables, and sections.
  std::size_t distinct_tokens(const Picks& picks) const {
    std::vector<bool> own(count_, false);
    for (std::uint32_t i = 0; i < count_; ++i) own[i] = !lines_[i].has(kBlank) && picks.repeats(i) <= 2;
    for (const Table& table : a_.tables) {
      for (std::uint32_t i : table.rows) own[i] = true;
    }
    for (const Section& section : a_.sections) {
      for (std::uint32_t i = section.first; i <= section.last; ++i) own[i] = !lines_[i].has(kBlank);
    }
    std::size_t sum = 0;
    for (std::uint32_t i = 0; i < count_; ++i) sum += own[i] ? cost(i) : 0;
    return sum;
  }

  std::size_t budget(std::size_t used) const {
    if (target_ > 0) return target_ > used ? target_ - used : 0;
    const auto t = static_cast<double>(total_);
    double allowed = 300 + 8 * std::sqrt(t);
    const double share = static_cast<double>(distinct_) / std::max(1.0, t);
    // Beside what the question names, what is only unlike others matters less.
    const double unlike = a_.query.named ? 0.3 : 0.5;
    if (share > 0.4) allowed = std::max(allowed, std::min(unlike * share * t, 3500.0));
    // A listing says the same of each entry: a third of it, less of a long one.
    if (laid_out()) allowed = std::min(allowed, std::max(250.0, std::min(0.33 * t, 60 + 10 * std::sqrt(2 * t))));
    // Who looks for what went wrong finds it in a short log, with what stands around it.
    if (a_.document.timed && a_.query.wants.problem && any_problem())
      allowed = std::min(allowed, std::max(100.0, 0.25 * t));
    if (profile_ == Profile::kGentle) return static_cast<std::size_t>(2 * allowed);
    return static_cast<std::size_t>(profile_ == Profile::kAggressive ? allowed / 3 : allowed);
  }

  bool any_problem() const {
    return std::ranges::any_of(a_.records, [](const Record& record) { return record.level >= Level::kProblem; });
  }

  bool laid_out() const {
    if (a_.document.timed) return false;
    std::size_t rows = 0;
    for (const Table& table : a_.tables) rows += table.rows.size();
    for (const Section& s : a_.sections) rows += s.last - s.first + 1;
    return rows * 2 > count_;
  }

  /// The line stays only where the question is about it.
  bool dull(std::uint32_t i) const {
    return !a_.dull.why[i].empty() && keep_[i] != Reason::kAsked && keep_[i] != Reason::kMatch && !asked_[i];
  }

  std::size_t missing_cost(const Pick& pick) const {
    std::size_t sum = 0;
    bool gap = false;
    for (std::uint32_t i = pick.first; i <= pick.last; ++i) {
      if (keep_[i] == Reason::kDropped) {
        sum += cost(i);
        gap = true;
      }
    }
    const bool alone = gap && (pick.first == 0 || keep_[pick.first - 1] == Reason::kDropped) &&
                       (pick.last + 1 >= count_ || keep_[pick.last + 1] == Reason::kDropped);
    return sum + (alone ? 12 : 0);
  }

  void take(const Pick& pick) {
    const bool for_itself =
        pick.reason == Reason::kAsked || pick.reason == Reason::kMatch || pick.reason == Reason::kEdge;
    for (std::uint32_t i = pick.first; i <= pick.last; ++i) {
      if (passed_[i] && !for_itself) continue;
      // A line may be a heading as well: what it is kept for is not always what it was taken for.
      if (pick.reason == Reason::kAsked ||
          (pick.reason == Reason::kMatch && pick.priority >= kSure && pick.first == pick.last))
        asked_[i] = true;
      if (!lines_[i].has(kRedraw) || pick.reason == Reason::kAsked) keep_[i] = std::max(keep_[i], pick.reason);
    }
  }

  /// A number that is less where the float is less.
  static std::uint32_t in_order(float value) {
    static constexpr std::uint32_t kSign = 0x80000000;
    const auto bits = std::bit_cast<std::uint32_t>(value + 0.0F);  // no negative zero
    return (bits & kSign) != 0 ? ~bits : bits | kSign;
  }

  /// By priority, then by lines.
  static std::vector<Pick> sorted(const std::vector<Pick>& picks) {
    struct Key {
      std::uint64_t order;
      std::uint32_t pick;
    };
    std::vector<Key> keys;
    keys.reserve(picks.size());
    for (std::uint32_t i = 0; i < picks.size(); ++i) {
      keys.push_back({static_cast<std::uint64_t>(~in_order(picks[i].priority)) << 32U | picks[i].first, i});
    }
    std::ranges::sort(keys, [&](const Key& a, const Key& b) {
      if (a.order != b.order) return a.order < b.order;
      const Pick& x = picks[a.pick];
      const Pick& y = picks[b.pick];
      return std::tie(x.last, y.reason) < std::tie(y.last, x.reason);
    });
    std::vector<Pick> out;
    out.reserve(picks.size());
    for (const Key& key : keys) out.push_back(picks[key.pick]);
    return out;
  }

  void fill(const std::vector<Pick>& unsorted) {
    const std::vector<Pick> picks = sorted(unsorted);
    std::size_t used = 0;
    std::size_t at = 0;
    for (; at < picks.size() && picks[at].priority >= kAlways; ++at) {
      used += missing_cost(picks[at]);
      take(picks[at]);
    }
    const auto rest = std::span(picks).subspan(at);
    fill(rest, budget(used));
    // Half of the room that dull lines took goes to others; what comes in their place is of less worth.
    fill(rest, dull_taken() / 2);
  }

  void fill(std::span<const Pick> picks, std::size_t left) {
    for (const Pick& pick : picks) {
      const std::size_t more = missing_cost(pick);
      if (more > left) continue;
      left -= more;
      take(pick);
    }
  }

  /// What dull lines cost that were taken.
  std::size_t dull_taken() const {
    std::size_t sum = 0;
    for (std::uint32_t i = 0; i < count_; ++i) sum += keep_[i] != Reason::kDropped && dull(i) ? cost(i) : 0;
    return sum;
  }

  /// "# aws_instance.web will be destroyed": says what the line below is about.
  bool comment(std::uint32_t i) const {
    const std::string_view s =
        lines_[i].text.substr(std::min<std::size_t>(lines_[i].content + lines_[i].indent, lines_[i].text.size()));
    return s.starts_with("# ") || s.starts_with("// ");
  }

  /// A kept line stays under the lines that name it.
  void headings() {
    for (const Section& s : a_.sections) {
      const auto kept = [&](std::uint32_t i) { return keep_[i] != Reason::kDropped; };
      bool any = false;
      for (std::uint32_t i = s.first; i <= s.last && !any; ++i) any = kept(i);
      if (!any) continue;
      for (std::uint32_t i : {s.title, s.summary}) keep_[i] = std::max(keep_[i], Reason::kContext);
      for (std::uint32_t i = s.first; i <= s.identity_last; ++i) keep_[i] = std::max(keep_[i], Reason::kHeading);
    }
    for (std::uint32_t i = 0; i < count_; ++i) {
      if (keep_[i] == Reason::kDropped || keep_[i] == Reason::kHeading) continue;
      // Of a drawn tree's samples nobody asks where they hang.
      if (lines_[i].has(kDrawn) && keep_[i] < Reason::kMatch) continue;
      std::uint32_t child = i;
      for (int up = 0; up < 6 && a_.parent[child] != child; ++up) {
        child = a_.parent[child];
        if (keep_[child] == Reason::kDropped) keep_[child] = Reason::kHeading;
        const std::uint32_t above = child == 0 ? 0 : child - 1;
        if (comment(above) && lines_[above].indent == lines_[child].indent && keep_[above] == Reason::kDropped) {
          keep_[above] = Reason::kHeading;
        }
      }
    }
  }

  /// They were taken like others; here they go.
  void leave_dull_lines() {
    for (std::uint32_t i = 0; i < count_; ++i) {
      if (dull(i)) keep_[i] = Reason::kDropped;
    }
  }

  /// Gaps that are not worth a marker close again.
  void small_gaps() {
    for (std::uint32_t i = 0; i < count_;) {
      if (keep_[i] != Reason::kDropped) {
        ++i;
        continue;
      }
      std::uint32_t end = i;
      std::size_t sum = 0;
      bool redrawn = false;
      while (end < count_ && keep_[end] == Reason::kDropped) {
        redrawn |= lines_[end].has(kRedraw);
        sum += cost(end++);
      }
      if (redrawn) {
        i = end;
        continue;
      }
      if (sum <= 14 || (end - i <= 2 && sum <= 40)) std::fill(keep_.begin() + i, keep_.begin() + end, Reason::kContext);
      i = end;
    }
  }

  const Analysis& a_;
  const std::vector<Line>& lines_;
  std::uint32_t count_;
  std::size_t target_;
  Profile profile_;
  std::size_t total_ = 0;
  std::size_t distinct_ = 0;
  std::vector<Reason> keep_;
  std::vector<bool> asked_;  ///< the question is surely about the line
  std::vector<bool> passed_;
};

}  // namespace

std::string_view reason_name(Reason reason) {
  switch (reason) {
    case Reason::kDropped:
      return "dropped";
    case Reason::kContext:
      return "context";
    case Reason::kFiller:
      return "sample";
    case Reason::kRare:
      return "rare";
    case Reason::kMatch:
      return "matches the question";
    case Reason::kHeading:
      return "heading";
    case Reason::kSummary:
      return "summary";
    case Reason::kWarning:
      return "warning";
    case Reason::kEdge:
      return "edge";
    case Reason::kExtreme:
      return "extreme value";
    case Reason::kError:
      return "error";
    case Reason::kAsked:
      return "named in the question";
  }
  return "";
}

std::vector<Reason> select_lines(const Analysis& analysis, std::size_t target_tokens, Profile profile) {
  if (analysis.document.lines.empty()) return {};
  return Selector(analysis, target_tokens, profile).run();
}

}  // namespace headroom::compress::log
