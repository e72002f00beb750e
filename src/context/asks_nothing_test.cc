#include "context/asks_nothing.h"

#include <gtest/gtest.h>

namespace headroom::context {
namespace {

TEST(AsksNothing, LeavesTheQuestion) {
  for (const std::string_view text : {"go on",
                                      "yes, do it",
                                      "Yes, staging is fine.",
                                      "ok weiter",
                                      "OK",
                                      "please continue",
                                      "ja, mach",
                                      "好的",
                                      "yep, please continue",
                                      "sí",
                                      "next",
                                      "the second one",
                                      "2",
                                      "option 1",
                                      "try again",
                                      "Why?",
                                      "Continue from where you left off.",
                                      "and the api?",
                                      "no, look in the other file",
                                      "wrong host, use web-2",
                                      "What about staging?"})
    EXPECT_TRUE(leaves_question(text)) << text;
  for (const std::string_view text : {"", "yes, but which port?", "ok, now show the invoices of March", "503",
                                      "the second invoice", "good, then list all users", "Rename it to total"})
    EXPECT_FALSE(leaves_question(text)) << text;
}

TEST(AsksNothing, AnswersLeaveTheQuestion) {
  EXPECT_TRUE(leaves_question("the one in staging", true));
  EXPECT_FALSE(leaves_question("the one in staging"));
  EXPECT_FALSE(leaves_question("staging. Which version runs there?", true));
  EXPECT_FALSE(leaves_question("staging, and list its pods", true));
}

TEST(AsksNothing, NamesNothing) {
  for (const std::string_view text :
       {"fix it", "Please try again.", "do it", "can you fix this?", "why?", "help me", ""})
    EXPECT_TRUE(names_nothing(text)) << text;
  for (const std::string_view text : {"fix the login", "port?", "slowest", "503?", "Fix issue 7"})
    EXPECT_FALSE(names_nothing(text)) << text;
}

}  // namespace
}  // namespace headroom::context
