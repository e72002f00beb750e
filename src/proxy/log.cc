#include "proxy/log.h"

#include <algorithm>
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
    // Written for every request, so without format strings.
    fmt::memory_buffer text;
    const auto put = [&](std::string_view part) { text.append(part); };
    const auto put_number = [&](std::int64_t number) {
      const fmt::format_int digits(number);
      put({digits.data(), digits.size()});
    };
    put(line.method);
    put(" ");
    put(line.path);
    put(" ");
    put_number(line.status);
    if (line.compressed_route) {
      put(" ");
      put_number(line.tokens_before);
      put("->");
      put_number(line.tokens_after);
      put(" tokens");
    }
    const std::int64_t tenths = (std::max<std::int64_t>(line.total_us, 0) + 50) / 100;
    put(" ");
    put_number(tenths / 10);
    put(".");
    put_number(tenths % 10);
    put(" ms");
    if (!line.note.empty()) fmt::format_to(fmt::appender(text), " ({})", line.note);
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
