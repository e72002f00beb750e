#include "cli/service_text.h"

#include <fmt/format.h>

#include "cli/shell_words.h"

namespace headroom::cli {
namespace {

constexpr std::string_view kUnit = "headroom.service";
constexpr std::string_view kLabel = "ai.headroom.proxy";

/// systemd splits at blanks and expands % and $.
std::string in_unit(std::string_view word) {
  std::string out = "\"";
  for (const char c : word) {
    if (c == '%' || c == '$') out += c;
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string in_xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

}  // namespace

Service service_for(std::string_view program, std::string_view home, std::string_view config_home, int port,
                    std::span<const std::string> words, bool launchd) {
  Service service;
  service.launchd = launchd;
  if (!launchd) {
    const std::string config = config_home.empty() ? fmt::format("{}/.config", home) : std::string(config_home);
    service.file = fmt::format("{}/systemd/user/{}", config, kUnit);
    std::string more;
    for (const std::string& word : words) more += " " + in_unit(word);
    service.content = fmt::format(
        "[Unit]\n"
        "Description=Headroom proxy\n\n"
        "[Service]\n"
        "ExecStart={} proxy --port {}{}\n"
        "ExecReload=/bin/kill -HUP $MAINPID\n"
        "Restart=on-failure\n"
        "RestartSec=2\n\n"
        "[Install]\n"
        "WantedBy=default.target\n",
        in_unit(program), port, more);
    return service;
  }
  service.file = fmt::format("{}/Library/LaunchAgents/{}.plist", home, kLabel);
  std::string more;
  for (const std::string& word : words) more += fmt::format("    <string>{}</string>\n", in_xml(word));
  service.content = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
      "<plist version=\"1.0\">\n<dict>\n"
      "  <key>Label</key><string>{}</string>\n"
      "  <key>ProgramArguments</key>\n  <array>\n"
      "    <string>{}</string>\n    <string>proxy</string>\n    <string>--port</string>\n    <string>{}</string>\n{}"
      "  </array>\n"
      "  <key>RunAtLoad</key><true/>\n"
      "  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>\n"
      "</dict>\n</plist>\n",
      kLabel, in_xml(program), port, more);
  return service;
}

std::string service_command_line(std::string_view action, bool launchd, std::string_view file) {
  if (!launchd) {
    if (action == "enable")
      return fmt::format(
          "systemctl --user daemon-reload && systemctl --user enable {0} && systemctl --user restart {0}", kUnit);
    if (action == "disable") return fmt::format("systemctl --user disable --now {}", kUnit);
    return fmt::format("systemctl --user {} {}", action, kUnit);
  }
  const std::string path = shell_word(file);
  if (action == "enable") return fmt::format("launchctl unload {0} 2>/dev/null; launchctl load -w {0}", path);
  if (action == "start") return fmt::format("launchctl load -w {}", path);
  if (action == "disable" || action == "stop") return fmt::format("launchctl unload -w {}", path);
  if (action == "restart") return fmt::format("launchctl kickstart -k gui/$(id -u)/{}", kLabel);
  return fmt::format("launchctl list {}", kLabel);
}

}  // namespace headroom::cli
