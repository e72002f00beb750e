#include <cstddef>
#include <cstdint>

#include "compress/table/expand.h"
#include "compress/table/field_records.h"
#include "compress/table/table_compressor.h"
#include "compress/testing/fuzz.h"

// Holds for any bytes: no crash; lines and gaps of a lossy output tile the input; without an id the exact input comes
// back.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace testing = headroom::compress::testing;
  if (size < 1) return 0;
  testing::FuzzCase c(data, size);
  if ((c.flags & 1) != 0) c.text += c.text;
  if (testing::holds_markers(c.text)) return 0;
  headroom::compress::Input input = c.input();
  input.target_tokens = c.flags >> 4;
  const headroom::compress::TableCompressor compressor;
  const auto lossy = compressor.compress(input);
  // What is no table after all goes to the log compressor, which has a target of its own.
  const auto ours = [](const auto& out) { return out && out->strategy.starts_with("table"); };
  if (ours(lossy) && lossy->lossy) testing::require_tiles(c.text, testing::before_handle(lossy->text));
  input.id = {};
  if (const auto out = compressor.compress(input); ours(out)) {
    const auto back = headroom::compress::table::expand(out->text);
    testing::require(back && *back == c.text);
  }
  (void)headroom::compress::table::expand(c.text);
  if (const auto rows = headroom::compress::table::fields_to_columns(c.text)) {
    const auto back = headroom::compress::table::columns_to_fields(*rows);
    testing::require(back && *back == c.text);
  }
  (void)headroom::compress::table::columns_to_fields(c.text);
  return 0;
}
