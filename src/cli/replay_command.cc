#include "cli/replay_command.h"

#include <atomic>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/replay_report.h"
#include "cli/workspace.h"
#include "replay/find_files.h"
#include "replay/plot.h"
#include "replay/read_recording.h"

namespace headroom::cli {
namespace {

using replay::CacheMode;

std::optional<std::string> variable(std::string_view name) {
  const char* value = std::getenv(std::string(name).c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

CacheMode cache_mode(std::string_view name) {
  if (name == "warm") return CacheMode::kWarm;
  return name == "none" ? CacheMode::kNone : CacheMode::kRecorded;
}

base::Result<std::size_t> limit_of(const Invocation& invocation) {
  if (!invocation.has("--limit")) return SIZE_MAX;
  const std::string_view text = invocation.get("--limit");
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (error == std::errc() && end == text.data() + text.size() && limit > 0) return limit;
  return base::fail(base::ErrorCode::kInvalidArgument, fmt::format("--limit: '{}' is not a whole number from 1", text));
}

/// What became of one file.
struct FileResult {
  std::vector<replay::SessionResult> sessions;
  std::uint64_t damaged_lines = 0;
  bool recording = false;
  std::string problem;
};

/// Replays files on several threads. Each file's result has its place, so the order of work does not show.
class Player {
 public:
  Player(std::vector<std::string> files, const replay::ReplayOptions& options, std::size_t limit)
      : files_(std::move(files)), options_(options), limit_(limit), results_(files_.size()) {}

  void run(int threads) {
    working_ = threads;
    std::vector<std::jthread> workers;
    for (int i = 0; i < threads; ++i) workers.emplace_back([this] { work(); });
    show_progress();
  }
  const std::vector<FileResult>& results() const { return results_; }

 private:
  void work() {
    for (std::size_t i = next_++; i < files_.size() && sessions_ < limit_; i = next_++) {
      play(files_[i], results_[i]);
      ++done_;
    }
    --working_;
  }

  void play(const std::string& file, FileResult& result) {
    const auto text = Console::read(file);
    if (!text) {
      result.problem = text.error().message;
      return;
    }
    const replay::Recording recording = replay::read_recording(*text, file);
    result.recording = !recording.sessions.empty();
    result.damaged_lines = result.recording ? recording.damaged_lines : 0;
    for (const replay::Session& session : recording.sessions) {
      if (sessions_++ >= limit_) break;
      result.sessions.push_back(replay::replay_session(session, registry_, options_));
    }
  }

  /// On a terminal, and only when it takes longer than a second.
  void show_progress() {
    if (isatty(STDERR_FILENO) == 0) return;
    bool shown = false;
    for (int ticks = 0; working_ > 0; ++ticks) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      if (ticks < 10 || ticks % 2 != 0) continue;
      fmt::print(stderr, "\r  {} of {} files, {} sessions", done_.load(), files_.size(), sessions_.load());
      std::fflush(stderr);
      shown = true;
    }
    if (shown) fmt::print(stderr, "\r\x1b[K");
  }

  const std::vector<std::string> files_;
  const replay::ReplayOptions& options_;
  const compress::Registry registry_ = compress::Registry::standard();
  const std::size_t limit_;
  std::vector<FileResult> results_;
  std::atomic<std::size_t> next_ = 0, done_ = 0, sessions_ = 0;
  std::atomic<int> working_ = 0;
};

int threads_of(const config::Options& options) {
  if (options.threads > 0) return options.threads;
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 4U));
}

base::Result<void> write_file(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) return base::fail(base::ErrorCode::kIo, fmt::format("cannot write {}", path));
  return {};
}

base::Result<std::vector<std::string>> files_of(const Invocation& invocation) {
  std::vector<std::string> paths = invocation.list("FILE");
  const bool named = !paths.empty();
  if (!named) paths = replay::default_folders(variable);
  replay::FoundFiles found = replay::find_files(paths);
  if (named && !found.problems.empty()) return base::fail(base::ErrorCode::kNotFound, found.problems.front());
  if (!found.files.empty()) return std::move(found.files);
  return base::fail(base::ErrorCode::kNotFound,
                    named ? "there are no .jsonl or .json files there"
                          : "no sessions of Claude Code or Codex found; name files or folders with recorded sessions");
}

base::Result<ExitCode> run(const Invocation& invocation) {
  const auto limit = limit_of(invocation);
  if (!limit) return std::unexpected(limit.error());
  auto files = files_of(invocation);
  if (!files) return std::unexpected(files.error());
  const auto classifier = make_classifier(invocation.options());
  replay::ReplayOptions options;
  options.cache = cache_mode(invocation.get("--cache", "recorded"));
  options.model = invocation.get("--model");
  options.pipeline = pipeline_options(invocation.options());
  options.pipeline.classifier = classifier.get();
  const auto judge = make_judge(invocation.options());
  options.pipeline.judge = judge.get();
  ReplayContext context{.cache = options.cache, .model = options.model, .files = files->size()};

  Player player(*std::move(files), options, *limit);
  player.run(threads_of(invocation.options()));
  std::vector<replay::SessionResult> sessions;
  for (const FileResult& result : player.results()) {
    if (!result.problem.empty()) invocation.console().error(result.problem);
    context.damaged_lines += result.damaged_lines;
    context.other_files += result.recording ? 0 : 1;
    sessions.insert(sessions.end(), result.sessions.begin(), result.sessions.end());
  }
  if (sessions.empty()) {
    return base::fail(base::ErrorCode::kNotFound, "no recorded session in these files; see `headroom replay --help`");
  }
  if (const std::string plot(invocation.get("--plot")); !plot.empty()) {
    const std::string title = fmt::format("{} sessions, cache {}", sessions.size(), cache_mode_name(options.cache));
    auto written = write_file(plot, replay::cost_svg(replay::cost_curve(sessions), title));
    if (!written) return std::unexpected(written.error());
  }
  const std::string report =
      invocation.has("--json") ? replay_json(sessions, context) : replay_text(sessions, context, invocation.console());
  if (!invocation.console().print(report)) return base::fail(base::ErrorCode::kIo, "cannot write the output");
  return ExitCode::kOk;
}

}  // namespace

CommandSpec replay_command() {
  return {
      .name = "replay",
      .summary = "Show what recorded sessions would have cost through Headroom.",
      .description =
          "Sends recorded sessions, request by request, through the compression that the proxy uses, once as they were "
          "and once compressed, to a simulated provider cache, and compares tokens and dollars. Without FILE: the "
          "sessions that Claude Code and Codex keep. FILE may be one of those, a list of messages, a request body, a "
          "file of request bodies one a line (or {\"time\": ..., \"body\": {...}}), or a folder. Files are only read, "
          "nothing is stored, nothing is sent.",
      .args = {{"FILE", "", "Recorded sessions, or folders with such.", {}, false, true},
               {"--cache",
                "MODE",
                "recorded: requests come when they came; warm: seconds apart; none: no prompt cache.",
                {"recorded", "warm", "none"}},
               {"--model", "MODEL", "Count, cache and price as this model instead of those recorded.", {}},
               {"--limit", "N", "Only the newest N sessions.", {}},
               {"--plot", "FILE.svg", "Draw the cost of each request, and of all so far.", {}},
               {"--json", "", "Write one JSON object with the figures of each session.", {}}},
      .config_options = config::kForReplay,
      .examples = {"headroom replay                               # what would I have saved?",
                   "headroom replay --cache none --model gpt-5", "headroom replay requests.jsonl --plot cost.svg"},
      .run = run,
  };
}

}  // namespace headroom::cli
