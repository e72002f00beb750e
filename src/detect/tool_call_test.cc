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
  const auto shown = [](std::string_view command) { return shown_file("bash", {.command = std::string(command)}); };
  EXPECT_EQ(shown("nl -ba src/a.py | sed -n '1,90p'"), "src/a.py");
  EXPECT_EQ(shown("cd /repo && cat src/a.py | head -50"), "src/a.py");
  for (const char* other : {"cat src/a.py | grep x", "cd /repo; cat src/a.py", "cd /repo && make && cat src/a.py",
                            "cd /repo", "cat src/a.py > src/b.py", "cd a | b && cat src/a.py", ""}) {
    EXPECT_EQ(shown(other), "") << other;
  }
}

TEST(ToolCall, EditorsThatShowFilesRead) {
  for (const char* tool : {"str_replace_editor", "file_editor", "developer__text_editor", "mcp__fs__read_file"})
    EXPECT_TRUE(reads_file(tool)) << tool;
  EXPECT_FALSE(reads_file("execute_bash"));
}

TEST(ToolCall, AScriptSaysWhatItsCallsSay) {
  const auto script = [](std::string_view text) { return read_tool_call("exec", text); };
  EXPECT_EQ(script(R"(const r = await tools.exec_command({cmd:"cat src/a.py"}); text(r.output);)").command,
            "cat src/a.py");
  EXPECT_EQ(
      shown_file("exec", script(R"(text((await tools.exec_command({"cmd": 'sed -n "1,250p" src/a.py'})).output))")),
      "src/a.py");
  EXPECT_EQ(script(R"(// @exec: {"yield_time_ms": 10}
const r = await tools.exec_command({workdir: `/w`, f: (a, b) => ({c: [1, "}"]}), cmd: 'git log \'a\'\n'});)")
                .command,
            "git log 'a'\n");
  EXPECT_EQ(script(R"(const [a, b] = await Promise.all([tools.exec_command({cmd:"ls -la"}),
                      tools.exec_command({cmd:"rg -n x"})]);)")
                .command,
            "ls -la ; rg -n x");
  EXPECT_EQ(script(R"(text(await tools.mcp__fs__read_file({path: "src/a.py"})))").path, "src/a.py");
  for (const std::string_view bare :
       {"python tools.py(1)", "cat a | head", "const x = await tools.exec_command({cmd});",
        "text(await tools.exec_command({cmd: `cat ${f}`}))", "my.tools.run('x')"}) {
    EXPECT_EQ(script(bare).command, bare);
  }
  for (const std::string_view broken :
       {"tools.a({", "tools.a({b:", "tools.a(\"x", "tools.a({\"b\":{[(\"", "tools.", "tools.a({b:'\\"}) {
    EXPECT_EQ(script(broken).path, "");
  }
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
