#include "compress/log/log_compressor.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "compress/marker.h"

namespace headroom::compress {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kId = "0123456789abcdef01234567";

std::optional<Output> compress(std::string_view text, std::string_view ask = "What happened?",
                               std::string_view id = kId) {
  Query query;
  query.user = ask;
  return LogCompressor().compress(
      {.text = text, .type = detect::ContentType::kLog, .query = query, .tokenizer = tokens::o200k_base(), .id = id});
}

std::string requests(int n, int from = 0) {
  std::string out;
  for (int i = from; i < from + n; ++i) {
    out += fmt::format("2026-04-02 09:{:02}:{:02} INFO http request id={} path=/items/{} status=200 took={}ms\n",
                       i / 60 % 60, i % 60, 7000 + i, i * 37 % 900, 5 + i * 7 % 40);
  }
  return out;
}

TEST(LogCompressor, LeavesSmallOutputsAlone) {
  EXPECT_FALSE(compress("ok\ndone\n"));
}

TEST(LogCompressor, KeepsTheOneErrorAmongThousands) {
  const auto out =
      compress(requests(1500) + "2026-04-02 09:25:00 ERROR db lost connection to replica-3\n" + requests(500, 1500));
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("ERROR db lost connection to replica-3\n"));
  EXPECT_LT(out->text.size(), 6000u);
  EXPECT_EQ(out->strategy, "log:fold");
  EXPECT_EQ(out->records_before, 2001u);
}

TEST(LogCompressor, KeepsErrorTextWhenWarningsRepeat) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += fmt::format("WARN  cache: evicting shard {} early\n", i);
  text += "build stopped: cannot write out/app.bin: No space left on device\n";
  for (int i = 0; i < 300; ++i) text += fmt::format("WARN  cache: evicting shard {} early\n", i + 300);
  const auto out = compress(text);
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("No space left on device"));
  EXPECT_THAT(out->text, HasSubstr("WARN  cache: evicting shard 0 early"));
  EXPECT_THAT(out->text, HasSubstr("600 WARN"));
}

TEST(LogCompressor, NamesAndNumbersOfTheQuestionStay) {
  const auto out = compress(requests(900), "What happened to request 7411, and to path=/items/333?");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("id=7411 "));
  EXPECT_THAT(out->text, HasSubstr("path=/items/333 "));
}

TEST(LogCompressor, ExtremesAndOddValuesStay) {
  const auto out = compress(
      requests(400) + "2026-04-02 09:06:40 INFO http request id=7400 path=/items/9 status=503 took=9ms\n" +
          requests(300, 401) + "2026-04-02 09:11:41 INFO http request id=7701 path=/items/8 status=200 took=8.4s\n" +
          requests(200, 702),
      "Which request was the slowest?");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("status=503"));
  EXPECT_THAT(out->text, HasSubstr("took=8.4s"));
}

TEST(LogCompressor, WhatATreeIsAskedForStandsUnderWhatHoldsIt) {
  std::string text = "shop@1.0.0 /srv/shop\n";
  for (int i = 0; i < 40; ++i) {
    text += fmt::format("├─┬ part-{}@1.{}.0\n│ ├─┬ inner-{}@2.0.{}\n", i, i, i, i);
    text += i == 23 ? "│ │ └── tinycolor@1.6.0\n" : fmt::format("│ │ └── leaf-{}@3.0.0\n", i);
    text += fmt::format("│ └── ms@2.1.3 deduped\n");
  }
  const auto out = compress(text, "What pulls in tinycolor?");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("├─┬ part-23@1.23.0\n│ ├─┬ inner-23@2.0.23\n│ │ └── tinycolor@1.6.0\n"));
}

TEST(LogCompressor, OfAFewBlocksTheOneWithAnotherValueStays) {
  std::string text = "Plan:\n\n";
  for (int i = 0; i < 9; ++i) {
    text += fmt::format("  # queue[{}] will be created\n  + resource \"queue\" {{\n      + id    = (known later)\n", i);
    text += fmt::format("      + input = {{\n          + dlq  = \"orders-dlq-{}\"\n          + fifo = true\n", i);
    text += fmt::format("          + max  = {}\n          + name = \"orders-{}\"\n        }}\n    }}\n\n",
                        i == 6 ? 3 : 10, i);
  }
  const auto out = compress(text + "Plan: 9 to add.\n", "Are all of them alike?");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("+ max  = 3\n          + name = \"orders-6\""));
}

TEST(LogCompressor, TheMessageUnlikeAllOthersStays) {
  std::string text = "# Messages\n\n";
  for (int i = 0; i < 40; ++i) {
    text += fmt::format("## Message {}\n- From: u{}\n- Time: 10:{:02}\n- Link: https://x.test/p{}\n\n", i, i % 7, i,
                        i * 31);
    text += i == 26      ? "Roll it to the old build tonight, Tom does it.\n\n"
            : i % 2 == 0 ? "Thanks!\n\n"
                         : "Looks fine here.\n\n";
  }
  const auto out = compress(text, "What did they say?");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("## Message 26\n"));
  EXPECT_THAT(out->text, HasSubstr("Tom does it.\n"));
}

TEST(LogCompressor, OfACrashReportTheStackOfTheThreadThatStoppedStays) {
  std::string text = "Process: ShopDesk [4411]\nCrashed Thread: 17\n\n";
  std::string wanted;
  for (int t = 0; t < 40; ++t) {
    std::string stack = fmt::format("Thread {}{}:: Dispatch queue: q{}\n", t, t == 17 ? " Crashed" : "", t);
    for (int k = 0; k < 8; ++k) {
      stack += fmt::format("{}   ShopDesk      0x10{:x} Queue.step{}(into:) + {}\n", k, 713 * t + k, (t * 5 + k) % 13,
                           k * 17);
    }
    if (t == 17) wanted = stack;
    text += stack + "\n";
  }
  const auto out = compress(text, "Where does it crash?");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr(wanted));
  EXPECT_LT(out->text.size() * 3, text.size());
}

TEST(LogCompressor, BesideWhatTheQuestionNamesLessOfTheRestStays) {
  std::string text;
  const auto word = [](int i) {
    return std::string(1, static_cast<char>('a' + i % 26)) + "x" + std::string(1, static_cast<char>('a' + i * 7 % 23));
  };
  for (int i = 0; i < 120; ++i) {
    text += i % 40 == 17
                ? fmt::format("* what a row takes of the WAL stands {} once\n", word(i))
                : fmt::format("* {}{}{}: {} of {}{} goes {} {}{} on\n", word(i), word(i * 3), i % 3 == 0 ? " it" : "",
                              word(i + 5), word(i * 11), i % 2 == 0 ? " all the way" : "", word(i * 5), word(i * 13),
                              i % 5 == 0 ? " and" : "");
  }
  const auto asked = compress(text, "Which of these are about the WAL?");
  const auto vague = compress(text, "What do you see?");
  ASSERT_TRUE(asked);
  ASSERT_TRUE(vague);
  EXPECT_THAT(asked->text, HasSubstr(fmt::format("* what a row takes of the WAL stands {} once\n", word(97))));
  EXPECT_LT(asked->text.size() * 10, vague->text.size() * 9);
}

TEST(LogCompressor, ALongLineThatIsShownAbovePointsThere) {
  std::string text;
  for (int i = 0; i < 8; ++i) {
    text += fmt::format("commit {:08x}f\nAuthor: Ana Ferreira of the harbour <ana.ferreira@harbour.example.org>\n",
                        77777777 * (i + 1));
    text += fmt::format("Date: day {}\n{}\n    Rework part {} of the crane\n\n", i, std::string(70, '-'), i);
  }
  const auto out = compress(text, "Why was part 3 of the crane changed?");
  ASSERT_TRUE(out);
  EXPECT_EQ(out->text.find("<ana.ferreira@"), out->text.rfind("<ana.ferreira@"));
  EXPECT_THAT(out->text, HasSubstr("\n<<8: as 2>>\nDate: day 1\n" + std::string(70, '-')));
}

TEST(LogCompressor, OfALongStackTheFramesOfLibrariesAreFew) {
  std::string text =
      "thread 'main' panicked at src/close.rs:211:39:\ncalled unwrap() on a None value\nstack backtrace:\n";
  const auto word = [](int i) {
    return std::string(1, static_cast<char>('a' + i % 26)) + "k" + std::string(1, static_cast<char>('a' + i * 7 % 23));
  };
  for (int i = 0; i < 40; ++i) {
    const bool own = i == 12 || i == 13;
    text +=
        own ? fmt::format("  {:>2}: harbour::close::{}\n             at ./src/close.rs:{}:39\n", i, word(i), 199 + i)
            : fmt::format("  {:>2}: {}::{}::{}\n             at /opt/.cargo/registry/src/{}-{}/src/{}.rs:{}:9\n", i,
                          word(i), word(i * 3), word(i * 5), word(i * 11), word(i + 4), word(i * 2), i * 17 % 400);
  }
  const auto out = compress(text + "note: run again for more\n", "why?");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("at ./src/close.rs:211:39\n"));
  EXPECT_THAT(out->text, HasSubstr("at ./src/close.rs:212:39\n"));
  EXPECT_LT(out->text.size() * 2, text.size());
}

TEST(LogCompressor, TheOneThatIsEmptyAmongLargeOnesStays) {
  std::string text;
  for (int day = 1; day <= 20; ++day) {
    for (int i = 0; i < 10; ++i) {
      const bool empty = day >= 18 && i == 6;
      text += fmt::format("2026-11-{:02} 03:{:02}:11  {:>12} backups/part-{}/2026-11-{:02}.tar.zst\n", day, i,
                          empty ? 0 : 900'000'000 + (day * 37 + i * 91) % 97 * 1'000'003, i, day);
    }
  }
  const auto out = compress(text, "Can we rely on these?");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("  0 backups/part-6/2026-11-18.tar.zst\n"));
}

TEST(LogCompressor, WhatIsWorstMayBeTheLeast) {
  std::string text;
  for (int i = 0; i < 24; ++i) {
    text += fmt::format("TN:\nSF:src/part_{}/step.ts\n", i);
    for (int line = 1; line < 40; ++line) text += fmt::format("DA:{},{}\n", line, (line * 7 + i) % 11);
    text += fmt::format("LF:{}\nLH:{}\nBRF:0\nBRH:0\nend_of_record\n", 40 + i, i == 13 ? 8 : 36 + i);
  }
  const auto out = compress(text, "Which file has the worst coverage, and how many of its lines are hit?");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("\nLH:8\n"));
}

TEST(LogCompressor, LongPauseShows) {
  const auto out =
      compress(requests(300) + "2026-04-02 09:58:00 INFO http request id=9001 path=/items/1 status=200 took=5ms\n" +
               "2026-04-02 09:58:01 INFO http request id=9002 path=/items/2 status=200 took=6ms\n");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("id=7299 "));
  EXPECT_THAT(out->text, HasSubstr("id=9001 "));
}

TEST(LogCompressor, BlockOfAThreadDumpKeepsItsOwnHead) {
  std::string text = "Full thread dump:\n\n";
  for (int i = 0; i < 60; ++i) {
    text += fmt::format("\"pool-{}\" #{} prio=5 tid=0x{:x} waiting on condition\n   java.lang.Thread.State: {}\n", i, i,
                        4096 + i, i == 37 ? "BLOCKED (on object monitor)" : "WAITING (parking)");
    text += i == 37 ? "\tat shop.Ledger.post(Ledger.java:88)\n\t- waiting to lock <0x77>\n\n"
                    : "\tat jdk.Unsafe.park(Native Method)\n\n";
  }
  const auto out = compress(text, "Which thread waits for a lock?");
  ASSERT_TRUE(out);
  const std::vector<std::string_view> lines = base::split_lines(out->text);
  const auto body = std::ranges::find_if(
      lines, [](std::string_view l) { return l.find("waiting to lock") != std::string_view::npos; });
  ASSERT_NE(body, lines.end());
  bool head = false;
  for (auto at = body; at != lines.begin() && !head && !at->starts_with("<<"); --at)
    head = at->starts_with("\"pool-37\"");
  EXPECT_TRUE(head) << out->text;
}

TEST(LogCompressor, SystemCallTraceKeepsItsOrder) {
  std::string text;
  for (int i = 0; i < 300; ++i)
    text += fmt::format("openat(AT_FDCWD, \"/usr/lib/mod{}.so\", O_RDONLY) = {}\n", i, 3 + i % 4);
  text += "connect(3, {sa_family=AF_INET, sin_port=htons(5432)}, 16) = -1 ECONNREFUSED (Connection refused)\n";
  for (int i = 0; i < 50; ++i) text += fmt::format("close({}) = 0\n", i);
  const auto out = compress(text, "Which connection fails?");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("htons(5432)"));
  EXPECT_LT(out->text.find("mod0.so"), out->text.find("htons(5432)"));
}

TEST(LogCompressor, LongLineIsARecordLikeAnyOther) {
  const std::string blob(6000, 'x');
  const auto out = compress(requests(300) + "payload " + blob + "\n" + requests(300, 300));
  ASSERT_TRUE(out);
  EXPECT_TRUE(out->text.find(blob) != std::string::npos || out->text.find("xxxxxxxxxx") == std::string::npos ||
              out->text.size() < 6000);
}

TEST(LogCompressor, KeepsCarriageReturns) {
  std::string text;
  for (int i = 0; i < 200; ++i) text += fmt::format("step {} of the long job is done\r\n", i);
  text += "ERROR: step 200 did not finish\r\n";
  const auto out = compress(text);
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("ERROR: step 200 did not finish\r\n"));
}

TEST(LogCompressor, RedrawnProgressIsToldByItsLastState) {
  std::string text = "fetching\n";
  for (int i = 0; i <= 100; ++i)
    text += fmt::format("{}receiving objects: {}% ({}/5100)", i == 0 ? "" : "\r", i, i * 51);
  text += ", done.\nfatal: early EOF\n";
  const auto out = compress(text);
  ASSERT_TRUE(out);
  EXPECT_EQ(base::split_lines(out->text)[1],
            "<<2: progress redrawn 101 times, at last: receiving objects: 100% (5100/5100), done.>>");
  EXPECT_THAT(out->text, HasSubstr("fatal: early EOF"));
}

TEST(LogCompressor, DropsNothingWithoutAnId) {
  EXPECT_FALSE(compress(requests(500), "What happened?", ""));
  std::string same;
  for (int i = 0; i < 100; ++i) same += "poll: nothing to do, going back to sleep\n";
  const auto out = compress(same, "What happened?", "");
  ASSERT_TRUE(out);
  EXPECT_FALSE(out->lossy);
  EXPECT_EQ(out->strategy, "log:repeats");
  EXPECT_THAT(out->text, Not(HasSubstr("<<ccr:")));
}

TEST(LogCompressor, StopsWhenTheDeadlineIsSpent) {
  base::FakeClock clock;
  Query query;
  const std::string text = requests(500);
  const Input input{.text = text,
                    .query = query,
                    .tokenizer = tokens::o200k_base(),
                    .id = kId,
                    .deadline = base::Deadline::after_ms(clock, 0)};
  EXPECT_FALSE(LogCompressor().compress(input));
}

TEST(LogCompressor, HandleIsTheLastLineAndSumsUp) {
  const auto out = compress(requests(900));
  ASSERT_TRUE(out);
  const std::string_view last = base::split_lines(out->text).back();
  EXPECT_TRUE(last.starts_with("<<ccr:0123456789abcdef01234567 ")) << last;
  EXPECT_THAT(std::string(last), HasSubstr("of 900 lines dropped"));
  EXPECT_THAT(std::string(last), HasSubstr("900 INFO"));
  EXPECT_THAT(std::string(last), HasSubstr("900x "));
  EXPECT_THAT(marker_ids(out->text), ::testing::ElementsAre(std::string(kId)));
}

TEST(LogCompressor, ATestThatTheQuestionNamesInWordsStaysWhenItsLineHeadsItsGroup) {
  std::string text;
  for (int i = 0; i < 40; ++i)
    text += "   Compiling crate" + std::string(1, static_cast<char>('a' + i % 26)) + " v1.0.0\n";
  for (const char* group : {"buffer", "client", "server"}) {
    text += std::string("\n     Running tests/") + group + ".rs (target/debug/deps/" + group +
            "-b5a9a6b202d7d2e7)\n\nrunning 5 tests\n";
    for (const char* name : {"key_value_timeout", "pub_sub", "send_error_get", "send_error_publish", "unsubscribe"}) {
      text += std::string("test ") + (group == std::string("server") ? "" : group) + name + " ... ok\n";
    }
    text += "\ntest result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.05s\n";
  }
  const auto out = compress(text, "Did the server's key value timeout test pass?");
  ASSERT_TRUE(out);
  EXPECT_THAT(out->text, HasSubstr("test key_value_timeout ... ok"));
}

}  // namespace
}  // namespace headroom::compress
