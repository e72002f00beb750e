#include "detect/command_frame.h"

#include <string>

#include <gtest/gtest.h>

namespace headroom::detect {
namespace {

std::string printed(const std::string& text) {
  const CommandFrame frame = command_frame(text);
  return text.substr(frame.begin, frame.end - frame.begin);
}

TEST(CommandFrame, FactsOfTheRunStandAround) {
  EXPECT_EQ(printed("Chunk ID: 7f3a1c\nWall time: 0.1 seconds\nProcess exited with code 0\nOriginal token count: "
                    "9\nOutput:\na\nb\n"),
            "a\nb\n");
  EXPECT_EQ(printed("Exit code: 1\nWall time: 0.1 seconds\nOutput:\na: 1\n"), "a: 1\n");
  EXPECT_EQ(printed("a\nb\n[The command completed with exit code 1.]\n[Current working directory: /w]\n"), "a\nb\n");
  EXPECT_EQ(printed("Output: a\nb\nError: (none)\nExit Code: 0\nSignal: (none)"), "Output: a\nb\n");
}

TEST(CommandFrame, OtherTextsHaveNone) {
  for (const std::string text :
       {"", "\n", "Output:\n", "Output:\na\n", "name: x\nkind: y\nOutput:\na\n", "a\nb: 1\nc: 2\n", "[a]\n[b]\n",
        "exit code 1", "a line of text\nexit code: 1\nOutput:\nx\n", "a\nexit code 1 is what it gave\n"}) {
    EXPECT_EQ(printed(text), text);
  }
  EXPECT_EQ(printed("Exit code: 0\nOutput:\n"), "");
}

}  // namespace
}  // namespace headroom::detect
