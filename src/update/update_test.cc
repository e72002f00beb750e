#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "update/install.h"
#include "update/notice.h"
#include "update/release.h"

namespace headroom::update {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Install install_of(std::string_view program, std::set<std::string> files = {}) {
  return find_install(program, "/home/me", [files](const std::string& file) { return files.contains(file); });
}

TEST(Update, VersionsAreInOrder) {
  const std::vector<std::string> rising = {"0.1.0rc1", "0.1.0", "0.1.1", "0.2", "0.10.0",
                                           "1.0-beta", "1",     "1.0.1", "22"};
  for (std::size_t a = 0; a < rising.size(); ++a) {
    for (std::size_t b = 0; b < rising.size(); ++b) {
      EXPECT_EQ(is_newer(rising[a], rising[b]), a > b) << rising[a] << " " << rising[b];
    }
  }
  EXPECT_FALSE(is_newer("1.0.0", "1"));
  EXPECT_FALSE(is_newer("1.0+build", "1.0"));
}

TEST(Update, TheProgramsFileTellsHowItCameThere) {
  const std::string wheel = "/lib/python3.12/site-packages/headroom/bin/headroom";
  EXPECT_EQ(install_of("/srv/venv" + wheel).kind, InstallKind::kPip);
  EXPECT_EQ(install_of("/srv/venv" + wheel).place, "/srv/venv");
  EXPECT_THAT(step_for(install_of("/home/me/.local" + wheel), "2").command,
              ElementsAre("python3", "-m", "pip", "install", "--user", "--upgrade", "headroom-ai==2"));
  EXPECT_EQ(install_of("/home/me/.local/share/pipx/venvs/headroom-ai" + wheel).kind, InstallKind::kPipx);
  EXPECT_EQ(install_of("/home/me/.local/share/uv/tools/headroom-ai" + wheel).kind, InstallKind::kUvTool);
  EXPECT_EQ(install_of("/usr/lib/python3/dist-packages/headroom/bin/headroom").kind, InstallKind::kDistribution);
  const std::string addon = "/node_modules/headroom-ai/bin/headroom";
  EXPECT_THAT(step_for(install_of("/home/me/app" + addon), "2").command,
              ElementsAre("npm", "install", "--prefix", "/home/me/app", "headroom-ai@2"));
  EXPECT_THAT(step_for(install_of("/usr/local/lib" + addon), "2").command,
              ElementsAre("npm", "install", "--global", "headroom-ai@2"));
  EXPECT_EQ(install_of("/home/me/.npm/_npx/1a" + addon).kind, InstallKind::kNpx);
  const Install source = install_of("/src/h/build/release/bin/headroom",
                                    {"/src/h/CMakePresets.json", "/src/h/src/cli/headroom_main.cc", "/.dockerenv"});
  EXPECT_EQ(source.kind, InstallKind::kSource);
  EXPECT_THAT(step_for(source, "2").text, HasSubstr("cd /src/h && git pull"));
  EXPECT_EQ(install_of("/app/headroom", {"/.dockerenv"}).kind, InstallKind::kContainer);
  EXPECT_EQ(install_of("/home/me/bin/headroom", {"/.dockerenv"}).kind, InstallKind::kBinary);
  EXPECT_EQ(install_of("/usr/bin/headroom").kind, InstallKind::kDistribution);
  const Install binary = install_of("/usr/local/bin/headroom");
  EXPECT_EQ(binary.kind, InstallKind::kBinary);
  EXPECT_THAT(step_for(binary, "2").command, IsEmpty());
  EXPECT_THAT(feed_command(binary), IsEmpty());
}

TEST(Update, ReadsWhatClientsPrint) {
  const auto pip = read_release(
      R"({"version":"1","install":[{"metadata":{"name":"headroom-ai","version":"0.3.0","keywords":["llm","headroom-native"]}}]})");
  ASSERT_TRUE(pip);
  EXPECT_EQ(pip->version, "0.3.0");
  EXPECT_TRUE(pip->ours);
  // Older clients give the keywords as one text.
  EXPECT_TRUE(read_release(R"({"install":[{"metadata":{"version":"1","keywords":"llm,headroom-native"}}]})")->ours);
  const auto npm = read_release(R"({"version":"0.37.0","keywords":["llm","headroom-nativelike"]})");
  EXPECT_EQ(npm->version, "0.37.0");
  EXPECT_FALSE(npm->ours);
  const auto git =
      read_release("0a\trefs/tags/v0.9.0\n1b\trefs/tags/v0.10.0\n2c\trefs/tags/v1.0rc1\n3d\trefs/tags/other\n");
  EXPECT_EQ(git->version, "0.10.0");
  EXPECT_TRUE(git->ours);
  for (const std::string_view bad :
       {"", "{}", "[]", "{\"version\":\"1; rm -rf\"}", "{\"version\":\"latest\"}", "what?", "{"}) {
    EXPECT_FALSE(read_release(bad)) << bad;
  }
}

TEST(Update, IsMentionedOnceADay) {
  constexpr std::int64_t kHourMs = 3'600'000;
  Memory memory;
  EXPECT_TRUE(due(memory, "0.1.0", kHourMs).look);
  EXPECT_FALSE(due(memory, "0.1.0", kHourMs).tell);
  memory = {.checked_ms = 100 * kHourMs, .told_ms = 0, .newest = "0.2.0"};
  EXPECT_TRUE(due(memory, "0.1.0", 101 * kHourMs).tell);
  EXPECT_FALSE(due(memory, "0.1.0", 101 * kHourMs).look);
  EXPECT_FALSE(due(memory, "0.2.0", 101 * kHourMs).tell);
  EXPECT_TRUE(due(memory, "0.1.0", 125 * kHourMs).look);
  memory.told_ms = 101 * kHourMs;
  EXPECT_FALSE(due(memory, "0.1.0", 124 * kHourMs).tell);
  EXPECT_TRUE(due(memory, "0.1.0", 126 * kHourMs).tell);
  // A clock that was set back does not keep it quiet for years.
  EXPECT_TRUE(due(memory, "0.1.0", kHourMs).tell);
  const Memory again = read_memory(memory_text(memory));
  EXPECT_EQ(again.told_ms, memory.told_ms);
  EXPECT_EQ(again.checked_ms, memory.checked_ms);
  EXPECT_EQ(again.newest, memory.newest);
  EXPECT_EQ(read_memory("rubbish").checked_ms, 0);
}

TEST(Update, AFeedSaysWhichCommandFailed) {
  ClientFeed feed({"npm", "view"}, [](const auto&) { return base::Result<std::string>("{}"); });
  EXPECT_THAT(feed.newest().error().message, HasSubstr("npm view: "));
}

}  // namespace
}  // namespace headroom::update
