// Kills writing processes at random moments and checks that every original that put() has promised is there, byte for
// byte.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/original_store.h"
#include "store/test_support.h"

namespace headroom::store {
namespace {

constexpr std::size_t kMaxBytes = 200'000;

// The content follows from the seed, so the parent can check it without having seen it. Sizes are spread over all
// magnitudes.
std::string content_of(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const double exponent = std::uniform_real_distribution<double>(0, 1)(random);
  const auto size = static_cast<std::size_t>(std::pow(static_cast<double>(kMaxBytes), exponent));
  std::string content(size + sizeof(std::uint64_t), '\0');
  for (std::size_t at = 0; at + sizeof(std::uint64_t) <= content.size(); at += sizeof(std::uint64_t)) {
    const std::uint64_t word = random();
    std::memcpy(content.data() + at, &word, sizeof word);
  }
  content.resize(size);
  return content;
}

// In the child: puts originals for ever, and reports the seeds of each batch when put() has returned.
[[noreturn]] void write_until_killed(const std::string& path, std::uint64_t seed, int report) {
  const base::SystemClock clock;
  auto store = open_sqlite_store(path, {}, clock);
  if (!store) ::_exit(3);
  for (;;) {
    std::array<std::uint64_t, 5> seeds{};
    const std::size_t count = 1 + seed % seeds.size();
    std::vector<Original> batch;
    for (std::size_t i = 0; i < count; ++i) {
      seeds[i] = seed++;
      batch.push_back(testing::make_original(content_of(seeds[i])));
    }
    if (!(*store)->put(batch)) ::_exit(4);
    const auto bytes = static_cast<ssize_t>(count * sizeof(std::uint64_t));
    if (::write(report, seeds.data(), static_cast<std::size_t>(bytes)) != bytes) ::_exit(5);
    if (seed % 11 == 0) (void)(*store)->sweep();
  }
}

struct Writer {
  pid_t process = 0;
  int report = -1;
};

Writer start_writer(const std::string& path, std::uint64_t seed) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    write_until_killed(path, seed, ends[1]);
  }
  ::close(ends[1]);
  return {child, ends[0]};
}

// Kills the writer and appends what it had reported. The pipe is larger than what a writer reports in a round.
void kill_writer(const Writer& writer, std::vector<std::uint64_t>& reported) {
  ::kill(writer.process, SIGKILL);
  int status = 0;
  ::waitpid(writer.process, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself, exit status " << WEXITSTATUS(status);
  std::uint64_t seed = 0;
  while (::read(writer.report, &seed, sizeof seed) == static_cast<ssize_t>(sizeof seed)) reported.push_back(seed);
  ::close(writer.report);
}

void expect_all_there(const std::string& path, std::span<const std::uint64_t> seeds) {
  const base::SystemClock clock;
  auto store = open_sqlite_store(path, {}, clock);
  ASSERT_TRUE(store) << store.error().message;
  for (std::uint64_t seed : seeds) {
    const std::string content = content_of(seed);
    auto got = (*store)->get(base::content_id(content));
    ASSERT_TRUE(got) << "seed " << seed << ": " << got.error().message;
    ASSERT_TRUE(got->content == content) << "seed " << seed;
  }
}

void kill_again_and_again(int rounds, std::size_t writers, std::uint32_t random_seed) {
  const testing::TempFolder folder;
  const std::string path = folder.file("ccr.db");
  std::mt19937 random(random_seed);
  std::vector<std::uint64_t> promised;
  for (int round = 0; round < rounds; ++round) {
    std::vector<Writer> running;
    for (std::size_t w = 0; w < writers; ++w) {
      const std::uint64_t first = (std::uint64_t(random_seed) << 40) + (std::uint64_t(round) << 24) + (w << 20);
      running.push_back(start_writer(path, first));
      ASSERT_GT(running.back().process, 0);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<>(2'000, 250'000)(random)));
    const std::size_t before = promised.size();
    for (const Writer& writer : running) kill_writer(writer, promised);
    expect_all_there(path, std::span(promised).subspan(before));
    if (::testing::Test::HasFailure()) return;
  }
  expect_all_there(path, promised);
  EXPECT_GT(promised.size(), static_cast<std::size_t>(rounds)) << "the writers wrote next to nothing";
}

TEST(CrashTest, WhatPutPromisedSurvivesKillsOfTheWriter) {
  kill_again_and_again(30, 1, 1);
}
TEST(CrashTest, WhatPutPromisedSurvivesKillsOfTwoWritersAtOnce) {
  kill_again_and_again(12, 2, 2);
}

}  // namespace
}  // namespace headroom::store
