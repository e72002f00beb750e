#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/classifier.h"
#include "learned/onnx.h"
#include "learned/places.h"

namespace headroom::learned {

/// Google's Magika: which of some two hundred kinds of file the first and last kilobyte look like.
class Magika {
 public:
  static base::Result<std::unique_ptr<Magika>> load(std::shared_ptr<const OnnxRuntime> runtime,
                                                    const std::string& folder);

  struct Answer {
    std::string label;  ///< "python", "markdown", ...
    double score = 0;   ///< 0..1
    bool sure = false;  ///< over the threshold that the model sets for the label
  };
  base::Result<Answer> ask(std::string_view text) const;

 private:
  std::unique_ptr<OnnxModel> model_;
  std::vector<std::string> labels_;
  std::vector<double> thresholds_;
  std::size_t begin_size_ = 0, end_size_ = 0, block_size_ = 0;
  std::int64_t padding_ = 0;
};

/// What we do about a label: kOther where its meaning is not ours to use.
detect::ContentType type_of_label(std::string_view label);

/// Magika as a second opinion. Looks for it and loads it when it is first asked; what is not there then is not looked
/// for again.
class MagikaClassifier final : public detect::Classifier {
 public:
  explicit MagikaClassifier(Places places) : places_(std::move(places)) {}
  std::optional<detect::Detection> classify(std::string_view text) const override;
  std::string unavailable() const override;

 private:
  void load() const;

  Places places_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<Magika> magika_;
  mutable std::string why_not_;
};

}  // namespace headroom::learned
