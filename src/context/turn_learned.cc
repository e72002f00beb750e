#include <array>
#include <utility>

#include "context/gentleness.h"
#include "context/retrieval_offer.h"
#include "context/superseded.h"
#include "context/turn.h"

// What was learned from what models asked for, and what is learned from this request.

namespace headroom::context {
namespace {

constexpr std::string_view kPlace = "gentle tools";

/// "json" of "json:rows"; empty for what several compressors made together.
std::string_view compressor_of(std::string_view strategy) {
  if (strategy.contains(',') || strategy == kSupersededStrategy) return {};
  return strategy.substr(0, strategy.find(':'));
}

void add_offer(const std::string& id, std::string_view tool, std::string_view strategy, Gentleness step,
               std::vector<store::Offer>& offers) {
  const std::string_view compressor = compressor_of(strategy);
  if (id.empty() || compressor.empty()) return;
  offers.push_back({id, std::string(tool), std::string(compressor), static_cast<int>(step)});
}

}  // namespace

/// Fixed by the conversation's first request, and kept: what is learned meanwhile changes none of its bytes.
std::shared_ptr<const GentleTools> Turn::gentle_tools() const {
  const auto none = std::make_shared<const GentleTools>();
  const std::string conversation = base::hash_bytes(history_.conversation);
  const std::string place = base::hash_bytes(base::hash128(history_.conversation, kPlace));
  const auto read = [&](const std::string& text) {
    auto tools = GentleTools::from_text(text);
    return tools ? std::make_shared<const GentleTools>(*std::move(tools)) : none;
  };
  const auto known = shared_.decision_store->find(conversation, std::array{place});
  if (!known) return none;
  if (!known->front().empty()) return read(known->front());
  if (!first_) return none;
  const auto counts = shared_.options.offers->retrieved_counts(request_.project);
  if (!counts) return none;
  auto learned = std::make_shared<const GentleTools>(GentleTools::from(learn(*counts)));
  if (learned->empty() || request_.counts_only) return learned;
  const auto others = shared_.decision_store->put(conversation, std::array{store::DecisionRow{place, learned->text()}});
  if (!others) return none;  // what cannot be kept would not hold for the next request
  return others->empty() ? learned : read(others->front());
}

void Turn::load_gentle() {
  if (shared_.options.offers == nullptr) return;
  if (seen_.gentle == nullptr) seen_.gentle = gentle_tools();
  if (seen_.gentle->empty()) return;
  for (Result& result : results_) {
    result.effort.gentle = seen_.gentle->find(conversation_.blocks[result.block].tool_name);
  }
}

/// The model has a tool to ask for what the body's markers stand for.
void Turn::note_offers() const {
  if (shared_.options.offers == nullptr || out_.ids.empty() || request_.counts_only) return;
  if (!out_.offers_retrieval && !has_own_retrieve_tool(conversation_, body_)) return;
  std::vector<store::Offer> offers;
  for (const Result& result : results_) {
    const BlockReport& report = result.decided->report;
    if (removed(result.block) || report.ids.empty()) continue;
    const std::string_view tool = conversation_.blocks[result.block].tool_name;
    for (const PartReport& part : report.parts) add_offer(part.id, tool, part.strategy, part.gentleness, offers);
    if (report.parts.empty() && report.ids.size() == 1) {
      add_offer(report.ids.front(), tool, report.strategy, report.gentleness, offers);
    }
  }
  // What cannot be noted is not learned from; the request is none the worse.
  if (!offers.empty()) static_cast<void>(shared_.options.offers->offer(request_.project, offers));
}

}  // namespace headroom::context
