// Reads texts from standard input, each as a 32-bit little-endian length and its bytes, and writes for each of them the
// number of ids and the ids, all 32-bit little-endian. The one argument names the encoding.
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "tokens/tokenizer.h"

int main(int argc, char** argv) {
  using namespace headroom::tokens;
  const std::string_view name = argc > 1 ? argv[1] : "o200k_base";
  const BpeTokenizer& tokenizer = name == "cl100k_base" ? cl100k_base() : o200k_base();
  std::uint32_t length = 0;
  std::string text;
  while (std::fread(&length, sizeof length, 1, stdin) == 1) {
    text.resize(length);
    if (std::fread(text.data(), 1, length, stdin) != length) return 1;
    const std::vector<std::uint32_t> ids = tokenizer.encode(text);
    const auto count = static_cast<std::uint32_t>(tokenizer.count(text));
    if (count != ids.size()) {
      std::fprintf(stderr, "count() says %u, encode() gives %zu ids\n", count, ids.size());
      return 2;
    }
    std::fwrite(&count, sizeof count, 1, stdout);
    std::fwrite(ids.data(), sizeof ids[0], ids.size(), stdout);
  }
  return 0;
}
