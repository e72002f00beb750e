#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "detect/detect.h"

namespace headroom::detect {
namespace {

/// command_cases/NAME.TYPE.case: "args: COMMAND", "---", what the command printed. Its type is in the name.
TEST(Detect, OutputOfCommands) {
  std::size_t cases = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(HEADROOM_SOURCE_DIR) + "/src/detect/command_cases")) {
    std::ifstream file(entry.path(), std::ios::binary);
    std::stringstream all;
    all << file.rdbuf();
    const std::string bytes = all.str();
    const std::size_t rule = bytes.find("\n---\n");
    ASSERT_NE(rule, std::string::npos) << entry.path();
    const std::string expected = entry.path().stem().extension().string().substr(1);
    const Detection found =
        detect(std::string_view(bytes).substr(rule + 5), {"Bash", std::string_view(bytes).substr(6, rule - 6)});
    EXPECT_EQ(content_type_name(found.type), expected) << entry.path().filename() << ": " << found.reason;
    ++cases;
  }
  EXPECT_GE(cases, 40U);
}

}  // namespace
}  // namespace headroom::detect
