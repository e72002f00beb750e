#include "context/inner_texts.h"

#include "base/json_document.h"
#include "base/json_string.h"
#include "base/text.h"

namespace headroom::context {
namespace {

constexpr std::size_t kLong = 800;  // bytes
constexpr std::size_t kMost = 64;
constexpr std::size_t kLeastPercent = 30;

bool opens_as_json(std::string_view text) {
  const std::string_view body = base::trim(text);
  return body.starts_with('{') || body.starts_with('[');
}

}  // namespace

std::vector<InnerText> find_inner_texts(std::string_view json) {
  std::vector<InnerText> inner;
  if (json.size() < 2 * kLong) return inner;
  const auto document = base::JsonDocument::parse(json);
  if (!document) return inner;
  std::size_t bytes = 0;
  for (const base::JsonNode& node : document->nodes()) {
    if (node.kind != base::JsonKind::kString || node.raw.size() < kLong || !node.decoded) continue;
    if (opens_as_json(node.text)) continue;
    if (inner.size() == kMost) return {};
    inner.push_back({document->span(node), std::string(node.text)});
    bytes += node.raw.size();
  }
  if (bytes * 100 < json.size() * kLeastPercent) inner.clear();
  return inner;
}

std::string with_inner_texts(std::string_view json, const std::vector<InnerText>& inner,
                             const std::vector<std::string>& texts) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    out.append(json.substr(at, inner[i].literal.begin - at));
    base::append_json_string(out, texts[i]);
    at = inner[i].literal.end;
  }
  return out.append(json.substr(at));
}

}  // namespace headroom::context
