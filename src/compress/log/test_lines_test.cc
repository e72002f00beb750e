#include "compress/log/test_lines.h"

#include <gtest/gtest.h>

#include "compress/log/scanner.h"

namespace headroom::compress::log {
namespace {

TEST(TestLines, PassedTestsAreToldBesideFailedOnes) {
  const std::string_view some =
      "  ✓ adds (2 ms)\n  ✓ sums\n  ✕ removes (3 ms)\n  ✓ empties\n  ✓ keeps order\ntests/a.py::b PASSED\n";
  const std::vector<bool> passed = passed_tests(scan(some));
  EXPECT_EQ(passed, (std::vector<bool>{true, true, false, true, true, true}));
  const std::string_view all = "  ✓ adds (2 ms)\n  ✓ sums\n  ✓ empties\n  ✓ keeps order\n";
  EXPECT_EQ(passed_tests(scan(all)), std::vector<bool>(4, false));
}

TEST(TestLines, LinesThatDifferAndThePlace) {
  const std::string_view text =
      "    - Expected  - 2\n"
      "    + Received  + 1\n"
      "\n"
      "      Object {\n"
      "    -   \"price\": 7,\n"
      "    -   \"qty\": 1,\n"
      "    +   \"price\": 9,\n"
      "      }\n"
      "\n"
      "      at Object.toEqual (cart.test.js:21:72)\n"
      "      at run (runner.js:1:1)\n";
  EXPECT_EQ(compared_lines(scan(text)), (std::vector<std::uint32_t>{1, 4, 5, 6, 9}));
  EXPECT_TRUE(compared_lines(scan("+ actual - expected\n\n+ 1\n- 2\n---\n")).empty());
}

}  // namespace
}  // namespace headroom::compress::log
