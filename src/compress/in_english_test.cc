#include "compress/in_english.h"

#include <gtest/gtest.h>

namespace headroom::compress {
namespace {

TEST(InEnglish, LeavesEnglish) {
  for (const std::string_view text :
       {"Which port does the server listen on?", "port?", "The café's order 7 failed. Why?", "", "fix it",
        "Where is `die()` called, and what was the exit code?"}) {
    EXPECT_EQ(in_english(text).text, text);
  }
}

TEST(InEnglish, German) {
  const EnglishQuestion read = in_english("warum liefert /api/orders 503?");
  EXPECT_EQ(read.text, "why returns /api/orders 503?");
  EXPECT_EQ(read.replaced, "warum liefert");
  EXPECT_EQ(read.about("GET /api/orders 503"), read.text);
  EXPECT_EQ(read.about("Der Dienst liefert nichts"), "why returns /api/orders 503?\nliefert");
}

TEST(InEnglish, WordsOfOtherLanguages) {
  const auto reads = [](std::string_view question) { return in_english(question).text; };
  EXPECT_EQ(reads("Welches Deployment hat am längsten gedauert?"), "which Deployment longest took?");
  EXPECT_EQ(reads("¿Qué pruebas fallan?"), "which test failed?");
  EXPECT_EQ(reads("en que puerto escucha search?"), "which port listen search?");
  EXPECT_EQ(reads("L'erreur vient d'où ? y a-t-il un timeout ?"), "error vient? is there timeout?");
  EXPECT_EQ(reads("哪个订单退款了？"), "which order refunded refund?");
  EXPECT_EQ(reads("Nach wie vielen Stunden läuft eine Session ab?"), "how many hours expires session?");
  EXPECT_EQ(reads("Wie viel Speicher darf search hoechstens haben?"), "how many memory allowed search maximum?");
  // What is asked for goes where English has it.
  EXPECT_EQ(reads("socketserver.py 的超时是多少秒？"), "how many seconds socketserver.py timeout?");
  EXPECT_EQ(reads("test_x はなぜ失敗するの？"), "why failed test_x?");
}

TEST(InEnglish, TypingErrors) {
  EXPECT_EQ(in_english("que pedido fue reenbolsado?").text, "which order refunded refund?");
  EXPECT_EQ(in_english("porque fallo la inportacion?").text, in_english("¿Por qué falló la importación?").text);
}

TEST(InEnglish, WordsThatAreJoined) {
  EXPECT_EQ(in_english("Wo ist die Fehlerzeile?").text, "where error line?");
  EXPECT_EQ(in_english("Fix the bug. Der Fehler kommt von der orders-Datenbank.").text,
            "Fix the bug. error kommt orders database.");
}

TEST(InEnglish, NamesAndQuotesStay) {
  EXPECT_EQ(in_english("Wo wird \"die Zeile\" in `der_das` von BufferedClient gesetzt?").text,
            "where \"die Zeile\" `der_das` BufferedClient set?");
}

TEST(InEnglish, ChangesAreAskedFor) {
  EXPECT_EQ(in_english("Behebe den Fehler in `parse.py`.").text, "please fix error `parse.py`.");
  EXPECT_EQ(in_english("请修复这个 bug").text, "please fix bug");
  // A question about a change is none.
  EXPECT_EQ(in_english("Wie kann ich die Spalte umbenennen?").text, "how column umbenennen?");
}

}  // namespace
}  // namespace headroom::compress
