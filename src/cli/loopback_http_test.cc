#include "cli/loopback_http.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace headroom::cli
