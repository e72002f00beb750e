#include "store/private_file.h"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/test_support.h"

namespace headroom::store {
namespace {

using base::ErrorCode;
using ::testing::HasSubstr;
using testing::mode_of;

class PrivateFileTest : public ::testing::TestWithParam<mode_t> {
 protected:
  void SetUp() override { before_ = ::umask(GetParam()); }
  void TearDown() override { ::umask(before_); }
  testing::TempFolder folder_;

 private:
  mode_t before_ = 0;
};

TEST_P(PrivateFileTest, RightsDoNotDependOnTheUmask) {
  const std::string path = folder_.file("a/b/ccr.db");
  auto made = prepare_private_file(path);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(*made, path);
  EXPECT_EQ(mode_of(path), 0600u);
  EXPECT_EQ(mode_of(folder_.file("a")), 0700u);
  EXPECT_EQ(mode_of(folder_.file("a/b")), 0700u);
}

TEST_P(PrivateFileTest, TightensWhatIsThere) {
  for (const char* name : {"ccr.db", "ccr.db-wal", "ccr.db-shm"}) {
    testing::write_file(folder_.file(name), "old");
    ASSERT_EQ(::chmod(folder_.file(name).c_str(), 0666), 0);
  }
  ASSERT_TRUE(prepare_private_file(folder_.file("ccr.db")));
  for (const char* name : {"ccr.db", "ccr.db-wal", "ccr.db-shm"}) {
    EXPECT_EQ(mode_of(folder_.file(name)), 0600u) << name;
    EXPECT_EQ(testing::read_file(folder_.file(name)), "old");
  }
}

INSTANTIATE_TEST_SUITE_P(Umasks, PrivateFileTest, ::testing::Values(0000, 0022, 0277));

TEST(PrivateFileLinksTest, RefusesALinkedFileButFollowsALinkedFolder) {
  const testing::TempFolder folder;
  testing::write_file(folder.file("target"), "precious");
  std::filesystem::create_symlink(folder.file("target"), folder.file("ccr.db"));
  auto made = prepare_private_file(folder.file("ccr.db"));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::kIo);
  EXPECT_THAT(made.error().message, HasSubstr("symbolic link"));
  EXPECT_EQ(testing::read_file(folder.file("target")), "precious");

  std::filesystem::create_directory(folder.file("real"));
  std::filesystem::create_directory_symlink(folder.file("real"), folder.file("linked"));
  EXPECT_EQ(prepare_private_file(folder.file("linked/ccr.db")).value(), folder.file("real/ccr.db"));
}

TEST(PrivateFileLinksTest, RefusesLinkedCompanionsAndDanglingLinks) {
  const testing::TempFolder folder;
  testing::write_file(folder.file("target"), "precious");
  std::filesystem::create_symlink(folder.file("target"), folder.file("ccr.db-wal"));
  EXPECT_EQ(prepare_private_file(folder.file("ccr.db")).error().code, ErrorCode::kIo);
  std::filesystem::create_symlink(folder.file("nowhere"), folder.file("dangling.db"));
  EXPECT_EQ(prepare_private_file(folder.file("dangling.db")).error().code, ErrorCode::kIo);
  EXPECT_FALSE(std::filesystem::exists(folder.file("nowhere")));
}

TEST(PrivateFileErrorsTest, SaysWhichPathAndWhy) {
  const testing::TempFolder folder;
  testing::write_file(folder.file("plain"), "");
  auto below_file = prepare_private_file(folder.file("plain/sub/ccr.db"));
  ASSERT_FALSE(below_file);
  EXPECT_EQ(below_file.error().code, ErrorCode::kIo);
  EXPECT_THAT(below_file.error().message, HasSubstr(folder.file("plain")));
  auto is_folder = prepare_private_file(folder.path());
  ASSERT_FALSE(is_folder);
  EXPECT_THAT(is_folder.error().message, HasSubstr("not a regular file"));
  EXPECT_EQ(prepare_private_file("").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(prepare_private_file(folder.path() + "/").error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace headroom::store
