#include "detect/classifier.h"

#include <cstddef>

#include <fmt/format.h>

namespace headroom::detect {
namespace {

constexpr std::size_t kShortest = 800;  // bytes
constexpr double kSettled = 0.35;       // confidence from which structure needs no second opinion

}  // namespace

Detection with_second_opinion(Detection by_structure, std::string_view text, const Classifier* classifier) {
  if (classifier == nullptr || text.size() < kShortest) return by_structure;
  if (by_structure.type != ContentType::kOther && by_structure.confidence >= kSettled) return by_structure;
  if (auto opinion = classifier->classify(text)) {
    opinion->reason = fmt::format("{}; by structure: {}", opinion->reason, by_structure.reason);
    return *std::move(opinion);
  }
  const std::string why = classifier->unavailable();
  if (!why.empty()) by_structure.reason += fmt::format("; no second opinion: {}", why);
  return by_structure;
}

}  // namespace headroom::detect
