#include "context/pipeline.h"

#include <algorithm>
#include <exception>
#include <stdexcept>

#include <fmt/format.h>

#include "base/glob.h"
#include "base/hash.h"
#include "base/json_string.h"
#include "base/splice.h"
#include "compress/in_english.h"
#include "context/budget.h"
#include "context/pipeline_impl.h"
#include "context/request_events.h"
#include "context/turn.h"
#include "detect/tool_call.h"
#include "wire/wrapped_text.h"

namespace headroom::context {
namespace {

/// What a client flags as an error is short and matters whole; only long ones are worth compressing.
constexpr std::size_t kErrorResultFactor = 5;

void add_once(std::vector<std::string>& list, const std::string& item) {
  if (!item.empty() && std::ranges::find(list, item) == list.end()) list.push_back(item);
}

}  // namespace

store::Original original_of(const KeptOriginal& kept, std::string_view text, std::string_view tool,
                            std::string_view project) {
  std::string inner;
  if (kept.in_string.size() > 0) {
    auto decoded = base::decode_json_string(text.substr(kept.in_string.begin, kept.in_string.size()));
    if (!decoded) throw std::runtime_error("a text in JSON cannot be read again");
    inner = *std::move(decoded);
    text = inner;
  }
  store::Original original{kept.id, std::string(text.substr(kept.begin, kept.size)),
                           std::string(detect::content_type_name(kept.type)), std::string(tool),
                           static_cast<std::int64_t>(kept.tokens)};
  original.project = project;
  return original;
}

void tell(const BlockReport& report, Outcome& out, std::unordered_set<std::string_view>& ids) {
  for (const std::string& id : report.ids) {
    if (!id.empty() && ids.insert(id).second) out.ids.push_back(id);
  }
  if (report.parts.empty()) add_once(out.transforms, report.strategy);
  for (const PartReport& part : report.parts) add_once(out.transforms, part.strategy);
}

std::string Pipeline::Impl::untouchable(const wire::Block& block, std::size_t tokens) const {
  if (block.kind != wire::BlockKind::kToolResult) return "not a tool result";
  if (!block.editable) return "the text cannot be decoded exactly";
  if (detect::gives_back_original(block.tool_name, block.tool_arguments)) return "a retrieved original";
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
  const std::string gentle = effort.gentle != nullptr ? effort.gentle->key() : std::string();
  std::uint64_t key = base::hash64(text, seed + settings);
  for (std::string_view part :
       {std::string_view(query.user), std::string_view(query.intent), std::string_view(query.tool_name),
        std::string_view(query.tool_arguments), std::string_view(query.call.path), tokenizer.name(),
        effort.judge == nullptr ? std::string_view() : effort.judge->identity(), std::string_view(gentle)}) {
    key = base::hash64(part, key);
  }
  if (auto known = decisions.find(key)) return known;
  // A decision to pass a block through because time ran out is kept like any other: what was sent once is sent again.
  auto made =
      keep(route(registry, {text, query, tokenizer, forced, tokens_before, effort, deadline, options.classifier}));
  decisions.put(key, made);
  return made;
}

base::Deadline Pipeline::Impl::deadline_of(const RequestOptions& request) const {
  const std::int64_t passed = request.arrived_ns == 0 ? 0 : clock.monotonic_ns() - request.arrived_ns;
  return base::Deadline::after_ms(clock, options.time_budget_ms - passed / 1'000'000);
}

base::Result<void> Pipeline::Impl::keep_originals(std::span<const store::Original> originals,
                                                  std::string_view project) const {
  if (originals.empty()) return {};  // also the only case without a store
  std::vector<std::string> ids;
  for (const store::Original& original : originals) ids.push_back(original.id);
  const auto missing = store->touch(ids, project);
  if (!missing) return std::unexpected(missing.error());
  std::vector<store::Original> fresh;
  for (const store::Original& original : originals) {
    if (std::ranges::find(*missing, original.id) != missing->end()) fresh.push_back(original);
  }
  if (fresh.empty()) return {};
  return store->put(fresh);
}

Effort Pipeline::Impl::effort_for(std::string_view tool, const RequestOptions& request,
                                  const compress::SentenceJudge* judge) const {
  Level level = request.level.value_or(Level{options.lossless, options.profile});
  const auto fits = [&](const ToolLevel& rule) { return base::glob_matches(rule.glob, tool); };
  if (const auto rule = std::ranges::find_if(options.tool_levels, fits); rule != options.tool_levels.end()) {
    level = rule->level;
  }
  return {store == nullptr || level.lossless, level.profile, options.target_tokens, judge};
}

Pipeline::Pipeline(const compress::Registry& registry, store::OriginalStore* store, const base::Clock& clock,
                   PipelineOptions options)
    : impl_(std::make_unique<Impl>(registry, store, clock, std::move(options))) {}

Pipeline::~Pipeline() = default;

const PipelineOptions& Pipeline::options() const {
  return impl_->options;
}

void Pipeline::note_answer(const Cacheable& request, const Billed& billed) const {
  if (request.conversation.empty()) return;
  const money::CacheSign sign =
      money::cache_sign(money::cache_rules(request.model),
                        {request.repeated_tokens, request.idle_ms, billed.input, billed.cached, billed.written});
  if (sign == money::CacheSign::kNone) return;
  // What cannot be noted is seen again in the next answer.
  static_cast<void>(impl_->decision_store->note_cache(request.conversation, sign == money::CacheSign::kUsed));
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

/// Makes the edits that `edits_of` finds in the body as it is by now.
template <typename EditsOf>
void edit_further(wire::Api api, std::string_view body, Outcome& out, EditsOf&& edits_of) {
  const std::string_view sent = out.changed ? std::string_view(out.body) : body;
  const auto conversation = wire::read_conversation(api, sent);
  if (!conversation) return;
  const std::vector<base::Edit> edits = edits_of(*conversation, sent);
  if (edits.empty()) return;
  auto edited = base::splice(sent, edits);
  if (!edited) return;
  out.body = *std::move(edited);
  out.changed = true;
}

}  // namespace

Outcome Pipeline::compress_request(wire::Api api, std::string_view body, const RequestOptions& request) const {
  Outcome out;
  const RequestEvents events(impl_->options, impl_->clock, wire::api_name(api), request);
  try {  // whatever breaks in here, the caller's bytes go on
    auto conversation = wire::read_conversation(api, body, request.model, request.padded);
    if (!conversation) {
      out.skip_reason = conversation.error().message;
      events.received(out, body.size(), 0);
      return out;
    }
    Turn turn(*impl_, *conversation, body, request, events, out);
    turn.run();
    if (const auto level = impl_->options.tool_schemas) {  // a function of the tools alone, so stable from turn to turn
      edit_further(api, body, out, [&](const wire::Conversation& now, std::string_view sent) {
        return fit::tool_schema_edits(sent, now, *level);
      });
    }
    if (impl_->options.place_marks) {
      edit_further(api, body, out, [&](const wire::Conversation& now, std::string_view sent) {
        return align::mark_edits(now, sent, {out.conversation});
      });
    }
    events.compressed(out);
    events.remembered(out, turn.revised());
    return out;
  } catch (const std::exception& broken) {
    Outcome none = passed_through(out, broken.what());
    events.compressed(none);
    return none;
  }
}

Outcome Pipeline::compress_text(std::string_view text, const compress::Query& asked, std::string_view model,
                                detect::ContentType type, const RequestOptions& request) const {
  if (const auto wrapped = type == detect::ContentType::kOther ? wire::unwrap(text) : std::nullopt) {
    Outcome inner = compress_text(wrapped->text, asked, model, type, request);  // as the result of a request
    if (!inner.changed) return inner;
    inner.body = wire::wrap(wrapped->before, inner.body, wrapped->after, wrapped->strings);
    const tokens::Tokenizer& tokenizer = tokens::tokenizer_for_model(model);
    inner.tokens_before = tokenizer.count(text);
    inner.tokens_after = tokenizer.count(inner.body);
    return inner;
  }
  Outcome out;
  const RequestEvents events(impl_->options, impl_->clock, {}, request);
  try {
    compress::Query query = asked;
    query.user = compress::in_english(asked.user).about(text);
    const tokens::Tokenizer& tokenizer = tokens::tokenizer_for_model(model);
    out.model = model;
    out.estimate = tokenizer.is_estimate();
    out.tokens_before = out.tokens_after = tokenizer.count(text);
    const base::Deadline deadline = impl_->deadline_of(request);
    const Effort effort = impl_->effort_for(query.tool_name, request, impl_->options.judge);
    events.received(out, text.size(), 1);
    events.cached(out, 1, 0);
    std::vector<Shrinkable> result(1);
    result[0] = {effort, out.tokens_before,
                 impl_->decide(text, query, tokenizer, type, out.tokens_before, effort, deadline)};
    events.routed(out, *result[0].decision, 0, query.tool_name);
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
      events.compressed(out);
      events.remembered(out, false);
      return out;
    }
    std::vector<store::Original> originals;
    for (const KeptOriginal& kept : decision->originals) {
      originals.push_back(original_of(kept, text, query.tool_name, request.project));
    }
    if (auto kept = impl_->keep_originals(originals, request.project); !kept)
      throw std::runtime_error(kept.error().message);
    out.changed = true;
    out.body = decision->text;
    out.tokens_after = decision->report.tokens_after;
    std::unordered_set<std::string_view> told;
    tell(decision->report, out, told);
    events.compressed(out);
    events.remembered(out, false);
    return out;
  } catch (const std::exception& broken) {
    Outcome none = passed_through(out, broken.what());
    events.compressed(none);
    return none;
  }
}

}  // namespace headroom::context
