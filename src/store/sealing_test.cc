#include "store/sealing.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/decision_store.h"
#include "store/original_store.h"
#include "store/purge.h"

namespace headroom::store {
namespace {

using testing::HasSubstr;

constexpr std::string_view kSaid = "a password that nobody may read on the disk";

Sealing key(char filler) {
  return {.cipher = std::make_shared<const Cipher>(std::string(Cipher::kKeyBytes, filler))};
}

TEST(Cipher, OpensWhatItSealedForTheSameThingOnly) {
  const Cipher cipher(std::string(Cipher::kKeyBytes, 'k'));
  const auto sealed = cipher.seal(kSaid, "place");
  ASSERT_TRUE(sealed);
  EXPECT_EQ(sealed->find(kSaid), std::string::npos);
  EXPECT_NE(*sealed, *cipher.seal(kSaid, "place")) << "another nonce each time";
  EXPECT_EQ(*cipher.open(*sealed, "place"), kSaid);
  EXPECT_EQ(*cipher.open(*cipher.seal("", ""), ""), "");
  EXPECT_FALSE(cipher.open(*sealed, "another"));
  EXPECT_FALSE(Cipher(std::string(Cipher::kKeyBytes, 'x')).open(*sealed, "place"));
  for (std::size_t at = 0; at < sealed->size(); ++at) {
    std::string changed = *sealed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(cipher.open(changed, "place")) << at;
  }
  EXPECT_FALSE(cipher.open("short", "place"));
}

class SealingTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / ("headroom-sealing-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    path_ = folder_ / "ccr.db";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static Original original() {
    Original original;
    original.content = std::string(kSaid) + " " + std::string(5000, 'x');
    original.id = base::content_id(original.content);
    original.content_type = "text";
    return original;
  }
  base::Result<std::unique_ptr<OriginalStore>> open(Sealing sealing) const {
    return open_sqlite_store(path_, {}, clock_, std::move(sealing));
  }
  void put(const Sealing& sealing) const {
    auto store = open(sealing);
    ASSERT_TRUE(store) << store.error().message;
    const std::vector<Original> one{original()};
    ASSERT_TRUE((*store)->put(one));
    ASSERT_TRUE((*store)->put(one)) << "the same again";
    auto decisions = open_sqlite_decisions(path_, {}, clock_, sealing);
    ASSERT_TRUE(decisions);
    const std::vector<DecisionRow> rows{{"p", "1 <<ccr:" + original().id + " " + std::string(kSaid) + ">>"}};
    ASSERT_TRUE((*decisions)->put("c", rows)->empty());
    ASSERT_TRUE((*decisions)->put("c", rows)->empty()) << "the same again";
    ASSERT_EQ(*(*decisions)->add_revision("c", rows[0]), rows[0].value);
    ASSERT_EQ(*(*decisions)->add_revision("c", {"p", "late"}), rows[0].value);
    EXPECT_EQ((*decisions)->find("c", std::vector<std::string>{"p", "q"})->at(0), rows[0].value);
    EXPECT_EQ((*decisions)->revisions("c")->at(0).value, rows[0].value);
  }
  bool on_disk(std::string_view text) const {
    for (const auto& file : std::filesystem::directory_iterator(folder_)) {
      std::ifstream bytes(file.path(), std::ios::binary);
      if (std::string{std::istreambuf_iterator<char>(bytes), {}}.contains(text)) return true;
    }
    return false;
  }

  base::SystemClock clock_;
  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(SealingTest, NothingThatWasSaidIsOnTheDisk) {
  put(key('a'));
  EXPECT_FALSE(on_disk(kSaid));
  EXPECT_EQ((*open(key('a')))->get(original().id)->content, original().content) << "after a restart";
}

TEST_F(SealingTest, WithoutAKeyItIsOnTheDisk) {
  put({});
  EXPECT_TRUE(on_disk(kSaid)) << "or the test above shows nothing";
}

TEST_F(SealingTest, AnotherKeyOrNoneIsToldWhatToDo) {
  put(key('a'));
  const auto wrong = open(key('b'));
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, HasSubstr("another key"));
  const auto none = open({});
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("--store-key-file"));
  EXPECT_FALSE(open_sqlite_decisions(path_, {}, clock_, key('b')));
  EXPECT_FALSE(open_sqlite_decisions(path_, {}, clock_));
}

TEST_F(SealingTest, WhatIsThereIsNotHalfEncrypted) {
  put({});
  const auto late = open(key('a'));
  ASSERT_FALSE(late);
  EXPECT_THAT(late.error().message, HasSubstr("purge --everything"));
}

TEST_F(SealingTest, AnOriginalIsErasedWithWhatWasDecidedAboutIt) {
  put(key('a'));
  auto store = open(key('a'));
  EXPECT_TRUE(*(*store)->erase(original().id));
  auto decisions = open_sqlite_decisions(path_, {}, clock_, key('a'));
  EXPECT_EQ((*decisions)->find("c", std::vector<std::string>{"p"})->at(0), "");
  EXPECT_TRUE((*decisions)->revisions("c")->empty());
}

TEST_F(SealingTest, PurgeNeedsNoKeyAndThenAnotherMayBeUsed) {
  put(key('a'));
  const auto purged = purge(path_, (folder_ / "none.db").string(), 0, kEveryProject, clock_);
  ASSERT_TRUE(purged) << purged.error().message;
  EXPECT_EQ(purged->originals, 1);
  put(key('b'));
  EXPECT_EQ((*open(key('b')))->get(original().id)->content, original().content);
}

TEST_F(SealingTest, AKeyFileIsItsOwnersAndHoldsAKey) {
  const std::string file = folder_ / "key";
  const auto write = [&](std::string_view text, std::filesystem::perms rights) {
    std::ofstream(file) << text;
    std::filesystem::permissions(file, rights);
    const auto cipher = read_key_file(file);
    return cipher ? std::string() : cipher.error().message;
  };
  const auto own = std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;
  EXPECT_THAT(read_key_file(file).error().message, HasSubstr("cannot be read"));
  EXPECT_EQ(write(std::string(64, 'a') + "\n", own), "");
  EXPECT_THAT(write(std::string(64, 'a'), own | std::filesystem::perms::group_read), HasSubstr("chmod 600"));
  EXPECT_THAT(write(std::string(63, 'a') + "g", own), HasSubstr("64 hex digits"));
  EXPECT_THAT(write("", own), HasSubstr("openssl rand -hex 32"));
}

}  // namespace
}  // namespace headroom::store
