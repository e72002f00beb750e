#include "compress/code/listing.h"

#include <algorithm>

#include "base/text.h"

namespace headroom::compress::code {
namespace {

constexpr std::size_t kMostAround = 12;  // lines before and after a listing that are not part of it

/// What may stand between the number and the code, the longer ones first.
constexpr std::string_view kSeparators[] = {
    " \xE2\x94\x82 ", " \xE2\x94\x82", "\xE2\x86\x92", "\t", ": ", ":", " | ", "| ", " |", "|"};

bool blank(std::string_view line) {
  return base::trim(line).empty();
}

struct Gutter {
  std::size_t number_end = 0;  ///< bytes up to and with the number
  std::size_t length = 0;
  std::uint64_t number = 0;
  std::string_view separator;
};

Gutter read_gutter(std::string_view line) {
  Gutter gutter;
  std::size_t at = line.find_first_not_of(' ');
  if (at == std::string_view::npos) return gutter;
  const std::size_t digits = at;
  while (at < line.size() && line[at] >= '0' && line[at] <= '9' && at - digits < 9) {
    gutter.number = gutter.number * 10 + static_cast<std::uint64_t>(line[at++] - '0');
  }
  if (at == digits) return gutter;
  gutter.number_end = at;
  const std::string_view rest = line.substr(at);
  for (std::string_view separator : kSeparators) {
    if (rest.starts_with(separator)) {
      gutter.separator = separator;
      gutter.length = at + separator.size();
      return gutter;
    }
  }
  if (rest.empty() || rest == "\r") gutter.length = at;  // a blank line whose separator an editor has cut
  return gutter;
}

/// Fills `listing` when nearly all lines stand behind rising numbers.
bool read_numbered(Listing& listing) {
  const auto& lines = listing.lines;
  Gutter before;
  std::size_t first = 0;
  for (; first < lines.size() && first <= kMostAround; ++first) {
    before = read_gutter(lines[first]);
    if (before.length == 0) continue;
    const Gutter next = first + 1 < lines.size() ? read_gutter(lines[first + 1]) : Gutter{};
    if (next.length > 0 && next.number == before.number + 1) break;
  }
  if (first >= lines.size() || first > kMostAround) return false;
  std::string_view separator;
  std::size_t last = first;
  std::vector<std::uint32_t> lengths;
  for (std::uint64_t number = before.number; last < lines.size(); ++last, ++number) {
    Gutter gutter = read_gutter(lines[last]);
    if (gutter.length == 0 || gutter.number != number) break;
    // "12:" of a blank line is "12: " cut at its end; a line of another style belongs to no listing.
    if (separator.size() < gutter.separator.size() && !separator.empty()) {
      if (gutter.separator.starts_with(separator)) gutter.length = gutter.number_end + separator.size();
    } else if (separator.empty()) {
      separator = gutter.separator;
    }
    lengths.push_back(static_cast<std::uint32_t>(gutter.length));
  }
  if (last - first < 3 || lines.size() - last > kMostAround) return false;
  // Where some line has code right behind the shorter separator, that is the one of all lines.
  const auto shorter = [&](std::string_view long_one, std::string_view short_one) {
    if (separator != long_one) return;
    for (std::size_t i = first; i < last; ++i) {
      const Gutter gutter = read_gutter(lines[i]);
      if (gutter.separator != short_one || lines[i].size() <= gutter.length) continue;
      for (std::size_t k = first; k < last; ++k) {
        const Gutter g = read_gutter(lines[k]);
        lengths[k - first] = static_cast<std::uint32_t>(std::min(lines[k].size(), g.number_end + short_one.size()));
      }
      return;
    }
  };
  shorter(": ", ":");
  shorter("| ", "|");
  listing.first = first;
  listing.last = last;
  listing.first_number = before.number;
  listing.gutter = std::move(lengths);
  return true;
}

/// "```python", "<file path=...>", "Here is the file:" are not code.
bool opens_listing(std::string_view line) {
  line = base::trim(line);
  if (line.starts_with("```")) return true;
  return line.size() > 2 && line.front() == '<' && line.back() == '>' && line != "<?php" && line.find(' ') != 1 &&
         line.find("include") == std::string_view::npos && !line.starts_with("<?") && !line.starts_with("<!");
}

bool closes_listing(std::string_view line) {
  line = base::trim(line);
  return line == "```" || (line.starts_with("</") && line.ends_with(">"));
}

}  // namespace

std::size_t gutter_of(std::string_view line, std::uint64_t& number) {
  const Gutter gutter = read_gutter(line);
  number = gutter.number;
  return gutter.length;
}

Listing read_listing(std::string_view text) {
  Listing listing;
  listing.lines = base::split_lines(text);
  listing.last = listing.lines.size();
  if (!read_numbered(listing) && listing.lines.size() > 2) {
    if (opens_listing(listing.lines.front())) {
      std::size_t end = listing.last;
      while (end > 1 && blank(listing.lines[end - 1])) --end;
      if (end > 2 && closes_listing(listing.lines[end - 1])) {
        listing.first = 1;
        listing.last = end - 1;
      }
    }
  }
  listing.code.reserve(text.size() + 1);
  for (std::size_t i = listing.first; i < listing.last; ++i) {
    const std::size_t skip = listing.gutter.empty() ? 0 : listing.gutter[i - listing.first];
    listing.code.append(listing.lines[i].substr(skip));
    listing.code.push_back('\n');
  }
  return listing;
}

}  // namespace headroom::compress::code
