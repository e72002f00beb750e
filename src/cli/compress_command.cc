#include "cli/compress_command.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/json_document.h"
#include "cli/compress_report.h"
#include "cli/workspace.h"
#include "compress/registry/registry.h"
#include "context/sums.h"
#include "detect/detect.h"
#include "document/spreadsheet.h"
#include "wire/conversation.h"

namespace headroom::cli {
namespace {

/// Mail and chat have messages, too; those of a request say whose turn each is.
bool are_turns(const base::JsonDocument& document, const base::JsonNode& list) {
  static constexpr std::array<std::string_view, 7> kRoles = {"system", "developer", "user",    "assistant",
                                                             "model",  "tool",      "function"};
  if (list.kind != base::JsonKind::kArray) return false;
  for (const base::JsonNode& turn : document.children(list)) {
    if (turn.kind == base::JsonKind::kObject && document.find(turn, "parts") != nullptr) continue;  // Gemini
    if (std::ranges::find(kRoles, document.string_member(turn, "role")) == kRoles.end()) return false;
  }
  return true;
}

/// A request body is a JSON object with a list of messages; everything else is one text.
bool is_request_body(std::string_view text) {
  const auto document = base::JsonDocument::parse(text);
  if (!document || document->root().kind != base::JsonKind::kObject) return false;
  for (const std::string_view list : {"messages", "contents"}) {
    const base::JsonNode* messages = document->find_last(document->root(), list);
    if (messages != nullptr && are_turns(*document, *messages)) return true;
  }
  // Many objects have an input; a request has a model, too.
  const base::JsonNode* input = document->find_last(document->root(), "input");
  return input != nullptr && input->kind == base::JsonKind::kArray &&
         document->find(document->root(), "model") != nullptr;
}

bool treat_as_request(const Invocation& invocation, std::string_view text) {
  const std::string_view api = invocation.get("--api", "auto");
  if (api == "text" || invocation.has("--type")) return false;
  return api != "auto" || is_request_body(text);
}

wire::Api api_of(const Invocation& invocation, std::string_view text) {
  const std::string_view api = invocation.get("--api", "auto");
  if (api == "anthropic") return wire::Api::kAnthropicMessages;
  if (api == "openai") return wire::Api::kOpenAiChat;
  if (api == "responses") return wire::Api::kOpenAiResponses;
  if (api == "gemini") return wire::Api::kGeminiGenerate;
  if (api == "converse") return wire::Api::kBedrockConverse;
  if (api == "vercel") return wire::Api::kVercelMessages;
  return wire::guess_api(text);
}

/// `unless_told`: the type when the command line names none; kOther to have it found out.
context::Outcome compress(const Invocation& invocation, const context::Pipeline& pipeline, std::string_view text,
                          detect::ContentType unless_told) {
  const std::string_view budget = invocation.get("--token-budget");
  context::RequestOptions request;
  std::from_chars(budget.data(), budget.data() + budget.size(), request.token_budget);
  request.session = invocation.get("--session");
  request.model = invocation.get("--model");
  if (treat_as_request(invocation, text)) return pipeline.compress_request(api_of(invocation, text), text, request);
  compress::Query query;
  query.user = invocation.get("--query");
  query.tool_name = invocation.get("--tool");
  query.tool_arguments = invocation.get("--args");
  query.call = detect::read_tool_call(query.tool_name, query.tool_arguments);
  const std::string_view file = invocation.get("FILE", "-");
  if (file != "-" && query.tool_name.empty() && query.tool_arguments.empty()) query.call.path = file;
  bool known = true;
  const std::string_view type = invocation.get("--type");
  const detect::ContentType wanted = type.empty() ? unless_told : detect::content_type_from_name(type, known);
  return pipeline.compress_text(text, query, invocation.get("--model", "gpt-4o"), wanted, request);
}

store::LedgerRow ledger_row(const context::Outcome& outcome, std::string_view api, std::int64_t now_ms,
                            std::int64_t elapsed_us) {
  store::LedgerRow row;
  row.time_ms = now_ms;
  row.source = "cli";
  row.api = api;
  row.compress_us = elapsed_us;
  row.total_us = elapsed_us;
  context::count_outcome(outcome, row);
  return row;
}

/// Figures are worth less than the output: a ledger that cannot be opened is a note, not a failure.
void record(const Invocation& invocation, store::LedgerRow row) {
  if (invocation.options().stateless || invocation.options().no_ccr) return;
  auto ledger = open_ledger(invocation.options());
  if (!ledger) {
    invocation.console().note(fmt::format("headroom: not in the ledger: {}\n", ledger.error().message));
    return;
  }
  (*ledger)->append(std::move(row));
}

/// The store, or nullptr when there can be none; then nothing is dropped.
std::unique_ptr<store::OriginalStore> store_or_note(const Invocation& invocation, const base::Clock& clock) {
  const bool may_drop = !invocation.options().lossless || !invocation.options().tool_profiles.empty();
  if (invocation.options().stateless || !may_drop) return nullptr;
  auto opened = open_originals(invocation.options(), clock);
  if (opened) return *std::move(opened);
  invocation.console().note(
      fmt::format("headroom: nothing is dropped, because originals cannot be stored: {}\n", opened.error().message));
  return nullptr;
}

base::Result<ExitCode> run(const Invocation& invocation) {
  const std::string path(invocation.get("FILE", "-"));
  auto input = Console::read(path);
  if (!input) return std::unexpected(input.error());
  const std::string_view budget = invocation.get("--token-budget");
  if (budget.find_first_not_of("0123456789") != std::string_view::npos || budget.size() > 9) {
    return base::fail(base::ErrorCode::kInvalidArgument,
                      fmt::format("--token-budget: '{}' is no number of tokens", budget));
  }
  // A damaged one is known by its name; that is an error, not a text.
  const bool named = path.ends_with(".xlsx") || path.ends_with(".ods");
  const bool spreadsheet = document::is_spreadsheet(*input) || (named && input->starts_with("PK"));
  if (spreadsheet) {
    input = document::spreadsheet_text(*input);
    if (!input) return base::fail(input.error().code, fmt::format("{}: {}", path, input.error().message));
  }
  const base::SystemClock clock;
  const compress::Registry registry = compress::Registry::standard();
  const auto store = store_or_note(invocation, clock);
  const bool continues = invocation.has("--session") && treat_as_request(invocation, *input);
  base::Result<std::unique_ptr<store::DecisionStore>> decisions;
  if (continues) decisions = open_decisions(invocation.options(), clock);
  if (!decisions) return std::unexpected(decisions.error());
  base::Result<std::unique_ptr<store::OfferRecord>> offers;
  if (continues) offers = open_offers(invocation.options(), clock);
  if (!offers) return std::unexpected(offers.error());
  const auto classifier = make_classifier(invocation.options());
  context::PipelineOptions settings = pipeline_options(invocation.options());
  settings.classifier = classifier.get();
  settings.decisions = decisions->get();
  settings.offers = offers->get();
  const auto judge = make_judge(invocation.options());
  settings.judge = judge.get();
  // Loading takes longer than a request may wait.
  const bool may_be_asked = judge != nullptr && (treat_as_request(invocation, *input) ||
                                                 detect::detect(*input, {}).type == detect::ContentType::kProse);
  if (may_be_asked) static_cast<void>(judge->prepare());
  const context::Pipeline pipeline(registry, store.get(), clock, std::move(settings));
  const std::int64_t start_ns = clock.monotonic_ns();
  const context::Outcome outcome =
      compress(invocation, pipeline, *input, spreadsheet ? detect::ContentType::kTable : detect::ContentType::kOther);
  const std::int64_t elapsed_us = (clock.monotonic_ns() - start_ns) / 1000;
  const bool request = treat_as_request(invocation, *input);
  record(invocation, ledger_row(outcome, request ? wire::api_name(api_of(invocation, *input)) : "text", clock.now_ms(),
                                elapsed_us));
  const std::string& text = outcome.changed ? outcome.body : *input;
  if (!outcome.budget_note.empty()) invocation.console().note(fmt::format("headroom: {}\n", outcome.budget_note));
  if (invocation.has("--explain")) invocation.console().note(explain_text(outcome, invocation.console()));
  const bool printed = invocation.console().print(invocation.has("--json") ? outcome_json(outcome, text) : text);
  if (!printed) return base::fail(base::ErrorCode::kIo, "cannot write the output");
  return ExitCode::kOk;
}

}  // namespace

CommandSpec compress_command() {
  return {
      .name = "compress",
      .summary = "Compress a text or a whole request body.",
      .description =
          "Reads FILE, or standard input, and writes the compressed text to standard output. A JSON object with a list "
          "of messages is taken for a request body, of which only tool results are touched. What cannot be made "
          "smaller "
          "comes out as it went in, byte for byte. Originals of what was dropped are stored for `headroom retrieve`. "
          "Of "
          "a workbook (.xlsx, .ods, .xls) the sheets are read as comma separated values; this text is compressed, and "
          "it is what is stored as the original.",
      .args = {{"FILE", "", "What to compress; - or nothing: standard input.", {}},
               {"--type",
                "TYPE",
                "Take the text for this type; without it the type is found out.",
                {"json", "ndjson", "log", "code", "search", "diff", "table", "html", "xml", "config", "prose"}},
               {"--api",
                "API",
                "Take the input for a request of this format, or for one text.",
                {"auto", "anthropic", "openai", "responses", "gemini", "converse", "vercel", "text"}},
               {"--query", "QUESTION", "What the reader wants to know; steers what is kept of a text.", {}},
               {"--tool", "NAME", "Tool that printed the text; steers what is kept.", {}},
               {"--args", "ARGS", "The tool's input: a JSON object, or a shell's command line.", {}},
               {"--model", "MODEL", "Model whose tokens are counted for a text (gpt-4o).", {}},
               {"--token-budget",
                "N",
                "Aim for at most this many tokens in all, messages included; says so when it cannot be had.",
                {}},
               {"--session",
                "NAME",
                "The request goes on with a conversation of this name, kept in the workspace: what was sent stays so.",
                {}},
               {"--explain", "", "Say on standard error what was done, and why.", {}},
               {"--json", "", "Write one JSON object with text, figures, ids and blocks.", {}}},
      .config_options = config::kForCompress,
      .examples = {"headroom compress build.log --query 'why did the link step fail?'",
                   "kubectl get pods -A -o json | headroom compress --explain",
                   "headroom compress orders.xlsx --query 'which orders were refunded?'",
                   "headroom compress request.json --json | jq .tokens_saved"},
      .run = run,
  };
}

}  // namespace headroom::cli
