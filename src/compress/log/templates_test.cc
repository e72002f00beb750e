#include "compress/log/templates.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "compress/log/classifier.h"
#include "compress/log/scanner.h"
#include "compress/log/slots.h"

namespace headroom::compress::log {
namespace {

struct Mined {
  explicit Mined(std::string text) : bytes(std::move(text)), document(scan(bytes)) {
    classify(document);
    templates = mine_templates(document);
  }
  std::string bytes;
  Document document;
  std::vector<Template> templates;  // [0] stands for blank lines
};

TEST(Templates, LinesThatDifferInValuesShareOne) {
  std::string text;
  for (int i = 0; i < 30; ++i)
    text += fmt::format("2026-04-02 09:00:{:02} INFO worker {} took {}ms on /q/{}\n", i, i % 4, i * 3, i);
  const Mined m(text);
  ASSERT_EQ(m.templates.size(), 2u);
  EXPECT_EQ(m.templates[1].count, 30u);
  EXPECT_EQ(template_text(m.document, m.templates[1], 200), "worker # took # on /q/#");
}

TEST(Templates, NamesThatVaryMergeInACrowd) {
  std::string text;
  for (const char* name : {"serde", "tokio", "hyper", "regex", "syn", "quote", "rand", "bytes", "tracing", "futures",
                           "clap", "http", "url", "time", "log", "anyhow"}) {
    text += fmt::format("   Compiling {} v1.2.3\n", name);
  }
  const Mined m(text);
  ASSERT_EQ(m.templates.size(), 2u);
  EXPECT_EQ(template_text(m.document, m.templates[1], 200), "Compiling # v#.#.#");
}

TEST(Templates, LevelsNeverMerge) {
  const Mined m("INFO job 1 left the queue of host a\nERROR job 2 left the queue of host a\n");
  EXPECT_EQ(m.templates.size(), 3u);
}

TEST(Slots, KnowRangeOddValueAndEnds) {
  std::string text;
  for (int i = 0; i < 100; ++i) {
    text += fmt::format("GET from 10.1.{}.{} status={} took={}ms\n", i % 9, i, i == 40 ? 503 : 200,
                        i == 70 ? 9000 : i % 20 + 1);
  }
  text += "GET from 172.16.0.4 status=200 took=3ms\n";
  const Mined m(text);
  const auto all = collect_slots(m.document, m.templates, 8);
  ASSERT_EQ(all.size(), 1u);
  ASSERT_EQ(all[0].slots.size(), 3u);
  const Slot& address = all[0].slots[0];
  EXPECT_TRUE(address.many);
  ASSERT_EQ(address.heads.size(), 2u);
  EXPECT_EQ(address.heads[1].text, "172");
  const Slot& status = all[0].slots[1];
  EXPECT_EQ(status.name, "status");
  ASSERT_EQ(status.values.size(), 2u);
  EXPECT_EQ(status.values[1].text, "503");
  EXPECT_EQ(status.values[1].first, 40u);
  const Slot& took = all[0].slots[2];
  EXPECT_TRUE(took.measure);
  EXPECT_EQ(took.max_line, 70u);
  EXPECT_DOUBLE_EQ(took.max.value, 9.0);
}

}  // namespace
}  // namespace headroom::compress::log
