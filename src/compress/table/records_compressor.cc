#include "compress/table/records_compressor.h"

#include <algorithm>

#include "base/text.h"
#include "compress/table/field_records.h"

namespace headroom::compress {
namespace {

constexpr std::size_t kSmallest = 600;        // bytes below which nothing is worth a try
constexpr std::size_t kLargest = 256 * 1024;  // of more, rows have to go

}  // namespace

std::optional<Output> RecordsCompressor::compress(const Input& input) const {
  if (input.text.size() < kSmallest || input.text.size() > kLargest || input.deadline.expired()) return std::nullopt;
  auto text = table::fields_to_columns(input.text);
  if (!text || input.deadline.expired()) return std::nullopt;
  // A mistake here would lose the text, so it is not taken on trust.
  if (const auto back = table::columns_to_fields(*text); !back || *back != input.text) return std::nullopt;
  Output out;
  out.strategy = "table:records";
  out.records_before = out.records_kept = static_cast<std::size_t>(std::ranges::count(input.text, '\n'));
  out.text = *std::move(text);
  return out;
}

}  // namespace headroom::compress
