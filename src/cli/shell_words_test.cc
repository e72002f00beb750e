#include "cli/shell_words.h"

#include <array>
#include <cstdio>
#include <vector>

#include <gtest/gtest.h>

namespace headroom::cli {
namespace {

/// What a shell makes of the line: its words, each ended by a NUL.
std::string by_shell(const std::string& line) {
  FILE* shell = popen(("printf '%s\\0' " + line).c_str(), "r");
  std::array<char, 4096> buffer{};
  const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), shell);
  pclose(shell);
  return {buffer.data(), got};
}

TEST(ShellWords, AShellReadsTheSameWords) {
  const std::vector<std::string> words = {
      "git",      "commit", "-m", "it's; rm -rf $HOME `x` $(y)\n\"two\"", "", "*", "~", "--a=b", "a&b", "#c",
      "\xC3\xA9", "\\",     "!"};
  std::string expected;
  for (const std::string& word : words) expected += word + std::string(1, '\0');
  EXPECT_EQ(by_shell(shell_line(words)), expected);
}

TEST(ShellWords, PlainWordsStayAsTheyAre) {
  const std::vector<std::string> words = {"pytest", "-q", "--durations=0", "tests/a.py::b"};
  EXPECT_EQ(shell_line(words), "pytest -q --durations=0 tests/a.py::b");
}

}  // namespace
}  // namespace headroom::cli
