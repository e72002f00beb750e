// Any bytes: encoding gives ids that decode to the same bytes, and counting agrees with it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tokens/estimate.h"
#include "tokens/tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace headroom::tokens;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const BpeTokenizer* tokenizer : {&o200k_base(), &cl100k_base()}) {
    const auto ids = tokenizer->encode(text);
    if (tokenizer->count(text) != ids.size() || tokenizer->decode(ids) != text) std::abort();
  }
  if (claude_estimate().count(text) == 0 && size != 0) std::abort();
  return 0;
}
