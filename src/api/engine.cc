#include <cstdlib>
#include <utility>

#include "base/clock.h"
#include "compress/registry/registry.h"
#include "context/pipeline.h"
#include "document/spreadsheet.h"
#include "headroom/headroom.h"
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
  return out;
}

}  // namespace

struct Engine::Impl {
  Impl(std::unique_ptr<store::OriginalStore> store_in, context::PipelineOptions options)
      : store(std::move(store_in)), pipeline(registry, store.get(), clock, std::move(options)) {}

  base::SystemClock clock;
  compress::Registry registry = compress::Registry::standard();
  std::unique_ptr<store::OriginalStore> store;
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
  if (!level) return std::unexpected(Error{"invalid_argument", "no profile '" + options.profile + "'"});
  auto tools = context::tool_levels(options.tool_profiles);
  if (!tools) return std::unexpected(public_error(tools.error()));
  context::PipelineOptions pipeline;
  pipeline.lossless = options.lossless || level->lossless;
  pipeline.profile = level->profile;
  pipeline.tool_levels = *std::move(tools);
  pipeline.min_tokens = options.min_tokens;
  pipeline.target_tokens = options.target_tokens;
  if (options.in_memory)
    return Engine(std::make_unique<Impl>(store::make_memory_store({}, clock), std::move(pipeline)));
  const std::string dir = options.workspace_dir.empty() ? default_workspace() : options.workspace_dir;
  auto store = store::open_sqlite_store(dir + "/ccr.db", {}, clock);
  if (!store) return std::unexpected(public_error(store.error()));
  return Engine(std::make_unique<Impl>(std::move(*store), std::move(pipeline)));
}

Compressed Engine::compress_text(std::string_view text, const Purpose& purpose) const {
  bool known = false;
  detect::ContentType type = detect::content_type_from_name(purpose.type, known);
  base::Result<std::string> sheets;
  if (document::is_spreadsheet(text)) {
    sheets = document::spreadsheet_text(text);
    if (!sheets) return {.text = std::string(text), .reason = sheets.error().message};
    text = *sheets;
    type = detect::ContentType::kTable;
  }
  const compress::Query query{
      purpose.question, {}, purpose.tool, purpose.arguments, detect::read_tool_call(purpose.tool, purpose.arguments)};
  return public_result(impl_->pipeline.compress_text(text, query, purpose.model, type), text);
}

Compressed Engine::compress_request(std::string_view body, std::size_t token_budget) const {
  const context::RequestOptions request{.token_budget = token_budget};
  return public_result(impl_->pipeline.compress_request(wire::guess_api(body), body, request), body);
}

std::expected<std::string, Error> Engine::retrieve(std::string_view id) const {
  auto original = impl_->store->get(id);
  if (!original) return std::unexpected(public_error(original.error()));
  return std::move(original->content);
}

std::size_t count_tokens(std::string_view text, std::string_view model) {
  return tokens::tokenizer_for_model(model).count(text);
}

}  // namespace headroom
