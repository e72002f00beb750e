#include "store/ledger_summary.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

namespace headroom::store {
namespace {

constexpr double kUsPerMs = 1000.0;

void add_known(std::int64_t& sum, std::int64_t value) {
  if (value >= 0) sum += value;
}

double percentile_ms(const Frequencies& us, double fraction) {
  return static_cast<double>(us.percentile(fraction)) / kUsPerMs;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

template <typename Groups>
std::vector<LedgerGroup> sorted(const Groups& groups) {
  std::vector<LedgerGroup> list;
  for (const auto& [key, group] : groups) list.push_back(group);
  std::ranges::sort(list, [](const LedgerGroup& a, const LedgerGroup& b) {
    const std::int64_t saved_a = a.tokens_before - a.tokens_after, saved_b = b.tokens_before - b.tokens_after;
    return saved_a != saved_b ? saved_a > saved_b : a.key < b.key;
  });
  return list;
}

}  // namespace

void Frequencies::add(std::int64_t value) {
  constexpr int kDigits = 11;
  const int beyond = std::max(static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value))) - kDigits, 0);
  ++counts_[value >> beyond << beyond];
  ++all_;
}

std::int64_t Frequencies::percentile(double fraction) const {
  const auto rank = static_cast<std::int64_t>(std::ceil(fraction * static_cast<double>(all_)));
  std::int64_t below = 0;
  for (const auto& [value, count] : counts_) {
    below += count;
    if (below >= rank) return value;
  }
  return 0;
}

void LedgerSummaryBuilder::count(Groups& groups, std::string_view key, const Row& row) {
  auto at = groups.find(key);
  if (at == groups.end()) {
    at = groups.emplace(std::string(key), LedgerGroup{}).first;
    at->second.key = key;
  }
  ++at->second.requests;
  at->second.tokens_before += row.tokens_before;
  at->second.tokens_after += row.tokens_after;
}

void LedgerSummaryBuilder::count_transforms(const Row& row) {
  std::vector<std::string_view> seen;
  std::string_view rest = row.transforms;
  while (!rest.empty()) {
    const auto comma = rest.find(',');
    const std::string_view name = trimmed(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    if (name.empty() || std::ranges::find(seen, name) != seen.end()) continue;
    seen.push_back(name);
    count(by_transform_, name, row);
  }
}

void LedgerSummaryBuilder::add(const Row& row) {
  ++summary_.requests;
  if (row.tokens_after < row.tokens_before) ++summary_.compressed;
  if (row.status >= 400) ++summary_.failed;
  if (row.estimate) ++summary_.estimated_requests;
  summary_.tokens_before += row.tokens_before;
  summary_.tokens_after += row.tokens_after;
  add_known(summary_.billed_input, row.billed_input);
  add_known(summary_.billed_cached, row.billed_cached);
  add_known(summary_.billed_output, row.billed_output);
  summary_.drifts += row.drifts;
  summary_.drifts_accepted += row.drifts_accepted;
  summary_.rewritten += row.rewritten;
  if (row.revised) ++summary_.revised;
  compress_us_sum_ += row.compress_us;
  compress_us_.add(std::max<std::int64_t>(row.compress_us, 0));
  if (row.ttfb_us >= 0) ttfb_us_.add(row.ttfb_us);
  count(by_model_, row.model, row);
  count(by_source_, row.source, row);
  if (!row.project.empty()) count(by_project_, row.project, row);
  count_transforms(row);
}

LedgerSummary LedgerSummaryBuilder::summary() const {
  LedgerSummary summary = summary_;
  if (summary.requests > 0) {
    summary.compress_ms_mean = static_cast<double>(compress_us_sum_) / static_cast<double>(summary.requests) / kUsPerMs;
  }
  summary.compress_ms_p50 = percentile_ms(compress_us_, 0.50);
  summary.compress_ms_p95 = percentile_ms(compress_us_, 0.95);
  summary.compress_ms_p99 = percentile_ms(compress_us_, 0.99);
  summary.ttfb_ms_p50 = percentile_ms(ttfb_us_, 0.50);
  summary.by_model = sorted(by_model_);
  summary.by_transform = sorted(by_transform_);
  summary.by_source = sorted(by_source_);
  summary.by_project = sorted(by_project_);
  return summary;
}

}  // namespace headroom::store
