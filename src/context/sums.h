#pragma once

#include <string>
#include <vector>

#include "align/aligner.h"
#include "base/json_writer.h"
#include "context/pipeline.h"
#include "store/ledger.h"

namespace headroom::context {

/// What is said of a conversation's prefix, one line for each thing: what drifted, what rewriting old results would
/// cost and save, why earlier requests' text was changed.
struct SumLine {
  bool costs = false;  ///< something that was sent before is sent otherwise now, so the provider has to read it anew
  std::string text;
};

/// `values`: with the values that drifted. Logs are told without: prompts hold what is nobody's business.
std::vector<SumLine> sum_lines(const Outcome& outcome, bool values);

/// The same as members of the object that is open: "drifts", "rewrite" (null: there was nothing to rewrite) and
/// "revision_note".
void write_sums(base::JsonWriter& json, const Outcome& outcome);

/// What of an outcome the ledger keeps, these figures included: all of the row but who asked, when, and how long it
/// took.
void count_outcome(const Outcome& outcome, store::LedgerRow& row);

}  // namespace headroom::context
