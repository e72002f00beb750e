#include "cli/demo_command.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/json_document.h"
#include "base/json_writer.h"
#include "cli/demo_provider.h"
#include "cli/demo_sessions.h"
#include "cli/table.h"
#include "cli/workspace.h"
#include "compress/marker.h"
#include "compress/registry/registry.h"
#include "proxy/server.h"
#include "tokens/tokenizer.h"

namespace headroom::cli {
namespace {

using base::ErrorCode;

/// A folder that is gone when this is.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::error_code failed;
    std::string pattern = (std::filesystem::temp_directory_path(failed) / "headroom-demo-XXXXXX").string();
    if (!failed && mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The real proxy, on a free port, in front of a provider of our own.
struct DemoSetup {
  TemporaryFolder folder;
  base::SystemClock clock;
  compress::Registry registry = compress::Registry::standard();
  config::Options options;
  std::unique_ptr<store::OriginalStore> store;
  std::unique_ptr<store::Ledger> ledger;
  std::unique_ptr<context::Pipeline> pipeline;
  std::unique_ptr<DemoProvider> provider;
  std::unique_ptr<proxy::ProxyServer> proxy;
};

base::Result<void> start(DemoSetup& setup) {
  if (setup.folder.path().empty()) return base::fail(ErrorCode::kIo, "cannot make a temporary folder");
  auto provider = DemoProvider::start();
  if (!provider) return std::unexpected(provider.error());
  setup.provider = *std::move(provider);
  config::Options& options = setup.options;
  options.port = 0;
  options.workspace_dir = setup.folder.path();
  options.anthropic_api_url = options.openai_api_url = fmt::format("http://127.0.0.1:{}", setup.provider->port());
  options.log_level = "error";
  auto store = open_originals(options, setup.clock);
  if (!store) return std::unexpected(store.error());
  setup.store = *std::move(store);
  auto ledger = open_ledger(options);
  if (!ledger) return std::unexpected(ledger.error());
  setup.ledger = *std::move(ledger);
  setup.pipeline =
      std::make_unique<context::Pipeline>(setup.registry, setup.store.get(), setup.clock, pipeline_options(options));
  auto proxy = proxy::ProxyServer::start(options, {*setup.pipeline, setup.store.get(), *setup.ledger, setup.clock});
  if (!proxy) return std::unexpected(proxy.error());
  setup.proxy = *std::move(proxy);
  return {};
}

struct SessionResult {
  std::string name;
  std::int64_t tokens_before = 0, tokens_after = 0;
  bool estimate = false;
  std::vector<std::string> needles;
  std::vector<std::string> missing;
  double milliseconds = 0;
  std::vector<std::string> originals;  ///< texts that tools returned
  std::vector<std::string> ids;        ///< that markers in what the provider received name
};

struct ReadBody {
  std::int64_t tokens = 0;
  std::string tool_text;
  std::vector<std::string> results;
};

base::Result<ReadBody> read_body(wire::Api api, std::string_view body) {
  const auto conversation = wire::read_conversation(api, body);
  if (!conversation) return std::unexpected(conversation.error());
  const tokens::Tokenizer& tokenizer = tokens::tokenizer_for_model(conversation->model);
  ReadBody read;
  for (const wire::Block& block : conversation->blocks) {
    read.tokens += static_cast<std::int64_t>(tokenizer.count(block.text));
    if (block.kind != wire::BlockKind::kToolResult) continue;
    read.tool_text.append(block.text).push_back('\n');
    read.results.emplace_back(block.text);
  }
  return read;
}

/// Sends the session through the proxy and looks at what the provider got.
base::Result<SessionResult> play(const DemoSession& session, DemoSetup& setup) {
  const bool openai = session.api == wire::Api::kOpenAiChat;
  const auto sent = read_body(session.api, session.body);
  if (!sent) return std::unexpected(sent.error());
  const std::int64_t start_ns = setup.clock.monotonic_ns();
  const auto answer =
      http_call(setup.proxy->port(), "POST", openai ? "/v1/chat/completions" : "/v1/messages", session.body);
  const std::int64_t elapsed_ns = setup.clock.monotonic_ns() - start_ns;
  if (!answer) return std::unexpected(answer.error());
  const std::vector<std::string> received = setup.provider->take_received();
  if (answer->status() != 200 || received.size() != 1) {
    return base::fail(ErrorCode::kInternal, fmt::format("{}: the proxy answered '{}' and the provider got {} requests",
                                                        session.name, answer->start_line, received.size()));
  }
  const auto got = read_body(session.api, received.front());
  if (!got) return std::unexpected(got.error());
  SessionResult result{.name = session.name, .tokens_before = sent->tokens, .tokens_after = got->tokens};
  result.estimate = !openai;
  result.needles = session.needles;
  for (const std::string& needle : session.needles) {
    if (got->tool_text.find(needle) == std::string::npos) result.missing.push_back(needle);
  }
  result.milliseconds = static_cast<double>(elapsed_ns) / 1e6;
  result.originals = sent->results;
  result.ids = compress::marker_ids(got->tool_text);
  return result;
}

struct RetrievalResult {
  std::string id;
  std::size_t bytes = 0;
  bool exact = false;
};

/// Gets the first marked original back through the proxy and compares it with what the tool had returned.
base::Result<RetrievalResult> retrieve_one(std::span<const SessionResult> sessions, const DemoSetup& setup) {
  for (const SessionResult& session : sessions) {
    for (const std::string& id : session.ids) {
      const auto original = std::ranges::find(session.originals, id, base::content_id);
      const auto answer = http_call(setup.proxy->port(), "GET", fmt::format("/v1/retrieve/{}", id), {});
      if (!answer) return std::unexpected(answer.error());
      const auto document = base::JsonDocument::parse(answer->body);
      if (!document) return std::unexpected(document.error());
      const base::JsonNode* content = document->find(document->root(), "original_content");
      const bool exact = original != session.originals.end() && content != nullptr && content->text == *original;
      return RetrievalResult{id, content == nullptr ? 0 : content->text.size(), exact};
    }
  }
  return base::fail(ErrorCode::kNotFound, "no session left a marker, so there was nothing to retrieve");
}

constexpr std::string_view kRow = "  {:<34} {:>9} {:>9} {:>7} {:>8} {:>8}\n";

std::string needles_kept(const SessionResult& session) {
  return fmt::format("{}/{}", session.needles.size() - session.missing.size(), session.needles.size());
}

std::string row_text(const SessionResult& session) {
  std::string out =
      fmt::format(kRow, session.name, with_commas(session.tokens_before), with_commas(session.tokens_after),
                  saved_percent(session.tokens_before, session.tokens_after), needles_kept(session),
                  fmt::format("{:.1f}", session.milliseconds));
  for (const std::string& needle : session.missing) out += fmt::format("      missing: {}\n", needle);
  return out;
}

SessionResult total_of(std::span<const SessionResult> sessions) {
  SessionResult total{.name = "total"};
  for (const SessionResult& session : sessions) {
    total.tokens_before += session.tokens_before;
    total.tokens_after += session.tokens_after;
    total.milliseconds += session.milliseconds;
    total.needles.insert(total.needles.end(), session.needles.begin(), session.needles.end());
    total.missing.insert(total.missing.end(), session.missing.begin(), session.missing.end());
  }
  return total;
}

void write_session(base::JsonWriter& json, const SessionResult& session) {
  json.begin_object()
      .member("name", session.name)
      .member("tokens_before", session.tokens_before)
      .member("tokens_after", session.tokens_after)
      .member("estimate", session.estimate)
      .member("needles", session.needles.size())
      .member("needles_kept", session.needles.size() - session.missing.size())
      .member("ms", session.milliseconds)
      .key("missing")
      .begin_array();
  for (const std::string& needle : session.missing) json.value(needle);
  json.end_array().end_object();
}

std::string demo_json(std::span<const SessionResult> sessions, const RetrievalResult& retrieval, bool passed) {
  base::JsonWriter json;
  json.begin_object().member("passed", passed).key("sessions").begin_array();
  for (const SessionResult& session : sessions) write_session(json, session);
  json.end_array().key("total");
  write_session(json, total_of(sessions));
  json.key("retrieval").begin_object();
  json.member("id", retrieval.id).member("bytes", retrieval.bytes).member("exact", retrieval.exact).end_object();
  json.end_object();
  return json.text() + "\n";
}

std::string closing_text(std::span<const SessionResult> sessions, const RetrievalResult& retrieval,
                         const Console& console) {
  const SessionResult total = total_of(sessions);
  const bool kept = total.missing.empty();
  std::string out = console.paint(
      Colour::kBold, fmt::format(kRow, total.name, with_commas(total.tokens_before), with_commas(total.tokens_after),
                                 saved_percent(total.tokens_before, total.tokens_after), needles_kept(total),
                                 fmt::format("{:.1f}", total.milliseconds)));
  out += fmt::format("\n  {} facts that the questions ask for reached the provider: {}\n", needles_kept(total),
                     console.paint(kept ? Colour::kGreen : Colour::kRed, kept ? "all there" : "some are missing"));
  out +=
      fmt::format("  retrieved {} through the proxy: {} bytes, {}\n", retrieval.id,
                  with_commas(static_cast<std::int64_t>(retrieval.bytes)),
                  console.paint(retrieval.exact ? Colour::kGreen : Colour::kRed,
                                retrieval.exact ? "the same byte for byte" : "DIFFERENT from what the tool returned"));
  return out;
}

base::Result<ExitCode> run(const Invocation& invocation) {
  Console& console = invocation.console();
  const bool as_json = invocation.has("--json");
  DemoSetup setup;
  if (auto started = start(setup); !started) return std::unexpected(started.error());
  if (!as_json) {
    console.print(fmt::format(
        "Agent sessions through a proxy on port {}, in front of a provider on this machine.\n"
        "All figures are measured now; tokens are those of all text that the model reads.\n\n{}",
        setup.proxy->port(),
        console.paint(Colour::kBold, fmt::format(kRow, "session", "before", "after", "saved", "needles", "ms"))));
  }
  std::vector<SessionResult> results;
  for (const DemoSession& session : demo_sessions()) {
    auto result = play(session, setup);
    if (!result) return std::unexpected(result.error());
    if (!as_json) console.print(row_text(*result));
    results.push_back(*std::move(result));
  }
  const auto retrieval = retrieve_one(results, setup);
  if (!retrieval) return base::fail(ErrorCode::kInternal, retrieval.error().message);
  const bool passed = total_of(results).missing.empty() && retrieval->exact;
  console.print(as_json ? demo_json(results, *retrieval, passed) : closing_text(results, *retrieval, console));
  return passed ? ExitCode::kOk : ExitCode::kFailure;
}

}  // namespace

CommandSpec demo_command() {
  return {
      .name = "demo",
      .summary = "Send real agent sessions through a real proxy on this machine, and measure.",
      .description =
          "Starts the proxy on a free port with a temporary workspace, in front of a small provider of its own, and "
          "sends "
          "agent sessions through it over HTTP. Looks at what the provider received: how many tokens, and whether each "
          "fact "
          "that the questions ask for is there. Then gets an original back and compares it byte for byte. Exit code 1 "
          "when "
          "a fact is missing or a byte differs.",
      .args = {{"--json", "", "Write one JSON object.", {}}},
      .examples = {"headroom demo", "headroom demo --json | jq .total"},
      .run = run,
  };
}

}  // namespace headroom::cli
