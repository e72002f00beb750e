#include "proxy/web_socket.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace headroom::proxy {
namespace {

using namespace std::string_literals;
using Sender = WebSocketReader::Sender;

constexpr WebSocketReader::Mask kMask{'m', 'a', 's', 'k'};

struct Read {
  std::string bytes;
  std::vector<std::string> messages;
};

/// Fed in pieces of that size.
Read read(std::string_view bytes, Sender sender, std::size_t piece, std::size_t most = 1 << 20) {
  WebSocketReader reader(sender, most);
  Read out;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    reader.feed(bytes.substr(at, piece));
    while (auto part = reader.next()) {
      out.bytes += part->bytes;
      if (part->text) out.messages.push_back(part->message);
    }
  }
  return out;
}

TEST(WebSocket, MessagesOfEverySizeAreReadAsTheyAreWritten) {
  for (const std::size_t size : {0, 1, 125, 126, 65535, 65536, 70000}) {
    const std::string message(size, 'x');
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 20}) {
      const std::string masked = web_socket_text(message, kMask);
      const Read client = read(masked, Sender::kClient, piece);
      EXPECT_EQ(client.bytes, masked);
      EXPECT_EQ(client.messages, std::vector{message});
      const Read server = read(web_socket_text(message), Sender::kServer, piece);
      EXPECT_EQ(server.messages, std::vector{message});
    }
  }
}

TEST(WebSocket, TheExamplesOfTheStandard) {
  EXPECT_EQ(web_socket_text("Hello"), "\x81\x05Hello"s);
  EXPECT_EQ(web_socket_text("Hello", WebSocketReader::Mask{'\x37', '\xfa', '\x21', '\x3d'}),
            "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"s);
  EXPECT_EQ(read("\x01\x03Hel\x80\x02lo"s, Sender::kServer, 1).messages, std::vector{"Hello"s});
  EXPECT_EQ(web_socket_close(1000, "bye"),
            "\x88\x05\x03\xe8"
            "bye"s);
}

TEST(WebSocket, AControlFrameInsideOfAMessageComesBeforeIt) {
  const Read found = read("\x01\x03Hel\x89\x02hi\x80\x02lo"s, Sender::kServer, 1);
  EXPECT_EQ(found.bytes, "\x89\x02hi\x01\x03Hel\x80\x02lo"s);
  EXPECT_EQ(found.messages, std::vector{"Hello"s});
}

TEST(WebSocket, ATextThatIsNotReadIsTold) {
  for (const auto& [bytes, told] :
       {std::pair{"\x01\x03Hel\x80\x01o"s, false}, std::pair{"\x01\x03Hel\x80\x06lo you"s, true},
        std::pair{"\x81\x07Hello u"s, true}, std::pair{"\x82\x07Hello u"s, false}}) {
    WebSocketReader reader(Sender::kServer, 4 + 2);
    reader.feed(bytes);
    while (reader.next()) continue;
    EXPECT_EQ(reader.passed_text(), told) << bytes;
  }
}

TEST(WebSocket, BinaryAndLargeMessagesGoOnAtOnce) {
  WebSocketReader reader(Sender::kServer, 4);
  reader.feed("\x82\x7e\x01\x00"s + "ab");
  EXPECT_EQ(reader.next()->bytes, "\x82\x7e\x01\x00"s);
  EXPECT_EQ(reader.next()->bytes, "ab");
  EXPECT_FALSE(reader.next());
  const std::string rest(254, 'c'), large = "\x01\x03one\x80\x03two"s;
  const Read after = read("\x82\x7e\x01\x00"s + "ab" + rest + large + "\x81\x01z"s, Sender::kServer, 3, 4);
  EXPECT_EQ(after.bytes, "\x82\x7e\x01\x00"s + "ab" + rest + large + "\x81\x01z"s);
  EXPECT_EQ(after.messages, std::vector{"z"s});
}

TEST(WebSocket, FramesWithNothingInThemAreNotGatheredWithoutEnd) {
  WebSocketReader reader(Sender::kServer, 1000);
  std::size_t passed = 0;
  reader.feed("\x01\x01x"s);
  for (int i = 0; i < 10'000; ++i) {
    reader.feed("\x00\x00"s);
    while (const auto part = reader.next()) passed += part->bytes.size();
  }
  EXPECT_GE(passed, 19'000u);
}

TEST(WebSocket, AnotherMessageMayStandBetweenTwo) {
  const std::string bytes = "\x01\x03Hel\x89\x02hi\x80\x02lo\x82\x03one\x81\x01x"s;
  WebSocketReader reader(Sender::kServer, 100);
  EXPECT_TRUE(reader.between_messages());
  std::string where;
  for (const char byte : bytes) {
    reader.feed({&byte, 1});
    while (reader.next()) {
    }
    where += reader.between_messages() ? '|' : '.';
  }
  EXPECT_EQ(where, "............|....|..|");
  reader.feed("\xc1\x02hi"s);
  while (reader.next()) {
  }
  EXPECT_FALSE(reader.between_messages()) << "nobody knows";
}

TEST(WebSocket, WhatIsNoneGoesOnAsItIs) {
  for (const std::string& bytes : {"\xc1\x02hi\x81\x02ho"s,      // an extension's bit
                                   "\x83\x02hi\x81\x02ho"s,      // no such kind
                                   "\x80\x02hi\x81\x02ho"s,      // goes on with nothing
                                   "\x01\x02hi\x81\x02ho"s,      // a message inside of another
                                   "\x09\x02hi\x81\x02ho"s,      // a ping in several frames
                                   "\x89\x7e\x01\x01\x81\x02"s,  // a ping that is too large
                                   "\x81\xffhi there, you"s,     // a mask
                                   "\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff\x81\x02ho"s}) {
    for (const std::size_t piece : {1, 100}) {
      const Read found = read(bytes, Sender::kServer, piece);
      EXPECT_EQ(found.bytes, bytes);
      EXPECT_TRUE(found.messages.empty());
    }
  }
}

TEST(WebSocket, AReasonIsCutToWhatFits) {
  EXPECT_EQ(web_socket_close(1008, std::string(500, 'r')).size(), 2u + 125);
}

}  // namespace
}  // namespace headroom::proxy
