#include "proxy/log.h"

#include <array>
#include <utility>

#include <fmt/format.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/ansicolor_sink.h>

namespace headroom::proxy {
namespace {

// Lines that wait for a slow reader of stderr; after that the oldest are dropped, because requests must not wait.
constexpr std::size_t kQueue = 1024;

class StderrLog final : public Log {
 public:
  explicit StderrLog(spdlog::level::level_enum level)
      : threads_(std::make_shared<spdlog::details::thread_pool>(kQueue, 1)) {
    auto sink = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>();
    logger_ = std::make_shared<spdlog::async_logger>("headroom", std::move(sink), threads_,
                                                     spdlog::async_overflow_policy::overrun_oldest);
    logger_->set_pattern("%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v");
    logger_->set_level(level);
    logger_->flush_on(spdlog::level::info);
  }

  void request(const RequestLine& line) override {
    if (!logger_->should_log(spdlog::level::info)) return;
    std::string text = fmt::format("{} {} {}", line.method, line.path, line.status);
    if (line.compressed_route) text += fmt::format(" {}->{} tokens", line.tokens_before, line.tokens_after);
    text += fmt::format(" {:.1f} ms", static_cast<double>(line.total_us) / 1000);
    if (!line.note.empty()) text += fmt::format(" ({})", line.note);
    logger_->info(text);
  }
  void info(std::string_view text) override { logger_->info(text); }
  void warn(std::string_view text) override { logger_->warn(text); }

 private:
  std::shared_ptr<spdlog::details::thread_pool> threads_;
  std::shared_ptr<spdlog::async_logger> logger_;
};

}  // namespace

base::Result<std::unique_ptr<Log>> make_stderr_log(std::string_view level) {
  using spdlog::level::level_enum;
  constexpr std::array<std::pair<std::string_view, level_enum>, 8> kLevels{{{"trace", level_enum::trace},
                                                                            {"debug", level_enum::debug},
                                                                            {"info", level_enum::info},
                                                                            {"warn", level_enum::warn},
                                                                            {"warning", level_enum::warn},
                                                                            {"error", level_enum::err},
                                                                            {"critical", level_enum::critical},
                                                                            {"off", level_enum::off}}};
  for (const auto& [name, value] : kLevels) {
    if (name == level) return std::make_unique<StderrLog>(value);
  }
  return base::fail(base::ErrorCode::kInvalidArgument,
                    fmt::format("unknown log level \"{}\": use trace, debug, info, warn, error or off", level));
}

}  // namespace headroom::proxy
