#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/splice.h"

namespace headroom::compress {

/// A learned opinion on which sentences of running text tell most. It ranks only: what may be left out at all is not
/// its to say. The same text gets the same opinion in every process that has the same model, but for time. Thread-safe.
class SentenceJudge {
 public:
  struct Opinion {
    std::vector<float> shares;  ///< for each sentence the share of its words that carry the meaning, 0..1; empty: none
    std::string reason;         ///< why there is no opinion: "ONNX Runtime: not installed", "no time for 12 chunks"
  };

  virtual ~SentenceJudge() = default;
  /// `sentences`: byte ranges of `text`, ascending, not overlapping. All of them are judged or none is. Returns soon
  /// after the deadline at the latest.
  virtual Opinion judge(std::string_view text, std::span<const base::Span> sentences,
                        base::Deadline deadline) const = 0;
  /// "Kompress", for notes.
  virtual std::string_view name() const = 0;
  /// Tells this model from any other in keys of caches.
  virtual std::string_view identity() const = 0;
};

}  // namespace headroom::compress
