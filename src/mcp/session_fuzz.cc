#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json_document.h"
#include "mcp/session.h"

using headroom::mcp::Server;
using headroom::mcp::Session;
using headroom::mcp::Tool;
using headroom::mcp::ToolResult;

namespace {

/// A server with one tool of each kind of argument, without a disk.
Server make_server() {
  Tool tool;
  tool.name = "echo";
  tool.input = {{"text", headroom::mcp::FieldType::kString, "", true},
                {"count", headroom::mcp::FieldType::kInteger, ""},
                {"passages", headroom::mcp::FieldType::kPassages, ""}};
  tool.reads_files = true;
  tool.call = [](const headroom::mcp::Arguments& arguments, const headroom::mcp::CallContext&) {
    return ToolResult{std::string(arguments.text("text")), "{}", arguments.number("count", 0) > 1};
  };
  Server server;
  server.name = server.title = "fuzz";
  server.version = "1";
  server.tools.push_back(std::move(tool));
  return server;
}

void check(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    if (line.find('\n') != std::string::npos) std::abort();
    if (!headroom::base::JsonDocument::parse(line)) std::abort();
  }
}

}  // namespace

/// Lines that a client sends: whatever they are, what goes back is lines of JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Server server = make_server();
  std::string_view input(reinterpret_cast<const char*>(data), size);
  Session session(server, true);
  while (!input.empty()) {
    const std::size_t feed = input.find('\n');
    check(session.handle(input.substr(0, feed)));
    if (feed == std::string_view::npos) break;
    input.remove_prefix(feed + 1);
  }
  check(session.stop_waiting());
  return 0;
}
