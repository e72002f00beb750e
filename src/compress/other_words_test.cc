#include "compress/other_words.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace headroom::compress {
namespace {

bool says(std::string_view question, std::string_view word) {
  const std::vector<std::string> words = other_words(question);
  return std::ranges::find(words, word) != words.end();
}

TEST(OtherWords, InitialsOfWordsThatStandTogether) {
  EXPECT_TRUE(says("Which garbage collector is in use?", "gc"));
  EXPECT_TRUE(says("What is the round trip time?", "rtt"));
  EXPECT_TRUE(says("How many file descriptors are open?", "fd"));
  EXPECT_FALSE(says("Is it the garbage, or the collector?", "gc"));
}

TEST(OtherWords, NamesOfKinds) {
  EXPECT_TRUE(says("Is a C compiler installed?", "gcc"));
  EXPECT_TRUE(says("Which TLS library does it load?", "openssl"));
  EXPECT_FALSE(says("Which gcc is the compiler?", "gcc"));
  EXPECT_TRUE(other_words("").empty());
}

TEST(WithoutLib, NamesOfLibraries) {
  EXPECT_EQ(without_lib("libssl"), "ssl");
  EXPECT_EQ(without_lib("libc"), "libc");
  EXPECT_EQ(without_lib("liberty"), "erty");
  EXPECT_EQ(without_lib("plain"), "plain");
}

}  // namespace
}  // namespace headroom::compress
