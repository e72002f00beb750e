#include "compress/json/sequence.h"

#include <algorithm>

#include "base/json_document.h"
#include "base/text.h"
#include "compress/json/cell.h"

namespace headroom::compress::json {
namespace {

/// End of the object or array that begins at text[at], or npos.
std::size_t container_end(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = literal_end(text, at);
      continue;
    }
    ++at;
    if (c == '{' || c == '[') {
      if (++depth > base::JsonDocument::kMaxDepth) return std::string_view::npos;
    } else if (c == '}' || c == ']') {
      if (--depth == 0) return at;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<Sequence> split_sequence(std::string_view text) {
  Sequence out;
  std::size_t gaps = 0;
  text = base::trim(text);
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '{' && text[at] != '[') return std::nullopt;
    const std::size_t end = container_end(text, at);
    if (end == std::string_view::npos) return std::nullopt;
    out.values.push_back(text.substr(at, end - at));
    at = end;
    const std::size_t next = std::min(text.find_first_not_of(" \t\r\n", at), text.size());
    gaps += next > at;
    at = next;
  }
  if (out.values.size() < 2 || (gaps != 0 && gaps + 1 != out.values.size())) return std::nullopt;
  out.touching = gaps == 0;
  return out;
}

std::string joined(const Sequence& sequence) {
  std::string out = "[";
  for (std::string_view value : sequence.values) {
    if (out.size() > 1) out.push_back(',');
    out.append(value);
  }
  out.push_back(']');
  return out;
}

}  // namespace headroom::compress::json
