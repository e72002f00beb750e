#include "store/wal_writes.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "store/sqlite.h"
#include "store/test_support.h"

namespace headroom::store {
namespace {

constexpr const char* kManyRows =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
    " INSERT INTO contents(seq, checksum, content) SELECT i, i, zeroblob(700) FROM n";

/// Calls of this process that write, so far.
std::int64_t writes() {
  std::ifstream io("/proc/self/io");
  for (std::string name; io >> name;) {
    std::int64_t count = 0;
    io >> count;
    if (name == "syscw:") return count;
  }
  return -1;
}

/// What a crash of the machine's would leave, had the disk all that the operating system was told.
std::string as_after_a_crash(const testing::TempFolder& folder, const std::string& name) {
  const std::string copy = folder.file(name);
  std::filesystem::copy_file(folder.file("ccr.db"), copy);
  std::filesystem::copy_file(folder.file("ccr.db-wal"), copy + "-wal");
  return copy;
}

TEST(WalWrites, ATransactionIsOneWrite) {
  if (writes() < 0) GTEST_SKIP() << "the system counts no writes";
  const testing::TempFolder folder;
  auto connection = Connection::open(folder.file("ccr.db")).value();
  ASSERT_TRUE(connection.execute("INSERT INTO contents(seq, checksum, content) VALUES(1, 1, zeroblob(9))"));
  const std::int64_t before = writes();
  ASSERT_TRUE(connection.execute("INSERT INTO contents(seq, checksum, content) VALUES(2, 2, zeroblob(40000))"));
  EXPECT_LE(writes() - before, 2);
}

TEST(WalWrites, WhatIsCommittedIsThereAfterACrash) {
  const testing::TempFolder folder;
  auto connection = Connection::open(folder.file("ccr.db")).value();
  for (int i = 0; i < 20; ++i) {
    const std::string row = std::to_string(i + 1);
    const std::string sql = "INSERT INTO contents(seq, checksum, content) VALUES(" + row + ", " + row + ", zeroblob(" +
                            std::to_string(i * 4000) + "))";
    ASSERT_TRUE(connection.execute(sql.c_str()));
    auto found = Connection::open(as_after_a_crash(folder, "copy" + row)).value();
    EXPECT_EQ(found.number("SELECT count(*) FROM contents").value(), i + 1);
  }
}

// SQLite writes to the WAL before the end, finds pages there again, changes them in their place, and writes headers
// anew.
TEST(WalWrites, ATransactionThatIsLargerThanTheMemoryForItIsThereAfterACrash) {
  const testing::TempFolder folder;
  auto connection = Connection::open(folder.file("ccr.db")).value();
  ASSERT_TRUE(connection.execute("PRAGMA cache_size = 5"));
  auto other = Connection::open(folder.file("ccr.db")).value();
  auto transaction = Transaction::begin(connection).value();
  ASSERT_TRUE(connection.execute(kManyRows));
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(connection.execute("UPDATE contents SET checksum = checksum + 1 WHERE seq % 50 = 0"));
    EXPECT_EQ(connection.number("SELECT sum(checksum - seq) FROM contents").value(), 40 * (i + 1));
  }
  EXPECT_EQ(other.number("SELECT count(*) FROM contents").value(), 0);
  ASSERT_TRUE(transaction.commit());
  EXPECT_EQ(other.number("SELECT sum(checksum - seq) FROM contents").value(), 120);
  auto found = Connection::open(as_after_a_crash(folder, "copy")).value();
  EXPECT_EQ(found.number("SELECT sum(checksum - seq) FROM contents").value(), 120);
  EXPECT_EQ(found.number("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'").value(), 0);
}

TEST(WalWrites, WhatIsUndoneIsNotThere) {
  const testing::TempFolder folder;
  auto connection = Connection::open(folder.file("ccr.db")).value();
  ASSERT_TRUE(connection.execute("PRAGMA cache_size = 5"));
  {
    auto transaction = Transaction::begin(connection).value();
    ASSERT_TRUE(connection.execute(kManyRows));
  }
  ASSERT_TRUE(connection.execute("INSERT INTO contents(seq, checksum, content) VALUES(7, 7, zeroblob(9))"));
  auto found = Connection::open(as_after_a_crash(folder, "copy")).value();
  EXPECT_EQ(found.number("SELECT sum(seq) FROM contents").value(), 7);
}

}  // namespace
}  // namespace headroom::store
