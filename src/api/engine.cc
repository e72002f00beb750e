#include <cstdlib>
#include <utility>

#include "base/clock.h"
#include "compress/registry/registry.h"
#include "context/events.h"
#include "context/pipeline.h"
#include "context/retrieve.h"
#include "document/spreadsheet.h"
#include "fit/window.h"
#include "headroom/headroom.h"
#include "learned/magika.h"
#include "money/prices.h"
#include "store/cipher.h"
#include "store/original_store.h"
#include "tokens/tokenizer.h"
#include "wire/conversation.h"

namespace headroom {
namespace {

Error public_error(const base::Error& error) {
  return {std::string(base::error_code_name(error.code)), error.message};
}

std::string default_workspace() {
  if (const char* dir = std::getenv("HEADROOM_WORKSPACE_DIR"); dir != nullptr && *dir != '\0') return dir;
  const char* home = std::getenv("HOME");
  return std::string(home == nullptr ? "." : home) + "/.headroom";
}

/// Of a store that cannot be opened. A wrong key is no wrong argument of a call: the store is what is wrong there.
Error store_error(const base::Error& error) {
  const bool key = error.code == base::ErrorCode::kInvalidArgument;
  return public_error({key ? base::ErrorCode::kIo : error.code, error.message});
}

/// Of the store on disk.
std::expected<store::Sealing, Error> sealing(const EngineOptions& options) {
  std::string file = options.store_key_file;
  if (const char* named = std::getenv("HEADROOM_STORE_KEY_FILE"); file.empty() && named != nullptr) file = named;
  if (file.empty()) return store::Sealing{};
  auto cipher = store::read_key_file(file);
  if (!cipher) return std::unexpected(store_error(cipher.error()));
  return store::Sealing{.cipher = *std::move(cipher)};
}

std::unique_ptr<detect::Classifier> make_classifier(const EngineOptions& options) {
  if (!options.learned) return nullptr;
  const std::string dir = options.workspace_dir.empty() ? default_workspace() : options.workspace_dir;
  return std::make_unique<learned::MagikaClassifier>(
      learned::find_places(dir + "/models", learned::process_environment()));
}

/// The profile that a call names; false when there is none of this name.
bool read_profile(const std::string& profile, context::RequestOptions& request) {
  if (profile.empty()) return true;
  request.level = context::level_from_name(profile);
  return request.level.has_value();
}

Compressed untouched(std::string_view input, std::string reason) {
  return {.text = std::string(input), .reason = std::move(reason)};
}

std::vector<BlockReport> public_reports(std::vector<context::BlockReport> reports, wire::Api api,
                                        std::string_view body) {
  const auto conversation = wire::read_conversation(api, body);
  std::vector<BlockReport> blocks;
  if (!conversation) return blocks;
  blocks.reserve(reports.size());
  for (context::BlockReport& report : reports) {
    if (report.block >= conversation->blocks.size()) continue;
    blocks.push_back({.message = conversation->blocks[report.block].message,
                      .tool = std::move(report.tool_name),
                      .type = std::string(detect::content_type_name(report.detection.type)),
                      .transform = std::move(report.strategy),
                      .reason = std::move(report.reason),
                      .tokens_before = report.tokens_before,
                      .tokens_after = report.tokens_after,
                      .ids = std::move(report.ids),
                      .removed = std::move(report.removed)});
  }
  return blocks;
}

std::vector<Drift> public_drifts(std::vector<align::Drift> drifts) {
  std::vector<Drift> out;
  out.reserve(drifts.size());
  for (align::Drift& drift : drifts) {
    out.push_back({std::move(drift.where), std::move(drift.what), std::move(drift.old_value),
                   std::move(drift.new_value), drift.offset, drift.size, drift.turn,
                   std::string(align::action_name(drift.action))});
  }
  return out;
}

Rewrite public_rewrite(const context::RewriteReport& report) {
  const money::RewriteChoice& choice = report.choice;
  return {.done = report.done,
          .why_not = report.why_not(),
          .results = report.results,
          .first_message = report.first_message,
          .broken_tokens = report.broken_tokens,
          .saved_tokens = report.saved_tokens,
          .idle_s = report.idle_s,
          .cold = choice.cold,
          .unused = choice.unused,
          .pays = choice.pays,
          .keep_now = choice.keep_now,
          .keep_later = choice.keep_later,
          .rewrite_now = choice.rewrite_now,
          .rewrite_later = choice.rewrite_later,
          .expected_requests = choice.expected_turns,
          .break_even_requests = choice.break_even_turns};
}

std::string no_profile(std::string_view name) {
  return "no profile '" + std::string(name) + "'";
}

Compressed public_result(context::Outcome outcome, std::string_view input) {
  Compressed out;
  out.changed = outcome.changed;
  out.text = outcome.changed ? std::move(outcome.body) : std::string(input);
  out.tokens_before = outcome.tokens_before;
  out.tokens_after = outcome.tokens_after;
  out.estimate = outcome.estimate;
  out.transforms = std::move(outcome.transforms);
  out.ids = std::move(outcome.ids);
  out.reason = std::move(outcome.skip_reason);
  out.budget_note = std::move(outcome.budget_note);
  out.drifts = public_drifts(std::move(outcome.drifts));
  if (outcome.rewrite) out.rewrite = public_rewrite(*outcome.rewrite);
  out.revision_note = std::move(outcome.revision_note);
  return out;
}

Event public_event(const context::Event& event) {
  return {.stage = context::stage_name(event.stage),
          .time_ms = event.time_ms,
          .request = event.request,
          .api = event.api,
          .model = event.model,
          .tokens_before = event.tokens_before,
          .tokens_after = event.tokens_after,
          .bytes = event.bytes,
          .blocks = event.blocks,
          .results = event.results,
          .replayed = event.replayed,
          .block = event.block,
          .tool = event.tool,
          .type = event.type,
          .transform = event.strategy,
          .reason = event.reason,
          .changed = event.changed,
          .failed = event.failed,
          .transforms = event.strategies,
          .ids = event.ids,
          .revision = event.revision};
}

/// Nothing for nobody.
std::unique_ptr<context::CallbackSink> make_sink(std::function<void(const Event&)> on_event) {
  if (!on_event) return nullptr;
  return std::make_unique<context::CallbackSink>(
      [tell = std::move(on_event)](const context::Event& event) { tell(public_event(event)); });
}

base::Result<std::string> part_of(std::string content, const Part& part) {
  if (!part.query.empty()) return context::retrieve_query(content, part.query);
  if (part.lines.empty() && part.items.empty()) return content;
  const auto range = context::parse_range(part.lines.empty() ? part.items : part.lines);
  if (!range) return std::unexpected(range.error());
  return part.lines.empty() ? context::retrieve_items(content, part.path, range->first, range->second)
                            : context::retrieve_lines(content, range->first, range->second);
}

}  // namespace

struct Engine::Impl {
  Impl(std::unique_ptr<store::OriginalStore> store_in, std::unique_ptr<detect::Classifier> classifier_in,
       std::unique_ptr<context::CallbackSink> events_in, context::PipelineOptions options)
      : classifier(std::move(classifier_in)),
        store(std::move(store_in)),
        events(std::move(events_in)),
        pipeline(registry, store.get(), clock, with(std::move(options), classifier.get(), events.get())) {
    if (events == nullptr) return;
    context::Event setup;
    setup.time_ms = clock.now_ms();
    events->on_event(setup);
  }

  static context::PipelineOptions with(context::PipelineOptions options, const detect::Classifier* classifier,
                                       context::EventSink* events) {
    options.classifier = classifier;
    options.events = events;
    return options;
  }

  base::SystemClock clock;
  compress::Registry registry = compress::Registry::standard();
  std::unique_ptr<detect::Classifier> classifier;
  std::unique_ptr<store::OriginalStore> store;
  std::unique_ptr<context::CallbackSink> events;
  context::Pipeline pipeline;
};

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

std::expected<Engine, Error> Engine::open(EngineOptions options) {
  // The store keeps a reference to the clock of the Impl that owns it, so it gets a clock that outlives every engine.
  static const base::SystemClock clock;
  const auto level = context::level_from_name(options.profile);
  if (!level) return std::unexpected(Error{"invalid_argument", no_profile(options.profile)});
  auto tools = context::tool_levels(options.tool_profiles);
  if (!tools) return std::unexpected(public_error(tools.error()));
  context::PipelineOptions pipeline;
  pipeline.lossless = options.lossless || level->lossless;
  pipeline.profile = level->profile;
  pipeline.tool_levels = *std::move(tools);
  pipeline.min_tokens = options.min_tokens;
  pipeline.target_tokens = options.target_tokens;
  auto classifier = make_classifier(options);
  auto events = make_sink(std::move(options.on_event));
  if (options.in_memory) {
    return Engine(std::make_unique<Impl>(store::make_memory_store({}, clock), std::move(classifier), std::move(events),
                                         std::move(pipeline)));
  }
  const std::string dir = options.workspace_dir.empty() ? default_workspace() : options.workspace_dir;
  auto sealed = sealing(options);
  if (!sealed) return std::unexpected(sealed.error());
  auto store = store::open_sqlite_store(dir + "/ccr.db", {}, clock, *std::move(sealed));
  if (!store) return std::unexpected(store_error(store.error()));
  return Engine(
      std::make_unique<Impl>(std::move(*store), std::move(classifier), std::move(events), std::move(pipeline)));
}

Compressed Engine::compress_text(std::string_view text, const Purpose& purpose) const {
  context::RequestOptions request;
  if (!read_profile(purpose.profile, request)) return untouched(text, no_profile(purpose.profile));
  bool known = false;
  detect::ContentType type = detect::content_type_from_name(purpose.type, known);
  if (!purpose.type.empty() && !known) return untouched(text, "no type '" + purpose.type + "'");
  base::Result<std::string> sheets;
  if (document::is_spreadsheet(text)) {
    sheets = document::spreadsheet_text(text);
    if (!sheets) return untouched(text, sheets.error().message);
    text = *sheets;
    type = detect::ContentType::kTable;
  }
  const compress::Query query{
      purpose.question, {}, purpose.tool, purpose.arguments, detect::read_tool_call(purpose.tool, purpose.arguments)};
  return public_result(impl_->pipeline.compress_text(text, query, purpose.model, type, request), text);
}

Compressed Engine::compress_request(std::string_view body, const RequestOptions& options) const {
  context::RequestOptions request{.token_budget = options.token_budget};
  if (!read_profile(options.profile, request)) return untouched(body, no_profile(options.profile));
  const wire::Api api = wire::guess_api(body);
  context::Outcome outcome = impl_->pipeline.compress_request(api, body, request);
  std::vector<BlockReport> blocks;
  if (options.report) blocks = public_reports(std::move(outcome.blocks), api, body);
  Compressed result = public_result(std::move(outcome), body);
  result.blocks = std::move(blocks);
  return result;
}

std::expected<std::string, Error> Engine::retrieve(std::string_view id, const Part& part) const {
  const int parts = int{!part.lines.empty()} + int{!part.items.empty()} + int{!part.query.empty()};
  if (parts > 1) {
    return std::unexpected(Error{"invalid_argument", "lines, items and query exclude each other"});
  }
  if (!part.path.empty() && part.items.empty()) {
    return std::unexpected(Error{"invalid_argument", "path goes with items"});
  }
  auto original = impl_->store->get(id);
  if (!original) return std::unexpected(public_error(original.error()));
  auto text = part_of(std::move(original->content), part);
  if (!text) return std::unexpected(public_error(text.error()));
  return *std::move(text);
}

std::uint64_t Engine::failed_events() const {
  return impl_->events == nullptr ? 0 : impl_->events->failures();
}

std::size_t count_tokens(std::string_view text, std::string_view model) {
  return tokens::tokenizer_for_model(model).count(text);
}

ModelFacts model_facts(std::string_view model) {
  const money::Prices prices = money::prices_for(model);
  return {fit::window_for(model), prices.input, prices.output, prices.cache_read, prices.assumed};
}

}  // namespace headroom
