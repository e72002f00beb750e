#include "aws/credential_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/sigv4.h"
#include "aws/test_machine.h"
#include "base/hash.h"

namespace headroom::aws {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kNow = 1'795'600'000'000;  // 2026-11-25T09:46:40Z
constexpr std::string_view kUntil = "2026-11-25T10:46:40Z";
constexpr std::string_view kSts = "POST https://sts.eu-west-1.amazonaws.com/";

class CredentialChainTest : public testing::Test {
 protected:
  CredentialChainTest() {
    machine.variables["AWS_REGION"] = "eu-west-1";
    machine.variables["AWS_EC2_METADATA_DISABLED"] = "true";
  }
  base::Result<Found> find(std::int64_t now_ms = kNow) { return chain.find(now_ms, {}); }
  /// The key's id, or the error.
  std::string found(std::int64_t now_ms = kNow) {
    const auto it = find(now_ms);
    return it ? it->credentials.key_id : it.error().message;
  }
  void config(std::string text) { machine.files["/home/ann/.aws/config"] = std::move(text); }
  void sts(const std::string& key) {
    machine.sites[std::string(kSts)] = {
        200,
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>"
        "<AccessKeyId>" +
            key +
            "</AccessKeyId><SecretAccessKey>se/cr+et=</SecretAccessKey><SessionToken>to/ken=="
            "</SessionToken><Expiration>" +
            std::string(kUntil) +
            "</Expiration></Credentials></AssumeRoleResult>"
            "</AssumeRoleResponse>"};
  }
  static std::string json(const std::string& key, std::string_view token = "Token") {
    return R"({"Version":1,"Code":"Success","AccessKeyId":")" + key + R"(","SecretAccessKey":"s",")" +
           std::string(token) + R"(":"t","Expiration":")" + std::string(kUntil) + "\"}";
  }
  std::string sent(std::string_view name) const {
    for (const auto& [key, value] : machine.calls.back().headers) {
      if (key == name) return value;
    }
    return "(none)";
  }

  TestMachine machine;
  const Sources sources = machine.sources();
  CredentialChain chain{sources};
};

TEST_F(CredentialChainTest, NothingAnywhereIsNotFound) {
  ASSERT_FALSE(find());
  EXPECT_EQ(find().error().code, base::ErrorCode::kNotFound);
  EXPECT_TRUE(machine.calls.empty());
}

TEST_F(CredentialChainTest, AProgramGivesThem) {
  config("[default]\ncredential_process = /opt/give --to \"a b\"\n");
  machine.programs["/opt/give --to \"a b\""] = json("ASIAP", "SessionToken");
  const auto it = find();
  ASSERT_TRUE(it) << it.error().message;
  EXPECT_EQ(it->credentials.key_id, "ASIAP");
  EXPECT_EQ(it->credentials.session_token, "t");
  EXPECT_EQ(it->expires_ms, kNow + 3'600'000);
  EXPECT_FALSE(it->may_change);
}

TEST_F(CredentialChainTest, AProgramThatFailsOrPrintsSomethingElseIsNamedAndNotPassedOver) {
  config("[default]\ncredential_process = give\n");
  machine.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1/c";
  machine.sites["GET http://127.0.0.1/c"] = {200, json("CONTAINER")};
  EXPECT_THAT(found(), HasSubstr("credential_process of the profile default: it ended with code 127"));
  for (const char* printed : {"", "secret", "[]", R"({"AccessKeyId":"A","SecretAccessKey":"s"})",
                              R"({"Version":2,"AccessKeyId":"A"})", R"({"Version":1,"AccessKeyId":"A"})",
                              R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"x"})"}) {
    machine.programs["give"] = printed;
    EXPECT_THAT(found(), HasSubstr("credential_process of the profile default")) << printed;
    EXPECT_THAT(found(), Not(HasSubstr("secret")));
  }
  machine.programs["give"] = R"({"Version":1,"AccessKeyId":"LASTS","SecretAccessKey":"s"})";
  ASSERT_TRUE(find());
  EXPECT_EQ(find()->expires_ms, Found::kNever);
}

TEST_F(CredentialChainTest, AContainersByPathAndByAddress) {
  machine.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/1-2";
  machine.sites["GET http://169.254.170.2/v2/credentials/1-2"] = {200, json("ECS")};
  EXPECT_EQ(found(), "ECS");
  EXPECT_TRUE(machine.calls.back().direct) << "not by way of a proxy";
  EXPECT_EQ(sent("Authorization"), "(none)");
  machine.variables.erase("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  machine.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://169.254.170.23/v1/credentials";
  machine.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "given";
  machine.sites["GET http://169.254.170.23/v1/credentials"] = {200, json("EKS")};
  EXPECT_EQ(found(), "EKS");
  EXPECT_EQ(sent("Authorization"), "given");
  machine.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/var/token";
  EXPECT_THAT(found(), HasSubstr("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE cannot be read"));
  machine.files["/var/token"] = "of the file\n";
  EXPECT_EQ(found(), "EKS");
  EXPECT_EQ(sent("Authorization"), "of the file");
}

TEST_F(CredentialChainTest, AContainersTokenGoesNowhereElse) {
  machine.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "t";
  for (const char* url : {"http://example.com/x", "http://169.254.170.3/x", "http://127.0.0.1@example.com/x",
                          "http://127.0.0.1.example.com/x", "http://localhost.example.com/", "ftp://127.0.0.1/", "x",
                          "http://[fd00:ec2::24]/", "http://10.0.0.1/"}) {
    machine.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    EXPECT_THAT(found(), HasSubstr("must be https://")) << url;
  }
  EXPECT_TRUE(machine.calls.empty());
  for (const char* url : {"https://example.com/x", "http://127.8.9.1:91/x", "http://[::1]:91/x", "http://localhost/x",
                          "http://[fd00:ec2::23]/x"}) {
    machine.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    machine.sites[std::string("GET ") + url] = {200, json("NEAR")};
    EXPECT_EQ(found(), "NEAR") << url;
  }
  machine.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "t\r\nX: y";
  EXPECT_THAT(found(), HasSubstr("line ends"));
}

TEST_F(CredentialChainTest, AContainerThatRefusesOrIsSilentIsAnError) {
  machine.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/c";
  EXPECT_THAT(found(), HasSubstr("the container's credential service cannot be asked: nobody answers"));
  machine.sites["GET http://169.254.170.2/c"] = {403, "{}"};
  EXPECT_THAT(found(), HasSubstr("status 403"));
  machine.sites["GET http://169.254.170.2/c"] = {200, "<html>"};
  EXPECT_THAT(found(), HasSubstr("holds no credentials"));
}

TEST_F(CredentialChainTest, AMachinesMetadataVersion2) {
  machine.variables["AWS_EC2_METADATA_DISABLED"] = "false";
  const std::string roles = "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/";
  machine.sites["PUT http://169.254.169.254/latest/api/token"] = {200, "session"};
  machine.sites[roles] = {200, "web-role\n"};
  machine.sites[roles + "web-role"] = {200, json("ASIAEC2")};
  EXPECT_EQ(found(), "ASIAEC2");
  EXPECT_EQ(sent("X-aws-ec2-metadata-token"), "session");
  EXPECT_TRUE(machine.calls.back().direct);
  EXPECT_LE(machine.calls.back().timeout, std::chrono::seconds(1));
  machine.sites[roles] = {404, ""};
  EXPECT_EQ(find().error().code, base::ErrorCode::kNotFound);
  machine.variables["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] = "IPv6";
  machine.sites["PUT http://[fd00:ec2::254]/latest/api/token"] = {200, "session"};
  machine.sites["GET http://[fd00:ec2::254]/latest/meta-data/iam/security-credentials/"] = {500, ""};
  EXPECT_THAT(found(), HasSubstr("status 500"));
}

TEST_F(CredentialChainTest, WhereNoMetadataAreNobodyIsAskedForAWhile) {
  machine.variables["AWS_EC2_METADATA_DISABLED"] = "false";
  EXPECT_THAT(found(), HasSubstr("no machine of EC2"));
  EXPECT_EQ(machine.calls.size(), 1U);
  found(kNow + 9 * 60'000);
  EXPECT_EQ(machine.calls.size(), 1U);
  found(kNow + 10 * 60'000);
  EXPECT_EQ(machine.calls.size(), 2U);
}

TEST_F(CredentialChainTest, ARoleForAWebIdentity) {
  machine.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/var/run/token";
  EXPECT_THAT(found(), HasSubstr("AWS_ROLE_ARN is not"));
  machine.variables["AWS_ROLE_ARN"] = "arn:aws:iam::1:role/r";
  EXPECT_THAT(found(), HasSubstr("/var/run/token, cannot be read"));
  machine.files["/var/run/token"] = "ey.J/+\n";
  sts("ASIAWEB");
  const auto it = find();
  ASSERT_TRUE(it) << it.error().message;
  EXPECT_EQ(it->credentials.key_id, "ASIAWEB");
  EXPECT_EQ(it->credentials.secret, "se/cr+et=");
  EXPECT_EQ(it->credentials.session_token, "to/ken==");
  EXPECT_EQ(it->expires_ms, kNow + 3'600'000);
  EXPECT_EQ(machine.calls.back().body,
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&"
            "RoleSessionName=headroom-1795600000000&WebIdentityToken=ey.J%2F%2B");
  EXPECT_EQ(sent("Authorization"), "(none)");
  machine.sites[std::string(kSts)] = {
      400, "<ErrorResponse><Error><Code>ExpiredTokenException</Code></Error></ErrorResponse>"};
  EXPECT_THAT(found(), HasSubstr("STS refuses the role arn:aws:iam::1:role/r: ExpiredTokenException"));
}

TEST_F(CredentialChainTest, ARoleOfAProfileIsAskedForWithASignature) {
  machine.variables["AWS_PROFILE"] = "work";
  config(
      "[profile work]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\nexternal_id = x y\n"
      "duration_seconds = 900\nrole_session_name = me\n[profile base]\nregion = eu-west-1\n");
  EXPECT_THAT(found(), HasSubstr("the profile work finds no credentials to get its role with"));
  machine.files["/home/ann/.aws/credentials"] =
      "[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = base secret\naws_session_token = bt\n";
  sts("ASIAROLE");
  EXPECT_EQ(found(), "ASIAROLE");
  const HttpCall& call = machine.calls.back();
  EXPECT_EQ(call.body,
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=me&"
            "ExternalId=x%20y&DurationSeconds=900");
  const std::string authorization = sent("Authorization");
  const auto read = read_authorization(authorization);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->key_id, "AKIABASE");
  EXPECT_EQ(read->service, "sts");
  EXPECT_EQ(sent("X-Amz-Security-Token"), "bt");
  const std::string time = sent("X-Amz-Date"), hash = base::sha256_hex(call.body);
  const Request again{"POST",
                      "/",
                      "",
                      {{"content-type", "application/x-www-form-urlencoded"},
                       {"host", "sts.eu-west-1.amazonaws.com"},
                       {"x-amz-date", time},
                       {"x-amz-security-token", "bt"}},
                      hash};
  EXPECT_EQ(signature(again, {time, "eu-west-1", "sts"}, "base secret"), read->signature);
}

TEST_F(CredentialChainTest, RolesOfRolesAndOfPlaces) {
  machine.variables["AWS_PROFILE"] = "a";
  config(
      "[profile a]\nrole_arn = A\nsource_profile = b\n[profile b]\nrole_arn = B\ncredential_source = EcsContainer\n");
  machine.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/c";
  machine.sites["GET http://169.254.170.2/c"] = {200, json("ECS")};
  sts("ASIAAB");
  EXPECT_EQ(found(), "ASIAAB");
  ASSERT_EQ(machine.calls.size(), 3U);
  EXPECT_THAT(machine.calls[1].body, HasSubstr("RoleArn=B"));
  EXPECT_THAT(machine.calls[2].body, HasSubstr("RoleArn=A"));
  config("[profile a]\nrole_arn = A\nsource_profile = b\n[profile b]\nrole_arn = B\nsource_profile = a\n");
  EXPECT_THAT(found(), HasSubstr("needs its own role"));
  config("[profile a]\nrole_arn = A\nsource_profile = a\naws_access_key_id = K\naws_secret_access_key = s\n");
  EXPECT_EQ(found(), "ASIAAB");
  config("[profile a]\nrole_arn = A\n");
  EXPECT_THAT(found(), HasSubstr("no source_profile or credential_source"));
  config("[profile a]\nrole_arn = A\nsource_profile = b\nmfa_serial = m\n");
  EXPECT_THAT(found(), HasSubstr("mfa_serial"));
  config("[profile a]\nrole_arn = A\ncredential_source = Environment\n");
  EXPECT_THAT(found(), HasSubstr("finds no credentials"));
}

class SignOnTest : public CredentialChainTest {
 protected:
  SignOnTest() {
    config(
        "[default]\nsso_session = corp\nsso_account_id = 12\nsso_role_name = Dev Ops\n"
        "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-west-2\n");
  }
  // echo -n corp | sha1sum
  static constexpr std::string_view kCache = "/home/ann/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
  static constexpr std::string_view kPortal = "GET https://portal.sso.us-west-2.amazonaws.com/federation/credentials";
  void signed_in(std::string_view until, std::string_view path = kCache) {
    machine.files[std::string(path)] =
        R"({"startUrl":"https://corp","accessToken":"sso token","expiresAt":")" + std::string(until) + "\"}";
  }
};

TEST_F(SignOnTest, TheTokenOfTheSignInGivesThem) {
  signed_in(kUntil);
  machine.sites[std::string(kPortal)] = {
      200,
      R"({"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s","sessionToken":"t","expiration":1795603600000}})"};
  const auto it = find();
  ASSERT_TRUE(it) << it.error().message;
  EXPECT_EQ(it->credentials.key_id, "ASIASSO");
  EXPECT_EQ(it->expires_ms, kNow + 3'600'000);
  EXPECT_THAT(machine.calls.back().url, HasSubstr("?role_name=Dev%20Ops&account_id=12"));
  EXPECT_EQ(sent("x-amz-sso_bearer_token"), "sso token");
}

TEST_F(SignOnTest, ASignInThatIsMissingOrOverSaysWhatToRun) {
  EXPECT_THAT(found(), HasSubstr("nobody has signed in for the profile default; run: aws sso login --profile default"));
  signed_in("2026-11-25T09:46:40UTC");
  EXPECT_THAT(found(), HasSubstr("has expired; run: aws sso login"));
  signed_in(kUntil);
  machine.sites[std::string(kPortal)] = {401, "{}"};
  EXPECT_THAT(found(), HasSubstr("has ended; run: aws sso login"));
  machine.sites[std::string(kPortal)] = {403, "{}"};
  EXPECT_THAT(found(), HasSubstr("status 403"));
  EXPECT_THAT(found(), Not(HasSubstr("sso token")));
}

TEST_F(SignOnTest, AsItWasSetUpBeforeThereWereSessions) {
  config("[default]\nsso_start_url = https://corp\nsso_region = us-west-2\nsso_account_id = 12\nsso_role_name = Dev\n");
  // echo -n https://corp | sha1sum
  signed_in(kUntil, "/home/ann/.aws/sso/cache/17da54e8ec4ee05390f1915bb3ef5fea7ebd238e.json");
  machine.sites[std::string(kPortal)] = {
      200, R"({"roleCredentials":{"accessKeyId":"OLD","secretAccessKey":"s","expiration":1795603600000}})"};
  EXPECT_EQ(found(), "OLD");
}

TEST_F(CredentialChainTest, OneAfterTheOther) {
  machine.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/c";
  machine.sites["GET http://169.254.170.2/c"] = {200, json("6 container")};
  EXPECT_EQ(found(), "6 container");
  config("[default]\ncredential_process = give\n");
  machine.programs["give"] = json("5 process", "SessionToken");
  EXPECT_EQ(found(), "5 process");
  machine.files["/home/ann/.aws/credentials"] = "[default]\naws_access_key_id = 4 keys\naws_secret_access_key = s\n";
  EXPECT_EQ(found(), "4 keys");
  machine.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/t";
  machine.variables["AWS_ROLE_ARN"] = "W";
  machine.files["/t"] = "t";
  sts("3 or 2");
  EXPECT_EQ(found(), "3 or 2");
  config("[default]\nrole_arn = R\nsource_profile = default\n");
  EXPECT_EQ(found(), "3 or 2");
  EXPECT_THAT(machine.calls.back().body, HasSubstr("Action=AssumeRole&"));
  machine.variables["AWS_ACCESS_KEY_ID"] = "1 environment";
  machine.variables["AWS_SECRET_ACCESS_KEY"] = "s";
  EXPECT_EQ(found(), "1 environment");
}

TEST_F(CredentialChainTest, WithoutANetworkOrProgramsThatIsSaid) {
  Sources alone = machine.sources();
  alone.http = nullptr;
  alone.run = nullptr;
  CredentialChain lonely(alone);
  machine.variables["AWS_EC2_METADATA_DISABLED"] = "false";
  EXPECT_EQ(lonely.find(kNow, {}).error().code, base::ErrorCode::kNotFound);
  config("[default]\ncredential_process = give\n");
  EXPECT_THAT(lonely.find(kNow, {}).error().message, HasSubstr("programs are not run here"));
}

}  // namespace
}  // namespace headroom::aws
