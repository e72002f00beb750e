#include "config/option_table.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "config/operation_options.h"

namespace headroom::config {
namespace {

constexpr unsigned kEveryCommand =
    kForProxy | kForCompress | kForRetrieve | kForPerf | kForConfig | kForModels | kForReplay;

std::vector<OptionSpec> server_options() {
  return {
      {.name = "host",
       .short_flag = "",
       .key = "server.host",
       .env = {"HEADROOM_HOST"},
       .member = &Options::host,
       .value_name = "ADDRESS",
       .choices = {},
       .default_note = "",
       .help = "Address the proxy listens on.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "port",
       .short_flag = "p",
       .key = "server.port",
       .env = {"HEADROOM_PORT"},
       .member = &Options::port,
       .value_name = "PORT",
       .min = 0,
       .max = 65535,
       .choices = {},
       .default_note = "",
       .help = "Port the proxy listens on; 0 takes a free one and prints it.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "max-body-mb",
       .short_flag = "",
       .key = "server.max_body_mb",
       .env = {"HEADROOM_MAX_BODY_MB"},
       .member = &Options::max_body_mb,
       .value_name = "MB",
       .min = 1,
       .max = 1024,
       .choices = {},
       .default_note = "",
       .help = "Largest request body the proxy reads; larger ones get 413.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "threads",
       .short_flag = "",
       .key = "server.threads",
       .env = {"HEADROOM_THREADS", "HEADROOM_COMPRESS_WORKERS", "HEADROOM_COMPRESSION_MAX_WORKERS"},
       .member = &Options::threads,
       .value_name = "N",
       .min = 0,
       .max = 256,
       .choices = {},
       .default_note = "as many as there are cores, at most 4",
       .help = "Threads that serve requests, or replay sessions; 0 chooses.",
       .commands = kForProxy | kForReplay,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "log-level",
       .short_flag = "",
       .key = "log.level",
       .env = {"HEADROOM_LOG_LEVEL"},
       .member = &Options::log_level,
       .value_name = "LEVEL",
       .choices = {"debug", "info", "warn", "warning", "error"},
       .default_note = "",
       .help = "Least severe lines that the proxy logs.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
  };
}

std::vector<OptionSpec> upstream_options() {
  return {
      {.name = "anthropic-api-url",
       .short_flag = "",
       .key = "upstream.anthropic_api_url",
       .env = {"HEADROOM_ANTHROPIC_API_URL", "ANTHROPIC_TARGET_API_URL"},
       .member = &Options::anthropic_api_url,
       .value_name = "URL",
       .choices = {},
       .default_note = "",
       .help = "Where /v1/messages and its relatives are sent.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "openai-api-url",
       .short_flag = "",
       .key = "upstream.openai_api_url",
       .env = {"HEADROOM_OPENAI_API_URL", "OPENAI_TARGET_API_URL"},
       .member = &Options::openai_api_url,
       .value_name = "URL",
       .choices = {},
       .default_note = "",
       .help = "Where /v1/chat/completions and its relatives are sent.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "gemini-api-url",
       .short_flag = "",
       .key = "upstream.gemini_api_url",
       .env = {"HEADROOM_GEMINI_API_URL", "GEMINI_TARGET_API_URL"},
       .member = &Options::gemini_api_url,
       .value_name = "URL",
       .choices = {},
       .default_note = "",
       .help = "Where /v1beta/models/... and its relatives are sent.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "cloudcode-api-url",
       .short_flag = "",
       .key = "upstream.cloudcode_api_url",
       .env = {"HEADROOM_CLOUDCODE_API_URL", "CLOUDCODE_TARGET_API_URL"},
       .member = &Options::cloudcode_api_url,
       .value_name = "URL",
       .choices = {},
       .default_note = "",
       .help = "Where /v1internal:... (Gemini Code Assist) is sent.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "vertex-api-url",
       .short_flag = "",
       .key = "upstream.vertex_api_url",
       .env = {"HEADROOM_VERTEX_API_URL", "VERTEX_TARGET_API_URL"},
       .member = &Options::vertex_api_url,
       .value_name = "URL",
       .choices = {},
       .default_note = "the address of the location that the path names",
       .help = "Where /v1/projects/... (Vertex AI) is sent.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "chatgpt-api-url",
       .short_flag = "",
       .key = "upstream.chatgpt_api_url",
       .env = {"HEADROOM_CHATGPT_API_URL", "CHATGPT_TARGET_API_URL"},
       .member = &Options::chatgpt_api_url,
       .value_name = "URL",
       .choices = {},
       .default_note = "",
       .help = "Where /backend-api/... (Codex with a ChatGPT login) is sent.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "bedrock-api-url",
       .short_flag = "",
       .key = "upstream.bedrock_api_url",
       .env = {"HEADROOM_BEDROCK_API_URL", "BEDROCK_TARGET_API_URL"},
       .member = &Options::bedrock_api_url,
       .value_name = "URL",
       .choices = {},
       .default_note = "the address of the region that the request is signed for, or that the environment names",
       .help = "Where /model/... (Amazon Bedrock) is sent.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "connect-timeout-seconds",
       .short_flag = "",
       .key = "upstream.connect_timeout_seconds",
       .env = {"HEADROOM_CONNECT_TIMEOUT_SECONDS"},
       .member = &Options::connect_timeout_s,
       .value_name = "SECONDS",
       .min = 1,
       .max = 600,
       .choices = {},
       .default_note = "",
       .help = "How long a connection to the provider may take to open.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "request-timeout-seconds",
       .short_flag = "",
       .key = "upstream.request_timeout_seconds",
       .env = {"HEADROOM_REQUEST_TIMEOUT_SECONDS", "HEADROOM_REQUEST_TIMEOUT"},
       .member = &Options::request_timeout_s,
       .value_name = "SECONDS",
       .min = 1,
       .max = 86400,
       .choices = {},
       .default_note = "",
       .help = "How long the provider may stay silent before the client gets 504.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
  };
}

std::vector<OptionSpec> compress_options() {
  constexpr unsigned kCompressing = kForProxy | kForCompress | kForReplay;
  return {
      {.name = "optimize",
       .short_flag = "",
       .key = "compress.optimize",
       .env = {"HEADROOM_OPTIMIZE"},
       .member = &Options::optimize,
       .value_name = "",
       .choices = {},
       .default_note = "",
       .help = "Compress requests; --no-optimize relays every request as it is.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "align-prefix",
       .short_flag = "",
       .key = "compress.align_prefix",
       .env = {"HEADROOM_ALIGN_PREFIX"},
       .member = &Options::align_prefix,
       .value_name = "",
       .choices = {},
       .default_note = "",
       .help = "Keep what a session's requests begin with as it was sent first (dates, ids, the order of tools), so "
               "that the "
               "provider's cache holds; what changed is told at the end of the prompt.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "tool-schemas",
       .short_flag = "",
       .key = "compress.tool_schemas",
       .env = {"HEADROOM_TOOL_SCHEMAS"},
       .member = &Options::tool_schemas,
       .value_name = "LEVEL",
       .choices = {"keep", "annotations", "descriptions"},
       .default_note = "",
       .help = "What leaves the definitions of tools: nothing (keep), annotations that no model needs "
               "($schema, titles, examples), or long descriptions of parameters as well.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "cache-marks",
       .short_flag = "",
       .key = "compress.cache_marks",
       .env = {"HEADROOM_CACHE_MARKS"},
       .member = &Options::cache_marks,
       .value_name = "",
       .choices = {},
       .default_note = "",
       .help = "Ask the provider to cache the prompt where the client does not: cache_control for Anthropic, "
               "prompt_cache_key for OpenAI.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "profile",
       .short_flag = "",
       .key = "compress.profile",
       .env = {"HEADROOM_PROFILE"},
       .member = &Options::profile,
       .value_name = "PROFILE",
       .choices = {"lossless", "balanced", "aggressive"},
       .default_note = "",
       .help =
           "How far compression goes: lossless only rewrites what can be turned back exactly, balanced keeps what an "
           "answer may need, aggressive keeps errors and what is asked for.",
       .commands = kCompressing,
       .behaviour_test = "tests/cli/cases/compress_options.case"},
      {.name = "tool-profiles",
       .short_flag = "",
       .key = "compress.tool_profiles",
       .env = {"HEADROOM_TOOL_PROFILES"},
       .member = &Options::tool_profiles,
       .value_name = "TOOL=PROFILE,...",
       .choices = {},
       .default_note = "none",
       .help = "Profiles for the results of some tools; names may hold * and ?, the first that fits counts.",
       .commands = kCompressing,
       .behaviour_test = "tests/cli/cases/compress_options.case"},
      {.name = "lossless",
       .short_flag = "",
       .key = "compress.lossless",
       .env = {"HEADROOM_LOSSLESS"},
       .member = &Options::lossless,
       .value_name = "",
       .choices = {},
       .default_note = "",
       .help = "Same as --profile lossless: drop nothing, write no markers.",
       .commands = kCompressing,
       .behaviour_test = "tests/cli/cases/compress_options.case"},
      {.name = "no-ccr",
       .short_flag = "",
       .key = "compress.no_ccr",
       .env = {"HEADROOM_NO_CCR"},
       .member = &Options::no_ccr,
       .value_name = "",
       .choices = {},
       .default_note = "",
       .help = "Store no originals; nothing can be got back later, so nothing is dropped either.",
       .commands = kCompressing,
       .behaviour_test = "tests/cli/cases/compress_options.case"},
      {.name = "no-ccr-proactive-expansion",
       .short_flag = "",
       .key = "compress.no_ccr_proactive_expansion",
       .env = {"HEADROOM_NO_CCR_PROACTIVE_EXPANSION"},
       .member = &Options::no_ccr_proactive_expansion,
       .value_name = "",
       .choices = {},
       .default_note = "",
       .help = "Do not put lines that were left out of earlier results behind a question that asks for them.",
       .commands = kCompressing,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "ccr-tool-injection",
       .short_flag = "",
       .key = "compress.ccr_tool_injection",
       .env = {"HEADROOM_CCR_TOOL_INJECTION"},
       .member = &Options::ccr_tool_injection,
       .value_name = "WHEN",
       .choices = {"eager", "lazy", "off"},
       .default_note = "",
       .help = "Give the model a tool that gets back what was left out, and answer its calls: with a conversation's "
               "first request that has tools (eager), from the first one on in which something was left out (lazy), "
               "or never (off).",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "ccr-learning",
       .short_flag = "",
       .key = "compress.ccr_learning",
       .env = {"HEADROOM_CCR_LEARNING"},
       .member = &Options::ccr_learning,
       .value_name = "",
       .choices = {},
       .default_note = "",
       .help = "Note which originals models ask for, and leave less out of a tool's results in later conversations "
               "where that is often (see `headroom retrievals`).",
       .commands = kForProxy | kForCompress,
       .behaviour_test = "tests/cli/options_proxy.py"},
      {.name = "min-tokens",
       .short_flag = "",
       .key = "compress.min_tokens",
       .env = {"HEADROOM_MIN_TOKENS"},
       .member = &Options::min_tokens,
       .value_name = "N",
       .min = 0,
       .max = 10'000'000,
       .choices = {},
       .default_note = "",
       .help = "Tool results with fewer tokens are left as they are.",
       .commands = kCompressing,
       .behaviour_test = "tests/cli/cases/compress_options.case"},
      {.name = "target-tokens",
       .short_flag = "",
       .key = "compress.target_tokens",
       .env = {"HEADROOM_TARGET_TOKENS"},
       .member = &Options::target_tokens,
       .value_name = "N",
       .min = 0,
       .max = 10'000'000,
       .choices = {},
       .default_note = "as far as the content allows",
       .help =
           "Aim for at most this many tokens for each tool result; 0 adapts to the content. Errors and answers to the "
           "question stay, whatever the aim.",
       .commands = kCompressing,
       .behaviour_test = "tests/cli/cases/compress_options.case"},
      {.name = "time-budget-ms",
       .short_flag = "",
       .key = "compress.time_budget_ms",
       .env = {"HEADROOM_TIME_BUDGET_MS", "HEADROOM_COMPRESSION_DEADLINE_MS"},
       .member = &Options::time_budget_ms,
       .value_name = "MS",
       .min = 1,
       .max = 600'000,
       .choices = {},
       .default_note = "",
       .help = "Time to compress one request; what is not done by then is passed through.",
       .commands = kForProxy | kForCompress,
       .behaviour_test = "src/context/pipeline_test.cc"},
      {.name = "protect-tool-results",
       .short_flag = "",
       .key = "compress.protect_tool_results",
       .env = {"HEADROOM_PROTECT_TOOL_RESULTS"},
       .member = &Options::protect_tool_results,
       .value_name = "TOOL,...",
       .choices = {},
       .default_note = "none",
       .help = "Results of these tools are never touched; names may hold * and ?, case does not matter.",
       .commands = kCompressing,
       .behaviour_test = "tests/cli/cases/compress_options.case"},
      {.name = "learned",
       .short_flag = "",
       .key = "compress.learned",
       .env = {"HEADROOM_LEARNED"},
       .member = &Options::learned,
       .value_name = "",
       .choices = {},
       .default_note = "",
       .help = "Ask the learned models that are installed (see `headroom models`); none is needed.",
       .commands = kCompressing,
       .behaviour_test = "tests/cli/cases/models.case"},
      {.name = "disable-kompress",
       .short_flag = "",
       .key = "compress.disable_kompress",
       .env = {"HEADROOM_DISABLE_KOMPRESS"},
       .member = &Options::disable_kompress,
       .value_name = "",
       .choices = {},
       .default_note = "",
       .help = "Rank the sentences of prose without Kompress, also where it is installed.",
       .commands = kCompressing,
       .behaviour_test = "tests/cli/cases/models.case"},
      {.name = "disable-kompress-anthropic",
       .short_flag = "",
       .key = "compress.disable_kompress_anthropic",
       .env = {"HEADROOM_DISABLE_KOMPRESS_ANTHROPIC"},
       .member = &Options::disable_kompress_anthropic,
       .value_name = "",
       .choices = {},
       .default_note = "",
       .help = "The same for requests in Anthropic's format only.",
       .commands = kCompressing,
       .behaviour_test = "tests/cli/cases/models.case"},
      {.name = "disable-kompress-openai",
       .short_flag = "",
       .key = "compress.disable_kompress_openai",
       .env = {"HEADROOM_DISABLE_KOMPRESS_OPENAI"},
       .member = &Options::disable_kompress_openai,
       .value_name = "",
       .choices = {},
       .default_note = "",
       .help = "The same for requests in OpenAI's format only.",
       .commands = kCompressing,
       .behaviour_test = "tests/cli/cases/models.case"},
      {.name = "models-dir",
       .short_flag = "",
       .key = "compress.models_dir",
       .env = {"HEADROOM_MODELS_DIR"},
       .member = &Options::models_dir,
       .value_name = "DIR",
       .choices = {},
       .default_note = "WORKSPACE/models",
       .help = "Folder of learned models, looked into before the packages of Python.",
       .commands = kCompressing | kForModels,
       .behaviour_test = "tests/cli/cases/models.case"},
  };
}

std::vector<OptionSpec> store_options() {
  return {
      {.name = "workspace-dir",
       .short_flag = "",
       .key = "store.workspace_dir",
       .env = {"HEADROOM_WORKSPACE_DIR"},
       .member = &Options::workspace_dir,
       .value_name = "DIR",
       .choices = {},
       .default_note = "~/.headroom",
       .help = "Folder for the stored originals and the ledger.",
       .commands = kEveryCommand,
       .behaviour_test = "tests/cli/cases/retrieve.case"},
      {.name = "config-dir",
       .short_flag = "",
       .key = "",
       .env = {"HEADROOM_CONFIG_DIR"},
       .member = &Options::config_dir,
       .value_name = "DIR",
       .choices = {},
       .default_note = "WORKSPACE/config",
       .help = "Folder that holds config.toml.",
       .commands = kEveryCommand,
       .behaviour_test = "tests/cli/cases/config.case"},
      {.name = "ccr-ttl-seconds",
       .short_flag = "",
       .key = "store.ccr_ttl_seconds",
       .env = {"HEADROOM_CCR_TTL_SECONDS"},
       .member = &Options::ccr_ttl_seconds,
       .value_name = "SECONDS",
       .min = 0,
       .max = 10LL * 365 * 24 * 3600,
       .choices = {},
       .default_note = "",
       .help = "How long an original is kept after its last use; 0 keeps it for good.",
       .commands = kForProxy | kForCompress,
       .behaviour_test = "tests/cli/cases/retrieve.case"},
      {.name = "ccr-max-mb",
       .short_flag = "",
       .key = "store.ccr_max_mb",
       .env = {"HEADROOM_CCR_MAX_MB"},
       .member = &Options::ccr_max_mb,
       .value_name = "MB",
       .min = 1,
       .max = 1'000'000,
       .choices = {},
       .default_note = "",
       .help = "Room for originals; over it the least recently used go first, those of live conversations last.",
       .commands = kForProxy | kForCompress,
       .behaviour_test = "src/cli/workspace_test.cc"},
      {.name = "stateless",
       .short_flag = "",
       .key = "store.stateless",
       .env = {"HEADROOM_STATELESS"},
       .member = &Options::stateless,
       .value_name = "",
       .choices = {},
       .default_note = "",
       .help = "Write nothing to disk: originals and ledger live in memory and end with the process.",
       .commands = kForProxy,
       .behaviour_test = "tests/cli/options_proxy.py"},
  };
}

base::Result<std::int64_t> parse_number(const OptionSpec& spec, std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= spec.min && value <= spec.max) return value;
  return base::fail(base::ErrorCode::kInvalidArgument,
                    fmt::format("'{}' is not a whole number from {} to {}", text, spec.min, spec.max));
}

base::Result<bool> parse_bool(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (lower == "1" || lower == "true" || lower == "yes" || lower == "on") return true;
  if (lower == "0" || lower == "false" || lower == "no" || lower == "off") return false;
  return base::fail(base::ErrorCode::kInvalidArgument, fmt::format("'{}' is not yes/no (true, false, 1, 0)", text));
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view item = base::trim(text.substr(0, comma));
    if (!item.empty()) items.emplace_back(item);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return items;
}

/// Items that must be pairs are.
base::Result<std::vector<std::string>> check_list(const OptionSpec& spec, std::vector<std::string> items) {
  if (!spec.value_name.starts_with("TOOL=")) return items;
  for (const std::string& item : items) {
    const std::size_t equal = item.rfind('=');
    const std::string_view profile =
        equal == std::string::npos ? std::string_view() : std::string_view(item).substr(equal + 1);
    const OptionSpec* profiles = find_option("profile");
    if (equal > 0 && std::ranges::find(profiles->choices, profile) != profiles->choices.end()) continue;
    return base::fail(base::ErrorCode::kInvalidArgument,
                      fmt::format("'{}' is not TOOL=PROFILE with one of {}", item, fmt::join(profiles->choices, ", ")));
  }
  return items;
}

bool is_url_option(const OptionSpec& spec) {
  return spec.value_name == "URL";
}

// What HTTP can carry as one header value, and nobody guesses.
base::Result<std::string> check_token(std::string_view text) {
  constexpr std::size_t kShortest = 16;
  const bool plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
  if (plain && text.size() >= kShortest) return std::string(text);
  return base::fail(base::ErrorCode::kInvalidArgument,
                    fmt::format("a token has at least {} characters, no blanks, ASCII only", kShortest));
}

base::Result<std::string> check_text(const OptionSpec& spec, std::string_view text) {
  if (spec.value_name == "TOKEN") return check_token(text);
  if (!spec.choices.empty() && std::ranges::find(spec.choices, text) == spec.choices.end()) {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      fmt::format("'{}' is not one of {}", text, fmt::join(spec.choices, ", ")));
  }
  if (is_url_option(spec) && !text.starts_with("http://") && !text.starts_with("https://")) {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      fmt::format("'{}' is not a URL that starts with http:// or https://", text));
  }
  if (text.empty()) return base::fail(base::ErrorCode::kInvalidArgument, "the value is empty");
  return std::string(text);
}

template <typename Parsed, typename Value>
base::Result<void> assign(base::Result<Parsed> parsed, Value& value) {
  if (!parsed) return std::unexpected(parsed.error());
  value = static_cast<Value>(*std::move(parsed));
  return {};
}

}  // namespace

std::span<const OptionSpec> option_table() {
  static const std::vector<OptionSpec> table = [] {
    std::vector<OptionSpec> all = server_options();
    for (auto part : {upstream_options(), compress_options(), store_options(), operation_options()}) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }();
  return table;
}

const OptionSpec* find_option(std::string_view name) {
  const auto table = option_table();
  const auto found = std::ranges::find(table, name, &OptionSpec::name);
  return found == table.end() ? nullptr : &*found;
}

std::string_view option_type_name(const OptionSpec& spec) {
  static constexpr std::array<std::string_view, 5> kNames = {"yes/no", "number", "number", "text", "list"};
  return kNames[spec.member.index()];
}

std::string opposite_flag(const OptionSpec& spec) {
  if (spec.name.starts_with("no-")) return std::string(spec.name.substr(3));
  return fmt::format("no-{}", spec.name);
}

std::string option_text(const OptionSpec& spec, const Options& options) {
  return std::visit(
      [&](auto member) -> std::string {
        const auto& value = options.*member;
        using T = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::is_same_v<T, bool>) {
          return value ? "true" : "false";
        } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
          return fmt::format("{}", fmt::join(value, ","));
        } else {
          return fmt::format("{}", value);
        }
      },
      spec.member);
}

std::string shown_text(const OptionSpec& spec, const Options& options) {
  std::string text = option_text(spec, options);
  if (text.empty()) return text;
  if (spec.secret) return "(set)";
  const std::size_t scheme = text.find("://");
  const std::size_t user = text.find('@');
  const bool may_hold_url = is_url_option(spec) || spec.value_name == "ADDRESS";
  if (may_hold_url && scheme != std::string::npos && user != std::string::npos) {
    text.replace(scheme + 3, user - scheme - 3, "(set)");
  }
  return text;
}

base::Result<void> set_option(const OptionSpec& spec, std::string_view text, Options& options) {
  return std::visit(
      [&](auto member) -> base::Result<void> {
        auto& value = options.*member;
        using T = std::remove_cvref_t<decltype(value)>;
        if constexpr (std::is_same_v<T, bool>) {
          return assign(parse_bool(text), value);
        } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
          return assign(check_list(spec, split_list(text)), value);
        } else if constexpr (std::is_same_v<T, std::string>) {
          return assign(check_text(spec, text), value);
        } else {
          return assign(parse_number(spec, text), value);
        }
      },
      spec.member);
}

}  // namespace headroom::config
