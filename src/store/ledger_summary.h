#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "store/ledger.h"

namespace headroom::store {

/// How often each value came, to 11 binary digits, which is to within 0.1 %: so it takes a bounded room, however many
/// values there are.
class Frequencies {
 public:
  /// `value` of 0 and above.
  void add(std::int64_t value);
  /// Nearest rank: the smallest value that at least `fraction` of all values do not exceed; 0 without values.
  std::int64_t percentile(double fraction) const;

 private:
  std::map<std::int64_t, std::int64_t> counts_;
  std::int64_t all_ = 0;
};

/// Computes a LedgerSummary from rows that are shown to it one by one, so that every backend gives the same figures.
class LedgerSummaryBuilder {
 public:
  explicit LedgerSummaryBuilder(std::int64_t since_ms) { summary_.since_ms = since_ms; }

  /// The part of a row that the summary needs; the views need not outlive the call.
  struct Row {
    std::string_view source, model, transforms;
    int status = 0;
    bool estimate = false;
    std::int64_t tokens_before = 0, tokens_after = 0;
    std::int64_t billed_input = -1, billed_cached = -1, billed_output = -1;
    std::int64_t compress_us = 0, ttfb_us = -1;
    std::int64_t drifts = 0, drifts_accepted = 0, rewritten = 0;
    bool revised = false;
    std::string_view project;
  };
  void add(const Row& row);

  /// Of the rows so far.
  LedgerSummary summary() const;

 private:
  using Groups = std::map<std::string, LedgerGroup, std::less<>>;
  static void count(Groups& groups, std::string_view key, const Row& row);
  void count_transforms(const Row& row);

  LedgerSummary summary_;
  std::int64_t compress_us_sum_ = 0;
  Frequencies compress_us_, ttfb_us_;
  Groups by_model_, by_transform_, by_source_, by_project_;
};

}  // namespace headroom::store
