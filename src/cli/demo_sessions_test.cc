#include "cli/demo_sessions.h"

#include <gtest/gtest.h>

#include "base/json_document.h"

namespace headroom::cli {
namespace {

TEST(DemoSessions, AreTheSameEveryTime) {
  const auto first = demo_sessions();
  const auto second = demo_sessions();
  ASSERT_EQ(first.size(), second.size());
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].body, second[i].body);
}

TEST(DemoSessions, AreRequestsOfTheirFormatAndHoldEachNeedleInWhatToolsReturned) {
  for (const DemoSession& session : demo_sessions()) {
    SCOPED_TRACE(session.name);
    EXPECT_EQ(wire::guess_api(session.body), session.api);
    const auto conversation = wire::read_conversation(session.api, session.body);
    ASSERT_TRUE(conversation);
    std::string results;
    for (const wire::Block& block : conversation->blocks) {
      if (block.kind == wire::BlockKind::kToolResult) results += block.text;
    }
    EXPECT_GE(session.needles.size(), 2U);
    for (const std::string& needle : session.needles) EXPECT_NE(results.find(needle), std::string::npos) << needle;
  }
}

TEST(DemoSessions, TheFatalEntryIsAtPosition67Of100) {
  const DemoSession session = demo_sessions().front();
  const auto conversation = wire::read_conversation(session.api, session.body);
  ASSERT_TRUE(conversation);
  for (const wire::Block& block : conversation->blocks) {
    if (block.kind != wire::BlockKind::kToolResult) continue;
    const auto document = base::JsonDocument::parse(block.text);
    ASSERT_TRUE(document);
    int at = 0;
    for (const base::JsonNode& entry : document->children(document->root())) {
      EXPECT_EQ(document->find(entry, "severity")->text == "FATAL", at == 67) << at;
      ++at;
    }
    EXPECT_EQ(at, 100);
  }
}

}  // namespace
}  // namespace headroom::cli
