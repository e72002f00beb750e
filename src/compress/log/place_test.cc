#include "compress/log/place.h"

#include <gtest/gtest.h>

#include "compress/log/scanner.h"

namespace headroom::compress::log {
namespace {

std::string place(std::string_view text) {
  const Document document = scan(text);
  return std::string(place_of(document, document.lines[0]));
}

TEST(Place, IsReadInTheUsualForms) {
  EXPECT_EQ(place("src/a.c:7:3: error: no"), "src/a.c:7");
  EXPECT_EQ(place("src/cart.ts(4,65): error TS2339: no"), "src/cart.ts(4,65)");
  EXPECT_EQ(place("   --> src/main.rs:12:9"), "src/main.rs:12");
}

TEST(Place, IsNotSeenElsewhere) {
  EXPECT_EQ(place("connected to 10.0.0.1:5432"), "");
  EXPECT_EQ(place("10.0.0.1:5432 refused"), "");
  EXPECT_EQ(place("see src/a.c:7"), "");
}

}  // namespace
}  // namespace headroom::compress::log
