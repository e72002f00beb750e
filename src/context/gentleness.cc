#include "context/gentleness.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/hash.h"
#include "base/json_document.h"

namespace headroom::context {
namespace {

void count_in(const store::OfferCount& count, LearnedStep& learned) {
  if (count.step == static_cast<int>(Gentleness::kUsual)) {
    learned.usual_offers += count.offered;
    learned.usual_retrieved += count.retrieved;
  } else if (count.step == static_cast<int>(Gentleness::kGentler)) {
    learned.gentler_offers += count.offered;
    learned.gentler_retrieved += count.retrieved;
  }
}

/// Why there are enough; empty where there are not.
std::string enough(std::int64_t offers, std::int64_t retrieved, double from, const LearningRules& rules) {
  if (offers < rules.least_offers) return {};
  const double share = least_share(retrieved, offers, rules.certainty_z);
  if (share < from) return {};
  return fmt::format("{} of {} originals were asked for ({:.0f} % or more)", retrieved, offers,
                     std::floor(100 * share));
}

void judge(LearnedStep& learned, const LearningRules& rules) {
  learned.why = enough(learned.usual_offers, learned.usual_retrieved, rules.gentler_from, rules);
  if (learned.why.empty()) return;
  learned.step = Gentleness::kGentler;
  const std::string more = enough(learned.gentler_offers, learned.gentler_retrieved, rules.lossless_from, rules);
  if (more.empty()) return;
  learned.step = Gentleness::kLossless;
  learned.why += "; shortened more gently, " + more;
}

}  // namespace

std::string_view gentleness_name(Gentleness step) {
  switch (step) {
    case Gentleness::kUsual:
      return "usual";
    case Gentleness::kGentler:
      return "gentler";
    case Gentleness::kLossless:
      return "lossless";
  }
  return "usual";
}

Gentleness gentleness_from_name(std::string_view name) {
  if (name == "gentler") return Gentleness::kGentler;
  return name == "lossless" ? Gentleness::kLossless : Gentleness::kUsual;
}

double least_share(std::int64_t hits, std::int64_t trials, double z) {
  if (trials <= 0) return 0;
  const auto n = static_cast<double>(trials);
  const double share = static_cast<double>(hits) / n;
  const double middle = share + z * z / (2 * n);
  const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  return std::max(0.0, (middle - half) / (1 + z * z / n));
}

std::string LearnedStep::id() const {
  return base::content_id(fmt::format("{}\n{}\n{}", project, tool, compressor)).substr(0, base::kMinIdPrefix);
}

std::vector<LearnedStep> learn(std::span<const store::OfferCount> counts, const LearningRules& rules) {
  std::vector<LearnedStep> out;
  for (const store::OfferCount& count : counts) {
    const bool known = !out.empty() && out.back().project == count.project && out.back().tool == count.tool &&
                       out.back().compressor == count.compressor;
    if (!known)
      out.push_back({.project = count.project, .tool = count.tool, .compressor = count.compressor, .why = {}});
    count_in(count, out.back());
  }
  for (LearnedStep& learned : out) judge(learned, rules);
  return out;
}

void write_learned(base::JsonWriter& json, const LearnedStep& learned) {
  json.begin_object().member("id", learned.id()).member("project", learned.project).member("tool", learned.tool);
  json.member("compressor", learned.compressor).member("step", gentleness_name(learned.step));
  json.member("why", learned.why).member("offered", learned.offers()).member("retrieved", learned.retrieved());
  json.member("offered_usual", learned.usual_offers).member("retrieved_usual", learned.usual_retrieved);
  json.member("offered_gentler", learned.gentler_offers).member("retrieved_gentler", learned.gentler_retrieved);
  json.end_object();
}

const GentleTool::Step* GentleTool::find(std::string_view compressor) const {
  const auto found = steps_.find(compressor);
  return found == steps_.end() ? nullptr : &found->second;
}

std::string GentleTool::key() const {
  std::string key;
  for (const auto& [compressor, step] : steps_) {
    key += fmt::format("{}={}:{}\n", compressor, gentleness_name(step.step), step.why);
  }
  return key;
}

GentleTools GentleTools::from(std::span<const LearnedStep> learned) {
  GentleTools out;
  for (const LearnedStep& one : learned) {
    if (one.step != Gentleness::kUsual) out.tools_[one.tool].add(one.compressor, {one.step, one.why});
  }
  return out;
}

base::Result<GentleTools> GentleTools::from_text(std::string_view text) {
  const auto document = base::JsonDocument::parse(text);
  if (!document) return std::unexpected(document.error());
  if (document->root().kind != base::JsonKind::kArray) return base::fail(base::ErrorCode::kParse, "no list of steps");
  GentleTools out;
  for (const base::JsonNode& one : document->children(document->root())) {
    if (one.kind != base::JsonKind::kObject) return base::fail(base::ErrorCode::kParse, "no step");
    out.tools_[std::string(document->string_member(one, "tool"))].add(
        std::string(document->string_member(one, "compressor")),
        {gentleness_from_name(document->string_member(one, "step")), std::string(document->string_member(one, "why"))});
  }
  return out;
}

std::string GentleTools::text() const {
  base::JsonWriter json;
  json.begin_array();
  for (const auto& [name, tool] : tools_) {
    for (const auto& [compressor, step] : tool.steps()) {
      json.begin_object().member("tool", name).member("compressor", compressor);
      json.member("step", gentleness_name(step.step)).member("why", step.why).end_object();
    }
  }
  json.end_array();
  return std::move(json).take();
}

const GentleTool* GentleTools::find(std::string_view tool) const {
  const auto found = tools_.find(tool);
  return found == tools_.end() ? nullptr : &found->second;
}

}  // namespace headroom::context
