#include "context/cells.h"

#include <algorithm>

namespace headroom::context {
namespace {

constexpr std::size_t kFirstLines = 3;
constexpr std::size_t kFewestColumns = 2;
constexpr std::size_t kMostColumns = 64;

std::vector<std::size_t> starts_of(std::string_view header) {
  std::vector<std::size_t> starts;
  for (std::size_t at = header.find_first_not_of(' '); at != std::string_view::npos && starts.size() < kMostColumns;) {
    starts.push_back(at);
    at = header.find("  ", at);
    if (at != std::string_view::npos) at = header.find_first_not_of(' ', at);
  }
  return starts;
}

}  // namespace

Cells::Cells(std::span<const std::string_view> lines) {
  for (std::size_t i = 0; i < std::min(lines.size(), kFirstLines); ++i) {
    if (lines[i].find('|') != std::string_view::npos) break;  // bars tell cells apart
    starts_ = starts_of(lines[i]);
    if (starts_.size() >= kFewestColumns) return;
  }
  starts_.clear();
}

void Cells::append_empty(std::string_view row, std::string& out) const {
  for (std::size_t i = 0; i < starts_.size(); ++i) {
    const std::size_t end = i + 1 < starts_.size() ? starts_[i + 1] : row.size();
    const std::size_t word = row.find_first_not_of(" \r", starts_[i]);
    if (word >= std::min(end, row.size())) out.append(1, '\n').push_back(static_cast<char>('0' + i));
  }
}

}  // namespace headroom::context
