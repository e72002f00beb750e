#include "compress/text/page_marks.h"

#include <gtest/gtest.h>

namespace headroom::compress::text {
namespace {

TEST(PageMarks, OnlyWhatCanBeActedOnKeepsItsReference) {
  const auto out = without_marks(
      "- main [ref=e14]:\n  - list [ref=e16]:\n    - listitem [ref=e17]:\n"
      "      - link \"Shop\" [ref=e8] [cursor=pointer]:\n        - /url: /shop\n"
      "  - generic [ref=e20] [cursor=pointer]: Menu\n  - textbox \"Street\" [ref=e25]: Landstrasse 12\n"
      "  - paragraph [ref=e28]: Five digits are needed.\n  - button \"Go [ref=x]\" [disabled] [ref=e34] "
      "[cursor=pointer]\n");
  ASSERT_TRUE(out);
  EXPECT_EQ(out->text,
            "- main:\n  - list:\n    - listitem:\n      - link \"Shop\" [ref=e8]:\n        - /url: /shop\n"
            "  - generic [ref=e20] [cursor=pointer]: Menu\n  - textbox \"Street\" [ref=e25]: Landstrasse 12\n"
            "  - paragraph: Five digits are needed.\n  - button \"Go [ref=x]\" [disabled] [ref=e34]\n");
  EXPECT_EQ(out->what, "references of 4 nodes that only hold others and 2 pointers of links and buttons taken out");
}

TEST(PageMarks, AFewAreNotWorthIt) {
  EXPECT_FALSE(
      without_marks("- button \"Save the whole of the document\" [ref=e2]\n- generic [ref=e1]: a long text, in "
                    "which everything is said that there is to say about it, and then some more words\n"
                    "- heading \"Orders of the week\" [ref=e3]\n- heading \"Orders of last week\" [ref=e4]\n"));
}

}  // namespace
}  // namespace headroom::compress::text
