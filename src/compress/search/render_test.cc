#include "compress/search/render.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.h"
#include "compress/marker.h"
#include "compress/testing/case.h"

namespace headroom::compress::search {
namespace {

std::string no_text(std::size_t, std::size_t, std::uint32_t) {
  return {};
}

std::string grouped(std::string_view text) {
  const Document document = scan(text);
  return render(document, Keep(document.rows.size(), Show::kGrouped), no_text);
}

TEST(Render, WritesEachFileOnce) {
  EXPECT_EQ(grouped("src/net/pool.py:12:a\nsrc/net/pool.py:77:b\nsrc/net/conn.py:3:c\n"),
            "[hits by file under src/net/]\npool.py\n12:a\n77:b\nconn.py:3:c");
}

TEST(Render, ListsNamesBelowTheirFolder) {
  EXPECT_EQ(grouped("/opt/app/core\n/opt/app/core/a.c\n/opt/app/core/b.c\n/opt/app/core/c.c\n/opt/app/x.h\n"),
            "[paths by folder under /opt/app/]\ncore/: . a.c b.c c.c\nx.h");
}

TEST(Render, NeighboursWithTheSameTextAreOneLine) {
  EXPECT_EQ(grouped("src/a.c:12:x\nsrc/a.c:77:x\nsrc/a.c:78:y\nsrc/b.c:3:z\nsrc/c.c:5:z\n"),
            "[hits by file under src/]\na.c\n12,77:x\n78:y\nb.c:3, c.c:5:z");
  std::string many;
  for (int i = 0; i < 200; ++i)
    many += "lib/file" + std::to_string(i) + ".py:" + std::to_string(i % 7) + ":import os\n";
  EXPECT_EQ(expand(grouped(many)) + "\n", many);
}

TEST(Render, ContextBelongsToItsFile) {
  const std::string text = "a/b-c.c-7-x\na/b-c.c:8:y\na/b-c.c-9-z\n--\na/b-c.c:20:y\n";
  EXPECT_EQ(expand(grouped(text)), text.substr(0, text.size() - 1));
  EXPECT_NE(grouped(text).find("\n7-x\n8:y\n9-z\n--\n20:y"), std::string::npos);
}

/// Outputs of tools that never were, hostile names among them.
class Generated {
 public:
  explicit Generated(unsigned seed) : random_(seed) {}

  std::string text() {
    std::string out;
    const int form = pick(4);
    const std::size_t n = static_cast<std::size_t>(pick(40)) + 1;
    std::string path = name();
    for (std::size_t i = 0; i < n; ++i) {
      if (pick(3) == 0) path = name();
      switch (pick(20)) {
        case 0:
          out += "--";
          break;
        case 1:
          break;
        case 2:
          out += piece();
          break;
        default:
          out += path;
          if (form == 0) out += ":" + std::to_string(pick(300)) + ":" + piece();
          if (form == 1) out += (pick(2) != 0 ? "-" : ":") + std::to_string(pick(300)) + "-" + piece();
          if (form == 2) out += ":" + piece();
      }
      out += '\n';
    }
    if (pick(2) == 0) out.pop_back();
    return out;
  }

  Keep keep(std::size_t rows) {
    Keep out(rows, Show::kGrouped);
    for (std::size_t i = 0; i < rows; ++i) out[i] = static_cast<Show>(pick(3));
    return out;
  }

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  std::string name() {
    std::string out;
    for (int depth = pick(4); depth >= 0; --depth) {
      out += part();
      if (depth > 0) out += pick(9) == 0 ? "\\" : "/";
    }
    return out;
  }
  std::string part() {
    static constexpr const char* kParts[] = {"src", "a.c",  ".",  "..", "12:", "x y", "b-7-c", "7",   "",
                                             "[n]", "C:\\", "--", "./", ": ",  "<<",  "lib",   "e.py"};
    return kParts[pick(17)];
  }
  std::string piece() {
    static constexpr const char* kPieces[] = {"",     "x = 1", "--",  " y", ":3:", "-9-", "a/b.c:7:q", "/: z",
                                              "a.c:", "a/",    "[x]", "\t", "<<",  "7:",  "text\r"};
    return kPieces[pick(15)];
  }

  std::mt19937 random_;
};

TEST(Render, PartsTileWhateverIsLeftOut) {
  std::size_t exact = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    Generated generated(seed);
    const std::string text = generated.text();
    if (text.empty() || has_gap_line(text) || text.starts_with("[")) continue;
    const Document document = scan(text);
    std::string all = render(document, Keep(document.rows.size(), Show::kGrouped), no_text);
    if (document.final_newline) all.push_back('\n');
    exact += expand(all) == text;
    EXPECT_EQ(expand(all), text) << seed << "\n" << all;
    if (HasFailure()) break;
    const std::string some = render(document, generated.keep(document.rows.size()), no_text) + "\n";
    testing::expect_tiles(text, expand(some), std::to_string(seed) + "\n" + some);
    if (HasFailure()) break;
  }
  EXPECT_GT(exact, 2000u);
}

}  // namespace
}  // namespace headroom::compress::search
