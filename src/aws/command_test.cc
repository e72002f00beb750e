#include "aws/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace headroom::aws {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

constexpr std::chrono::minutes kLong{10};

TEST(RunCommand, GivesWhatIsPrinted) {
  const auto printed = run_command("echo secret >&2; printf '%s|' a 'b c' \"$(cat)\"", kLong, {});
  ASSERT_TRUE(printed) << printed.error().message;
  EXPECT_EQ(*printed, "a|b c||");
}

TEST(RunCommand, DoesNotWaitForWhatStaysInTheBackground) {
  const auto printed = run_command("sleep 20 & echo done", std::chrono::seconds(10), {});
  ASSERT_TRUE(printed) << printed.error().message;
  EXPECT_EQ(*printed, "done\n");
}

TEST(RunCommand, SaysHowItFailed) {
  EXPECT_THAT(run_command("exit 3", kLong, {}).error().message, HasSubstr("code 3"));
  EXPECT_THAT(run_command("kill -9 $$", kLong, {}).error().message, HasSubstr("signal 9"));
  EXPECT_THAT(run_command("/does/not/exist", kLong, {}).error().message, HasSubstr("code 127"));
  EXPECT_EQ(run_command("yes", kLong, {}).error().code, base::ErrorCode::kTooLarge);
}

TEST(RunCommand, IsKilledWhenItsTimeIsUp) {
  EXPECT_EQ(run_command("sleep 1000", milliseconds(60), {}).error().code, base::ErrorCode::kTimeout);
  EXPECT_EQ(run_command("exec >&-; sleep 1000", milliseconds(60), {}).error().code, base::ErrorCode::kTimeout);
}

TEST(RunCommand, IsKilledByAStop) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THAT(run_command("sleep 1000", kLong, stop.get_token()).error().message, HasSubstr("stopped"));
}

TEST(RunCommand, HasNoDescriptorsOfThisProcess) {
  const auto printed = run_command("ls /proc/self/fd | wc -l", kLong, {});
  ASSERT_TRUE(printed);
  EXPECT_LE(std::stoi(*printed), 4);
}

}  // namespace
}  // namespace headroom::aws
