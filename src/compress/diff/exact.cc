#include "compress/diff/exact.h"

#include "compress/diff/header_fold.h"
#include "compress/focus/repeat_lines.h"

namespace headroom::compress::diff {

std::optional<std::string> fold_exact(std::string_view text, std::span<const std::uint8_t> asked) {
  const auto lines = focus::fold_lines(text, asked);
  auto both = fold_headers(lines ? *lines : text);
  if (!both) both = lines;
  if (both && expand_exact(*both) == text) return both;
  auto headers = fold_headers(text);
  if (headers && expand_exact(*headers) == text) return headers;
  return std::nullopt;
}

std::string expand_exact(std::string_view folded) {
  return focus::expand_lines(expand_headers(folded));
}

}  // namespace headroom::compress::diff
