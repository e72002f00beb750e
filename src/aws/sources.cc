#include "aws/sources.h"

#include <cstdlib>
#include <fstream>

#include "aws/command.h"

namespace headroom::aws {
namespace {

constexpr std::size_t kLargestFile = 1 << 20;
/// As AWS's own libraries wait.
constexpr std::chrono::minutes kCommandTimeout{1};

}  // namespace

Sources process_sources() {
  Sources sources;
  sources.variable = [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
  sources.file = [](const std::string& path) -> std::optional<std::string> {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::string bytes(kLargestFile + 1, '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    return bytes.size() > kLargestFile ? std::nullopt : std::optional<std::string>(std::move(bytes));
  };
  sources.run = [](const std::string& command, const std::stop_token& stop) {
    return run_command(command, kCommandTimeout, stop);
  };
  return sources;
}

}  // namespace headroom::aws
