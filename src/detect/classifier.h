#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "detect/content_type.h"

namespace headroom::detect {

/// A second opinion on what a text is, for what its structure does not settle; a learned model, for instance. The same
/// text gets the same answer in every process that has the same model. Thread-safe.
class Classifier {
 public:
  virtual ~Classifier() = default;
  /// nullopt: no opinion, or not a sure one. `reason` of the detection names the classifier and its confidence.
  virtual std::optional<Detection> classify(std::string_view text) const = 0;
  /// Why classify() never has an opinion ("not installed"); empty when it may have one.
  virtual std::string unavailable() const = 0;
};

/// What structure found, or the classifier's opinion where structure found nothing it is sure of. `classifier` may be
/// nullptr. Short texts are not worth the time.
Detection with_second_opinion(Detection by_structure, std::string_view text, const Classifier* classifier);

}  // namespace headroom::detect
