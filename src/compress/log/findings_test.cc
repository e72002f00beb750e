#include "compress/log/findings.h"

#include <string>

#include <gtest/gtest.h>

#include "compress/log/classifier.h"
#include "compress/log/scanner.h"

namespace headroom::compress::log {
namespace {

std::vector<Finding> findings(const Document& document) {
  return find_findings(document);
}

Document read(std::string_view text) {
  Document document = scan(text);
  classify(document);
  return document;
}

TEST(Findings, StandWithTheirPlaceOrAboveIt) {
  const Document document = read(
      "S311 Standard pseudo-random generators are weak\n"
      "  --> app/token.py:69:16\n"
      "   |\n"
      "69 |     return random()\n"
      "   |\n"
      "\n"
      "src/a.c:7:3: error: no member named 'x'\n"
      "    a.x\n"
      "\n"
      ">> Issue: [B602:shell] call with shell\n"
      "   Severity: Low\n"
      "   Location: app/run.py:91:14\n"
      "90  x\n");
  const std::vector<Finding> found = findings(document);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].place, "app/token.py:69");
  EXPECT_EQ(code_of(found[0].what), "S311");
  EXPECT_EQ(found[0].head, 0U);
  EXPECT_EQ(found[0].where, 1U);
  EXPECT_EQ(found[0].last, 4U);
  EXPECT_EQ(found[1].what, "error: no member named 'x'");
  EXPECT_EQ(found[1].last, 7U);
  EXPECT_EQ(code_of(found[2].what), "B602");
  EXPECT_EQ(found[2].place, "app/run.py:91");
}

TEST(Findings, OfAKindDifferInWhatTheyQuote) {
  const Document document = read(
      "a.ts:1:2: error TS2304: Cannot find name 'Foo'.\n"
      "a.ts:4:2: error TS2304: Cannot find name 'Bar'.\n"
      "a.ts:5:2: error: no case for `One`\n"
      "a.ts:6:2: error: no case for `Other`\n"
      "a.ts:7:2: error: no room for `Other`\n");
  const std::vector<Finding> found = findings(document);
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(found[0].kind, found[1].kind);
  EXPECT_EQ(found[2].kind, found[3].kind);
  EXPECT_NE(found[3].kind, found[4].kind);
}

TEST(Findings, AreNoFramesAndNoRemarks) {
  const Document document = read(
      "error[E0502]: cannot borrow\n"
      " --> src/a.rs:4:5\n"
      "note: required here\n"
      " --> /rustc/library/core.rs:416:18\n"
      "\t/usr/local/go/src/testing/testing.go:1974 +0x232\n"
      "listening on 10.0.0.1:80\n");
  ASSERT_EQ(findings(document).size(), 1U);
  EXPECT_EQ(code_of("error[E0502]: cannot borrow"), "E0502");
  EXPECT_EQ(code_of("expected 3 arguments"), "");
}

}  // namespace
}  // namespace headroom::compress::log
