#include "store/workspace_key.h"

#include <filesystem>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "store/test_support.h"

namespace headroom::store {
namespace {

const std::string kAsked(32, 'a');

class WorkspaceKeyTest : public ::testing::Test {
 protected:
  testing::TempFolder folder_;
  const std::string workspace_ = folder_.file("workspace");
  const std::string file_ = workspace_ + "/proxy.key";
  const WorkspaceKey key_{workspace_};
};

TEST_F(WorkspaceKeyTest, AnswersOnceItIsMade) {
  EXPECT_FALSE(key_.answer(kAsked, 1)) << "nothing is made by asking";
  EXPECT_FALSE(std::filesystem::exists(workspace_));
  ASSERT_TRUE(key_.make());
  EXPECT_EQ(testing::mode_of(file_), 0600U);
  EXPECT_EQ(testing::mode_of(workspace_), 0700U);
  const auto answer = key_.answer(kAsked, 8787);
  ASSERT_TRUE(answer);
  EXPECT_EQ(WorkspaceKey(workspace_).answer(kAsked, 8787), answer);
  EXPECT_NE(key_.answer(kAsked, 8788), answer);
  EXPECT_NE(key_.answer(std::string(32, 'b'), 8787), answer);
  ASSERT_TRUE(key_.make());
  EXPECT_EQ(key_.answer(kAsked, 8787), answer) << "it stays";
}

TEST_F(WorkspaceKeyTest, OtherWorkspacesAnswerOtherwise) {
  const WorkspaceKey other(folder_.file("other"));
  ASSERT_TRUE(key_.make());
  ASSERT_TRUE(other.make());
  EXPECT_NE(key_.answer(kAsked, 1), other.answer(kAsked, 1));
}

TEST_F(WorkspaceKeyTest, WhatOthersCouldReadOrIsNoKeyIsReplaced) {
  ASSERT_TRUE(key_.make());
  const auto before = key_.answer(kAsked, 1);
  ASSERT_EQ(::chmod(file_.c_str(), 0640), 0);
  EXPECT_FALSE(key_.answer(kAsked, 1));
  ASSERT_TRUE(key_.make());
  EXPECT_TRUE(key_.answer(kAsked, 1));
  EXPECT_NE(key_.answer(kAsked, 1), before);
  testing::write_file(file_, "short");
  EXPECT_FALSE(key_.answer(kAsked, 1));
  ASSERT_TRUE(key_.make());
  EXPECT_TRUE(key_.answer(kAsked, 1));
  std::filesystem::remove(file_);
  testing::write_file(folder_.file("elsewhere"), std::string(64, '0'));
  std::filesystem::create_symlink(folder_.file("elsewhere"), file_);
  EXPECT_FALSE(key_.answer(kAsked, 1)) << "a link is followed by nobody";
  ASSERT_TRUE(key_.make());
  EXPECT_TRUE(key_.answer(kAsked, 1));
  EXPECT_EQ(testing::read_file(folder_.file("elsewhere")), std::string(64, '0'));
}

TEST_F(WorkspaceKeyTest, SeveralThatMakeItAtATimeAgree) {
  std::vector<std::optional<std::string>> answers(8);
  {
    std::vector<std::jthread> threads;
    for (auto& answer : answers) {
      threads.emplace_back([&] {
        if (key_.make()) answer = key_.answer(kAsked, 1);
      });
    }
  }
  EXPECT_EQ(std::set(answers.begin(), answers.end()).size(), 1U);
  EXPECT_TRUE(answers.front());
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(workspace_)) ++files;
  EXPECT_EQ(files, 1U) << "nothing lies beside it";
}

TEST_F(WorkspaceKeyTest, ChallengesAreHexOfSomeLengthAndNeverTheSame) {
  ASSERT_TRUE(key_.make());
  const auto one = WorkspaceKey::new_challenge(), two = WorkspaceKey::new_challenge();
  ASSERT_TRUE(one && two);
  EXPECT_NE(*one, *two);
  EXPECT_TRUE(key_.answer(*one, 1));
  for (const std::string& bad :
       {std::string(), std::string(31, 'a'), std::string(129, 'a'), std::string(32, 'A'), std::string(31, 'a') + " "}) {
    EXPECT_FALSE(key_.answer(bad, 1)) << bad;
  }
}

TEST_F(WorkspaceKeyTest, SaysWhatKeepsItFromBeingWritten) {
  testing::write_file(workspace_, "a file where the folder is to be");
  const auto made = key_.make();
  ASSERT_FALSE(made);
  EXPECT_TRUE(made.error().message.contains(workspace_)) << made.error().message;
}

}  // namespace
}  // namespace headroom::store
