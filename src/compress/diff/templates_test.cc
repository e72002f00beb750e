#include "compress/diff/templates.h"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace headroom::compress::diff {
namespace {

std::string file(const std::string& path, const std::string& removed, const std::string& added) {
  return fmt::format("--- a/{0}\n+++ b/{0}\n@@ -1 +1 @@\n-{1}\n+{2}\n", path, removed, added);
}

TEST(DiffTemplates, TheSameReplacementWhereverItStands) {
  const std::string text =
      file("a", "x = get_user(1)", "x = fetch_user(1)") + file("b", "  return get_user(y)", "  return fetch_user(y)") +
      file("c", "get_user(get_user(z))", "fetch_user(fetch_user(z))") + file("d", "if a > 1:", "if a > 2:");
  const Document d = read_document(text);
  const Templates t = find_templates(d, 3);
  ASSERT_EQ(t.all.size(), 1u);
  EXPECT_EQ(t.all[0].text, "get_user -> fetch_user");
  EXPECT_EQ(t.all[0].runs, (std::vector<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(t.of_run[3], kNoTemplate);
}

TEST(DiffTemplates, NumbersThatAreNewAreNoTemplate) {
  std::string text;
  for (int i = 0; i < 6; ++i) text += file("a", "limit = 10", fmt::format("limit = {}", 20 + i));
  EXPECT_TRUE(find_templates(read_document(text), 3).all.empty());
}

TEST(DiffTemplates, NamesOfThePlaceAreBlurred) {
  std::string text;
  for (const char* name : {"orders", "carts", "users", "notes"})
    text += file(fmt::format("k8s/{}.yaml", name), "account: default", fmt::format("account: {}", name));
  const Document d = read_document(text);
  const Templates t = find_templates(d, 3);
  ASSERT_EQ(t.all.size(), 1u);
  EXPECT_EQ(t.all[0].runs.size(), 4u);
}

TEST(DiffTemplates, AMemberThatSpeaksOfAGuardDeviates) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += file("a", fmt::format("log.info(a{})", i), fmt::format("log.debug(a{})", i));
  text += file("a", "log.info(password)", "log.debug(password)");
  const Document d = read_document(text);
  const Templates t = find_templates(d, 4);
  ASSERT_EQ(t.all.size(), 1u);
  const auto deviates = deviating_runs(d, t);
  EXPECT_EQ(deviates[20], 1);
  EXPECT_EQ(deviates[3], 0);
}

}  // namespace
}  // namespace headroom::compress::diff
