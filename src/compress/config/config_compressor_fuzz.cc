#include <cstddef>
#include <cstdint>

#include "compress/config/config_compressor.h"
#include "compress/focus/repeat_lines.h"
#include "compress/testing/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return headroom::compress::testing::fuzz_lines(headroom::compress::ConfigCompressor(),
                                                 headroom::compress::focus::expand_lines, data, size);
}
