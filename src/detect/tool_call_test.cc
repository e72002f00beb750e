#include "detect/tool_call.h"

#include <gtest/gtest.h>

namespace headroom::detect {
namespace {

std::string command(std::string_view arguments) {
  return read_tool_call("shell", arguments).command;
}

TEST(ToolCall, TheScriptOfAShellIsTheCommand) {
  EXPECT_EQ(command(R"({"command": ["bash", "-lc", "git log -n 5 | head"], "workdir": "/home/u"})"),
            "git log -n 5 | head");
  EXPECT_EQ(command(R"({"command": ["/bin/sh", "-c", "ls"]})"), "ls");
  EXPECT_EQ(command(R"({"command": ["git", "log", "-n", "5"]})"), "git log -n 5");
  EXPECT_EQ(command(R"({"command": ["bash", "run.sh"]})"), "bash run.sh");
  EXPECT_EQ(command(R"({"command": ["python3", "-c", "pass"]})"), "python3 -c pass");
  EXPECT_EQ(command(R"({"cmd": "git log"})"), "git log");
}

TEST(ToolCall, AFileThatAShellPrints) {
  const ToolCall call = read_tool_call("shell", R"({"command": ["bash", "-lc", "sed -n '1,250p' src/a.py"]})");
  EXPECT_EQ(shown_file("shell", call), "src/a.py");
}

TEST(GivesBackOriginal, KnowsToolsAndCommands) {
  EXPECT_TRUE(gives_back_original("mcp__headroom__headroom_retrieve", "{}"));
  EXPECT_TRUE(gives_back_original("retrieve_original_content", "{}"));
  EXPECT_TRUE(gives_back_original("Bash", R"({"command":"headroom retrieve 0123456789ab"})"));
  EXPECT_TRUE(gives_back_original("WebFetch", R"({"url":"http://127.0.0.1:8787/v1/retrieve/0123456789ab"})"));
  EXPECT_FALSE(gives_back_original("Bash", R"({"command":"git log"})"));
}

}  // namespace
}  // namespace headroom::detect
