#include "compress/log/classifier.h"

#include <gtest/gtest.h>

#include "compress/log/scanner.h"

namespace headroom::compress::log {
namespace {

Line classified(std::string_view text) {
  Document document = scan(text);
  classify(document);
  return document.lines.at(0);
}

Level level_of(std::string_view text) {
  return classified(text).level;
}

TEST(Classifier, ReadsLevelsWhereverToolsPutThem) {
  EXPECT_EQ(level_of("2026-03-12T10:00:02Z ERROR [http-3] c.acme.App - x"), Level::kError);
  EXPECT_EQ(level_of("ts=2026-03-12T10:00:02Z level=warn msg=\"slow\""), Level::kWarn);
  EXPECT_EQ(level_of(R"({"time":"x","service":"api","severity":"fatal","msg":"bye"})"), Level::kFatal);
  EXPECT_EQ(level_of(R"({"level":50,"time":17,"msg":"boom"})"), Level::kError);
  EXPECT_EQ(level_of("W0402 09:00:00.000001    2188 eviction.go:166] \"reclaim\""), Level::kWarn);
  EXPECT_EQ(level_of("/src/a.cc:1:2: warning: unused variable"), Level::kWarn);
  EXPECT_EQ(level_of("[DEBUG] resolving x"), Level::kDebug);
}

TEST(Classifier, FindsErrorsWithoutLevel) {
  EXPECT_EQ(level_of("java.lang.IllegalStateException: mismatch"), Level::kError);
  EXPECT_EQ(level_of("E   KeyError: 'CH'"), Level::kError);
  EXPECT_EQ(level_of("FAILED tests/a.py::test_b - assert 1 == 2"), Level::kError);
  EXPECT_EQ(level_of("thread 'main' panicked at src/a.rs:1:2:"), Level::kError);
  EXPECT_EQ(level_of("src/app.ts(1,25): error TS2307: Cannot find module"), Level::kError);
  EXPECT_EQ(level_of("ls: cannot open directory '/root': Permission denied"), Level::kProblem);
  EXPECT_EQ(level_of("process exited with code 137"), Level::kProblem);
}

TEST(Classifier, DoesNotCryWolf) {
  EXPECT_EQ(level_of("0 errors, 0 warnings"), Level::kNone);
  EXPECT_EQ(level_of("errors=0 failed=0"), Level::kNone);
  EXPECT_EQ(level_of("finished without errors"), Level::kNone);
  EXPECT_EQ(level_of("[3/9] Building CXX object src/error/error_handler.cc.o"), Level::kNone);
  EXPECT_EQ(level_of("   Compiling thiserror-impl v1.0.3"), Level::kNone);
  EXPECT_EQ(level_of("process exited with code 0"), Level::kNone);
  EXPECT_EQ(level_of(R"({"level":"info","error":null,"msg":"ok"})"), Level::kInfo);
}

TEST(Classifier, KeepsTheLineOwnLevelAndNotesTheMention) {
  const Line line = classified("2026-03-12 10:00:02 INFO retrying after connection refused");
  EXPECT_EQ(line.level, Level::kInfo);
  EXPECT_TRUE(line.has(kMention));
}

TEST(Classifier, KnowsHeadingsContinuationsAndSummaries) {
  EXPECT_TRUE(classified("=========== FAILURES ===========").has(kHeading));
  EXPECT_TRUE(classified("NAME    READY   STATUS   RESTARTS").has(kHeading));
  EXPECT_TRUE(classified("Caused by: java.io.IOException: x").has(kContinuation));
  EXPECT_TRUE(classified(" 12 |     let x = 1;").has(kContinuation));
  EXPECT_TRUE(classified("\tat com.acme.App.main(App.java:9)").has(kContinuation));
  EXPECT_TRUE(classified("2 failed, 1182 passed in 63.18s").has(kSummary));
  EXPECT_TRUE(classified("added 415 packages in 53s").has(kSummary));
  EXPECT_TRUE(classified("goroutine 7 [select]:").has(kUntilBlank));
  EXPECT_TRUE(classified("\"main\" #1 prio=5 os_prio=0 runnable").has(kUntilBlank));
}

}  // namespace
}  // namespace headroom::compress::log
