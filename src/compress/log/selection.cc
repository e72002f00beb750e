#include "compress/log/selection.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <span>
#include <tuple>

namespace headroom::compress::log {
namespace {

constexpr std::uint32_t kWholeRecord = 26;  // lines of a record that is kept as a whole
constexpr std::uint32_t kErrorKinds = 40;   // kinds of errors whose first sight stays whatever the budget
constexpr std::size_t kMaxAsked = 40;       // lines kept because the question holds a string of theirs
constexpr float kAlways = 10.0f;            // priority of a pick that no budget can refuse

struct Pick {
  float priority;
  std::uint32_t first;
  std::uint32_t last;
  Reason reason;
};

class Selector {
 public:
  Selector(const Analysis& a, std::size_t target)
      : a_(a), lines_(a.document.lines), count_(static_cast<std::uint32_t>(lines_.size())), target_(target) {
    keep_.assign(count_, Reason::kDropped);
    record_of_.assign(count_, 0);
    for (std::uint32_t r = 0; r < a_.records.size(); ++r) {
      for (std::uint32_t i = a_.records[r].first; i <= a_.records[r].last; ++i) record_of_[i] = r;
    }
    for (const Line& line : lines_) total_ += cost(line);
    for (std::uint32_t i = 0; i < count_; ++i)
      unique_ += !lines_[i].has(kBlank) && repeats(i) <= 2 ? cost(lines_[i]) : 0;
  }

  std::vector<Reason> run() {
    edges();
    errors();
    warnings();
    summaries();
    asked();
    matches();
    extremes();
    rare();
    pauses();
    fill();
    headings();
    small_gaps();
    return std::move(keep_);
  }

 private:
  static std::size_t cost(const Line& line) { return estimated_tokens(line.text.size()) + 1; }
  std::uint32_t repeats(std::uint32_t i) const { return a_.templates[lines_[i].template_id].count; }
  bool common(std::uint32_t i) const { return repeats(i) >= std::max<std::uint32_t>(8, count_ / 50); }

  void pick(float priority, std::uint32_t first, std::uint32_t last, Reason reason) {
    picks_.push_back({priority, first, std::min(last, count_ - 1), reason});
  }

  /// A record as a whole, or, where it is long, its head, what is bad in it, and its end.
  void pick_record(float priority, const Record& record, Reason reason, std::uint32_t most = kWholeRecord) {
    if (record.last - record.first < most) {
      pick(priority, record.first, record.last, reason);
      return;
    }
    const std::uint32_t head = most * 2 / 3;
    pick(priority, record.first, record.first + head, reason);
    std::uint32_t bad = 0;
    for (std::uint32_t i = record.first + head + 1; i + 2 < record.last && bad < 6; ++i) {
      if (lines_[i].level < Level::kError || common(i)) continue;
      ++bad;
      pick(priority, i, i + 2, reason);
    }
    pick(priority, record.last - 2, record.last, reason);
  }

  void edges() {
    const std::uint32_t head = count_ < 80 ? 3 : 2;
    const std::uint32_t tail = count_ < 80 ? 4 : 3;
    for (std::uint32_t i = 0, seen = 0; i < count_ && seen < head; ++i) {
      if (lines_[i].has(kBlank)) continue;
      pick(kAlways, i, i, Reason::kEdge);
      ++seen;
    }
    for (std::uint32_t i = count_, seen = 0; i-- > 0 && seen < tail;) {
      if (lines_[i].has(kBlank)) continue;
      pick(kAlways, i, i, Reason::kEdge);
      ++seen;
    }
  }

  bool is_error(const Record& record) const {
    if (record.level >= Level::kError) return true;
    const std::uint32_t i = record.head_error;
    const std::uint32_t few = std::max<std::uint32_t>(3, count_ / 100);
    if (record.level == Level::kProblem) return repeats(i) <= few;
    return lines_[record.first].has(kMention) && repeats(record.first) <= few;
  }

  void errors() {
    std::map<std::uint32_t, std::vector<std::uint32_t>> kinds;  // template of the bad line -> records
    std::size_t whole = 0;
    for (std::uint32_t r = 0; r < a_.records.size(); ++r) {
      const Record& record = a_.records[r];
      if (!is_error(record)) continue;
      kinds[lines_[record.head_error].template_id].push_back(r);
      for (std::uint32_t i = record.first; i <= record.last; ++i) whole += cost(lines_[i]);
    }
    const bool all = whole <= std::min<std::size_t>(1200, 120 + total_ / 5);
    std::uint32_t seen = 0;
    for (const auto& [id, records] : kinds) {
      const bool must = seen++ < kErrorKinds;
      std::set<std::uint64_t> wordings;
      for (std::size_t k = 0; k < records.size(); ++k) {
        const Record& record = a_.records[records[k]];
        const bool new_wording = wordings.insert(wording(record)).second;
        float priority = 0;
        if (k == 0) {
          priority = must ? kAlways : 0.95f;
        } else if (all && (k < 4 || new_wording)) {
          priority = kAlways;
        } else if (k + 1 == records.size()) {
          priority = 0.85f;
        } else if (k < 3) {
          priority = 0.75f;
        } else if (new_wording && wordings.size() <= 40) {
          priority = 0.5f;
        } else {
          continue;
        }
        pick_record(priority, record, Reason::kError);
        if (k == 0) context(record);
      }
    }
  }

  /// What a record says, its numbers and ids aside.
  std::uint64_t wording(const Record& record) const {
    std::uint64_t hash = 0;
    for (std::uint32_t i = record.first; i <= std::min(record.last, record.first + 30); ++i) {
      hash = (hash ^ lines_[i].shape) * 0x9E3779B97F4A7C15ull;
    }
    return hash;
  }

  /// What stands around the first sight of an error: in build and test output the rest of its paragraph.
  void context(const Record& record) {
    const std::uint32_t before = a_.document.timed ? 1 : 6;
    const std::uint32_t after = a_.document.timed ? 1 : 8;
    for (std::uint32_t i = record.first; i-- > 0 && record.first - i <= before;) {
      if (lines_[i].has(kBlank) || common(i)) break;
      pick(0.9f, i, i, Reason::kContext);
      if (lines_[i].has(kHeading)) break;
    }
    for (std::uint32_t i = record.last + 1; i < count_ && i - record.last <= after; ++i) {
      const bool underline = i == record.last + 1 && lines_[i].token_count <= 1;
      if (lines_[i].has(kBlank) || (lines_[i].has(kHeading) && !underline) || common(i)) break;
      pick(0.9f, i, i, Reason::kContext);
    }
  }

  void warnings() {
    std::map<std::uint32_t, std::uint32_t> seen;
    for (const Record& record : a_.records) {
      const bool mention = lines_[record.first].has(kMention);
      if ((record.level != Level::kWarn && record.level != Level::kProblem && !mention) || is_error(record)) continue;
      const std::uint32_t i = mention ? record.first : record.head_error;
      const std::uint32_t k = ++seen[lines_[i].template_id];
      if (k == 1) {
        pick_record(seen.size() <= 12 ? 1.5f : 0.8f, record, Reason::kWarning, 7);
      } else if (repeats(i) <= 3) {
        pick_record(0.6f, record, Reason::kWarning, 5);
      }
    }
  }

  void summaries() {
    std::vector<std::uint32_t> found;
    for (std::uint32_t i = 0; i < count_; ++i) {
      if (lines_[i].has(kSummary) && repeats(i) <= std::max<std::uint32_t>(2, count_ / 200)) found.push_back(i);
    }
    for (std::uint32_t i : found) {
      const bool late = i + count_ / 4 + 6 >= count_;
      pick(found.size() <= 12 || (late && found.size() <= 60) ? 2.0f : late ? 0.72f : 0.5f, i, i, Reason::kSummary);
    }
  }

  void asked() {
    std::size_t n = 0;
    for (std::uint32_t i : a_.query.exact) {
      if (++n > kMaxAsked) break;
      const Record& record = a_.records[record_of_[i]];
      pick(kAlways, i, i, Reason::kAsked);
      if (record.last - record.first < 8 && n <= 6) pick(1.0f, record.first, record.last, Reason::kAsked);
    }
  }

  void matches() {
    const std::vector<float>& score = a_.query.score;
    const float best = score.empty() ? 0.0f : *std::ranges::max_element(score);
    if (best < 0.4f) return;
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < count_; ++i) {
      if (score[i] >= std::max(0.35f, 0.3f * best)) order.push_back(i);
    }
    std::ranges::sort(
        order, [&](std::uint32_t x, std::uint32_t y) { return score[x] != score[y] ? score[x] > score[y] : x < y; });
    std::map<std::uint32_t, std::uint32_t> per_template;
    std::uint32_t sure = 0;
    for (std::uint32_t i : order) {
      const std::uint32_t nth = ++per_template[lines_[i].template_id];
      const std::uint32_t last = a_.templates[lines_[i].template_id].last;
      if (nth == 1 && repeats(i) > 1 && (a_.query.wants.first || a_.query.wants.last) && score[i] >= 0.6f * best) {
        const std::uint32_t first = a_.templates[lines_[i].template_id].sample;
        if (a_.query.wants.first && score[first] >= 0.6f * score[i]) pick(1.2f, first, first, Reason::kMatch);
        if (a_.query.wants.last && score[last] >= 0.6f * score[i]) pick(1.2f, last, last, Reason::kMatch);
      }
      if (nth == 3 && score[last] >= score[i]) pick(0.6f, last, last, Reason::kMatch);
      if (nth > 5) continue;
      const float relative = score[i] / best;
      const bool certain = relative >= 0.8f && score[i] >= 0.7f && nth <= 2 && ++sure <= 8;
      pick(certain ? 3.0f : 0.35f + 0.5f * relative - 0.05f * static_cast<float>(nth), i, i, Reason::kMatch);
      const Record& record = a_.records[record_of_[i]];
      if (certain && record.last - record.first < 12) pick(0.8f, record.first, record.last, Reason::kMatch);
    }
  }

  void extremes() {
    for (const TemplateSlots& entry : a_.slots) {
      const Template& t = a_.templates[entry.template_id];
      for (const Slot& slot : entry.slots) {
        numbers(t, slot);
        if (!slot.many) values(t, slot);
        ends(t, slot.heads);
        ends(t, slot.tails);
      }
    }
  }

  void numbers(const Template& t, const Slot& slot) {
    if (slot.numbers * 2 < t.count || slot.max.value <= slot.min.value) return;
    const double spread = std::max(slot.high - slot.median, std::abs(slot.median) * 0.05);
    const bool far = slot.max.value > slot.median + 3 * spread && slot.max.value > 2 * slot.median;
    const bool asked = a_.query.wants.extreme;
    if (slot.measure) {
      pick(asked ? 1.4f : far ? 0.9f : 0.33f, slot.max_line, slot.max_line, Reason::kExtreme);
      if (asked) pick(0.7f, slot.min_line, slot.min_line, Reason::kExtreme);
    } else if (far && slot.max.value > slot.median + 8 * spread) {
      pick(0.55f, slot.max_line, slot.max_line, Reason::kExtreme);
    } else if (asked && slot.many) {
      pick(0.5f, slot.max_line, slot.max_line, Reason::kExtreme);
    }
  }

  void values(const Template& t, const Slot& slot) {
    if (slot.values.size() < 2 || t.count < 12) return;
    const std::uint32_t few = std::max<std::uint32_t>(1, t.count / 100);
    const auto top = std::ranges::max(slot.values, {}, &SlotValue::count).count;
    std::vector<const SlotValue*> odd;
    for (const SlotValue& value : slot.values) {
      if (value.count <= few && value.count * 8 <= top) odd.push_back(&value);
    }
    if (odd.size() <= 4) {
      for (const SlotValue* value : odd) {
        pick_with_siblings(0.88f, value->first, Reason::kExtreme);
        if (value->last != value->first) pick(0.6f, value->last, value->last, Reason::kExtreme);
      }
    }
    silences(t, slot);
  }

  /// Values that begin or end unlike nearly all others: the one address outside the net, the one .raw among .jpg.
  void ends(const Template& t, const std::vector<SlotValue>& values) {
    if (values.size() < 2 || values.size() > 4 || t.count < 8) return;
    const std::uint32_t few = std::max<std::uint32_t>(1, t.count / 100);
    const auto top = std::ranges::max(values, {}, &SlotValue::count).count;
    if (top * 10 < t.count * 8) return;
    for (const SlotValue& value : values) {
      if (value.count <= few) pick_with_siblings(0.84f, value.first, Reason::kExtreme);
    }
  }

  /// A line and, where it is part of a small indented block, the block.
  void pick_with_siblings(float priority, std::uint32_t i, Reason reason) {
    pick(priority, i, i, reason);
    const std::uint32_t indent = lines_[i].indent;
    if (indent == 0 || a_.document.timed) return;
    std::uint32_t first = i;
    std::uint32_t last = i;
    const auto inside = [&](std::uint32_t k) { return !lines_[k].has(kBlank) && lines_[k].indent >= indent; };
    while (first > 0 && i - first < 10 && inside(first - 1)) --first;
    while (last + 1 < count_ && last - i < 10 && inside(last + 1)) ++last;
    if (last - first < 10) pick(priority - 0.25f, first, last, Reason::kContext);
  }

  /// Values that came regularly and then never again: the worker that stopped.
  void silences(const Template& t, const Slot& slot) {
    std::vector<const SlotValue*> silent;
    for (const SlotValue& value : slot.values) {
      if (value.count < 4 || t.last <= value.last) continue;
      const double interval = static_cast<double>(value.last - value.first) / (value.count - 1);
      const double tail = t.last - value.last;
      if (tail > 6 * interval + 3 && tail > 0.15 * (t.last - t.sample)) silent.push_back(&value);
    }
    if (silent.size() > 3 || silent.size() * 2 > slot.values.size()) return;
    for (const SlotValue* value : silent) pick(0.8f, value->last, value->last, Reason::kExtreme);
  }

  void rare() {
    const std::uint32_t few = count_ < 120 ? 2 : std::max<std::uint32_t>(1, count_ / 1000);
    std::size_t kinds = 0;
    for (const Template& t : a_.templates) kinds += t.count > 0 && t.count <= few;
    const float base = kinds <= 30 ? 0.66f : kinds <= 120 ? 0.45f : 0.3f;
    const float best = a_.query.score.empty() ? 0.0f : std::max(0.5f, *std::ranges::max_element(a_.query.score));
    for (std::uint32_t i = 0; i < count_; ++i) {
      if (lines_[i].has(kBlank) || repeats(i) > few) continue;
      float priority = base - 0.008f * static_cast<float>(std::min<std::uint32_t>(lines_[i].indent, 10));
      if (best > 0) priority += 0.3f * a_.query.score[i] / best;
      if (lines_[i].text.size() > 600) priority -= 0.2f;
      if (lines_[i].has(kUntilBlank)) priority -= 0.15f;
      pick(priority, i, i, Reason::kRare);
    }
    std::uint32_t shown = 0;
    for (const Template& t : a_.templates) {
      if (t.count <= few || ++shown > 16) continue;
      pick(0.3f, t.sample, t.sample, Reason::kFiller);
    }
  }

  /// The longest silences of a log with time stamps.
  void pauses() {
    if (!a_.document.timed || count_ < 20) return;
    std::vector<std::pair<std::int64_t, std::uint32_t>> steps;
    std::uint32_t previous = count_;
    for (std::uint32_t i = 0; i < count_; ++i) {
      if (!lines_[i].has(kTimed)) continue;
      if (previous < count_ && lines_[i].time_ms > lines_[previous].time_ms) {
        steps.emplace_back(lines_[i].time_ms - lines_[previous].time_ms, i);
      }
      previous = i;
    }
    if (steps.size() < 8) return;
    const std::size_t nth = steps.size() / 50 + 2;
    std::ranges::nth_element(steps, steps.begin() + static_cast<std::ptrdiff_t>(nth), std::greater<>{});
    const std::int64_t usual = steps[nth].first;
    std::ranges::sort(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(nth), std::greater<>{});
    for (std::size_t k = 0; k < 2; ++k) {
      if (steps[k].first < 4 * usual || steps[k].first < 2000) break;
      const std::uint32_t after = steps[k].second;
      pick(0.6f, after - 1, after, Reason::kExtreme);
    }
  }

  std::size_t budget(std::size_t used) const {
    if (target_ > 0) return target_ > used ? target_ - used : 0;
    const auto t = static_cast<double>(total_);
    double allowed = 300 + 8 * std::sqrt(t);
    const double unique = static_cast<double>(unique_) / std::max(1.0, t);
    if (unique > 0.4) allowed = std::max(allowed, std::min(0.5 * unique * t, 3500.0));
    return static_cast<std::size_t>(allowed);
  }

  std::size_t missing_cost(const Pick& pick) const {
    std::size_t sum = 0;
    bool gap = false;
    for (std::uint32_t i = pick.first; i <= pick.last; ++i) {
      if (keep_[i] == Reason::kDropped) {
        sum += cost(lines_[i]);
        gap = true;
      }
    }
    const bool alone = gap && (pick.first == 0 || keep_[pick.first - 1] == Reason::kDropped) &&
                       (pick.last + 1 >= count_ || keep_[pick.last + 1] == Reason::kDropped);
    return sum + (alone ? 12 : 0);
  }

  void take(const Pick& pick) {
    for (std::uint32_t i = pick.first; i <= pick.last; ++i) {
      if (!lines_[i].has(kRedraw) || pick.reason == Reason::kAsked) keep_[i] = std::max(keep_[i], pick.reason);
    }
  }

  void fill() {
    std::ranges::sort(picks_, [](const Pick& x, const Pick& y) {
      return std::tie(y.priority, x.first, x.last, y.reason) < std::tie(x.priority, y.first, y.last, x.reason);
    });
    std::size_t used = 0;
    std::size_t at = 0;
    for (; at < picks_.size() && picks_[at].priority >= kAlways; ++at) {
      used += missing_cost(picks_[at]);
      take(picks_[at]);
    }
    std::size_t left = budget(used);
    for (; at < picks_.size(); ++at) {
      const std::size_t more = missing_cost(picks_[at]);
      if (more > left) continue;
      left -= more;
      take(picks_[at]);
    }
  }

  /// "# aws_instance.web will be destroyed": says what the line below is about.
  bool comment(std::uint32_t i) const {
    const std::string_view s =
        lines_[i].text.substr(std::min<std::size_t>(lines_[i].content + lines_[i].indent, lines_[i].text.size()));
    return s.starts_with("# ") || s.starts_with("// ");
  }

  /// A kept line stays under the lines that name it.
  void headings() {
    for (std::uint32_t i = 0; i < count_; ++i) {
      if (keep_[i] == Reason::kDropped || keep_[i] == Reason::kHeading) continue;
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
        sum += cost(lines_[end++]);
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
  std::size_t total_ = 0;
  std::size_t unique_ = 0;
  std::vector<Reason> keep_;
  std::vector<std::uint32_t> record_of_;
  std::vector<Pick> picks_;
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

std::vector<Reason> select_lines(const Analysis& analysis, std::size_t target_tokens) {
  if (analysis.document.lines.empty()) return {};
  return Selector(analysis, target_tokens).run();
}

}  // namespace headroom::compress::log
