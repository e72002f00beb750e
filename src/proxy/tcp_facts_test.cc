#include "proxy/tcp_facts.h"

#include <string>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

// What a kept connection tells of a request that was written to it and got no answer.

namespace headroom::proxy {
namespace {

class TcpFactsTest : public testing::Test {
 protected:
  void SetUp() override {
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::listen(listener, 1), 0);
    ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    mine_ = ::socket(AF_INET, SOCK_STREAM, 0);
    ASSERT_EQ(::connect(mine_, reinterpret_cast<const sockaddr*>(&address), size), 0);
    theirs_ = ::accept(listener, nullptr, nullptr);
    ::close(listener);
    send("first");
    read_theirs();
  }
  void TearDown() override {
    ::close(mine_);
    if (theirs_ >= 0) ::close(theirs_);
  }
  void send(const std::string& text) const {
    ASSERT_EQ(::send(mine_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  }
  void read_theirs() const {
    char buffer[64];
    ASSERT_GT(::recv(theirs_, buffer, sizeof(buffer), 0), 0);
    ASSERT_EQ(::send(theirs_, "ok", 2, MSG_NOSIGNAL), 2);  // carries the acknowledgement
    ASSERT_EQ(::recv(mine_, buffer, sizeof(buffer), 0), 2);
  }
  void end_theirs() {
    ::close(theirs_);
    theirs_ = -1;
  }
  int mine_ = -1;
  int theirs_ = -1;
};

TEST_F(TcpFactsTest, AnEndThatCameBeforeTheRequestAcknowledgesNothingOfIt) {
  const auto before = tcp_facts(mine_);
  ASSERT_TRUE(before);
  EXPECT_FALSE(before->peer_ended);
  end_theirs();
  EXPECT_TRUE(tcp_facts(mine_)->peer_ended) << "also while nobody has read it";
  send("second");
  char byte = 0;
  EXPECT_EQ(::recv(mine_, &byte, 1, 0), 0);
  EXPECT_TRUE(tcp_facts(mine_)->peer_ended);
  EXPECT_EQ(tcp_facts(mine_)->acknowledged, before->acknowledged);
}

TEST_F(TcpFactsTest, ARequestThatWasReadIsAcknowledgedByTheEnd) {
  const auto before = tcp_facts(mine_);
  send("second");
  char buffer[64];
  ASSERT_EQ(::recv(theirs_, buffer, sizeof(buffer), 0), 6);
  end_theirs();
  EXPECT_EQ(::recv(mine_, buffer, 1, 0), 0);
  EXPECT_TRUE(tcp_facts(mine_)->peer_ended);
  EXPECT_GE(tcp_facts(mine_)->acknowledged, before->acknowledged + 6);
}

TEST_F(TcpFactsTest, OtherSocketsHaveNone) {
  int pair[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  EXPECT_FALSE(tcp_facts(pair[0]));
  ::close(pair[0]);
  ::close(pair[1]);
}

}  // namespace
}  // namespace headroom::proxy
