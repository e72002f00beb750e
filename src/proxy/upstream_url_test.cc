#include "proxy/upstream_url.h"

#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

TEST(UpstreamUrl, ReadsItsParts) {
  const auto plain = parse_upstream_url("https://api.example.com/");
  ASSERT_TRUE(plain);
  EXPECT_TRUE(plain->tls);
  EXPECT_EQ(plain->host + " " + plain->port + " " + plain->base_path + " " + plain->authority,
            "api.example.com 443  api.example.com");
  const auto full = parse_upstream_url("http://[::1]:9000/gateway/v2/");
  ASSERT_TRUE(full);
  EXPECT_FALSE(full->tls);
  EXPECT_EQ(full->host + " " + full->port + " " + full->base_path + " " + full->authority,
            "::1 9000 /gateway/v2 [::1]:9000");
}

TEST(UpstreamUrl, RefusesWhatIsNone) {
  for (const char* url : {"", "api.example.com", "ftp://x", "https://", "https://:80", "https://a:b", "https://u:p@a",
                          "https://a/?q", "https://a/ b", "https://[::1", "https://::1", "https://a:"}) {
    EXPECT_FALSE(parse_upstream_url(url)) << url;
  }
}

}  // namespace
}  // namespace headroom::proxy
