#include "compress/log/sections.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "compress/log/classifier.h"
#include "compress/log/scanner.h"

namespace headroom::compress::log {
namespace {

std::vector<Section> sections_of(const std::string& text) {
  Document document = scan(text);
  classify(document);
  const std::vector<Template> templates = mine_templates(document);
  return find_sections(document, templates);
}

TEST(Sections, HaveIdentityTitleAndSummary) {
  std::string text;
  for (int i = 0; i < 6; ++i) {
    text +=
        fmt::format("change {:08x}f\nBy: Ana\nOn: day {}\n\n    Rework part {}\n\n a.c | 3 +\n {} files changed\n\n",
                    77777777 * (i + 1), i, i, i);
  }
  const std::vector<Section> sections = sections_of(text);
  ASSERT_EQ(sections.size(), 6u);
  EXPECT_EQ(sections[1].first, 9u);
  EXPECT_EQ(sections[1].identity_last, 11u);
  EXPECT_EQ(sections[1].title, 13u);
  EXPECT_EQ(sections[1].summary, 16u);
  EXPECT_EQ(sections[1].last, 16u);
}

TEST(Sections, LinesBetweenBlanksAreNone) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += fmt::format("note {}\n\n", i);
  EXPECT_TRUE(sections_of(text).empty());
}

}  // namespace
}  // namespace headroom::compress::log
