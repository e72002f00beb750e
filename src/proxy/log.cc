#include "proxy/log.h"

#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <unistd.h>

#include "proxy/log_sink.h"

namespace headroom::proxy {
namespace {

class StderrLog final : public Log {
 public:
  explicit StderrLog(spdlog::level::level_enum level)
      : logger_("headroom", std::make_shared<BatchSink>(STDERR_FILENO)) {
    logger_.set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
    logger_.set_level(level);
  }

  void request(const RequestLine& line) override {
    if (!logger_.should_log(spdlog::level::info)) return;
    fmt::memory_buffer text;
    const auto out = fmt::appender(text);
    fmt::format_to(out, "{} {} {}", line.method, line.path, line.status);
    if (line.compressed_route) fmt::format_to(out, " {}->{} tokens", line.tokens_before, line.tokens_after);
    fmt::format_to(out, " {:.1f} ms", static_cast<double>(line.total_us) / 1000);
    if (!line.note.empty()) fmt::format_to(out, " ({})", line.note);
    logger_.info(std::string_view(text.data(), text.size()));
  }
  void debug(std::string_view text) override { logger_.debug(text); }
  void info(std::string_view text) override { logger_.info(text); }
  void warn(std::string_view text) override { logger_.warn(text); }

 private:
  spdlog::logger logger_;
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
