#include "compress/search/search_compressor.h"

#include "compress/search/document.h"
#include "compress/search/render.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kSmallest = 200;      // bytes below which nothing is worth a first line
constexpr std::size_t kLargest = 1u << 30;  // offsets are 32 bits wide

std::string no_gaps(std::size_t, std::size_t, std::uint32_t) {
  return {};
}

std::optional<Output> lossless(const Input& input, const search::Document& document) {
  Output out;
  out.text = search::render(document, search::Keep(document.rows.size(), true), no_gaps);
  if (document.final_newline) out.text.push_back('\n');
  if (out.text.size() * 20 > input.text.size() * 19 || search::expand(out.text) != input.text) return std::nullopt;
  out.strategy = "search:group";
  out.records_before = out.records_kept = document.rows.size();
  return out;
}

}  // namespace

std::optional<Output> SearchCompressor::compress(const Input& input) const {
  if (input.text.size() < kSmallest || input.text.size() > kLargest || input.deadline.expired()) return std::nullopt;
  const search::Document document = search::scan(input.text);
  if (input.deadline.expired()) return std::nullopt;
  return lossless(input, document);
}

}  // namespace headroom::compress
