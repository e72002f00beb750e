#include "context/pipeline.h"

#include <algorithm>
#include <exception>
#include <random>

#include <fmt/format.h>

#include "base/glob.h"
#include "base/hash.h"
#include "base/json_string.h"
#include "base/splice.h"
#include "context/budget.h"
#include "context/decision_cache.h"
#include "context/query.h"
#include "context/router.h"
#include "tokens/count_cache.h"
#include "tokens/tokenizer.h"

namespace headroom::context {
namespace {

constexpr std::size_t kDecisionBytes = std::size_t{32} << 20;
/// What a client flags as an error is short and matters whole; only long ones are worth compressing.
constexpr std::size_t kErrorResultFactor = 5;

/// Calls that give back what was taken out: compressing their answer would take it out again.
bool is_retrieval(const wire::Block& block) {
  const std::string_view name = block.tool_name;
  const std::string_view arguments = block.tool_arguments;
  return name.ends_with("headroom_retrieve") || name == "retrieve_original_content" ||
         arguments.find("headroom retrieve ") != std::string_view::npos ||
         arguments.find("/v1/retrieve") != std::string_view::npos;
}

/// A model name as headers, metrics and the ledger may show it, whatever the client has sent.
std::string shown_name(std::string_view name) {
  static constexpr std::size_t kLongest = 128;
  std::string shown(name.substr(0, kLongest));
  for (char& c : shown) {
    if (c < 0x21 || c > 0x7E) c = '?';
  }
  return shown;
}

/// The originals that markers of the decision name, cut from the block's text.
void take_originals(const Decision& decision, std::string_view text, std::string_view tool,
                    std::vector<store::Original>& originals) {
  for (const KeptOriginal& kept : decision.originals) {
    originals.push_back({kept.id, std::string(text.substr(kept.begin, kept.size)),
                         std::string(detect::content_type_name(kept.type)), std::string(tool),
                         static_cast<std::int64_t>(kept.tokens)});
  }
}

/// A result that a decision was made for.
struct Touched {
  std::size_t block = 0;   ///< in Conversation::blocks
  std::size_t report = 0;  ///< in Outcome::blocks
  compress::Query query;
};

void add_once(std::vector<std::string>& list, const std::string& item) {
  if (!item.empty() && std::ranges::find(list, item) == list.end()) list.push_back(item);
}

/// Carries over what a block's report says about the whole.
void tell(const BlockReport& report, Outcome& out) {
  for (const std::string& id : report.ids) add_once(out.ids, id);
  if (report.parts.empty()) add_once(out.transforms, report.strategy);
  for (const PartReport& part : report.parts) add_once(out.transforms, part.strategy);
}

}  // namespace

struct Pipeline::Impl {
  Impl(const compress::Registry& registry_in, store::OriginalStore* store_in, const base::Clock& clock_in,
       PipelineOptions options_in)
      : registry(registry_in), store(store_in), clock(clock_in), options(std::move(options_in)) {}

  std::string untouchable(const wire::Block& block, std::size_t tokens) const;
  std::shared_ptr<const Decision> decide(std::string_view text, const compress::Query& query,
                                         const tokens::Tokenizer& tokenizer, detect::ContentType forced,
                                         std::size_t tokens_before, const Effort& effort,
                                         base::Deadline deadline) const;
  Effort effort_for(std::string_view tool, const RequestOptions& request, const compress::SentenceJudge* judge) const;
  base::Result<void> keep_originals(std::span<const store::Original> originals) const;
  void compress_blocks(const wire::Conversation& conversation, std::string_view body, const RequestOptions& request,
                       Outcome& out) const;

  const compress::Registry& registry;
  store::OriginalStore* store;
  const base::Clock& clock;
  const PipelineOptions options;
  mutable tokens::CountCache counts;
  mutable DecisionCache decisions{kDecisionBytes};
  /// Keys of the decision cache cannot be guessed from outside, so no text can be made to collide with another.
  const std::uint64_t seed = std::random_device{}() | static_cast<std::uint64_t>(std::random_device{}()) << 32;
};

/// Why a block is left alone before anything is looked at; empty when it may be compressed.
std::string Pipeline::Impl::untouchable(const wire::Block& block, std::size_t tokens) const {
  if (block.kind != wire::BlockKind::kToolResult) return "not a tool result";
  if (!block.editable) return "the text cannot be decoded exactly";
  if (is_retrieval(block)) return "a retrieved original";
  const auto protects = [&](const std::string& glob) { return base::glob_matches(glob, block.tool_name); };
  if (std::ranges::any_of(options.protected_tools, protects)) return "the tool is protected";
  const std::size_t floor = options.min_tokens * (block.is_error ? kErrorResultFactor : 1);
  if (tokens < floor) return fmt::format("under {} tokens", floor);
  return {};
}

std::shared_ptr<const Decision> Pipeline::Impl::decide(std::string_view text, const compress::Query& query,
                                                       const tokens::Tokenizer& tokenizer, detect::ContentType forced,
                                                       std::size_t tokens_before, const Effort& effort,
                                                       base::Deadline deadline) const {
  const std::uint64_t settings = static_cast<std::uint64_t>(forced) | static_cast<std::uint64_t>(effort.profile) << 8 |
                                 static_cast<std::uint64_t>(effort.lossless) << 16 | effort.target_tokens << 17;
  std::uint64_t key = base::hash64(text, seed + settings);
  for (std::string_view part :
       {std::string_view(query.user), std::string_view(query.intent), std::string_view(query.tool_name),
        std::string_view(query.tool_arguments), std::string_view(query.call.path), tokenizer.name(),
        effort.judge == nullptr ? std::string_view() : effort.judge->identity()}) {
    key = base::hash64(part, key);
  }
  if (auto known = decisions.find(key)) return known;
  // A decision to pass a block through because time ran out is kept like any other: what was sent once is sent again.
  auto made = std::make_shared<const Decision>(
      route(registry, {text, query, tokenizer, forced, tokens_before, effort, deadline, options.classifier}));
  decisions.put(key, made);
  return made;
}

/// Makes originals durable: marks those that are stored as used, stores the others.
base::Result<void> Pipeline::Impl::keep_originals(std::span<const store::Original> originals) const {
  if (originals.empty()) return {};  // also the only case without a store
  std::vector<std::string> ids;
  for (const store::Original& original : originals) ids.push_back(original.id);
  const auto missing = store->touch(ids);
  if (!missing) return std::unexpected(missing.error());
  std::vector<store::Original> fresh;
  for (const store::Original& original : originals) {
    if (std::ranges::find(*missing, original.id) != missing->end()) fresh.push_back(original);
  }
  if (fresh.empty()) return {};
  return store->put(fresh);
}

/// The settings for a result of the tool: the request's, or those that the tool has of its own.
Effort Pipeline::Impl::effort_for(std::string_view tool, const RequestOptions& request,
                                  const compress::SentenceJudge* judge) const {
  Level level = request.level.value_or(Level{options.lossless, options.profile});
  const auto fits = [&](const ToolLevel& rule) { return base::glob_matches(rule.glob, tool); };
  if (const auto rule = std::ranges::find_if(options.tool_levels, fits); rule != options.tool_levels.end()) {
    level = rule->level;
  }
  return {store == nullptr || level.lossless, level.profile, options.target_tokens, judge};
}

void Pipeline::Impl::compress_blocks(const wire::Conversation& conversation, std::string_view body,
                                     const RequestOptions& request, Outcome& out) const {
  const tokens::Tokenizer& tokenizer = tokens::tokenizer_for_model(conversation.model);
  const base::Deadline deadline = base::Deadline::after_ms(clock, options.time_budget_ms);
  out.model = shown_name(conversation.model);
  out.stream = conversation.stream;
  out.estimate = tokenizer.is_estimate();
  const bool judged = std::ranges::find(options.unjudged, conversation.api) == options.unjudged.end();
  const compress::SentenceJudge* judge = judged ? options.judge : nullptr;
  QueryTracker queries(conversation);
  std::vector<Shrinkable> results;
  std::vector<Touched> touched;
  for (std::size_t i = 0; i < conversation.blocks.size(); ++i) {
    const wire::Block& block = conversation.blocks[i];
    const std::size_t tokens = counts.count(tokenizer, block.text);
    out.tokens_before += tokens;
    out.tokens_after += tokens;
    if (block.kind != wire::BlockKind::kToolResult) continue;
    compress::Query query = queries.query_for(i);
    BlockReport report;
    report.block = i;
    if (std::string reason = untouchable(block, tokens); !reason.empty()) {
      report.tool_name = block.tool_name;
      report.tokens_before = report.tokens_after = tokens;
      report.reason = std::move(reason);
    } else {
      const Effort effort = effort_for(block.tool_name, request, judge);
      auto decision = decide(block.text, query, tokenizer, detect::ContentType::kOther, tokens, effort, deadline);
      out.tokens_after -= tokens - decision->report.tokens_after;
      touched.push_back({i, out.blocks.size(), std::move(query)});
      results.push_back({effort, tokens, std::move(decision)});
    }
    out.blocks.push_back(std::move(report));
  }
  if (request.token_budget > 0 && out.tokens_after > request.token_budget) {
    const Redecide redecide = [&](std::size_t index, const Effort& effort) {
      const wire::Block& block = conversation.blocks[touched[index].block];
      return decide(block.text, touched[index].query, tokenizer, detect::ContentType::kOther,
                    results[index].tokens_before, effort, deadline);
    };
    out.tokens_after = fit_budget(results, out.tokens_after, request.token_budget, redecide, deadline);
    if (out.tokens_after > request.token_budget) {
      out.budget_note = fmt::format(
          "{} tokens over the budget of {}: messages, protected results and what must stay "
          "of the others are not cut",
          out.tokens_after - request.token_budget, request.token_budget);
    }
  }
  std::vector<base::Edit> edits;
  std::vector<store::Original> originals;
  for (std::size_t k = 0; k < results.size(); ++k) {
    const Decision& decision = *results[k].decision;
    const wire::Block& block = conversation.blocks[touched[k].block];
    if (decision.replaced) edits.push_back({block.literal, base::encode_json_string(decision.text)});
    take_originals(decision, block.text, block.tool_name, originals);
    tell(decision.report, out);
    out.blocks[touched[k].report] = decision.report;
    out.blocks[touched[k].report].block = touched[k].block;
  }
  if (edits.empty()) {
    out.skip_reason = out.blocks.empty() ? "no tool results" : fmt::format("tool result: {}", out.blocks.back().reason);
    return;
  }
  if (auto kept = keep_originals(originals); !kept) {
    throw std::runtime_error("originals could not be stored: " + kept.error().message);
  }
  auto spliced = base::splice(body, edits);
  if (!spliced) throw std::runtime_error(spliced.error().message);
  out.body = std::move(*spliced);
  out.changed = true;
}

Pipeline::Pipeline(const compress::Registry& registry, store::OriginalStore* store, const base::Clock& clock,
                   PipelineOptions options)
    : impl_(std::make_unique<Impl>(registry, store, clock, std::move(options))) {}

Pipeline::~Pipeline() = default;

const PipelineOptions& Pipeline::options() const {
  return impl_->options;
}

namespace {

/// The same outcome with nothing done.
Outcome passed_through(const Outcome& outcome, std::string reason) {
  Outcome none;
  none.failed = true;
  none.model = outcome.model;
  none.stream = outcome.stream;
  none.estimate = outcome.estimate;
  none.tokens_before = none.tokens_after = outcome.tokens_before;
  none.skip_reason = std::move(reason);
  return none;
}

}  // namespace

Outcome Pipeline::compress_request(wire::Api api, std::string_view body, const RequestOptions& request) const {
  Outcome out;
  try {  // whatever breaks in here, the caller's bytes go on
    auto conversation = wire::read_conversation(api, body);
    if (!conversation) {
      out.skip_reason = conversation.error().message;
      return out;
    }
    impl_->compress_blocks(*conversation, body, request, out);
    return out;
  } catch (const std::exception& broken) {
    return passed_through(out, broken.what());
  }
}

Outcome Pipeline::compress_text(std::string_view text, const compress::Query& query, std::string_view model,
                                detect::ContentType type, const RequestOptions& request) const {
  Outcome out;
  try {
    const tokens::Tokenizer& tokenizer = tokens::tokenizer_for_model(model);
    out.model = model;
    out.estimate = tokenizer.is_estimate();
    out.tokens_before = out.tokens_after = tokenizer.count(text);
    const base::Deadline deadline = base::Deadline::after_ms(impl_->clock, impl_->options.time_budget_ms);
    const Effort effort = impl_->effort_for(query.tool_name, request, impl_->options.judge);
    std::vector<Shrinkable> result(1);
    result[0] = {effort, out.tokens_before,
                 impl_->decide(text, query, tokenizer, type, out.tokens_before, effort, deadline)};
    if (request.token_budget > 0) {
      const Redecide redecide = [&](std::size_t, const Effort& more) {
        return impl_->decide(text, query, tokenizer, type, out.tokens_before, more, deadline);
      };
      const std::size_t after = fit_budget(result, result[0].tokens(), request.token_budget, redecide, deadline);
      if (after > request.token_budget) {
        out.budget_note = fmt::format("{} tokens over the budget of {}: what must stay is more",
                                      after - request.token_budget, request.token_budget);
      }
    }
    const auto decision = result[0].decision;
    out.blocks.push_back(decision->report);
    if (!decision->replaced) {
      out.skip_reason = decision->report.reason;
      return out;
    }
    std::vector<store::Original> originals;
    take_originals(*decision, text, query.tool_name, originals);
    if (auto kept = impl_->keep_originals(originals); !kept) return passed_through(out, kept.error().message);
    out.changed = true;
    out.body = decision->text;
    out.tokens_after = decision->report.tokens_after;
    tell(decision->report, out);
    return out;
  } catch (const std::exception& broken) {
    return passed_through(out, broken.what());
  }
}

}  // namespace headroom::context
