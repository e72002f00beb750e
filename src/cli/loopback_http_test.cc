#include "cli/loopback_http.h"

#include <array>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace headroom::cli {
namespace {

TEST(LoopbackHttp, PortsOfAddressesOnThisMachine) {
  EXPECT_EQ(loopback_port("http://127.0.0.1:8787/v1"), 8787);
  EXPECT_EQ(loopback_port("http://localhost:9/p/x:1"), 9);
  EXPECT_EQ(loopback_port("http://[::1]:8787"), 8787);
  EXPECT_EQ(loopback_port("http://u:p@127.0.0.1:1"), 1);
  EXPECT_EQ(loopback_port("http://127.0.0.1"), 80);
  EXPECT_EQ(loopback_port("https://localhost/x"), 443);
  for (const char* other : {"http://router.example:8787", "http://127.0.0.1:99999", "127.0.0.1:8787", "", "http://",
                            "http://localhost.example:1", "http://[::2]:1"}) {
    EXPECT_FALSE(loopback_port(other)) << other;
  }
}

TEST(LoopbackHttp, WhoListens) {
  int port = 0;
  {
    const auto socket = listen_on_loopback();
    ASSERT_TRUE(socket);
    port = bound_port(*socket);
    EXPECT_EQ(listening_user(port), geteuid());
  }
  EXPECT_FALSE(listening_user(port));
  if (geteuid() != 0) return;
  std::array<int, 2> ready{}, done{};
  ASSERT_EQ(pipe(ready.data()), 0);
  ASSERT_EQ(pipe(done.data()), 0);
  const pid_t other = fork();
  if (other == 0) {
    close(done[1]);
    if (setuid(12345) != 0) _exit(1);
    const auto socket = listen_on_loopback();
    const int mine = socket ? bound_port(*socket) : 0;
    if (write(ready[1], &mine, sizeof mine) != sizeof mine) _exit(1);
    char end = 0;
    _exit(read(done[0], &end, 1) == 0 ? 0 : 1);
  }
  ASSERT_EQ(read(ready[0], &port, sizeof port), static_cast<ssize_t>(sizeof port));
  EXPECT_EQ(listening_user(port), 12345U);
  close(done[1]);
  waitpid(other, nullptr, 0);
}

}  // namespace
}  // namespace headroom::cli
