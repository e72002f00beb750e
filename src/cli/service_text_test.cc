#include "cli/service_text.h"

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace headroom::cli {
namespace {

const std::vector<std::string> kWords = {"--anthropic-api-url=https://router.example/?a=1&b=<2>",
                                         "--workspace-dir=/home/me/it's \"mine\" 100% $HOME\\x"};
constexpr std::string_view kProgram = "/home/me/my tools & more/headroom";

/// What Python's reader of property lists makes of a text: its keys and values, a line each.
std::string read_as_plist(const std::string& text) {
  std::string file = (std::filesystem::temp_directory_path() / "headroom-plist-XXXXXX").string();
  const int handle = ::mkstemp(file.data());
  if (handle < 0) return "no file";
  ::close(handle);
  std::ofstream(file) << text;
  const std::string line = fmt::format(
      "python3 -c 'import plistlib, sys\n"
      "for key, value in plistlib.load(open(sys.argv[1], \"rb\")).items():\n"
      "    for one in value if isinstance(value, list) else [value]: print(key, one)' {} 2>&1",
      file);
  FILE* python = ::popen(line.c_str(), "r");
  std::string out;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), python)) > 0;) {
    out.append(buffer.data(), got);
  }
  ::pclose(python);
  std::filesystem::remove(file);
  return out;
}

TEST(ServiceText, APropertyListForLaunchd) {
  const Service service = service_for(kProgram, "/Users/me", "", 9000, kWords, true);
  EXPECT_EQ(service.file, "/Users/me/Library/LaunchAgents/ai.headroom.proxy.plist");
  EXPECT_EQ(read_as_plist(service.content), fmt::format("Label ai.headroom.proxy\n"
                                                        "ProgramArguments {}\n"
                                                        "ProgramArguments proxy\n"
                                                        "ProgramArguments --port\n"
                                                        "ProgramArguments 9000\n"
                                                        "ProgramArguments {}\n"
                                                        "ProgramArguments {}\n"
                                                        "RunAtLoad True\n"
                                                        "KeepAlive {{'SuccessfulExit': False}}\n",
                                                        kProgram, kWords[0], kWords[1]));
}

TEST(ServiceText, AUnitForSystemd) {
  const Service service = service_for(kProgram, "/home/me", "", 9000, kWords, false);
  EXPECT_EQ(service.file, "/home/me/.config/systemd/user/headroom.service");
  EXPECT_TRUE(
      service.content.contains("ExecStart=\"/home/me/my tools & more/headroom\" proxy --port 9000 "
                               "\"--anthropic-api-url=https://router.example/?a=1&b=<2>\" "
                               "\"--workspace-dir=/home/me/it's \\\"mine\\\" 100%% $$HOME\\\\x\"\n"))
      << service.content;
  EXPECT_EQ(service_for(kProgram, "/home/me", "/cfg", 1, {}, false).file, "/cfg/systemd/user/headroom.service");
}

TEST(ServiceText, WhatTheManagersAreAsked) {
  EXPECT_EQ(service_command_line("stop", false, "x"), "systemctl --user stop headroom.service");
  EXPECT_EQ(service_command_line("start", true, "/Users/o'neil/a.plist"),
            "launchctl load -w '/Users/o'\\''neil/a.plist'");
  EXPECT_EQ(service_command_line("status", true, "x"), "launchctl list ai.headroom.proxy");
}

}  // namespace
}  // namespace headroom::cli
