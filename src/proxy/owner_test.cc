#include "proxy/owner.h"

#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

std::string owner(std::string_view name, std::string_view value) {
  Fields fields;
  fields.add({name, value});
  return owner_of(fields);
}

TEST(Owner, IsTheSameForTheSameKeyAndDoesNotShowIt) {
  EXPECT_EQ(owner("X-Api-Key", "secret-1"), owner("x-api-key", "secret-1"));
  EXPECT_NE(owner("x-api-key", "secret-1"), owner("x-api-key", "secret-2"));
  EXPECT_NE(owner("authorization", "Bearer sk-1"), owner("x-api-key", "sk-1"));
  EXPECT_EQ(owner("x-api-key", "secret-1").find("secret"), std::string::npos);
}

TEST(Owner, OutlivesATokenThatIsExchanged) {
  EXPECT_EQ(owner("authorization", "Bearer sk-ant-oat01-aaa"), owner("authorization", "Bearer sk-ant-oat01-bbb"));
  EXPECT_EQ(owner("authorization", "Bearer eyJhbGciOi.aa.b"), owner("authorization", "Bearer eyJhbGciOi.cc.d"));
  EXPECT_EQ(owner("authorization", "AWS4-HMAC-SHA256 Credential=ASIAAA/20261125/eu-west-1/bedrock/aws4_request, Si"),
            owner("authorization", "AWS4-HMAC-SHA256 Credential=ASIABB/20261126/eu-west-1/bedrock/aws4_request, Xi"));
  EXPECT_NE(owner("authorization", "Bearer sk-proj-1"), owner("authorization", "Bearer sk-proj-2"));
}

TEST(Owner, IsWhomATokenIsAbout) {
  // {"sub":"ann","iss":"x"}, {"iss":"x","sub":"bob"}, {"sub":"ann","iss":"x","exp":2}
  const std::string ann = "Bearer eyJhIjoxfQ.eyJzdWIiOiJhbm4iLCJpc3MiOiJ4In0.sig";
  EXPECT_NE(owner("authorization", ann),
            owner("authorization", "Bearer eyJhIjoxfQ.eyJpc3MiOiJ4Iiwic3ViIjoiYm9iIn0.sig"));
  EXPECT_EQ(owner("authorization", ann),
            owner("authorization", "Bearer eyJhIjoyfQ.eyJzdWIiOiJhbm4iLCJpc3MiOiJ4IiwiZXhwIjoyfQ.other"));
  EXPECT_NE(owner("chatgpt-account-id", "1"), owner("chatgpt-account-id", "2"));
}

TEST(Owner, IsWhoseKeyARequestIsSignedWith) {
  const auto signed_by = [](std::string_view key, std::string_view rest) {
    return owner("authorization", "AWS4-HMAC-SHA256 Credential=" + std::string(key) + "/" + std::string(rest));
  };
  EXPECT_EQ(signed_by("AKIAONE", "20261125/a/bedrock/aws4_request, Signature=1"),
            signed_by("AKIAONE", "20261126/a/bedrock/aws4_request, Signature=2"));
  EXPECT_NE(signed_by("AKIAONE", "20261125/a, Signature=1"), signed_by("AKIATWO", "20261125/a, Signature=1"));
}

TEST(Owner, MayBeNamedByTheClient) {
  EXPECT_NE(owner("x-headroom-user-id", "ann"), owner("x-headroom-user-id", "bob"));
}

}  // namespace
}  // namespace headroom::proxy
