#include "detect/page_shape.h"

#include <string>

#include <gtest/gtest.h>

namespace headroom::detect {
namespace {

TEST(PageShape, ReferencesOnManyLinesAreAPage) {
  std::string page = "- main [ref=e1]:\n";
  for (int i = 2; i < 9; ++i) {
    page += "  - link \"Part " + std::to_string(i) + "\" [ref=e" + std::to_string(i) + "]:\n    - /url: /part\n";
  }
  EXPECT_TRUE(is_page_snapshot(page));
  EXPECT_FALSE(is_page_snapshot("- main [ref=e1]:\n  - button \"Save\" [ref=e2]\n"));
  EXPECT_FALSE(is_page_snapshot(""));
}

TEST(PageShape, SettingsThatNameUsersAreNone) {
  std::string settings;
  for (int i = 0; i < 40; ++i) settings += "  option" + std::to_string(i) + ": value\n";
  EXPECT_FALSE(is_page_snapshot(settings + "mount: uid=1000,gid=1000\n"));
}

TEST(PageShape, NumbersOfUsersAreNoReferences) {
  std::string log, page;
  for (int i = 0; i < 20; ++i) {
    log += "Mar 02 06:00:01 quay sshd[4711]: authentication failure; logname= uid=0 euid=0 tty=ssh\n";
    page += "  uid=1_" + std::to_string(i) + " button \"Go\"\n";
  }
  EXPECT_FALSE(is_page_snapshot(log));
  EXPECT_TRUE(is_page_snapshot(page));
}

}  // namespace
}  // namespace headroom::detect
