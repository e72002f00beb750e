#include <cstddef>
#include <cstdint>

#include "compress/prose/prose_compressor.h"
#include "compress/testing/fuzz.h"

// Holds for any bytes: no crash, and the lines and gaps of the output are the lines of the input, in order, each once.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace testing = headroom::compress::testing;
  if (size < 1) return 0;
  testing::FuzzCase c(data, size);
  const std::string once = c.text;
  for (int more = c.flags & 3; more > 0 && c.text.size() < 20000; --more) c.text += once;
  if (testing::holds_markers(c.text)) return 0;
  headroom::compress::Input input = c.input();
  input.target_tokens = c.flags >> 4;
  if ((c.flags & 8) != 0) input.profile = headroom::compress::Profile::kAggressive;
  const headroom::compress::ProseCompressor compressor;
  if (const auto out = compressor.compress(input)) {
    testing::require(out->text.find("<<ccr:") != std::string::npos);
    testing::require_tiles(c.text, testing::before_handle(out->text));
  }
  input.id = {};
  testing::require(!compressor.compress(input));
  return 0;
}
