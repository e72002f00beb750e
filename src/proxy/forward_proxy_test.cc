#include "proxy/forward_proxy.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

using testing::HasSubstr;
using testing::Not;

using Variables = std::map<std::string, std::string, std::less<>>;

base::Result<ForwardProxies> proxies(const Variables& variables, const config::Options& options = {}) {
  return ForwardProxies::make(options, [&](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

// The proxy on the way to `url`, "" for none.
std::string way(const ForwardProxies& proxies, std::string_view url) {
  const ForwardProxy* proxy = proxies.to(*parse_upstream_url(url));
  return proxy == nullptr ? "" : proxy->url.authority;
}

TEST(ForwardProxies, TheEnvironmentSaysWhichForWhichScheme) {
  const auto found = proxies({{"HTTPS_PROXY", "http://secure:3128"}, {"http_proxy", "plain:8080/"}});
  ASSERT_TRUE(found);
  EXPECT_EQ(way(*found, "https://api.anthropic.com"), "secure:3128");
  EXPECT_EQ(way(*found, "http://models.example"), "plain:8080");
  EXPECT_EQ(way(*proxies({{"HTTPS_PROXY", ""}}), "https://api.anthropic.com"), "");
}

TEST(ForwardProxies, TheOptionIsForAll) {
  config::Options options;
  options.http_proxy = "http://own:1";
  const auto found = proxies({{"HTTPS_PROXY", "http://secure:3128"}}, options);
  EXPECT_EQ(way(*found, "https://api.anthropic.com"), "own:1");
  EXPECT_EQ(way(*found, "http://models.example"), "own:1");
}

TEST(ForwardProxies, NoProxyAndLoopbackAreReachedDirectly) {
  config::Options options;
  options.http_proxy = "http://own:1";
  options.no_proxy = {"corp.example", ".dot.example", "*.star.example", "10.0.0.7", "port.example:8443", "::2"};
  const auto found = proxies({}, options);
  for (const char* url : {"http://localhost:9000", "http://127.0.0.1:9000", "http://[::1]:9000", "https://corp.example",
                          "https://a.b.CORP.example", "https://x.dot.example", "https://x.star.example",
                          "http://10.0.0.7:1", "https://port.example:8443", "https://[::2]"}) {
    EXPECT_EQ(way(*found, url), "") << url;
  }
  for (const char* url : {"https://notcorp.example", "https://corp.example.org", "http://10.0.0.70:1",
                          "https://port.example", "https://example"}) {
    EXPECT_EQ(way(*found, url), "own:1") << url;
  }
  options.no_proxy = {"*"};
  EXPECT_EQ(way(*proxies({}, options), "https://api.anthropic.com"), "");
}

TEST(ForwardProxies, AsksForATunnelWithItsCredentials) {
  config::Options options;
  options.http_proxy = "http://me:p%40s+@own:1";
  const auto found = proxies({}, options);
  const UpstreamUrl upstream = *parse_upstream_url("https://api.anthropic.com/base");
  EXPECT_EQ(found->to(upstream)->connect_head(upstream),
            "CONNECT api.anthropic.com:443 HTTP/1.1\r\nHost: api.anthropic.com:443\r\n"
            "Proxy-Authorization: Basic bWU6cEBzKw==\r\n\r\n");
}

TEST(ForwardProxies, WhatIsNoHttpProxyIsRefusedWithoutItsPassword) {
  for (const char* url :
       {"socks5://me:pass-word@own:1", "https://me:pass-word@own:1", "http://me:pass-word@", "http://"}) {
    const auto found = proxies({{"HTTPS_PROXY", url}});
    ASSERT_FALSE(found) << url;
    EXPECT_THAT(found.error().message, HasSubstr("HTTPS_PROXY"));
    EXPECT_THAT(found.error().message, Not(HasSubstr("pass-word")));
  }
}

}  // namespace
}  // namespace headroom::proxy
