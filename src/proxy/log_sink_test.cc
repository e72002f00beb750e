#include "proxy/log_sink.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>
#include <spdlog/logger.h>
#include <unistd.h>

namespace headroom::proxy {
namespace {

std::string read_all(int descriptor) {
  std::string text;
  char buffer[4096];
  for (ssize_t size; (size = ::read(descriptor, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(size));
  }
  return text;
}

TEST(BatchSink, WritesEveryLineInOrderBeforeItEnds) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  {
    spdlog::logger logger("test", std::make_shared<BatchSink>(ends[1]));
    logger.set_pattern("%l %v");
    logger.info("one");
    logger.warn("two");
    logger.info("three");
  }
  ::close(ends[1]);
  EXPECT_EQ(read_all(ends[0]), "info one\nwarning two\ninfo three\n");
  ::close(ends[0]);
}

TEST(BatchSink, WithoutAReaderLinesAreDroppedAndCounted) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::string text;
  std::thread reader;
  constexpr std::size_t kLine = 1000, kLines = 3 * BatchSink::kMaxWaiting / kLine;
  {
    spdlog::logger logger("test", std::make_shared<BatchSink>(ends[1]));
    logger.set_pattern("%v");
    // Nobody reads the pipe before all of this is logged, so this returns only because nobody waits.
    for (std::size_t i = 0; i < kLines; ++i) logger.info(std::string(kLine - 1, 'x'));
    reader = std::thread([&] { text = read_all(ends[0]); });
  }
  ::close(ends[1]);
  reader.join();
  ::close(ends[0]);
  EXPECT_LT(text.size(), kLine * kLines);
  EXPECT_NE(text.find(" lines dropped"), std::string::npos);
}

}  // namespace
}  // namespace headroom::proxy
