#include "aws/account.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/test_machine.h"

namespace headroom::aws {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kNow = 1'795'600'000'000;  // 2026-11-25T09:46:40Z
constexpr std::int64_t kMinute = 60'000;

std::string key_at(Account& account, std::int64_t now_ms, std::string_view key_id = "") {
  const auto answer = settled(account, now_ms, key_id);
  return answer.credentials ? answer.credentials->key_id : "none: " + answer.why;
}

/// A process that gives `key` for an hour.
void give(TestMachine& machine, const std::string& key, const std::string& until = "2026-11-25T10:46:40Z") {
  machine.files["/home/ann/.aws/config"] = "[default]\ncredential_process = give\n";
  machine.programs["give"] =
      R"({"Version":1,"AccessKeyId":")" + key + R"(","SecretAccessKey":"s","Expiration":")" + until + "\"}";
}

TEST(Account, TheEnvironmentCountsFirstAndAtOnce) {
  TestMachine machine;
  machine.files["/home/ann/.aws/credentials"] = "[default]\naws_access_key_id=FILE\naws_secret_access_key=s\n";
  machine.variables["AWS_ACCESS_KEY_ID"] = "AKIA";
  Account half(machine.sources());
  EXPECT_EQ(key_at(half, 0), "FILE") << "an id without its secret is none";
  machine.variables["AWS_SECRET_ACCESS_KEY"] = "secret";
  machine.variables["AWS_SESSION_TOKEN"] = "token";
  Account account(machine.sources());
  const auto answer = account.credentials("", 0);
  ASSERT_TRUE(answer.credentials);
  EXPECT_EQ(answer.credentials->key_id, "AKIA");
  EXPECT_EQ(answer.credentials->session_token, "token");
}

TEST(Account, AProfileOfTheFiles) {
  TestMachine machine;
  machine.variables["AWS_PROFILE"] = "work";
  machine.files["/home/ann/.aws/credentials"] =
      "[default]\naws_access_key_id = OTHER\naws_secret_access_key = x\n\n"
      "# of work\n[ work ]\r\naws_access_key_id = AKIAWORK\r\n aws_secret_access_key = indented\n"
      "aws_secret_access_key = a=b+/c\naws_session_token = t\n";
  machine.files["/home/ann/.aws/config"] = "[default]\nregion = eu-north-1\n[profile work]\nregion = eu-west-3\n";
  Account account(machine.sources());
  const auto answer = settled(account, 0);
  ASSERT_TRUE(answer.credentials);
  EXPECT_EQ(answer.credentials->key_id, "AKIAWORK");
  EXPECT_EQ(answer.credentials->secret, "a=b+/c");
  EXPECT_EQ(answer.credentials->session_token, "t");
  EXPECT_EQ(account.region(0), "eu-west-3");
  machine.variables["AWS_REGION"] = "ap-south-1";
  EXPECT_EQ(account.region(0), "ap-south-1");
}

TEST(Account, FilesElsewhereAndKeysInTheConfigFile) {
  TestMachine machine;
  machine.variables["AWS_CONFIG_FILE"] = "~/c";
  machine.variables["AWS_SHARED_CREDENTIALS_FILE"] = "/nowhere";
  machine.files["/home/ann/c"] = "[default]\naws_access_key_id = AKIAC\naws_secret_access_key = s\n";
  Account account(machine.sources());
  EXPECT_EQ(key_at(account, 0), "AKIAC");
  EXPECT_EQ(account.region(0), "us-east-1");
}

TEST(Account, NothingIsThereAndThenSomething) {
  TestMachine machine;
  Account account(machine.sources());
  EXPECT_THAT(key_at(account, 0), HasSubstr("there are no AWS credentials here"));
  machine.files["/home/ann/.aws/credentials"] = "[default]\naws_access_key_id=A\naws_secret_access_key=s\n";
  EXPECT_THAT(key_at(account, 29'999), HasSubstr("none")) << "not at every request";
  EXPECT_EQ(key_at(account, 30'000), "A");
  machine.files.clear();
  key_at(account, 60'000);
  EXPECT_THAT(key_at(account, 60'001), HasSubstr("none")) << "what was taken out of the file is not used on";
}

TEST(Account, WhatExpiresIsRenewedFiveMinutesBeforeAndServesMeanwhile) {
  TestMachine machine;
  give(machine, "FIRST");
  Account account(machine.sources());
  EXPECT_EQ(key_at(account, kNow), "FIRST");
  give(machine, "SECOND", "2026-11-25T11:46:40Z");
  EXPECT_EQ(key_at(account, kNow + 55 * kMinute - 1), "FIRST");
  EXPECT_EQ(machine.commands, 1);
  const auto answer = account.credentials("", kNow + 55 * kMinute);
  ASSERT_TRUE(answer.credentials);
  EXPECT_EQ(answer.credentials->key_id, "FIRST") << "nobody waits for the next";
  EXPECT_EQ(key_at(account, kNow + 55 * kMinute + 1), "SECOND");
  EXPECT_EQ(machine.commands, 2);
  EXPECT_EQ(key_at(account, kNow + 56 * kMinute, "FIRST"), "FIRST") << "a client may still have those before";
  EXPECT_EQ(key_at(account, kNow + 61 * kMinute, "FIRST"), "SECOND") << "not when they have expired";
}

TEST(Account, ARenewalThatFailsIsTriedAgainUntilTheyExpire) {
  TestMachine machine;
  give(machine, "FIRST");
  Account account(machine.sources());
  EXPECT_EQ(key_at(account, kNow), "FIRST");
  machine.programs.clear();
  EXPECT_EQ(key_at(account, kNow + 56 * kMinute), "FIRST");
  EXPECT_EQ(key_at(account, kNow + 56 * kMinute + 1), "FIRST");
  EXPECT_EQ(machine.commands, 2) << "a failure is remembered for half a minute";
  EXPECT_THAT(key_at(account, kNow + 61 * kMinute), HasSubstr("ended with code 127"));
  give(machine, "SECOND", "2026-11-25T12:46:40Z");
  EXPECT_THAT(key_at(account, kNow + 61 * kMinute + 1), HasSubstr("none"));
  EXPECT_EQ(key_at(account, kNow + 62 * kMinute), "SECOND");
}

TEST(Account, AKeyThatIsNotKnownIsAReasonToLookAgain) {
  TestMachine machine;
  give(machine, "FIRST");
  Account account(machine.sources());
  EXPECT_EQ(key_at(account, kNow), "FIRST");
  give(machine, "SECOND");
  EXPECT_EQ(key_at(account, kNow + 10'000, "SECOND"), "FIRST") << "not at every request";
  EXPECT_EQ(key_at(account, kNow + 30'000, "SECOND"), "SECOND");
  EXPECT_EQ(key_at(account, kNow + 30'000, "FIRST"), "FIRST");
}

TEST(Account, StopEndsWhatIsBeingFetchedAndNobodyIsToldAfterwards) {
  TestMachine machine;
  machine.files["/home/ann/.aws/config"] = "[default]\ncredential_process = wait\n";
  Sources sources = machine.sources();
  sources.run = [](const std::string&, const std::stop_token& stop) -> base::Result<std::string> {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any stopped;
    stopped.wait(lock, stop, [] { return false; });
    return base::fail(base::ErrorCode::kUnavailable, "it was stopped");
  };
  Account account(std::move(sources));
  EXPECT_TRUE(account.credentials("", kNow).fetching);
  bool told = false;
  account.when_fetched([&] { told = true; });
  account.stop();
  EXPECT_FALSE(told);
  EXPECT_FALSE(account.credentials("", kNow + kMinute).fetching);
}

}  // namespace
}  // namespace headroom::aws
