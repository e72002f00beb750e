#include "detect/table_shape.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "detect/aligned.h"
#include "detect/barred.h"
#include "detect/delimited.h"

namespace headroom::detect {
namespace {

/// More blocks of lines than this are not looked at.
constexpr std::size_t kMostBlocks = 40;

Detection found(double confidence, std::size_t rows, std::size_t columns, std::string_view how) {
  return {ContentType::kTable, confidence, fmt::format("{} rows of {} columns, {}", rows, columns, how)};
}

/// The whole of the lines is one table.
std::optional<Detection> one_table(std::string_view text, std::span<const std::string_view> lines) {
  const auto blank = std::ranges::count_if(lines, [](std::string_view line) { return base::trim(line).empty(); });
  const std::size_t filled = lines.size() - static_cast<std::size_t>(blank);
  if (filled < 3) return std::nullopt;
  if (const auto barred = find_barred(lines)) {
    // Rules and wrapped cells are part of the table, too.
    if ((barred->end - barred->header) * 10 >= filled * 7)
      return found(0.9, barred->rows, barred->columns, barred->markdown ? "as in markdown" : "drawn with bars");
  }
  if (const auto aligned = find_aligned(lines)) {
    if (aligned->rows * 10 >= filled * 6) return found(0.8, aligned->rows, aligned->columns, "aligned under titles");
  }
  if (const auto delimiter = find_delimiter(text)) {
    return found(0.8, delimiter->records, delimiter->columns,
                 delimiter->character == '\t'  ? "parted by tabs"
                 : delimiter->character == ' ' ? "parted by single blanks"
                                               : fmt::format("parted by '{}'", delimiter->character));
  }
  return std::nullopt;
}

}  // namespace

std::optional<Detection> table_shape(std::string_view text, std::span<const std::string_view> lines) {
  if (auto one = one_table(text, lines)) return one;
  // Several, parted by blank lines.
  std::size_t blocks = 0, tables = 0, filled = 0, in_tables = 0;
  for (std::size_t at = 0; at < lines.size() && blocks < kMostBlocks;) {
    std::size_t end = at;
    while (end < lines.size() && !base::trim(lines[end]).empty()) ++end;
    if (end > at) {
      const std::string_view last = lines[end - 1];
      const std::string_view block(lines[at].data(),
                                   static_cast<std::size_t>(last.data() + last.size() - lines[at].data()));
      ++blocks;
      filled += end - at;
      if (end - at > 3 && one_table(block, lines.subspan(at, end - at))) {
        ++tables;
        in_tables += end - at;
      }
    }
    at = end + 1;
  }
  if (tables < 1 || blocks < 2 || in_tables * 10 < filled * 8) return std::nullopt;
  return Detection{ContentType::kTable, 0.7, fmt::format("{} tables in {} blocks of lines", tables, blocks)};
}

}  // namespace headroom::detect
