#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/text.h"
#include "compress/html/html_compressor.h"
#include "compress/html/testing/words.h"
#include "compress/marker.h"
#include "compress/testing/case.h"

namespace headroom::compress {
namespace {

using testing::Case;

double saved_percent(std::string_view before, std::string_view after) {
  const tokens::Tokenizer& tokenizer = tokens::o200k_base();
  return 100 * (1 - static_cast<double>(tokenizer.count(after)) / static_cast<double>(tokenizer.count(before)));
}

void check(const HtmlCompressor& compressor, const Case& c) {
  const std::string id = base::content_id(c.text);
  const Input input = testing::input_of(c, detect::ContentType::kHtml, id);
  EXPECT_FALSE(compressor.compress(testing::input_of(c, detect::ContentType::kHtml, {}))) << c.name;
  const auto out = compressor.compress(input);
  if (!out) {
    EXPECT_LE(c.floor, 0) << c.name << " was not compressed";
    return;
  }
  for (const std::string& need : c.needs)
    EXPECT_NE(out->text.find(need), std::string::npos) << c.name << " lost: " << need;
  for (const std::string& never : c.nevers)
    EXPECT_EQ(out->text.find(never), std::string::npos) << c.name << " kept: " << never;
  EXPECT_GE(saved_percent(c.text, out->text), c.floor) << c.name;
  EXPECT_TRUE(out->lossy) << c.name;
  EXPECT_EQ(marker_ids(out->text), std::vector<std::string>{id}) << c.name;
  EXPECT_LE(out->records_kept, out->records_before) << c.name;
  const auto again = compressor.compress(input);
  EXPECT_TRUE(again && again->text == out->text) << c.name << " differs the second time";
  EXPECT_EQ(html::testing::first_foreign_word(c.text, out->text), "") << c.name << ": no word of the page at its place";
}

TEST(HtmlCases, Hold) {
  const HtmlCompressor compressor;
  const std::vector<Case> cases = testing::read_cases("compress/html");
  ASSERT_GE(cases.size(), 15U);
  for (const Case& c : cases) check(compressor, c);
}

/// Whatever part of a page a tool prints, its words come out as they are, in order.
TEST(HtmlCases, AnyPartOfAPage) {
  const HtmlCompressor compressor;
  for (const Case& c : testing::read_cases("compress/html")) {
    for (std::size_t k = 1; k < 12; ++k) {
      Case part = c;
      const std::size_t from = c.text.size() * (k % 4) / 12;
      part.text = c.text.substr(from, c.text.size() * k / 12 - from);
      const auto out =
          compressor.compress(testing::input_of(part, detect::ContentType::kHtml, base::content_id(part.text)));
      if (!out) continue;
      EXPECT_EQ(html::testing::first_foreign_word(part.text, out->text), "") << c.name << " part " << k;
      EXPECT_LT(out->text.size(), part.text.size()) << c.name;
    }
  }
}

}  // namespace
}  // namespace headroom::compress
