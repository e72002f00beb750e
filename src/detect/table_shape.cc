#include "detect/table_shape.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "detect/aligned.h"
#include "detect/barred.h"
#include "detect/delimited.h"

namespace headroom::detect {
namespace {

Detection found(double confidence, std::size_t rows, std::size_t columns, std::string_view how) {
  return {ContentType::kTable, confidence, fmt::format("{} rows of {} columns, {}", rows, columns, how)};
}

}  // namespace

std::optional<Detection> table_shape(std::string_view text, std::span<const std::string_view> lines) {
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
                 delimiter->character == '\t' ? "parted by tabs" : fmt::format("parted by '{}'", delimiter->character));
  }
  return std::nullopt;
}

}  // namespace headroom::detect
