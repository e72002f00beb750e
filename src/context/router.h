#pragma once

#include <cstddef>
#include <string_view>

#include "base/clock.h"
#include "compress/compressor.h"
#include "compress/registry/registry.h"
#include "context/decision_cache.h"
#include "context/gentleness.h"
#include "detect/classifier.h"
#include "detect/content_type.h"
#include "tokens/tokenizer.h"

namespace headroom::context {

/// How far a decision may go.
struct Effort {
  bool lossless = false;  ///< drop nothing, write no markers
  compress::Profile profile = compress::Profile::kBalanced;
  std::size_t target_tokens = 0;                   ///< per block; 0: adaptive
  const compress::SentenceJudge* judge = nullptr;  ///< of sentences; nullptr: none
  const GentleTool* gentle = nullptr;              ///< what was learned of the tool; nullptr: nothing
  bool operator==(const Effort&) const = default;
};

/// One text and what is known of it.
struct Task {
  std::string_view text;
  const compress::Query& query;
  const tokens::Tokenizer& tokenizer;
  detect::ContentType forced = detect::ContentType::kOther;  ///< kOther: find out
  std::size_t tokens = 0;                                    ///< of the text
  Effort effort;
  base::Deadline deadline = base::Deadline::never();
  const detect::Classifier* classifier = nullptr;  ///< a second opinion; nullptr: none
};

/// Finds out what a text is, splits what holds several things, and hands each part to the compressor for its kind; when
/// that gains nothing, to the next that may. A pure function of the task, the deadline aside.
Decision route(const compress::Registry& registry, const Task& task);

}  // namespace headroom::context
