#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.h"
#include "base/result.h"
#include "store/offer_record.h"

namespace headroom::context {

/// How a compressor treats the results of a tool, as models have asked for what it left out of earlier ones.
enum class Gentleness : std::uint8_t {
  kUsual,
  kGentler,   ///< compress::Profile::kGentle (kBalanced where kAggressive is asked for)
  kLossless,  ///< nothing is left out
};
/// "usual", "gentler", "lossless".
std::string_view gentleness_name(Gentleness step);
/// The inverse; anything else is kUsual.
Gentleness gentleness_from_name(std::string_view name);

/// When a compressor becomes gentler. An original that is asked for costs a round of the model and comes whole, so what
/// its marker had saved is lost and more; the text of a gentler step costs about a fifth of the original in any case,
/// and a lossless one two fifths and more. So a step pays from about this share of originals on.
struct LearningRules {
  std::int64_t least_offers = 10;  ///< of one step; fewer say nothing
  double gentler_from = 0.20;      ///< share of originals that are asked for, with the certainty below
  double lossless_from = 0.40;     ///< the same among those that the gentler step left out
  double certainty_z = 1.645;      ///< one-sided, 95 %
};

/// The share that is the least to be expected of `hits` of `trials` (Wilson's interval); 0 without trials.
double least_share(std::int64_t hits, std::int64_t trials, double z);

/// How one compressor treats one tool's results, and what that follows from.
struct LearnedStep {
  std::string project, tool, compressor;
  Gentleness step = Gentleness::kUsual;
  std::string why;  ///< "12 of 20 originals were asked for (43 % or more)"; empty where it is as usual
  std::int64_t usual_offers = 0, usual_retrieved = 0;
  std::int64_t gentler_offers = 0, gentler_retrieved = 0;

  std::int64_t offers() const { return usual_offers + gentler_offers; }
  std::int64_t retrieved() const { return usual_retrieved + gentler_retrieved; }
  /// 12 hex digits that stand for project, tool and compressor.
  std::string id() const;
};

/// One for each project, tool and compressor, in the order of `counts`.
std::vector<LearnedStep> learn(std::span<const store::OfferCount> counts, const LearningRules& rules = {});

/// As a JSON object, wherever it is shown.
void write_learned(base::JsonWriter& json, const LearnedStep& learned);

/// What holds for the results of one tool.
class GentleTool {
 public:
  struct Step {
    Gentleness step = Gentleness::kUsual;
    std::string why;
  };
  /// nullptr: as usual.
  const Step* find(std::string_view compressor) const;
  void add(const std::string& compressor, Step step) { steps_[compressor] = std::move(step); }
  /// What decisions depend on.
  std::string key() const;
  const std::map<std::string, Step, std::less<>>& steps() const { return steps_; }

 private:
  std::map<std::string, Step, std::less<>> steps_;
};

/// What holds for a conversation, from its first request on. Immutable once made.
class GentleTools {
 public:
  static GentleTools from(std::span<const LearnedStep> learned);
  /// The inverse of text(). kParse.
  static base::Result<GentleTools> from_text(std::string_view text);
  std::string text() const;

  bool empty() const { return tools_.empty(); }
  /// nullptr: as usual. Lives as long as this.
  const GentleTool* find(std::string_view tool) const;

 private:
  std::map<std::string, GentleTool, std::less<>> tools_;
};

}  // namespace headroom::context
