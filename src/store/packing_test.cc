#include "store/packing.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace headroom::store {
namespace {

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += "2026-11-26 10:00:00 INFO request " + std::to_string(i * 7919) + " served\n";
  return text;
}

TEST(Packing, GivesBackEveryByte) {
  for (const std::string& text : {std::string(), std::string("short"), lines(1000), std::string(1000, '\0'),
                                  std::string("\x28\xB5\x2F\xFD"), "\x28\xB5\x2F\xFD" + lines(3)}) {
    const auto back = unpack(pack(text));
    ASSERT_TRUE(back) << text.size();
    EXPECT_EQ(*back, text);
  }
  EXPECT_EQ(*unpack(pack(pack(lines(50)))), pack(lines(50))) << "a text that is a frame";
  for (const std::size_t size : {256, 131'071, 131'072, 131'073, 20'000'000}) {  // nothing is smaller for its size
    const auto back = unpack(pack(std::string(size, ' ')));
    EXPECT_TRUE(back && *back == std::string(size, ' ')) << size;
  }
}

TEST(Packing, IsSmallerOrLeavesTheText) {
  EXPECT_LT(pack(lines(1000)).size(), lines(1000).size() / 4);
  EXPECT_EQ(pack("short"), "short");
  std::string noise;
  for (std::uint32_t i = 0, x = 1; i < 2000; ++i) noise += static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  EXPECT_EQ(pack(noise), noise);
}

TEST(Packing, OnePackerForManyTextsAndThreadsPacksEachAsIfItWereTheFirst) {
  Packer packer;
  const auto work = [&packer](int first) {
    for (int i = first; i < first + 20; ++i) {
      const std::string text = lines(100 * (i % 7) + (i == 5 ? 10'000 : 1));
      EXPECT_EQ(packer.pack(text), pack(text));
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
}

TEST(Packing, DamageIsTold) {
  const std::string frame = pack(lines(1000));
  EXPECT_FALSE(unpack(frame.substr(0, frame.size() / 2)));
  EXPECT_FALSE(unpack(frame.substr(0, 5)));
  EXPECT_FALSE(unpack(frame + "more"));
  EXPECT_FALSE(unpack(frame, 1000)) << "longer than it may be";
  for (std::size_t at = 4; at < frame.size(); at += 97) {
    std::string changed = frame;
    changed[at] = static_cast<char>(changed[at] ^ 0x55);
    (void)unpack(changed);  // nothing but an error, or other bytes, which the checksum of the row tells
  }
}

long peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST(Packing, ALengthThatCannotBeTakesNoMemory) {
  // A single segment of 1 GiB - 1 bytes, with one raw block of three.
  const std::string frame(
      "\x28\xB5\x2F\xFD\xA0\xFF\xFF\xFF\x3F\x19\x00\x00"
      "abc",
      15);
  const long before = peak_kib();
  EXPECT_FALSE(unpack(frame));
  EXPECT_LT(peak_kib() - before, 500'000);
}

}  // namespace
}  // namespace headroom::store
