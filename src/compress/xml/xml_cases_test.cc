#include <random>
#include <string>

#include <gtest/gtest.h>

#include "compress/focus/repeat_lines.h"
#include "compress/marker.h"
#include "compress/testing/case.h"
#include "compress/xml/document.h"
#include "compress/xml/render.h"
#include "compress/xml/row_fold.h"
#include "compress/xml/xml_compressor.h"

namespace headroom::compress {
namespace {

/// Back from what was written without loss.
std::string exact(std::string_view output) {
  const bool values = output.find(" lines give each {} of: ") != std::string_view::npos;
  return values ? xml::expand_rows(output) : focus::expand_lines(output);
}

/// Gaps of lines stay where they are, those of elements are filled.
std::string unfold(std::string_view output, std::string_view original) {
  const std::size_t handle = output.rfind("<!-- <<ccr:");
  if (handle == std::string_view::npos) return exact(output);
  const std::string_view shown = output.substr(0, handle);
  const bool elements = output.find("gaps count elements", handle) != std::string_view::npos;
  return elements ? xml::fill_gaps(shown, original) : std::string(shown);
}

TEST(XmlCases, Hold) {
  const XmlCompressor compressor;
  for (const testing::Case& c : testing::read_cases("compress/xml")) {
    testing::check_case(compressor, c, detect::ContentType::kXml,
                        [&](std::string_view output) { return unfold(output, c.text); });
  }
}

TEST(XmlCases, StayXml) {
  const XmlCompressor compressor;
  for (const testing::Case& c : testing::read_cases("compress/xml")) {
    const auto out = compressor.compress(testing::input_of(c, detect::ContentType::kXml, "0123456789abcdef01234567"));
    if (!out || !out->lossy || !xml::read_document(c.text).whole) continue;
    EXPECT_TRUE(xml::read_document(out->text).whole) << c.name;
  }
}

/// Bytes of the cases changed, cut and doubled: what is left out is still what the gaps say.
TEST(XmlCases, HoldAsMuchWhenDamaged) {
  const XmlCompressor compressor;
  std::minstd_rand random(20261125);
  for (const testing::Case& c : testing::read_cases("compress/xml")) {
    for (int round = 0; round < 12; ++round) {
      std::string text = c.text;
      for (int edits = 0; edits <= round % 4; ++edits) {
        const std::size_t at = random() % text.size();
        if (round % 3 == 0) text[at] = "<>/&\"'\n x"[random() % 10];
        if (round % 3 == 1) text.erase(at, random() % 200);
        if (round % 3 == 2) text.insert(at, text.substr(random() % text.size(), random() % 3000));
      }
      if (has_gap_line(text)) continue;
      const auto out = compressor.compress(
          {.text = text, .query = c.query, .tokenizer = tokens::o200k_base(), .id = "0123456789abcdef01234567"});
      if (out) testing::expect_tiles(text, unfold(out->text, text), c.name + " damaged");
      const auto exact = compressor.compress({.text = text, .query = c.query, .tokenizer = tokens::o200k_base()});
      if (exact) {
        EXPECT_EQ(headroom::compress::exact(exact->text), text) << c.name;
      }
    }
  }
}

std::string report(int cases, int failing, const char* line_break) {
  std::string text = std::string("<testsuite name=\"fees\">") + line_break;
  for (int i = 0; i < cases; ++i) {
    text +=
        "<testcase classname=\"test_fees\" name=\"fee[" + std::to_string(i) + "]\" time=\"0.00" + std::to_string(i % 7);
    text += i % (cases / failing) == 3 ? "\"><failure message=\"assert " + std::to_string(i) + " == 13\"/></testcase>"
                                       : std::string("\"/>");
    text += line_break;
  }
  return text + "</testsuite>\n";
}

TEST(XmlCompressor, EveryFailureStays) {
  for (const char* line_break : {"\n", ""}) {
    for (const int failing : {1, 20, 60}) {
      const std::string text = report(600, failing, line_break);
      const Query query{.user = "Did it pass?"};
      const auto out = XmlCompressor().compress(
          {.text = text, .query = query, .tokenizer = tokens::o200k_base(), .id = "0123456789abcdef01234567"});
      ASSERT_TRUE(out.has_value());
      EXPECT_EQ(out->strategy, *line_break == 0 ? "xml:elements" : "xml:rows");
      for (int i = 3; i < 600; i += 600 / failing)
        EXPECT_NE(out->text.find("assert " + std::to_string(i) + " == 13"), std::string::npos) << i;
      EXPECT_LT(out->records_kept, 140u);
      EXPECT_LT(out->text.size() * 2, text.size());
    }
  }
}

TEST(XmlCompressor, ManyFailuresAreShownByKindUnlessAskedFor) {
  const std::string text = report(600, 150, "\n");
  Query query{.user = "Did it pass?"};
  const Input input{.text = text, .query = query, .tokenizer = tokens::o200k_base(), .id = "0123456789abcdef01234567"};
  const auto some = XmlCompressor().compress(input);
  ASSERT_TRUE(some.has_value());
  EXPECT_LT(some->records_kept, 100u);
  query.user = "List all tests that fail";
  const auto all = XmlCompressor().compress(input);
  ASSERT_TRUE(all.has_value());
  for (int i = 3; i < 600; i += 4) EXPECT_NE(all->text.find("assert " + std::to_string(i) + " == "), std::string::npos);
}

}  // namespace
}  // namespace headroom::compress
