#include "aws/sigv4.h"

#include <gtest/gtest.h>

#include "base/hash.h"

namespace headroom::aws {
namespace {

constexpr Scope kScope{"20150830T123600Z", "us-east-1", "service"};
constexpr std::string_view kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

Request request(std::string_view method, std::string_view path, std::string_view query = "",
                std::vector<Header> more = {}, std::string_view body = "") {
  Request made{
      method, path, query, {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", kScope.time}}, base::sha256_hex(body)};
  made.headers.insert(made.headers.begin(), more.begin(), more.end());
  return made;
}

std::string sign(const Request& made) {
  return signature(made, kScope, kSecret);
}

// Of AWS's own suite of tests for signers, by its names.

TEST(SigV4, SuiteOfPlainRequests) {
  EXPECT_EQ(sign(request("GET", "/")), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")
      << "get-vanilla";
  EXPECT_EQ(sign(request("POST", "/")), "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")
      << "post-vanilla";
}

TEST(SigV4, SuiteOfPaths) {
  EXPECT_EQ(sign(request("GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")),
            "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f")
      << "get-unreserved";
  EXPECT_EQ(sign(request("GET", "/ሴ")), "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85")
      << "get-utf8";
  for (const std::string_view path : {"/./", "//", "/example/..", "/example1/example2/../.."}) {
    EXPECT_EQ(sign(request("GET", path)), "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31") << path;
  }
}

TEST(SigV4, SuiteOfQueries) {
  EXPECT_EQ(sign(request("GET", "/", "Param2=value2&Param1=value1")),
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")
      << "get-vanilla-query-order-key-case";
}

TEST(SigV4, SuiteOfHeaders) {
  EXPECT_EQ(
      sign(request("GET", "/", "", {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}})),
      "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea")
      << "get-header-key-duplicate";
  EXPECT_EQ(sign(request("GET", "/", "", {{"my-header1", " value1,value2,value3 "}})),
            "ba17b383a53190154eb5fa66a1b836cc297cc0a3d70a5d00705980573d8ff790")
      << "get-header-value-multiline";
}

TEST(SigV4, SuiteOfBodies) {
  EXPECT_EQ(sign(request("POST", "/", "", {{"Content-Type", "application/x-www-form-urlencoded"}}, "Param1=value1")),
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")
      << "post-x-www-form-urlencoded";
}

TEST(SigV4, TheExampleOfTheManual) {
  const Request list{"GET",
                     "/",
                     "Action=ListUsers&Version=2010-05-08",
                     {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                      {"Host", "iam.amazonaws.com"},
                      {"X-Amz-Date", "20150830T123600Z"}},
                     base::sha256_hex("")};
  EXPECT_EQ(base::sha256_hex(canonical_request(list)),
            "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
  EXPECT_EQ(authorization(list, {"20150830T123600Z", "us-east-1", "iam"}, {"AKIDEXAMPLE", std::string(kSecret), ""}),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST(SigV4, AnEscapedPathIsEscapedOnceMore) {
  EXPECT_TRUE(canonical_request(request("POST", "/model/a.b-v1%3A0/invoke"))
                  .starts_with("POST\n/model/a.b-v1%253A0/invoke\n\nhost:example.amazonaws.com\n"));
}

TEST(SigV4, AuthorizationIsRead) {
  const auto read = read_authorization(
      "AWS4-HMAC-SHA256 Credential=AKID/20150830/eu-west-1/bedrock/aws4_request,SignedHeaders=host;x-amz-date, "
      "Signature=abc");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->key_id, "AKID");
  EXPECT_EQ(read->day, "20150830");
  EXPECT_EQ(read->region, "eu-west-1");
  EXPECT_EQ(read->service, "bedrock");
  EXPECT_EQ(read->signed_headers, (std::vector<std::string_view>{"host", "x-amz-date"}));
  EXPECT_EQ(read->signature, "abc");
  for (const std::string_view bad :
       {"Bearer x", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=A/1/r/s/aws4_request, Signature=a",
        "AWS4-HMAC-SHA256 Credential=A/1/r/s, SignedHeaders=host, Signature=a",
        "AWS4-ECDSA-P256-SHA256 Credential=A/1/s/aws4_request, SignedHeaders=host, Signature=a"}) {
    EXPECT_FALSE(read_authorization(bad)) << bad;
  }
}

TEST(SigV4, Times) {
  EXPECT_EQ(sign_time(1'440'938'160'999), "20150830T123600Z");
  EXPECT_EQ(read_sign_time("20150830T123600Z"), 1'440'938'160'000);
  for (const std::string_view bad : {"", "20150830T1236", "2015083aT123600Z", "20151330T123600Z"}) {
    EXPECT_FALSE(read_sign_time(bad)) << bad;
  }
}

}  // namespace
}  // namespace headroom::aws
