#include "compress/focus/dull_lines.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "base/text.h"

namespace headroom::compress::focus {
namespace {

std::string reasons(std::string_view text, std::string question = {}) {
  const std::vector<std::string_view> lines = base::split_lines(text);
  const DullLines dull = dull_lines(lines, Query{.user = std::move(question)});
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) out += dull.why[i].empty() ? '.' : dull.why[i][0];
  return out;
}

TEST(DullLines, KeysAndCertificatesGoFromWhatTellsOfThem) {
  const std::string key =
      "Public-Key: (2048 bit)\n  Modulus:\n    00:a4:9e:ba:05:1a:b4:0f:ae:66:06:5b:2c:db:40:\n"
      "    c9:fc:3b:0e:60:05:9d:a9:b7:fd:6f:cb:6a:d3:6a:\n    46:2a:54:61:16:84:61:97:ce:44:a0:3b:83:f0:55:\n    "
      "de:17\n"
      "Exponent: 65537\n";
  EXPECT_EQ(reasons(key), "..hhhh.");
  const std::string line = "MIIDXTCCAkWgAwIBAgIUPuyL4jp5Z/kboGlXM2bdcRjYDuUwDQYJKoZIhvcNAQEL\n";
  EXPECT_EQ(reasons("-----BEGIN CERTIFICATE-----\n" + line + line + line + "-----END CERTIFICATE-----\n"), ".bbb.");
  EXPECT_EQ(reasons(line + line), "..") << "two lines are no run";
}

TEST(DullLines, WhoPrintsNothingElseWantsToSeeIt) {
  const std::string line = "MIIDXTCCAkWgAwIBAgIUPuyL4jp5Z/kboGlXM2bdcRjYDuUwDQYJKoZIhvcNAQEL\n";
  EXPECT_EQ(reasons(line + line + line + line), "....");
  const std::string bytes = "00000010: 7f 45 4c 46 02 01 01 00 00 00 00 00 00 00 00 00\n";
  EXPECT_EQ(reasons("file:\n" + bytes + bytes + bytes + "end\n"), ".....");
  EXPECT_EQ(reasons("1\n2\n3\n4\n" + bytes + bytes + bytes + "end\n"), "....hhh.");
}

TEST(DullLines, PathsNamesAndNumbersAreNoDumps) {
  std::string paths = "These folders hold no package:\n", branches = "Merged:\n", scores = "Scores:\n";
  for (int i = 1; i < 6; ++i) {
    const std::string n = std::to_string(i);
    paths += "/home/User" + n + "/projects/Frontend2/src/Components/Widget" + n + "\n";
    branches += "feature/JIRA-100" + n + "-add-Support-for-the-new-Export-Dialog\n";
    scores += "17 42 99 10 38 61 70 22 5" + n + " 83\n";
  }
  EXPECT_EQ(reasons(paths + "Done.\n"), ".......");
  EXPECT_EQ(reasons(branches + "Done.\n"), ".......");
  EXPECT_EQ(reasons("a\nb\nc\nd\n" + scores + "Final.\n"), "...........");
}

constexpr std::string_view kModulus =
    "Modulus:\n 00:a4:9e:ba:05:1a:b4:0f:ae:66:06:5b:2c:db:40:\n c9:fc:3b:0e:60:05:9d:a9:b7:fd:6f:cb:6a:d3:6a:\n"
    " 46:2a:54:61:16:84:61:97:ce:44:a0:3b:83:f0:55:\n de:17\nExponent: 65537\nVersion: 3\nSerial: 7\n";

TEST(DullLines, DigitsStayForWhoAsksForThem) {
  EXPECT_EQ(reasons(kModulus, "When does it expire?"), ".hhhh...");
  EXPECT_EQ(reasons(kModulus, "How does the modulus begin?"), "........");
  EXPECT_EQ(reasons(kModulus, "I need it in hex"), "........");
}

TEST(DullLines, FramesOfALibraryStayForWhoNamesIt) {
  constexpr std::string_view kTrace =
      "Traceback (most recent call last):\n"
      "  File \"/usr/lib/python3/dist-packages/flask/app.py\", line 2190, in wsgi_app\n"
      "    response = self.full_dispatch_request()\n"
      "  File \"/usr/lib/python3/dist-packages/flask/app.py\", line 1486, in handle_user_error\n"
      "    raise self.error\n"
      "  File \"/srv/shop/orders.py\", line 88, in create_order\n"
      "    session.commit()\n"
      "  File \"/usr/lib/python3/dist-packages/sql/orm.py\", line 553, in commit\n"
      "    return self.proxied.commit()\n"
      "  File \"/usr/lib/python3/dist-packages/sql/engine.py\", line 5, in run\n"
      "    cursor.execute()\n"
      "OperationalError: gone\n";
  EXPECT_EQ(reasons(kTrace, "Why do orders fail?"), ".ffff..ff...");
  EXPECT_EQ(reasons(kTrace, "Which function of flask catches it?"), ".......ff...");
  EXPECT_EQ(reasons(kTrace, "What calls handle_user_error?"), ".ff....ff...");
  EXPECT_EQ(reasons(kTrace, "Which line of create_order commits?"), ".ffff..ff...") << "the program has these words";
}

TEST(DullLines, FramesOfTheProgramAreTold) {
  const std::vector<std::string_view> lines = {"    #0 0x55c1 in drop /srv/list.c:11",
                                               "    #1 0x55c2 in main /srv/list.c:17",
                                               "    #2 0x7f0f in __libc_start_call_main ../sysdeps/nptl/start.h:58",
                                               "    #3 0x7f0f in __libc_start_main_impl ../csu/libc-start.c:360"};
  const DullLines dull = dull_lines(lines, {});
  EXPECT_TRUE(dull.own_frames[0]);
  EXPECT_TRUE(dull.own_frames[1]);
  EXPECT_FALSE(dull.own_frames[2]);
  EXPECT_EQ(dull.reason(2, 4), kLibraryFrames);
  EXPECT_EQ(dull.reason(1, 3), "");
}

}  // namespace
}  // namespace headroom::compress::focus
