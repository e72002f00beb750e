#include <cstddef>
#include <cstdint>

#include "compress/focus/repeat_lines.h"
#include "compress/testing/fuzz.h"
#include "compress/xml/render.h"
#include "compress/xml/row_fold.h"
#include "compress/xml/xml_compressor.h"

namespace {

using namespace headroom::compress;

/// Gaps of lines as fuzz targets of lines read them.
std::string bare_gaps(std::string_view out) {
  std::string bare;
  std::size_t at = 0;
  for (const Gap& gap : find_gaps(out)) {
    const std::size_t begin = out.rfind("<!-- ", gap.at);
    const std::size_t end = out.find(" -->", gap.at);
    bare.append(out.substr(at, begin - at)).append(out.substr(gap.at, gap.length));
    at = end + 4;
  }
  return bare.append(out.substr(at));
}

/// Back from what was written without loss.
std::string exact(const Output& out) {
  return out.strategy == "xml:values" ? xml::expand_rows(out.text) : focus::expand_lines(out.text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  testing::FuzzCase c(data, size);
  std::string& text = c.text;
  for (int doubled = c.flags & 3; doubled > 0; --doubled) text += text.substr(0, 20000);
  if (testing::holds_markers(text)) return 0;
  Input input = c.input();
  if ((c.flags & 4) != 0) input.profile = Profile::kAggressive;
  if ((c.flags & 8) != 0) input.target_tokens = 50;
  if (const auto out = XmlCompressor().compress(input)) {
    std::string_view shown = out->text;
    if (out->lossy) shown = shown.substr(0, shown.rfind("<!-- <<ccr:"));
    if (out->strategy == "xml:elements") {
      const std::string back = xml::fill_gaps(shown, text);
      testing::require(back == text || back == text + "\n");
    } else if (out->lossy) {
      testing::require_tiles(text, bare_gaps(shown));
    } else {
      testing::require(exact(*out) == text);
    }
  }
  input.id = {};
  if (const auto out = XmlCompressor().compress(input)) testing::require(exact(*out) == text);
  return 0;
}
