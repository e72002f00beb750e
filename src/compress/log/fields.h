#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace headroom::compress::log {

enum class FieldKind : std::uint8_t {
  kWord,
  kNumber,
  kSize,   ///< in bytes: "4.0K", "12 MB"
  kSpan,   ///< in seconds: "35ms", "0:07", "2 weeks ago"
  kDate,   ///< seconds, comparable within one text
  kEmpty,  ///< "-" where others have a value
  kPart,   ///< belongs to the field before it: the time behind a date
};

/// A run of a line without white space, and what it measures.
struct Field {
  std::string_view text;
  FieldKind kind = FieldKind::kWord;
  double value = 0;
};

inline constexpr std::size_t kMaxFields = 20;

/// The first kMaxFields fields of a line, told apart by white space.
void split_fields(std::string_view line, std::vector<Field>& fields);

inline bool measures(FieldKind kind) {
  return kind == FieldKind::kNumber || kind == FieldKind::kSize || kind == FieldKind::kSpan || kind == FieldKind::kDate;
}

}  // namespace headroom::compress::log
