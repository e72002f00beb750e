#include "store/packing.h"

#include <gtest/gtest.h>

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
}

TEST(Packing, IsSmallerOrLeavesTheText) {
  EXPECT_LT(pack(lines(1000)).size(), lines(1000).size() / 4);
  EXPECT_EQ(pack("short"), "short");
  std::string noise;
  for (std::uint32_t i = 0, x = 1; i < 2000; ++i) noise += static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  EXPECT_EQ(pack(noise), noise);
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

}  // namespace
}  // namespace headroom::store
