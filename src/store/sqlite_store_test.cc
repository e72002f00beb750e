// What only the file-backed store promises: rights, sharing, real deletion, and clear errors when the disk or file is
// bad.
#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/decision_store.h"
#include "store/original_store.h"
#include "store/packing.h"
#include "store/sqlite.h"
#include "store/test_support.h"

namespace headroom::store {
namespace {

using base::ErrorCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::make_original;
using testing::mode_of;
using ::testing::Not;
using testing::read_file;

constexpr std::int64_t kHour = 3600 * 1000;

class SqliteStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<OriginalStore> open(Retention retention = {}) {
    auto store = open_sqlite_store(path_, retention, clock_);
    EXPECT_TRUE(store) << store.error().message;
    return store ? std::move(*store) : nullptr;
  }
  base::Error open_error() {
    auto store = open_sqlite_store(path_, {}, clock_);
    EXPECT_FALSE(store);
    return store ? base::Error{} : store.error();
  }
  std::string all_bytes() const {
    return read_file(path_) + read_file(path_ + "-wal") + read_file(path_ + "-shm") + read_file(path_ + "-journal");
  }
  /// Changes bytes in the file that begin as `known` does, once.
  void damage(std::string_view known) {
    std::string bytes = read_file(path_);
    const auto at = bytes.find(known);
    ASSERT_NE(at, std::string::npos);
    bytes.replace(at, 4, "EVIL");
    testing::write_file(path_, bytes);
  }
  std::uintmax_t size() const { return std::filesystem::file_size(path_); }

  testing::TempFolder folder_;
  std::string path_ = folder_.file("data/ccr.db");
  base::FakeClock clock_;
};

/// Runs `body` in a child process, which may give up rights or set limits, and returns its exit status. No store may be
/// open meanwhile: SQLite's connections must not cross a fork.
int in_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST_F(SqliteStoreTest, FilesAndFolderArePrivate) {
  auto store = open();
  ASSERT_TRUE(store->put(std::array{make_original("secret")}));
  EXPECT_EQ(mode_of(folder_.file("data")), 0700u);
  for (const char* suffix : {"", "-wal", "-shm"}) EXPECT_EQ(mode_of(path_ + suffix), 0600u) << suffix;
}

TEST_F(SqliteStoreTest, SurvivesReopening) {
  const Original original = make_original("text");
  ASSERT_TRUE(open()->put(std::array{original}));
  auto got = open()->get(original.id);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->content, "text");
}

TEST_F(SqliteStoreTest, TwoOpenStoresSeeEachOther) {
  auto first = open(), second = open();
  const Original original = make_original("text");
  ASSERT_TRUE(first->put(std::array{original}));
  EXPECT_EQ(second->get(original.id)->content, "text");
  EXPECT_TRUE(second->erase(original.id).value());
  EXPECT_EQ(first->get(original.id).error().code, ErrorCode::kNotFound);
}

TEST_F(SqliteStoreTest, ALockHeldByAnotherProcessIsUnavailableNotForEver) {
  auto store = open();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const auto begun = std::chrono::steady_clock::now();
  auto done = store->put(std::array{make_original("text")});
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(store->put(std::array{make_original("text")}));
  // Not the whole patience for each.
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 10 * std::chrono::milliseconds(Connection::kBusyMs));
  sqlite3_close(other);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(done.error().message, HasSubstr("locked"));
  EXPECT_TRUE(store->put(std::array{make_original("text")}));
}

TEST_F(SqliteStoreTest, ErasedBytesAreGoneFromTheFiles) {
  auto store = open();
  const Original gone = make_original("NEEDLE-nnn" + testing::noise(30'000) + "nnn-ELDEEN");
  const Original kept = make_original("KEPT-kkk" + testing::noise(30'000, 2));
  ASSERT_TRUE(store->put(std::array{gone, kept}));
  EXPECT_THAT(all_bytes(), HasSubstr("NEEDLE-nnn"));
  ASSERT_TRUE(store->erase(gone.id).value());
  const std::string bytes = all_bytes();
  EXPECT_THAT(bytes, Not(HasSubstr("NEEDLE-nnn")));
  EXPECT_THAT(bytes, Not(HasSubstr("nnn-ELDEEN")));
  EXPECT_THAT(bytes, Not(HasSubstr(gone.id)));
  EXPECT_THAT(bytes, HasSubstr("KEPT-kkk"));
  EXPECT_EQ(store->get(kept.id)->content, kept.content);
}

TEST_F(SqliteStoreTest, WhatIsPackedIsErasedToo) {
  const std::string lines = testing::noise(200) + std::string(30'000, 'n');
  const Original gone = make_original(lines), kept = make_original("kept");
  const std::string value = "{\"text\":\"" + std::string(2000, 'x') + " <<ccr:" + gone.id + " lines>>\"}";
  auto store = open();
  auto decisions = open_sqlite_decisions(path_, {}, clock_).value();
  ASSERT_TRUE(store->put(std::array{gone, kept}));
  ASSERT_TRUE(decisions->put("c", std::vector<DecisionRow>{{"p", value}}));
  EXPECT_EQ(store->get(gone.id)->content, lines);
  EXPECT_EQ(decisions->find("c", std::vector<std::string>{"p"})->front(), value);
  EXPECT_THAT(all_bytes(), HasSubstr(pack(lines).substr(0, 100)));
  EXPECT_THAT(all_bytes(), HasSubstr(pack(value)));
  ASSERT_TRUE(store->erase(gone.id).value());
  EXPECT_THAT(all_bytes(), Not(HasSubstr(pack(lines).substr(0, 100))));
  EXPECT_THAT(all_bytes(), Not(HasSubstr(pack(value))));
  EXPECT_EQ(decisions->find("c", std::vector<std::string>{"p"})->front(), "");
}

TEST_F(SqliteStoreTest, WhatDecisionsHoldOfAnErasedOriginalIsGoneToo) {
  auto store = open();
  auto decisions = open_sqlite_decisions(path_, {}, clock_).value();
  const Original gone = make_original("NEEDLE-" + testing::noise(30'000));
  const Original kept = make_original("KEPT-kkk" + testing::noise(30'000, 2));
  ASSERT_TRUE(store->put(std::array{gone, kept}));
  const auto naming = [](const Original& original) {
    return "{\"text\":\"PART OF " + original.content.substr(0, 50) + " <<ccr:" + original.id + " lines>>\"}";
  };
  ASSERT_TRUE(decisions->put("c", std::vector<DecisionRow>{{"p1", naming(gone)}, {"p2", naming(kept)}}));
  ASSERT_TRUE(decisions->add_revision("c", {"r1", naming(gone)}));
  ASSERT_TRUE(decisions->add_revision("c", {"r2", naming(kept)}));
  ASSERT_TRUE(store->erase(gone.id).value());
  EXPECT_THAT(all_bytes(), Not(HasSubstr("NEEDLE")));
  EXPECT_THAT(all_bytes(), Not(HasSubstr(gone.id)));
  EXPECT_EQ(decisions->find("c", std::vector<std::string>{"p1", "p2"}).value(),
            (std::vector<std::string>{"", naming(kept)}));
  ASSERT_EQ(decisions->revisions("c")->size(), 1U);
  EXPECT_FALSE(store->erase(gone.id).value());
  ASSERT_TRUE(decisions->put("c", std::vector<DecisionRow>{{"p1", naming(gone)}}));
  EXPECT_TRUE(store->erase(gone.id).value()) << "also where the original has expired";
}

TEST_F(SqliteStoreTest, SweptBytesAreGoneAndTheFileShrinks) {
  auto store = open({.idle_ttl_ms = kHour});
  const auto empty = size();
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(store->put(std::array{make_original("NEEDLE" + testing::noise(100'000, i + 1))}));
  clock_.advance_ms(2 * kHour);
  ASSERT_EQ(store->sweep().value(), 20);
  EXPECT_THAT(all_bytes(), Not(HasSubstr("NEEDLE")));
  EXPECT_LE(size(), empty + 128 * 1024);
  EXPECT_EQ(std::filesystem::file_size(path_ + "-wal"), 0u);
}

TEST_F(SqliteStoreTest, AReaderHoldsBackTheBytesOnlyUntilTheNextSweep) {
  auto store = open();
  const Original gone = make_original("NEEDLE" + testing::noise(30'000));
  ASSERT_TRUE(store->put(std::array{gone}));
  sqlite3* reader = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &reader), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM originals", nullptr, nullptr, nullptr), SQLITE_OK);
  auto erased = store->erase(gone.id);
  ASSERT_FALSE(erased);
  EXPECT_EQ(erased.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(store->get(gone.id).error().code, ErrorCode::kNotFound);
  sqlite3_close(reader);
  EXPECT_TRUE(store->sweep());
  EXPECT_THAT(all_bytes(), Not(HasSubstr("NEEDLE")));
}

TEST_F(SqliteStoreTest, RefusesANewerFormatAndLeavesItAlone) {
  open();
  testing::run_sql(path_, "PRAGMA user_version=99; PRAGMA journal_mode=DELETE;");
  const std::string before = read_file(path_);
  const base::Error error = open_error();
  EXPECT_EQ(error.code, ErrorCode::kIo);
  EXPECT_THAT(error.message, HasSubstr("format 99"));
  EXPECT_THAT(error.message, HasSubstr("update"));
  EXPECT_EQ(read_file(path_), before);
}

TEST_F(SqliteStoreTest, RefusesOtherProgramsDatabasesAndLeavesThemAlone) {
  std::filesystem::create_directory(folder_.file("data"));
  testing::run_sql(path_, "CREATE TABLE notes(text); INSERT INTO notes VALUES('mine');");
  const std::string before = read_file(path_);
  EXPECT_THAT(open_error().message, HasSubstr("another program"));
  EXPECT_EQ(read_file(path_), before);
}

TEST_F(SqliteStoreTest, SaysWhatToDoAboutAFileThatIsNoDatabase) {
  std::filesystem::create_directory(folder_.file("data"));
  testing::write_file(path_, std::string(5000, 'x'));
  const base::Error error = open_error();
  EXPECT_EQ(error.code, ErrorCode::kIo);
  EXPECT_THAT(error.message, HasSubstr(path_));
  EXPECT_THAT(error.message, HasSubstr("move it away"));
  EXPECT_EQ(read_file(path_), std::string(5000, 'x'));
}

TEST_F(SqliteStoreTest, DamagedContentIsAnErrorNotOtherBytes) {
  const Original original = make_original("GOODBYTES" + std::string(20'000, 'g'));
  open()->put(std::array{original}).value();
  damage("GOODBYTES");
  auto got = open()->get(original.id);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::kIo);
  EXPECT_THAT(got.error().message, HasSubstr("checksum"));
}

TEST_F(SqliteStoreTest, DamagedContentIsPutAgainByWhoHasItStill) {
  const Original original = make_original("GOODBYTES" + std::string(20'000, 'g'));
  open()->put(std::array{original}).value();
  damage("GOODBYTES");
  auto store = open();
  EXPECT_THAT(store->touch(std::array{original.id}).value(), IsEmpty()) << "nobody has read it yet";
  ASSERT_FALSE(store->get(original.id));
  EXPECT_THAT(store->touch(std::array{original.id}).value(), ElementsAre(original.id));
  EXPECT_THAT(open()->touch(std::array{original.id}).value(), ElementsAre(original.id)) << "for others, too";
  EXPECT_EQ(store->stats().value().bytes, 0);
  ASSERT_FALSE(store->get(original.id));
  ASSERT_TRUE(store->put(std::array{original}));
  EXPECT_THAT(store->touch(std::array{original.id}).value(), IsEmpty());
  EXPECT_EQ(store->stats().value().bytes, static_cast<std::int64_t>(original.content.size()));
  EXPECT_EQ(store->get(original.id).value().content, original.content);
  EXPECT_EQ(open()->get(original.id).value().content, original.content) << "on the disk, too";
}

TEST_F(SqliteStoreTest, DamagedContentIsHealedUnasked) {
  const Original original = make_original("GOODBYTES" + std::string(20'000, 'g'));
  open()->put(std::array{original}).value();
  damage("GOODBYTES");
  ASSERT_TRUE(open()->put(std::array{original}));
  EXPECT_EQ(open()->get(original.id).value().content, original.content);
}

TEST_F(SqliteStoreTest, DamagedContentIsNotReplacedByOtherBytes) {
  const Original original = make_original("GOODBYTES" + std::string(20'000, 'g'));
  open()->put(std::array{original}).value();
  damage("GOODBYTES");
  Original other = original;
  other.content = "something else";
  EXPECT_FALSE(open()->put(std::array{other}));
  EXPECT_FALSE(open()->get(original.id));
}

TEST_F(SqliteStoreTest, ATornFileGivesErrorsAndNoCrash) {
  {
    auto store = open();
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(store->put(std::array{make_original(testing::noise(20'000, i + 1))}));
  }
  std::filesystem::resize_file(path_, size() / 2);
  auto store = open_sqlite_store(path_, {}, clock_);
  int errors = store ? 0 : 50;
  for (int i = 0; store && i < 50; ++i) {
    const Original original = make_original(testing::noise(20'000, i + 1));
    auto got = (*store)->get(original.id);
    if (got) {
      EXPECT_EQ(got->content, original.content);
    } else {
      ++errors;
    }
  }
  EXPECT_GT(errors, 0);
}

TEST_F(SqliteStoreTest, AFullDiskIsAnErrorAndTheStoreGoesOn) {
  const Original before = make_original("before");
  ASSERT_TRUE(open()->put(std::array{before}));
  const int status = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    auto own = open_sqlite_store(path_, {}, clock_);
    if (!own) return 1;
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    const rlimit small{300'000, limit.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const Original fits_not = make_original(testing::noise(1'000'000));
    auto done = (*own)->put(std::array{make_original("same batch"), fits_not});
    if (done || done.error().code != ErrorCode::kIo) return 2;
    if ((*own)->get(before.id).value_or(Original{}).content != "before") return 3;
    if ((*own)->get(make_original("same batch").id)) return 4;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    if (!(*own)->put(std::array{fits_not})) return 5;
    return (*own)->get(fits_not.id) ? 0 : 6;
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(open()->stats()->entries, 2);
}

TEST_F(SqliteStoreTest, AFolderThatCannotBeWrittenIsAClearError) {
  open();
  std::filesystem::permissions(folder_.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(folder_.file("data"), std::filesystem::perms(0555));
  std::filesystem::permissions(path_, std::filesystem::perms(0444));
  const int status = in_child([&] {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() == 0 && ::setuid(kNobody) != 0) return 1;
    auto existing = open_sqlite_store(path_, {}, clock_);
    if (::getuid() == kNobody && (existing || existing.error().code != ErrorCode::kIo)) return 2;
    auto fresh = open_sqlite_store(folder_.file("data/new.db"), {}, clock_);
    if (fresh || fresh.error().code != ErrorCode::kIo) return 3;
    if (fresh.error().message.find("Permission denied") == std::string::npos) return 4;
    auto folder = open_sqlite_store(folder_.file("data/sub/new.db"), {}, clock_);
    return folder || folder.error().code != ErrorCode::kIo ? 5 : 0;
  });
  std::filesystem::permissions(folder_.file("data"), std::filesystem::perms(0755));
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace headroom::store
