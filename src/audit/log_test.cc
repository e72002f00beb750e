#include "audit/log.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace headroom::audit {
namespace {

using testing::HasSubstr;

class AuditLogTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / ("headroom-audit-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    path_ = folder_ / "audit.jsonl";
    std::filesystem::remove(path_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Log> open() const {
    auto log = Log::open(path_, clock_, {});
    EXPECT_TRUE(log);
    return std::move(*log);
  }
  void append(int count, const std::string& path = "/v1/messages") const {
    const auto log = open();
    for (int i = 0; i < count; ++i) log->append(entry(path));
  }
  static Entry entry(const std::string& path) {
    Entry entry;
    entry.time_ms = 1'767'323'045'678;
    entry.peer = "loopback";
    entry.method = "POST";
    entry.path = path;
    entry.status = 200;
    entry.received = {12, std::string(64, 'a')};
    entry.decisions = {{"Bash", "log", "log", "", 900, 100, {"0123456789abcdef01234567"}}};
    return entry;
  }
  std::vector<std::string> lines() const {
    std::ifstream file(path_);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }
  void put(const std::vector<std::string>& all) const {
    std::ofstream file(path_);
    for (const std::string& line : all) file << line << '\n';
  }
  Verdict check(std::string_view known = {}) const {
    std::ifstream file(path_);
    return verify(file, known);
  }

  base::SystemClock clock_;
  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(AuditLogTest, LinesFollowEachOtherAlsoAfterARestart) {
  append(3);
  append(2);
  const Verdict verdict = check();
  EXPECT_EQ(verdict.problem, "");
  EXPECT_EQ(verdict.lines, 5U);
  EXPECT_EQ(verdict.last.seq, 5U);
  EXPECT_THAT(lines()[0], HasSubstr(R"("time":"2026-01-02T03:04:05.678Z","kind":"request","peer":"loopback")"));
  EXPECT_THAT(lines()[0], HasSubstr(R"("received":{"bytes":12,"sha256":"aaaa)"));
  EXPECT_THAT(lines()[0], HasSubstr(R"("originals":["0123456789abcdef01234567"])"));
}

TEST_F(AuditLogTest, TwoThatAppendAtOnceShareOneChain) {
  {
    const auto one = open();
    const auto two = open();
    for (int i = 0; i < 200; ++i) (i % 2 == 0 ? one : two)->append(entry("/v1/messages"));
  }
  EXPECT_EQ(check().problem, "");
  EXPECT_EQ(check().lines, 200U);
}

TEST_F(AuditLogTest, WhateverIsChangedIsFound) {
  append(6);
  const auto good = lines();
  auto bad = good;
  bad[2].replace(bad[2].find("loopback"), 8, "elsewher");
  put(bad);
  EXPECT_EQ(check().problem, "line 3: it was changed: its hash does not fit");
  bad = good;
  bad.erase(bad.begin() + 3);
  put(bad);
  EXPECT_EQ(check().problem, "line 4: lines before it are missing: 5 follows 3");
  bad = good;
  std::swap(bad[1], bad[2]);
  put(bad);
  EXPECT_THAT(check().problem, HasSubstr("line 2: "));
  bad = good;
  bad.insert(bad.begin() + 2, bad[1]);
  put(bad);
  EXPECT_EQ(check().problem, "line 3: it does not follow the line before it (2 after 2)");
  bad = good;
  bad[0] = "{}";
  put(bad);
  EXPECT_EQ(check().problem, "line 1: it is no line of an audit trail");
  // A line that was sealed anew no longer fits the one behind it.
  bad = good;
  Link forged;
  bad[0] = seal(forged, R"("kind":"request")");
  bad[0].pop_back();
  put(bad);
  EXPECT_THAT(check().problem, HasSubstr("line 2: "));
  put(good);
  EXPECT_EQ(check().problem, "");
}

TEST_F(AuditLogTest, AnEndThatIsMissingIsFoundByAHashThatWasKept) {
  append(4);
  auto some = lines();
  const std::string kept = check().last.hash;
  EXPECT_EQ(check(kept).problem, "");
  some.pop_back();
  put(some);
  EXPECT_EQ(check().problem, "") << "nothing tells it without";
  EXPECT_THAT(check(kept).problem, HasSubstr("lines are missing at the end"));
}

TEST_F(AuditLogTest, WhatAKilledProcessHasLeftOfALineGoes) {
  append(2);
  std::ofstream(path_, std::ios::app) << R"({"seq":3,"prev":")";
  EXPECT_THAT(check().problem, HasSubstr("line 3: it is cut off"));
  append(1);
  EXPECT_EQ(check().problem, "");
  EXPECT_THAT(lines()[2], HasSubstr(R"("kind":"repaired","bytes":17)"));
}

TEST_F(AuditLogTest, PurgedWhileItIsOpenItBeginsAnew) {
  const auto log = open();
  log->append(entry("/first"));
  for (int tries = 0; tries < 5000 && lines().empty(); ++tries) ::usleep(1000);
  EXPECT_EQ(purge(path_).value_or(0), 1U);
  EXPECT_FALSE(std::filesystem::exists(path_));
  log->append(entry("/second"));
  for (int tries = 0; tries < 5000 && lines().empty(); ++tries) ::usleep(1000);
  EXPECT_EQ(check().problem, "");
  ASSERT_EQ(lines().size(), 1U);
  EXPECT_THAT(lines()[0], HasSubstr("/second"));
  EXPECT_EQ(purge((folder_ / "none").string()).value_or(9), 0U);
}

TEST_F(AuditLogTest, ItsFileIsItsOwnersAndNoLink) {
  append(1);
  EXPECT_EQ(std::filesystem::status(path_).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::filesystem::create_symlink("/etc/hostname", folder_ / "link");
  EXPECT_FALSE(Log::open((folder_ / "link").string(), clock_, {}));
}

}  // namespace
}  // namespace headroom::audit
