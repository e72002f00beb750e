#include "compress/xml/row_fold.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace headroom::compress::xml {
namespace {

std::string cases(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) {
    const std::string k = std::to_string(i);
    text += "    <case group=\"sluices\" name=\"opens_" + k + "\" time=\"0.0" + k + "\"/>\n";
  }
  return text;
}

TEST(RowFold, LinesOfOneKindBecomeRowsOfTheirValues) {
  const std::string text = "<suite>\n" + cases(1, 6) + "</suite>\n";
  const auto folded = fold_rows(text, {});
  ASSERT_TRUE(folded);
  EXPECT_EQ(*folded,
            "<suite>\n"
            "<<next 5 lines give each {} of:     <case group=\"sluices\" name=\"{}\" time=\"{}\"/>>>\n"
            "opens_1|0.01\nopens_2|0.02\nopens_3|0.03\nopens_4|0.04\nopens_5|0.05\n"
            "</suite>\n");
  EXPECT_EQ(expand_rows(*folded), text);
  EXPECT_TRUE(has_rows(*folded));
}

TEST(RowFold, TextBetweenTagsIsAValue) {
  std::string text;
  for (const char* word : {"dike", "lock", "", "polder", "sluice", "weir"})
    text += std::string("<comment lang=\"en\" checked=\"by the water board\">") + word + " & more</comment>\n";
  const auto folded = fold_rows(text, {});
  ASSERT_TRUE(folded);
  EXPECT_NE(folded->find("\ndike & more\nlock & more\n & more\n"), std::string::npos) << *folded;
  EXPECT_EQ(expand_rows(*folded), text);
}

TEST(RowFold, WhatIsAskedForStaysAsItIs) {
  const std::string text = cases(10, 30);
  std::vector<std::uint8_t> asked(20, 0);
  asked[9] = 1;
  const auto folded = fold_rows(text, asked);
  ASSERT_TRUE(folded);
  EXPECT_NE(folded->find("\n    <case group=\"sluices\" name=\"opens_19\" time=\"0.019\"/>\n"), std::string::npos);
  EXPECT_EQ(expand_rows(*folded), text);
}

TEST(RowFold, WhatCannotBeToldApartAgainStays) {
  for (const char* odd : {"|", "{}", "\r"}) {
    std::string text = cases(1, 3);
    text += "    <case group=\"sluices\" name=\"" + std::string(odd) + "\" time=\"0.09\"/>\n";
    EXPECT_FALSE(fold_rows(text + cases(3, 5), {})) << odd;
    text += cases(3, 20);
    const auto folded = fold_rows(text, {});
    ASSERT_TRUE(folded) << odd;
    EXPECT_EQ(expand_rows(*folded), text) << odd;
  }
  EXPECT_FALSE(fold_rows("<<next 3 lines give each {} of: x>>\n" + cases(1, 20), {}));
}

TEST(RowFold, AnythingComesBack) {
  std::minstd_rand random(7);
  const std::string bytes = "<<>>\"\"/= abc|{}\n\n";
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    while (random() % 6 != 0) {
      const std::string line = random() % 3 == 0 ? cases(static_cast<int>(random() % 50), 51) : std::string();
      text += line;
      for (std::size_t n = random() % 24; n > 0; --n) text += bytes[random() % bytes.size()];
      if (random() % 4 == 0) text += text.substr(0, 400);
    }
    if (const auto folded = fold_rows(text, {})) {
      ASSERT_EQ(expand_rows(*folded), text);
      ASSERT_LT(folded->size(), text.size());
    }
  }
}

}  // namespace
}  // namespace headroom::compress::xml
