#include "compress/log/records.h"

#include <gtest/gtest.h>

#include "compress/log/classifier.h"
#include "compress/log/scanner.h"
#include "compress/log/templates.h"

namespace headroom::compress::log {
namespace {

struct Parsed {
  explicit Parsed(std::string text) : bytes(std::move(text)), document(scan(bytes)) {
    classify(document);
    mine_templates(document);
    records = group_records(document);
  }
  /// "1-4 5" for records of lines 1 to 4 and 5.
  std::string shape() const {
    std::string out;
    for (const Record& r : records) {
      out += (out.empty() ? "" : " ") + std::to_string(r.first + 1);
      if (r.last != r.first) out += "-" + std::to_string(r.last + 1);
    }
    return out;
  }
  std::string bytes;
  Document document;
  std::vector<Record> records;
};

TEST(Records, StackTraceBelongsToItsEntry) {
  const Parsed p(
      "10:00:01 INFO a\n10:00:02 ERROR b\njava.lang.Exception: x\n\tat A.b(A.java:1)\nCaused by: java.io.IOException: "
      "y\n"
      "\t... 2 more\n10:00:03 INFO c\n10:00:04 INFO d\n10:00:05 INFO e\n10:00:06 INFO f\n");
  EXPECT_EQ(p.shape(), "1 2-6 7 8 9 10");
  EXPECT_EQ(p.records[1].level, Level::kError);
}

TEST(Records, TracebackEndsWithItsException) {
  EXPECT_EQ(
      Parsed("start\nTraceback (most recent call last):\n  File \"a.py\", line 1, in f\n    g()\nKeyError: 'x'\nnext\n")
          .shape(),
      "1 2-5 6");
}

TEST(Records, DiagnosticKeepsItsExcerpt) {
  EXPECT_EQ(
      Parsed("error[E0502]: cannot borrow\n  --> a.rs:1:2\n   |\n12 |  let x;\n   |      ^\n\nerror: next\n").shape(),
      "1-5 6 7");
}

TEST(Records, ThreadOfADumpRunsToTheBlankLine) {
  EXPECT_EQ(Parsed("\"main\" #1 prio=5 runnable\n   java.lang.Thread.State: RUNNABLE\n\tat A.b(A.java:1)\n\n\"w\" #2 "
                   "prio=5 waiting\n\tat C\n")
                .shape(),
            "1-3 4 5-6");
  EXPECT_EQ(Parsed("goroutine 1 [running]:\nmain.f(...)\n\t/a.go:6\nmain.main()\n\t/a.go:9\n\nexit status 2\n").shape(),
            "1-5 6 7");
}

TEST(Records, ListUnderAHeadIsBrokenUp) {
  std::string text = "/src/a.js\n";
  for (int i = 0; i < 20; ++i) text += "  " + std::to_string(i) + ":1  warning  Unexpected var  no-var\n";
  const Parsed p(text);
  EXPECT_EQ(p.records.size(), 21u);
}

TEST(Parents, AreTheLessIndentedLineOrTheHeading) {
  const Parsed p("=== A section ===\nhead\n  child\n    leaf\n  other\nplain\n");
  const std::vector<std::uint32_t> parent = parents(p.document);
  EXPECT_EQ(parent, (std::vector<std::uint32_t>{0, 0, 1, 2, 1, 0}));
}

}  // namespace
}  // namespace headroom::compress::log
