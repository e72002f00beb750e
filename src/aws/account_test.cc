#include "aws/account.h"

#include <map>

#include <gtest/gtest.h>

namespace headroom::aws {
namespace {

using Texts = std::map<std::string, std::string, std::less<>>;

struct Machine {
  Texts variables{{"HOME", "/home/ann"}};
  Texts files;

  static std::optional<std::string> find(const Texts& texts, std::string_view name) {
    const auto found = texts.find(name);
    return found == texts.end() ? std::nullopt : std::optional<std::string>(found->second);
  }
  Sources sources() const {
    return {[this](std::string_view name) { return find(variables, name); },
            [this](const std::string& path) { return find(files, path); }};
  }
};

TEST(Account, TheEnvironmentCountsFirst) {
  Machine machine;
  machine.files["/home/ann/.aws/credentials"] = "[default]\naws_access_key_id=FILE\naws_secret_access_key=s\n";
  machine.variables["AWS_ACCESS_KEY_ID"] = "AKIA";
  Account half(machine.sources());
  ASSERT_TRUE(half.credentials(0));
  EXPECT_EQ(half.credentials(0)->key_id, "FILE") << "an id without its secret is none";
  machine.variables["AWS_SECRET_ACCESS_KEY"] = "secret";
  machine.variables["AWS_SESSION_TOKEN"] = "token";
  Account account(machine.sources());
  ASSERT_TRUE(account.credentials(0));
  EXPECT_EQ(account.credentials(0)->key_id, "AKIA");
  EXPECT_EQ(account.credentials(0)->session_token, "token");
}

TEST(Account, AProfileOfTheFiles) {
  Machine machine;
  machine.variables["AWS_PROFILE"] = "work";
  machine.files["/home/ann/.aws/credentials"] =
      "[default]\naws_access_key_id = OTHER\naws_secret_access_key = x\n\n"
      "# of work\n[ work ]\r\naws_access_key_id = AKIAWORK\r\n aws_secret_access_key = indented\n"
      "aws_secret_access_key = a=b+/c\naws_session_token = t\n";
  machine.files["/home/ann/.aws/config"] = "[default]\nregion = eu-north-1\n[profile work]\nregion = eu-west-3\n";
  Account account(machine.sources());
  ASSERT_TRUE(account.credentials(0));
  EXPECT_EQ(account.credentials(0)->key_id, "AKIAWORK");
  EXPECT_EQ(account.credentials(0)->secret, "a=b+/c");
  EXPECT_EQ(account.credentials(0)->session_token, "t");
  EXPECT_EQ(account.region(0), "eu-west-3");
  machine.variables["AWS_REGION"] = "ap-south-1";
  EXPECT_EQ(account.region(0), "ap-south-1");
}

TEST(Account, FilesElsewhereAndKeysInTheConfigFile) {
  Machine machine;
  machine.variables["AWS_CONFIG_FILE"] = "~/c";
  machine.variables["AWS_SHARED_CREDENTIALS_FILE"] = "/nowhere";
  machine.files["/home/ann/c"] = "[default]\naws_access_key_id = AKIAC\naws_secret_access_key = s\n";
  Account account(machine.sources());
  ASSERT_TRUE(account.credentials(0));
  EXPECT_EQ(account.credentials(0)->key_id, "AKIAC");
  EXPECT_EQ(account.region(0), "us-east-1");
}

TEST(Account, NothingIsThereAndThenSomething) {
  Machine machine;
  Account account(machine.sources());
  EXPECT_FALSE(account.credentials(0));
  machine.files["/home/ann/.aws/credentials"] = "[default]\naws_access_key_id=A\naws_secret_access_key=s\n";
  EXPECT_FALSE(account.credentials(29'999)) << "not at every request";
  EXPECT_TRUE(account.credentials(30'000));
}

}  // namespace
}  // namespace headroom::aws
