#include <cstddef>
#include <cstdint>

#include "compress/diff/diff_compressor.h"
#include "compress/diff/exact.h"
#include "compress/testing/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return headroom::compress::testing::fuzz_lines(headroom::compress::DiffCompressor(),
                                                 headroom::compress::diff::expand_exact, data, size);
}
