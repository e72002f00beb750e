#include "proxy/byte_buffer.h"

#include <cstring>
#include <string>

#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

void receive(ByteBuffer& buffer, std::string_view bytes) {
  const auto room = buffer.prepare(bytes.size());
  if (!bytes.empty()) std::memcpy(room.data(), bytes.data(), bytes.size());
  buffer.commit(bytes.size());
}

TEST(ByteBuffer, KeepsWhatIsNotUsedUp) {
  ByteBuffer buffer;
  std::string sent, used;
  for (int i = 0; i < 200; ++i) {
    const std::string part(static_cast<std::size_t>(i * 7 % 90), static_cast<char>('a' + i % 26));
    receive(buffer, part);
    sent += part;
    const std::size_t take = buffer.size() * static_cast<std::size_t>(i % 4) / 3;
    used += buffer.view().substr(0, take);
    buffer.consume(take);
  }
  EXPECT_EQ(used + std::string(buffer.view()), sent);
}

TEST(ByteBuffer, PreparedRoomStaysWhileBytesAreUsedUp) {
  ByteBuffer buffer;
  receive(buffer, "abc");
  const auto room = buffer.prepare(8);
  buffer.consume(3);
  buffer.shrink();
  EXPECT_TRUE(buffer.empty());
  std::memcpy(room.data(), "defg", 4);
  buffer.commit(4);
  EXPECT_EQ(buffer.view(), "defg");
}

TEST(ByteBuffer, NothingReceivedLeavesItAsItWas) {
  ByteBuffer buffer;
  buffer.prepare(8);
  buffer.commit(0);
  EXPECT_TRUE(buffer.empty());
  receive(buffer, "abc");
  EXPECT_EQ(buffer.view(), "abc");
}

}  // namespace
}  // namespace headroom::proxy
