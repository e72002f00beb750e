#include "cli/console.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <fmt/format.h>
#include <unistd.h>

namespace headroom::cli {
namespace {

std::string painted(Colour colour, std::string_view text) {
  static constexpr std::array<std::string_view, 6> kCodes = {"0", "1", "2", "32", "33", "31"};
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<std::size_t>(colour)], text);
}

bool colours_wanted() {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  return terminal == nullptr || std::strcmp(terminal, "dumb") != 0;
}

struct FileCloser {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

}  // namespace

Console::Console() : out_terminal_(isatty(STDOUT_FILENO) != 0) {
  out_colour_ = out_terminal_ && colours_wanted();
  note_colour_ = isatty(STDERR_FILENO) != 0 && colours_wanted();
}

bool Console::print(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

void Console::note(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void Console::error(std::string_view text) {
  note(fmt::format("{} {}\n", paint_note(Colour::kRed, "headroom:"), text));
}

std::string Console::paint(Colour colour, std::string_view text) const {
  return out_colour_ && colour != Colour::kNone ? painted(colour, text) : std::string(text);
}

std::string Console::paint_note(Colour colour, std::string_view text) const {
  return note_colour_ && colour != Colour::kNone ? painted(colour, text) : std::string(text);
}

base::Result<std::string> Console::read(const std::string& path) {
  const std::unique_ptr<std::FILE, FileCloser> file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (file == nullptr) {
    return base::fail(base::ErrorCode::kIo, fmt::format("cannot open {}: {}", path, std::strerror(errno)));
  }
  std::string text;
  std::array<char, 65536> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), file.get())) {
    text.append(buffer.data(), got);
  }
  if (std::ferror(file.get()) != 0) {
    return base::fail(base::ErrorCode::kIo, fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  }
  return text;
}

}  // namespace headroom::cli
