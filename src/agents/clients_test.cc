#include "agents/clients.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headroom::agents {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Clients, ThoseThatLiveAndThoseThatWereKilled) {
  std::string folder = std::filesystem::temp_directory_path() / "headroom-clients-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const Clients clients = Clients::open(folder + "/8787").value();
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto lock = clients.lock();
    const auto mark = clients.join("codex");
    if (!mark || write(ends[1], "x", 1) != 1) _exit(1);
    // The lock of the folder goes with the process, too.
    pause();
  }
  char byte = 0;
  ASSERT_EQ(read(ends[0], &byte, 1), 1);
  EXPECT_EQ(clients.try_lock(), nullptr);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  {
    const auto lock = clients.lock();
    ASSERT_TRUE(lock);
    const auto mark = clients.join("claude");
    const auto census = clients.count();
    EXPECT_THAT(census.alive, ElementsAre("claude"));
    EXPECT_THAT(census.gone, ElementsAre("codex"));
    EXPECT_THAT(census.processes, ElementsAre(getpid()));
    EXPECT_THAT(clients.count().gone, IsEmpty());
  }
  EXPECT_THAT(clients.count().alive, IsEmpty());
  EXPECT_TRUE(clients.is_there());
  std::filesystem::remove_all(folder);
  EXPECT_FALSE(clients.is_there());
}

}  // namespace
}  // namespace headroom::agents
