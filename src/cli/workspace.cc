#include "cli/workspace.h"

#include <algorithm>
#include <utility>

#include "learned/magika.h"

namespace headroom::cli {

std::string originals_path(const config::Options& options) {
  return options.workspace_dir + "/ccr.db";
}

std::string ledger_path(const config::Options& options) {
  return options.workspace_dir + "/ledger.db";
}

std::string audit_path(const config::Options& options) {
  return options.workspace_dir + "/audit.jsonl";
}

store::Retention retention(const config::Options& options) {
  store::Retention retention;
  retention.idle_ttl_ms = options.ccr_ttl_seconds * 1000;
  // Who asks for longer than the usual last day of an original gets it.
  retention.absolute_ttl_ms =
      options.ccr_ttl_seconds == 0 ? 0 : std::max(retention.absolute_ttl_ms, retention.idle_ttl_ms);
  retention.max_bytes = options.ccr_max_mb << 20;
  return retention;
}

context::PipelineOptions pipeline_options(const config::Options& options) {
  context::PipelineOptions pipeline;
  const context::Level level = context::level_from_name(options.profile).value_or(context::Level{});
  pipeline.lossless = level.lossless || options.lossless || options.no_ccr;
  pipeline.profile = level.profile;
  // Checked when the option was read.
  if (auto levels = context::tool_levels(options.tool_profiles)) pipeline.tool_levels = *std::move(levels);
  pipeline.min_tokens = static_cast<std::size_t>(options.min_tokens);
  pipeline.target_tokens = static_cast<std::size_t>(options.target_tokens);
  pipeline.align = options.align_prefix;
  pipeline.put_back = !options.no_ccr_proactive_expansion;
  if (options.tool_schemas == "annotations") pipeline.tool_schemas = fit::SchemaLevel::kAnnotations;
  if (options.tool_schemas == "descriptions") pipeline.tool_schemas = fit::SchemaLevel::kDescriptions;
  pipeline.place_marks = options.cache_marks;
  pipeline.time_budget_ms = options.time_budget_ms;
  pipeline.protected_tools = options.protect_tool_results;
  if (options.disable_kompress_anthropic) pipeline.unjudged.push_back(wire::Api::kAnthropicMessages);
  if (options.disable_kompress_openai) {
    pipeline.unjudged.push_back(wire::Api::kOpenAiChat);
    pipeline.unjudged.push_back(wire::Api::kOpenAiResponses);
  }
  return pipeline;
}

std::string models_dir(const config::Options& options) {
  return options.models_dir.empty() ? options.workspace_dir + "/models" : options.models_dir;
}

std::unique_ptr<detect::Classifier> make_classifier(const config::Options& options) {
  if (!options.learned) return nullptr;
  return std::make_unique<learned::MagikaClassifier>(
      learned::find_places(models_dir(options), learned::process_environment()));
}

std::unique_ptr<learned::KompressJudge> make_judge(const config::Options& options) {
  if (!options.learned || options.disable_kompress) return nullptr;
  return learned::KompressJudge::find(learned::find_places(models_dir(options), learned::process_environment()));
}

base::Result<store::Sealing> sealing(const config::Options& options) {
  if (options.store_key_file.empty()) return store::Sealing{};
  auto cipher = store::read_key_file(options.store_key_file);
  if (!cipher) return std::unexpected(cipher.error());
  return store::Sealing{.cipher = *std::move(cipher)};
}

base::Result<std::shared_ptr<store::SqliteFile>> open_store_file(const config::Options& options) {
  if (options.no_ccr || options.stateless) return nullptr;
  return store::SqliteFile::open(originals_path(options));
}

namespace {

base::Result<std::shared_ptr<store::SqliteFile>> or_opened(std::shared_ptr<store::SqliteFile> file,
                                                           const config::Options& options) {
  if (file != nullptr) return file;
  return open_store_file(options);
}

}  // namespace

base::Result<std::unique_ptr<store::OriginalStore>> open_originals(const config::Options& options,
                                                                   const base::Clock& clock,
                                                                   std::shared_ptr<store::SqliteFile> file) {
  if (options.no_ccr) return nullptr;
  if (options.stateless) return store::make_memory_store(retention(options), clock);
  auto sealed = sealing(options);
  if (!sealed) return std::unexpected(sealed.error());
  auto opened = or_opened(std::move(file), options);
  if (!opened) return std::unexpected(opened.error());
  return store::open_sqlite_store(*std::move(opened), retention(options), clock, *std::move(sealed));
}

base::Result<std::unique_ptr<store::DecisionStore>> open_decisions(const config::Options& options,
                                                                   const base::Clock& clock,
                                                                   std::shared_ptr<store::SqliteFile> file) {
  if (options.no_ccr || options.stateless) return nullptr;
  store::DecisionRetention decided;
  // They hold parts of originals, and are of no use without them.
  const std::int64_t idle_ms = retention(options).idle_ttl_ms;
  if (idle_ms > 0) decided.idle_ttl_ms = std::min(decided.idle_ttl_ms, idle_ms);
  auto sealed = sealing(options);
  if (!sealed) return std::unexpected(sealed.error());
  auto opened = or_opened(std::move(file), options);
  if (!opened) return std::unexpected(opened.error());
  return store::open_sqlite_decisions(*std::move(opened), decided, clock, *std::move(sealed));
}

base::Result<std::unique_ptr<store::OfferRecord>> open_offers(const config::Options& options, const base::Clock& clock,
                                                              std::shared_ptr<store::SqliteFile> file) {
  if (options.no_ccr || !options.ccr_learning) return nullptr;
  if (options.stateless) return store::make_memory_offers({}, clock);
  auto opened = or_opened(std::move(file), options);
  if (!opened) return std::unexpected(opened.error());
  return store::open_sqlite_offers(*std::move(opened), {}, clock);
}

base::Result<std::unique_ptr<store::Ledger>> open_ledger(const config::Options& options) {
  if (options.stateless) return store::make_memory_ledger();
  return store::open_sqlite_ledger(ledger_path(options));
}

}  // namespace headroom::cli
