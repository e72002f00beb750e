#include "cli/loopback_http.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

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

TEST(LoopbackHttp, PortsOfConnectionsThatGoOutAreNotFree) {
  const auto listening = listen_on_loopback();
  ASSERT_TRUE(listening);
  EXPECT_FALSE(is_free(bound_port(*listening)));
  const Socket client(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(bound_port(*listening)));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(connect(client.handle(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const int used = bound_port(client);
  EXPECT_EQ(http_call(used, "GET", "/", "").error().code, base::ErrorCode::kUnavailable) << "nothing listens there";
  EXPECT_FALSE(is_free(used));
}

}  // namespace
}  // namespace headroom::cli
