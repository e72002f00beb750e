#include "compress/search/selection.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "compress/focus/asked_lines.h"
#include "compress/search/path.h"
#include "compress/search/shapes.h"
#include "compress/search/wants.h"

namespace headroom::compress::search {
namespace {

constexpr std::size_t kGap = 7;         // tokens that a gap costs, about
constexpr std::size_t kWholeBlock = 9;  // rows of a block of context that stay together
constexpr std::size_t kAround = 2;      // rows of context that stay around a hit in a larger one
constexpr std::size_t kAnswers = 20;    // rows that are shown with their path at most
constexpr std::size_t kGiant = 250;     // tokens of a row that only stays when it is asked for
constexpr double kRepeat = 0.35;        // what the second row of a kind is worth less, and so on by logarithm
constexpr double kCopy = 0.8;           // the same for an exact copy

class Selector {
 public:
  Selector(const Document& document, const Query& query, std::size_t budget)
      : d_(document), query_(query), budget_(budget), shapes_(find_shapes(document)), cost_(document.rows.size()) {
    out_.keep.assign(d_.rows.size(), Show::kNot);
    out_.why.assign(d_.rows.size(), Why::kNone);
    for (std::size_t i = 0; i < cost_.size(); ++i) {
      cost_[i] = static_cast<std::uint32_t>(focus::estimated_tokens(d_.rows[i].rest()));
      found_ += d_.rows[i].found();
    }
    find_blocks();
  }

  Selection run() {
    out_.all = wants_all(query_.user, query_.call.pattern) && !limit();
    if (out_.all) return std::move(out_);
    score();
    if (wants_set(query_.user) && limit_.empty() && !told_apart_) {
      out_.all = true;
      return std::move(out_);
    }
    for (std::size_t i = 0; i < d_.rows.size(); ++i) {
      if (d_.rows[i].kind == RowKind::kNote) take(i);
    }
    for (std::size_t i = 0; i < d_.rows.size(); ++i) {
      if (must_[i]) take_block(i);
    }
    fill();
    close();
    show_answers();
    return std::move(out_);
  }

 private:
  /// "every call in src/net/": those rows, all of them, are what is asked for.
  bool limit() {
    const std::string_view path = limited_to(query_.user);
    if (path.empty()) return false;
    std::size_t inside = 0;
    for (const Row& row : d_.rows) inside += row.found() && in(row, path);
    if (inside == 0 || inside * 2 > found_) return false;
    limit_ = path;
    return true;
  }

  bool in(const Row& row, std::string_view path) const {
    return row.file != kNoFile && d_.files[row.file].find(path) != std::string_view::npos;
  }

  bool kept(std::size_t row) const { return out_.keep[row] != Show::kNot; }

  void find_blocks() {
    block_.assign(d_.rows.size(), {});
    const bool context = std::ranges::any_of(d_.rows, [](const Row& r) { return r.kind == RowKind::kContext; });
    for (std::size_t at = 0; at < d_.rows.size();) {
      std::size_t end = at + 1;
      if (context && d_.rows[at].found()) {
        while (end < d_.rows.size() && d_.rows[end].found() && d_.rows[end].file == d_.rows[at].file) ++end;
      }
      for (std::size_t i = at; i < end; ++i) block_[i] = {at, end};
      at = end;
    }
  }

  void score() {
    score_.assign(d_.rows.size(), 0.0);
    must_.assign(d_.rows.size(), false);
    std::vector<double> best(d_.rows.size());
    const double n = static_cast<double>(found_);
    for (const Feature& feature : find_features(d_, shapes_, query_)) {
      const double df = static_cast<double>(feature.rows.size());
      const double worth = feature.weight * std::max(0.0, std::log((n + 1) / (df + 0.5)) / std::log(n + 1));
      const bool must = feature.must && feature.rows.size() <= feature.few;
      for (const std::uint32_t row : feature.rows) {
        score_[row] += worth;
        told_apart_ = told_apart_ || (must && (answers(feature.why) || feature.why == Why::kOutside));
        if (must && (cost_[row] <= kGiant || answers(feature.why))) must_[row] = true;
        if (worth > best[row] || out_.why[row] == Why::kNone) {
          best[row] = worth;
          out_.why[row] = feature.why;
        }
      }
    }
    std::unordered_map<std::string_view, std::size_t> of_file;
    for (std::size_t i = 0; i < d_.rows.size(); ++i) {
      const Row& row = d_.rows[i];
      if (!row.found()) continue;
      if (!limit_.empty() && in(row, limit_)) must_[i] = true;
      if (row.kind == RowKind::kContext) score_[i] *= 0.7;
      score_[i] -= kRepeat * std::log2(1.0 + shapes_[i].before) / 4;
      score_[i] -= kCopy * std::log2(1.0 + shapes_[i].copies) / 2;
      const std::string_view file = row.file == kNoFile ? std::string_view() : d_.files[row.file];
      const std::size_t before = of_file[d_.form == Form::kList ? folder_of(file) : file]++;
      if (before == 0) score_[i] += 0.5;
      score_[i] -= 0.02 * row.level;
      score_[i] -= 0.1 * std::log2(1.0 + static_cast<double>(before));
    }
    // The first and the last show where the output begins and ends.
    for (std::size_t i = 0; i < d_.rows.size(); ++i) {
      if (!d_.rows[i].found()) continue;
      must_[i] = must_[i] || cost_[i] <= kGiant;
      break;
    }
    for (std::size_t i = d_.rows.size(); i-- > 0;) {
      if (!d_.rows[i].found()) continue;
      must_[i] = must_[i] || cost_[i] <= kGiant;
      break;
    }
  }

  void take(std::size_t row) {
    if (kept(row)) return;
    out_.keep[row] = Show::kGrouped;
    spent_ += std::min<std::size_t>(cost_[row], kGiant);
    const Row& r = d_.rows[row];
    if (r.file != kNoFile && d_.form != Form::kList && file_seen_.emplace(r.file, true).second)
      spent_ += focus::estimated_tokens(d_.files[r.file]) / 2;
    const bool joined = (row > 0 && kept(row - 1)) || (row + 1 < out_.keep.size() && kept(row + 1));
    spent_ += joined ? 0 : kGap;
  }

  /// The row with what stands around it.
  void take_block(std::size_t row) {
    const auto [first, last] = block_[row];
    const bool whole = last - first <= kWholeBlock;
    const std::size_t from = whole ? first : std::max(first, row - std::min(row, kAround));
    const std::size_t to = whole ? last : std::min(last, row + kAround + 1);
    for (std::size_t i = from; i < to; ++i) take(i);
  }

  void fill() {
    std::vector<std::uint32_t> order(d_.rows.size());
    std::iota(order.begin(), order.end(), 0u);
    std::erase_if(order, [&](std::uint32_t i) { return !d_.rows[i].found() || kept(i); });
    std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) { return score_[a] > score_[b]; });
    for (const std::uint32_t row : order) {
      if (spent_ >= budget_) break;
      if (cost_[row] > kGiant && cost_[row] * 8 > budget_) continue;
      if (!kept(row)) take_block(row);
    }
  }

  /// In a drawn tree a name means nothing without the folders that it is in.
  void keep_parents() {
    std::uint32_t open = 0;  // what is above stays when it is further left than this
    for (std::size_t i = d_.rows.size(); i-- > 0;) {
      const Row& row = d_.rows[i];
      if (row.kind != RowKind::kPath) {
        open = 0;
      } else if (kept(i)) {
        open = std::max(open == 0 ? row.level : std::min(open, row.level), 1u);
      } else if (row.level < open) {
        take(i);
        open = row.level;
      }
    }
  }

  /// Headings of what stays stay, and runs that are no longer than a gap.
  void close() {
    if (d_.form == Form::kTree) keep_parents();
    std::vector<bool> shown(d_.files.size());
    for (std::size_t i = 0; i < d_.rows.size(); ++i) {
      if (kept(i) && d_.rows[i].file != kNoFile) shown[d_.rows[i].file] = true;
    }
    for (std::size_t i = 0; i < d_.rows.size(); ++i) {
      if (d_.rows[i].kind == RowKind::kHeading) out_.keep[i] = shown[d_.rows[i].file] ? Show::kGrouped : Show::kNot;
    }
    for (std::size_t at = 0; at < d_.rows.size();) {
      if (kept(at)) {
        ++at;
        continue;
      }
      std::size_t end = at, tokens = 0;
      bool texts = false;
      for (; end < d_.rows.size() && !kept(end); ++end) {
        tokens += cost_[end];
        texts = texts || !d_.rows[end].line.empty();
      }
      if (tokens <= kGap + 4 || !texts)
        std::fill(out_.keep.begin() + static_cast<std::ptrdiff_t>(at),
                  out_.keep.begin() + static_cast<std::ptrdiff_t>(end), Show::kGrouped);
      at = end;
    }
  }

  /// What the question asks for stands as it came, with its path, so that it can be quoted.
  void show_answers() {
    if (d_.form != Form::kNumbered && d_.form != Form::kUnnumbered && d_.form != Form::kList) return;
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < must_.size(); ++i) {
      if (must_[i] && answers(out_.why[i]) && d_.rows[i].found() && d_.rows[i].file != kNoFile) order.push_back(i);
    }
    std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) { return score_[a] > score_[b]; });
    if (order.size() > kAnswers) order.resize(kAnswers);
    for (const std::uint32_t i : order) out_.keep[i] = Show::kWhole;
  }

  static bool answers(Why why) {
    return why == Why::kNamed || why == Why::kAsked || why == Why::kDescribed || why == Why::kExtreme ||
           why == Why::kLacks;
  }

  struct Block {
    std::size_t first = 0, last = 0;
  };

  const Document& d_;
  const Query& query_;
  std::size_t budget_ = 0, spent_ = 0, found_ = 0;
  const std::vector<Shape> shapes_;
  std::vector<std::uint32_t> cost_;
  std::vector<Block> block_;
  std::vector<double> score_;
  std::vector<bool> must_;
  std::unordered_map<std::uint32_t, bool> file_seen_;
  std::string_view limit_;
  bool told_apart_ = false;  // the question singles out some rows
  Selection out_;
};

}  // namespace

Selection select(const Document& document, const Query& query, std::size_t budget) {
  return Selector(document, query, budget).run();
}

}  // namespace headroom::compress::search
