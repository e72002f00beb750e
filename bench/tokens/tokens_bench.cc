// Times count() over texts read from standard input, each as a 32-bit little-endian length and its bytes. For each
// text, writes its tokens and the CPU seconds of the fastest of several runs, one line. The one argument names the
// encoding or the model.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>

#include "tokens/tokenizer.h"

int main(int argc, char** argv) {
  using namespace headroom::tokens;
  const std::string_view name = argc > 1 ? argv[1] : "o200k_base";
  const Tokenizer& tokenizer = name == "o200k_base"    ? static_cast<const Tokenizer&>(o200k_base())
                               : name == "cl100k_base" ? cl100k_base()
                                                       : tokenizer_for_model(name);
  std::uint32_t length = 0;
  std::string text;
  while (std::fread(&length, sizeof length, 1, stdin) == 1) {
    text.resize(length);
    if (std::fread(text.data(), 1, length, stdin) != length) return 1;
    std::size_t tokens = 0;
    double fastest = 1e9, total = 0;
    for (int run = 0; run < 100 && (run < 5 || total < 0.5); ++run) {
      const std::clock_t start = std::clock();
      tokens = tokenizer.count(text);
      const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
      fastest = std::min(fastest, seconds);
      total += seconds;
    }
    std::printf("%zu %.9f\n", tokens, fastest);
  }
  return 0;
}
