#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_document.h"
#include "base/json_string.h"
#include "base/splice.h"

using headroom::base::Edit;
using headroom::base::JsonDocument;
using headroom::base::JsonKind;

/// Whatever parses keeps its bytes under a splice of no edits, and after every string is replaced by its own decoded
/// text it parses to the same values.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto document = JsonDocument::parse(text);
  if (!document) return 0;
  if (headroom::base::splice(text, {}).value() != text) std::abort();
  std::vector<Edit> edits;
  for (const auto& node : document->nodes()) {
    if (document->span(node).end > size) std::abort();
    if (node.kind == JsonKind::kString && node.decoded) {
      edits.push_back({document->span(node), headroom::base::encode_json_string(node.text)});
    }
  }
  const std::string again = headroom::base::splice(text, edits).value();
  const auto reparsed = JsonDocument::parse(again);
  if (!reparsed || reparsed->nodes().size() != document->nodes().size()) std::abort();
  for (std::uint32_t i = 0; i < document->nodes().size(); ++i) {
    if (document->node(i).text != reparsed->node(i).text || document->node(i).kind != reparsed->node(i).kind)
      std::abort();
  }
  return 0;
}
