#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
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
  tool.call = [](const headroom::mcp::Arguments& arguments, const headroom::mcp::CallContext& context) {
    context.caller.progress(1, 2);
    context.caller.log(headroom::mcp::LogLevel::kInfo, arguments.text("text"));
    if (auto said = context.caller.ask("sampling/createMessage", "{}")) return ToolResult{"", *said};
    return ToolResult{std::string(arguments.text("text")), "{}", arguments.number("count", 0) > 1};
  };
  Server server;
  server.name = server.title = "fuzz";
  server.version = "1";
  server.logs = true;
  server.tools.push_back(std::move(tool));
  return server;
}

/// What the client is asked is answered by its next line, whatever that is.
class Lines final : public headroom::mcp::Link {
 public:
  explicit Lines(std::string_view input) : rest_(input) {}

  std::optional<std::string_view> next() {
    if (rest_.empty()) return std::nullopt;
    const std::size_t feed = rest_.find('\n');
    const std::string_view line = rest_.substr(0, feed);
    rest_.remove_prefix(feed == std::string_view::npos ? rest_.size() : feed + 1);
    return line;
  }

  bool send(std::string message) override {
    if (message.find('\n') != std::string::npos) std::abort();
    if (!headroom::base::JsonDocument::parse(message)) std::abort();
    return true;
  }

  std::optional<std::string> ask(std::string_view, std::string request) override {
    send(std::move(request));
    return next().transform([](std::string_view line) { return std::string(line); });
  }

 private:
  std::string_view rest_;
};

}  // namespace

/// Lines that a client sends: whatever they are, what goes back is lines of JSON.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Server server = make_server();
  Lines lines(std::string_view(reinterpret_cast<const char*>(data), size));
  Session session(server);
  while (const auto line = lines.next()) {
    if (auto response = session.handle(*line, lines)) lines.send(*std::move(response));
  }
  return 0;
}
